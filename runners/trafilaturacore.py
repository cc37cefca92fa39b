# /// script
# requires-python = ">=3.10"
# dependencies = ["trafilaturacore==0.8.11"]
# ///
"""Trafilatura Core: trafilatura's fast path, translated from its port to TypeScript, the content as HTML.

`clean()` with default options, which keep links, images, tables and comments. Its limit of 10 MB a page is raised to
what a page may have here.
"""

from trafilaturacore import clean

DISTRIBUTION = "trafilaturacore"
INPUT = "text"
FORMAT = "html"
VARIANTS = {"precision": {"boilerplate": "precision"}, "recall": {"boilerplate": "recall"}}
TUNABLE = {"boilerplate": ["precision", "recall"], "comment_handling": ["exclude"]}


def extract(html, url=None, boilerplate="balanced", comment_handling="include"):
    found = clean(html, url=url, boilerplate=boilerplate, comment_handling=comment_handling, max_input_bytes=64 << 20)
    about = found.metadata or {}
    return {"text": found.html, **{key: about.get(key) for key in ("title", "author", "date")}}
