# /// script
# requires-python = ">=3.10"
# dependencies = ["beautifulsoup4==4.15.0", "lxml==6.1.3"]
# ///
"""Beautiful Soup: `get_text()`, all text of the parsed page; it removes no boilerplate.

Default options on the lxml parser, which its documentation recommends. Scripts, styles and templates are left out, the
title is not. Nothing parts neighbouring blocks but the page's own white space, so that words run together where it has
none: the variant `separated` parts all strings by a space.
"""

from bs4 import BeautifulSoup

DISTRIBUTION = "beautifulsoup4"
INPUT = "text"
FORMAT = "text"
VARIANTS = {"separated": {"separator": " ", "strip": True}}


def extract(html, url=None, separator="", strip=False):  # noqa: ARG001  # every runner takes the page's address
    return BeautifulSoup(html, "lxml").get_text(separator, strip=strip)
