# /// script
# requires-python = ">=3.11"
# dependencies = ["inscriptis==2.7.6"]
# ///
"""Inscriptis: all text of the page, laid out as a browser would; it removes no boilerplate.

`get_text()` with default options: tables stay aligned by spaces, addresses of links and captions of images stay out,
and its style sheet is `relaxed`, which indents nested `div`s and puts spaces around every `span`. The variant
`strict` is its other one, nearer to a browser's.
"""

import inscriptis
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

DISTRIBUTION = "inscriptis"
INPUT = "text"
FORMAT = "text"
VARIANTS = {"strict": {"profile": "strict"}}


def extract(html, url=None, profile="relaxed"):  # noqa: ARG001  # every runner takes the page's address
    return inscriptis.get_text(html, ParserConfig(css=CSS_PROFILES[profile]))
