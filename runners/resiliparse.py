# /// script
# requires-python = ">=3.10"
# dependencies = ["resiliparse==2.0.1"]
# ///
"""Resiliparse: plain text by rules on a fast HTML parser.

`extract_plain_text()` with `main_content=True`, without which it keeps all text, and `comments=False`, since it counts
readers' comments as main content otherwise. The rest is as it comes: list bullets and alternative texts of images stay.
The variant `no-bullets` leaves out the bullets and numbers that it writes before list items (`list_bullets=False`);
`minimal-html` gives headings, lists, code and links as HTML, and tables as text.
"""

from resiliparse.extract.html2text import extract_plain_text

DISTRIBUTION = "resiliparse"
INPUT = "text"
FORMAT = "text"
VARIANTS = {
    "no-bullets": {"list_bullets": False},
    "minimal-html": {"preserve_formatting": "minimal_html", "links": True, "FORMAT": "html"},
}
TUNABLE = {
    "list_bullets": [False],
    "alt_texts": [False],
    "comments": [True],
    "post_meta": [False],
    "hidden_elements": [True],
}


def extract(html, url=None, **options):  # noqa: ARG001  # every runner takes the page's address
    return extract_plain_text(html, **{"main_content": True, "comments": False, **options})
