# /// script
# requires-python = ">=3.10"
# dependencies = ["gne==0.4.3"]
# ///
"""GNE: general extractor of news pages by the density of text and of punctuation, made for Chinese news.

The `content` that its documented call gives with default options. Where it finds none it raises, which is taken for the
empty answer that it is.
"""

from gne import GeneralNewsExtractor, NoContentException

DISTRIBUTION = "gne"
INPUT = "text"
FORMAT = "text"


def extract(html, url=None):  # noqa: ARG001  # every runner takes the page's address
    try:
        found = GeneralNewsExtractor().extract(html)
    except NoContentException:
        return None
    return {"text": found["content"], "title": found["title"], "author": found["author"], "date": found["publish_time"]}
