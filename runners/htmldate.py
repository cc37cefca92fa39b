# /// script
# requires-python = ">=3.10"
# dependencies = ["htmldate==1.11.0"]
# ///
"""htmldate: the date of a page by its elements, its address and its text, the baseline for dates.

`find_date()` with default options, which look for the day on which the page was changed last; the variant `original`
looks for the day of its first publication (`original_date`). It has no text.
"""

from htmldate import find_date

DISTRIBUTION = "htmldate"
INPUT = "text"
FORMAT = "metadata"
VARIANTS = {"original": {"original_date": True}}


def extract(html, url=None, original_date=False):
    return {"date": find_date(html, original_date=original_date, url=url)}
