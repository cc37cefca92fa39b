# /// script
# requires-python = ">=3.10"
# dependencies = ["trafilatura==2.3.1"]
# ///
"""Trafilatura: heuristic extractor of main text, with readability and jusText as fallbacks.

Plain text by its `extract()` with default options but one: `include_comments=False`, the option its documentation gives
for discarding readers' comments, which it would return beside the main text. Title, author and date are those of its
`extract_metadata()`, since `extract()` could only print them into the text; the search for a date takes several times
as long as the text, so that the variant `text-only` is the one to time that by.
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
    "text-only": {"metadata": False},
    "markdown": {"output_format": "markdown", "FORMAT": "markdown-no-html"},
    "html": {"output_format": "html", "include_formatting": True, "include_links": True, "FORMAT": "html"},
}
TUNABLE = {
    "favor_precision": [True],
    "favor_recall": [True],
    "fast": [True],
    "include_comments": [True],
    "include_tables": [False],
}


def extract(html, url=None, metadata=True, **options):
    text = trafilatura.extract(html, url=url, **{"include_comments": False, **options})
    if not metadata:
        return text
    about = trafilatura.extract_metadata(html, default_url=url)
    return {"text": text, "title": about.title, "author": about.author, "date": about.date}
