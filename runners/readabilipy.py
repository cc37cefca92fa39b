# /// script
# requires-python = ">=3.10"
# dependencies = ["readabilipy==0.3.0"]
# ///
"""ReadabiliPy in pure Python: the whole page as simplified HTML.

`simple_json_from_html_string()` with default options, which are those without Readability.js: it keeps text and its
structure, and removes what is no text, but no boilerplate.
"""

from readabilipy import simple_json_from_html_string

DISTRIBUTION = "readabilipy"
INPUT = "text"
FORMAT = "html"


def extract(html, url=None):  # noqa: ARG001  # every runner takes the page's address
    found = simple_json_from_html_string(html)
    return {"text": found["content"], "title": found["title"], "author": found["byline"], "date": found["date"]}
