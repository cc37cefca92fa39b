# /// script
# requires-python = ">=3.10"
# dependencies = ["trafilatura==2.3.1"]
# ///
"""Trafilatura: heuristic extractor of main text, with readability and jusText as fallbacks.

Plain text by its `extract()` with default options, except that readers' comments are left out: it returns them beside the
main text unless told not to, and its documentation says to switch them off where the main text alone is wanted.
"""

import trafilatura

DISTRIBUTION = "trafilatura"
INPUT = "text"
FORMAT = "text"
VARIANTS = {"precision": {"favor_precision": True}, "recall": {"favor_recall": True}, "fast": {"fast": True}}


def extract(html, url=None, **options):
    return trafilatura.extract(html, url=url, include_comments=False, **options)
