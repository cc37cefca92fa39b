# /// script
# requires-python = ">=3.10"
# dependencies = ["html2text==2025.4.15"]
# ///
"""html2text: the whole page as Markdown; it removes no boilerplate.

Links keep their text alone (`ignore_links`, as in its documentation's example), images are left out and lines are not
wrapped: none of that is text of the page.
"""

import html2text

DISTRIBUTION = "html2text"
INPUT = "text"
FORMAT = "markdown-no-html"


def extract(html, url=None):
    converter = html2text.HTML2Text(baseurl=url or "", bodywidth=0)
    converter.ignore_links = True
    converter.ignore_images = True
    return converter.handle(html)
