# /// script
# requires-python = ">=3.10"
# dependencies = ["readability-lxml==0.9", "html2text==2025.4.15"]
# ///
"""html2text, after readability-lxml: the article as Markdown.

readability-lxml with default options; html2text with the targets of links, and lines that are not wrapped, since its
default breaks addresses at 78 characters. `unicode_snob` keeps accents that are written as character references.
"""

import html2text
from readability import Document

DISTRIBUTION = "html2text"
INPUT = "text"
FORMAT = "markdown-no-html"


def extract(html, url=None):
    document = Document(html)
    converter = html2text.HTML2Text(baseurl=url or "", bodywidth=0)
    converter.unicode_snob = True
    return {"text": converter.handle(document.summary(html_partial=True)), "title": document.title()}
