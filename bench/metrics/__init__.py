"""The metrics by name: one file each, the name is its identity."""

from __future__ import annotations

from bench.errors import UnknownNameError
from bench.metrics.base import Answers, Counts, Metric, Ratios
from bench.metrics.exact import Exact
from bench.metrics.levenshtein import Levenshtein
from bench.metrics.rouge5 import Rouge5
from bench.metrics.rouge_lsum import RougeLsum
from bench.metrics.shingles import Shingles
from bench.metrics.snippets import Snippets, SnippetsAccuracy
from bench.metrics.text_edit import TextEdit
from bench.metrics.wcxb import Wcxb, WcxbWith, WcxbWithout
from bench.metrics.words import Words
from bench.metrics.zyte import Zyte

__all__ = ["METRICS", "Answers", "Counts", "Metric", "Ratios", "get"]

_ALL = (
    *(Words(), Shingles(), Exact(), Zyte(), Wcxb(), WcxbWith(), WcxbWithout()),
    *(RougeLsum(), Levenshtein(), Rouge5(), TextEdit(), Snippets(), SnippetsAccuracy()),
)
METRICS: dict[str, Metric] = {metric.name: metric for metric in _ALL}


def get(name: str) -> Metric:
    """The metric of that name, or `UnknownNameError`."""
    try:
        return METRICS[name]
    except KeyError:
        raise UnknownNameError("metric", name, sorted(METRICS)) from None
