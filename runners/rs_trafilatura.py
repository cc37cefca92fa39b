# /// script
# requires-python = "==3.12.*"
# dependencies = ["rs-trafilatura==0.1.1"]
# ///
"""rs-trafilatura: Trafilatura's approach in Rust, with extraction profiles by page type.

Default options: it guesses the page's type from the page and its address, and leaves comments out. Plain text as it
comes; the variant `markdown` gives its Markdown, with links. The release has wheels for Python 3.12 alone.
"""

import rs_trafilatura

DISTRIBUTION = "rs-trafilatura"
INPUT = "text"
FORMAT = "text"
VARIANTS = {
    "precision": {"favor_precision": True},
    "recall": {"favor_recall": True},
    "markdown": {"output_markdown": True, "include_links": True, "FORMAT": "markdown"},
}
TUNABLE = {"favor_precision": [True], "favor_recall": [True], "include_tables": [False], "include_comments": [True]}


def extract(html, url=None, **options):
    found = rs_trafilatura.extract(html, url=url, **options)
    return {
        "text": found.content_markdown if options.get("output_markdown") else found.main_content,
        "title": found.title,
        "author": found.author,
        "date": found.date,
        "language": found.language,
    }
