"""In: gold, and what runners gave for a page. Out: counts, and ratios of them; one file per metric.

Not here: means over pages. Ours and those of other distributions come through the entry points `boilerbench.metrics`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from boilerbench import plugins
from boilerbench.errors import BoilerbenchError, UnknownNameError, UsageError
from boilerbench.labels import Policy
from boilerbench.metrics.base import BLOCKS, TEXT, Answers, Counts, Metric, Overlap, Ratios, View
from boilerbench.model import GoldSet
from boilerbench.text.tokens import TokenRule

__all__ = ["BLOCKS", "TEXT", "Answers", "Counts", "Metric", "Overlap", "Ratios", "TokenRule", "View"]


def names() -> list[str]:
    """The names of all metrics that are installed."""
    return sorted(plugins.by_name(plugins.METRICS))


@cache
def get(name: str) -> Metric:
    """The metric of that name. `UnknownNameError` where there is none, `UsageError` where it cannot be loaded."""
    entry = plugins.by_name(plugins.METRICS).get(name)
    if entry is None:
        raise UnknownNameError("metric", name, names())
    try:
        found = entry.load()()
    except BoilerbenchError:
        raise
    except Exception as cause:
        raise UsageError(f"metric '{name}': {plugins.failure(entry, cause)}") from cause
    if not isinstance(found, Metric) or found.name != name:
        raise UsageError(f"metric '{name}': {plugins.owner(entry)} is no boilerbench.metrics.Metric of that name")
    return found


def measurable(metric: Metric, goldset: GoldSet, policy: Policy) -> bool:
    """Whether a set has any page that a metric can measure; one of other gold than text needs a set that has some."""
    concerned = any(metric.concerns(gold) for _, gold in goldset.entries)
    return concerned and any(metric.measures(gold, policy) for _, gold in goldset.entries)


def scorable(goldset: GoldSet, names: Sequence[str], policy: Policy) -> bool:
    """Whether a set has gold of text or snippets, or else what one of the named metrics measures."""
    return goldset.has_gold or any(measurable(get(n), goldset, policy) for n in names)


def require_measurable(name: str, goldsets: Sequence[GoldSet], policy: Policy) -> None:
    """Raise `UsageError` where a metric can measure no page of these sets: figures about nothing."""
    metric = get(name)
    if not any(measurable(metric, goldset, policy) for goldset in goldsets):
        raise UsageError(
            f"metric '{name}' can measure no page of {', '.join(each.name for each in goldsets)}: none {metric.lacks}"
        )
