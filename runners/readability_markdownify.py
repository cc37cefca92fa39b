# /// script
# requires-python = ">=3.10"
# dependencies = ["readability-lxml==0.9", "markdownify==1.2.3"]
# ///
"""markdownify, after readability-lxml: the article as Markdown.

Both with default options, as many pipelines join them.
"""

from markdownify import markdownify
from readability import Document

DISTRIBUTION = "markdownify"
INPUT = "text"
FORMAT = "markdown-no-html"


def extract(html, url=None):  # noqa: ARG001  # it would only make links absolute
    document = Document(html)
    return {"text": markdownify(document.summary(html_partial=True)), "title": document.title()}
