"""The one converter from what runners return (text, HTML, Markdown) to plain text, the same for every runner.

HTML becomes text by html-text, the converter of the article-extraction-benchmark: visible text, with line breaks where
a browser would break lines. Markdown becomes HTML by markdown-it-py (CommonMark with tables) first.
"""

from __future__ import annotations

VERSION = 1
"""Raised whenever the same answer may give another text: what was kept then counts no more."""


def to_text(answer: str, form: str) -> str:
    """The plain text of an answer in the given format. May raise what the libraries raise on hostile input."""
    if form == "markdown":
        from markdown_it import MarkdownIt

        answer, form = MarkdownIt("commonmark").enable("table").render(answer), "html"
    if form == "html" and answer.strip():
        import html_text

        return str(html_text.extract_text(answer))
    return answer
