"""The one converter from what runners return (text, HTML, Markdown) to plain text, the same for every runner.

HTML becomes text by html-text, the converter of the article-extraction-benchmark: visible text, with line breaks where
a browser would break lines. Markdown becomes HTML by markdown-it-py (CommonMark with tables) first.
"""

from boilerbench.text import installed

_VERSION = 2
_LIBRARIES = {"html": ("html-text", "lxml"), "markdown": ("html-text", "lxml", "markdown-it-py")}


def version(form: str) -> str:
    """Name what makes the text of an extraction in a format, here and in libraries. Where it is another, texts may be.

    `_VERSION` is raised whenever our own part may give another text.
    """
    return f"convert {_VERSION} {installed(*_LIBRARIES.get(form, ()))}"


def to_text(extracted: str, form: str) -> str:
    """The plain text of an extraction in the given format. May raise what the libraries raise on hostile input."""
    if form == "markdown":
        from markdown_it import MarkdownIt

        extracted, form = MarkdownIt("commonmark").enable("table").render(extracted), "html"
    if form == "html" and extracted.strip():
        import html_text

        return str(html_text.extract_text(extracted))
    return extracted
