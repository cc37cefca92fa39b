# /// script
# requires-python = ">=3.11"
# dependencies = ["html-to-markdown==3.21.2"]
# ///
"""html-to-markdown: the whole page as Markdown, by a converter in Rust; its default drops navigation and forms.

Default options but one: `extract_metadata=False`, since it else begins with the page's metadata in YAML, which is no
Markdown: read as CommonMark, `title: …` between two lines of dashes is a heading.
"""

from html_to_markdown import ConversionOptions, convert

DISTRIBUTION = "html-to-markdown"
INPUT = "text"
FORMAT = "markdown-no-html"


def extract(html, url=None):  # noqa: ARG001  # every runner takes the page's address
    return convert(html, ConversionOptions(extract_metadata=False)).content
