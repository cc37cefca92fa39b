# /// script
# requires-python = ">=3.11"
# dependencies = ["inscriptis==2.7.6"]
# ///
"""Inscriptis: all text of the page, laid out as a browser would; it removes no boilerplate.

`get_text()` with default options: tables stay aligned by spaces, addresses of links and captions of images stay out.
"""

import inscriptis

DISTRIBUTION = "inscriptis"
INPUT = "text"
FORMAT = "text"


def extract(html, url=None):  # noqa: ARG001  # every runner takes the page's address
    return inscriptis.get_text(html)
