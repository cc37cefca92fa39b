# /// script
# requires-python = ">=3.11"
# dependencies = ["turbohtml==1.15.4"]
# ///
"""turbohtml: the element that its density score picks for the content, as Markdown, by a parser in C.

`article()` of the page, which says more of it than `main_content()` and picks the same, and `to_markdown()` with
default options.
"""

import turbohtml

DISTRIBUTION = "turbohtml"
INPUT = "text"
FORMAT = "markdown"
VARIANTS = {"text": {"output": "text", "FORMAT": "text"}}


def extract(html, url=None, output="markdown"):  # noqa: ARG001  # every runner takes the page's address
    found = turbohtml.parse(html).article()
    text = found.text if output == "text" or not found.element else found.element.to_markdown()
    return {"text": text, "title": found.title, "author": found.byline, "date": found.date, "language": found.lang}
