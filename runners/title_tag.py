# /// script
# requires-python = ">=3.10"
# dependencies = ["lxml==6.1.3"]
# ///
"""title-tag: what stands in the page's `<title>`, the baseline for titles.

It has no text. Most sites add their name: a serious extractor leaves it out.
"""

from lxml.html import HTMLParser, document_fromstring

DISTRIBUTION = "lxml"
INPUT = "text"
FORMAT = "metadata"


def extract(html, url=None):  # noqa: ARG001  # every runner takes the page's address
    page = "<html>" + html.replace("\0", "")
    tree = document_fromstring(page.encode(errors="replace"), parser=HTMLParser(encoding="utf-8"))
    return {"title": tree.findtext(".//title")}
