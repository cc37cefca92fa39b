"""The metrics by name: one file each, the name is its identity."""

from __future__ import annotations

from boilerbench.errors import UnknownNameError
from boilerbench.metrics.base import Answers, Counts, Metric, Ratios
from boilerbench.metrics.exact import Exact
from boilerbench.metrics.levenshtein import Levenshtein
from boilerbench.metrics.rouge5 import Rouge5
from boilerbench.metrics.rouge_lsum import RougeLsum
from boilerbench.metrics.shingles import Shingles
from boilerbench.metrics.snippets import Snippets, SnippetsAccuracy
from boilerbench.metrics.text_edit import TextEdit
from boilerbench.metrics.wcxb import Wcxb, WcxbWith, WcxbWithout
from boilerbench.metrics.words import Words
from boilerbench.metrics.zyte import Zyte

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
