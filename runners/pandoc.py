# /// script
# requires-python = ">=3.10"
# dependencies = ["pypandoc-binary==1.17"]
# ///
"""pandoc, by pypandoc: the whole page as GitHub's Markdown; it removes no boilerplate.

`convert_text(…, "gfm", format="html")` with default options but one, `sandbox`: without it, pandoc fetches what
frames of a page show from the network, or from the disk. Every page starts pandoc anew, so that nothing that it gives
is kept in the cache.
"""

import pypandoc

DISTRIBUTION = "pypandoc-binary"
INPUT = "text"
FORMAT = "markdown"


def extract(html, url=None):  # noqa: ARG001  # every runner takes the page's address
    return pypandoc.convert_text(html, "gfm", format="html", sandbox=True)
