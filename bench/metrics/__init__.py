"""The metrics by name: one file each, the name is its identity."""

from __future__ import annotations

from bench.errors import UnknownNameError
from bench.metrics.base import Answers, Counts, Metric, Ratios
from bench.metrics.exact import Exact
from bench.metrics.shingles import Shingles
from bench.metrics.words import Words
from bench.metrics.zyte import Zyte

__all__ = ["METRICS", "Answers", "Counts", "Metric", "Ratios", "get"]

METRICS: dict[str, Metric] = {metric.name: metric for metric in (Words(), Shingles(), Exact(), Zyte())}


def get(name: str) -> Metric:
    """The metric of that name, or `UnknownNameError`."""
    try:
        return METRICS[name]
    except KeyError:
        raise UnknownNameError("metric", name, sorted(METRICS)) from None
