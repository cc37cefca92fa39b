# /// script
# requires-python = ">=3.10"
# dependencies = ["boilerpy3==1.0.7"]
# ///
"""BoilerPy3: Python port of boilerpipe, which classifies text blocks by words and link density.

Its ArticleExtractor, which its documentation gives for most article-like pages; the variants are its other extractors
of main text. It raises on some broken pages, which counts as a failure: `raise_on_failure`, its default, stays.
"""

from boilerpy3 import extractors

DISTRIBUTION = "boilerpy3"
INPUT = "text"
FORMAT = "text"
VARIANTS = {
    "default": {"extractor": "DefaultExtractor"},
    "largest": {"extractor": "LargestContentExtractor"},
    "canola": {"extractor": "CanolaExtractor"},
}


def extract(html, url=None, extractor="ArticleExtractor"):  # noqa: ARG001  # every runner takes the page's address
    return getattr(extractors, extractor)().get_content(html)
