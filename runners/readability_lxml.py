# /// script
# requires-python = ">=3.10"
# dependencies = ["readability-lxml==0.9"]
# ///
"""readability-lxml: Python port of arc90's Readability, returns the article as cleaned HTML.

Its title is that of the page's head, its author that of a `meta` element, or `[no-author]`. Release 0.8.4.1, which
older published figures come from, finds noticeably less than 0.9.
"""

from readability import Document

DISTRIBUTION = "readability-lxml"
INPUT = "text"
FORMAT = "html"
TUNABLE = {"min_text_length": [10, 50], "retry_length": [100, 500]}


def extract(html, url=None, min_text_length=25, retry_length=250):  # noqa: ARG001  # it would only make links absolute
    document = Document(html, min_text_length=min_text_length, retry_length=retry_length)
    return {"text": document.summary(html_partial=True), "title": document.title(), "author": document.author()}
