# /// script
# requires-python = ">=3.10"
# dependencies = ["trafilatura==2.3.1"]
# ///
"""Trafilatura: heuristic extractor of main text, with readability and jusText as fallbacks.

Plain text by its `extract()` with default options but one: `include_comments=False`, the option its documentation gives
for discarding readers' comments, which it would return beside the main text.
"""

import trafilatura

DISTRIBUTION = "trafilatura"
INPUT = "text"
FORMAT = "text"
VARIANTS = {
    "precision": {"favor_precision": True},
    "recall": {"favor_recall": True},
    "fast": {"fast": True},
    "comments": {"include_comments": True},
    "no-tables": {"include_tables": False},
    "markdown": {"output_format": "markdown", "FORMAT": "markdown-no-html"},
}


def extract(html, url=None, **options):
    return trafilatura.extract(html, url=url, **{"include_comments": False, **options})
