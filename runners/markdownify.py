# /// script
# requires-python = ">=3.10"
# dependencies = ["markdownify==1.2.3", "lxml==6.1.3"]
# ///
"""markdownify: the whole page as Markdown; it removes no boilerplate.

Default options on the lxml parser, which is faster. Headings of the first two levels are underlined, which is Markdown
as well as `#` is. `<` is not escaped, and is text.
"""

from markdownify import markdownify

DISTRIBUTION = "markdownify"
INPUT = "text"
FORMAT = "markdown-no-html"


def extract(html, url=None):  # noqa: ARG001  # every runner takes the page's address
    return markdownify(html, bs4_options="lxml")
