# /// script
# requires-python = ">=3.12"
# dependencies = ["magic-html==0.1.8"]
# ///
"""magic-html: heuristic extractor of main content, returns it as cleaned HTML.

Its documented call, for articles: other page types (`forum`, `weixin`) are to be named by its user, who would have to
know them. It answers nothing where it finds no main content.
"""

from magic_html import GeneralExtractor

DISTRIBUTION = "magic-html"
INPUT = "text"
FORMAT = "html"
VARIANTS = {"forum": {"html_type": "forum"}}

EXTRACTOR = GeneralExtractor()


def extract(html, url=None, html_type=None):
    found = EXTRACTOR.extract(html, base_url=url or "", html_type=html_type)
    return {"text": found["html"], "title": found["title"]}
