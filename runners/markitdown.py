# /// script
# requires-python = ">=3.10"
# dependencies = ["markitdown==0.1.9"]
# ///
"""MarkItDown: the whole page as Markdown; it removes no boilerplate.

`convert_stream()` of the page, said to be HTML in UTF-8, without plugins. It is markdownify with options of its own,
behind what guesses the type of a file (magika on ONNX), which most of its size is.
"""

import io

from markitdown import MarkItDown, StreamInfo

DISTRIBUTION = "markitdown"
INPUT = "text"
FORMAT = "markdown-no-html"

CONVERTER = MarkItDown(enable_plugins=False)


def extract(html, url=None):
    about = StreamInfo(mimetype="text/html", extension=".html", charset="utf-8", url=url)
    page = io.BytesIO(html.encode("utf-8", "replace"))
    return CONVERTER.convert_stream(page, stream_info=about).markdown
