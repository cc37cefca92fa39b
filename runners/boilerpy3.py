# /// script
# requires-python = ">=3.10"
# dependencies = ["boilerpy3==1.0.7"]
# ///
"""BoilerPy3: Python port of boilerpipe, which classifies text blocks by words and link density.

Its ArticleExtractor, which its documentation gives for most article-like pages; the variants are its other extractors
of main text. It raises on pages with an end tag too many, which counts as a failure: `raise_on_failure`, its default,
stays. The variant `lenient` is the ArticleExtractor with `raise_on_failure=False`, which reads on past such a tag; past
one of a script it finds nothing more.
"""

from boilerpy3 import extractors

DISTRIBUTION = "boilerpy3"
INPUT = "text"
FORMAT = "text"
VARIANTS = {
    "default": {"extractor": "DefaultExtractor"},
    "largest": {"extractor": "LargestContentExtractor"},
    "canola": {"extractor": "CanolaExtractor"},
    "lenient": {"raise_on_failure": False},
}
TUNABLE = {
    "extractor": ["ArticleSentencesExtractor", "CanolaExtractor", "DefaultExtractor", "LargestContentExtractor"],
    "raise_on_failure": [False],
}


def extract(html, url=None, extractor="ArticleExtractor", raise_on_failure=True):  # noqa: ARG001  # every runner takes the page's address
    document = getattr(extractors, extractor)(raise_on_failure=raise_on_failure).get_doc(html)
    return {"text": document.content, "title": document.title}
