"""From extractions to scores: one row per set, page, runner, metric and policy, failures included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from boilerbench.metrics.base import Answers, Counts
from boilerbench.model import Extraction, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from boilerbench.labels import Policy
    from boilerbench.metrics import Metric
    from boilerbench.model import Gold, GoldSet

Columns: TypeAlias = "dict[str, str | NDArray[Any]]"

COLUMNS = (
    *("set", "page", "runner", "metric", "policy", "status"),
    *("tp", "fp", "fn", "exact", "precision", "recall", "f1"),
)
"""The columns of a table of scores, in order."""

FAILURE_RULE = "zero"
"""A failed extraction scores 0, whatever the gold; a mean leaves it out only where the metric's own definition does."""

_MISSING = Extraction(Status.ERROR, error="no extraction for this page")


def score(
    goldset: GoldSet,
    extractions: Mapping[str, Mapping[str, Extraction]],
    metrics: Sequence[Metric],
    policy: Policy,
) -> pd.DataFrame:
    """Score every page of the set for every runner; a page that a runner's mapping lacks is a failure.

    Pages that the set lacks are ignored. A page whose gold a metric cannot be computed of has no counts there, and no
    ratios: NaN, failures included. Rows are in order of metric, page, runner.
    """
    if not (goldset.entries and metrics):
        return pd.DataFrame(columns=list(COLUMNS))
    found = [[found.get(page.id, _MISSING) for found in extractions.values()] for page in goldset.pages]
    keys = {
        "set": goldset.name,
        "page": np.repeat([page.id for page in goldset.pages], len(extractions)),
        "runner": np.tile(list(extractions), len(found)),
        "policy": policy.name,
        "status": [extraction.status.value for row in found for extraction in row],
    }
    failed = np.array([extraction.status.failed for row in found for extraction in row], bool)
    counts = [
        _count(metrics, policy, gold, Answers(map(_answer, row)))
        for (_, gold), row in zip(goldset.entries, found, strict=True)
    ]
    tables = [
        pd.DataFrame({**keys, **_columns(metric, of_pages, failed)})[list(COLUMNS)]
        for metric, of_pages in zip(metrics, zip(*counts, strict=True), strict=True)
    ]
    return pd.concat(tables, ignore_index=True)


def _answer(extraction: Extraction) -> str:
    return "" if extraction.status.failed else extraction.text


def _count(metrics: Sequence[Metric], policy: Policy, gold: Gold, answers: Answers) -> list[Counts]:
    """Count one page under every metric, all runners at once."""
    none = np.full(len(answers), np.nan)
    return [
        metric.count(metric.reference(gold, policy), answers)
        if metric.measures(gold, policy)
        else Counts(none, none, none, np.zeros(len(answers), bool))
        for metric in metrics
    ]


def _columns(metric: Metric, counts: Sequence[Counts], failed: NDArray[np.bool_]) -> Columns:
    """Derive the ratios of all pages at once, and apply the failure rule."""
    total = Counts(
        *(np.concatenate([getattr(each, column) for each in counts]) for column in ("tp", "fp", "fn", "exact"))
    )
    ratios = metric.ratios(total)
    columns = {"precision": ratios.precision, "recall": ratios.recall, "f1": ratios.f1}
    if metric.single:
        columns |= dict.fromkeys(("precision", "recall"), np.full(len(failed), np.nan))
    left = np.isnan(total.tp)
    zeroed = {
        name: np.where(left, np.nan, np.where(failed & ~np.isnan(values), 0.0, values))
        for name, values in columns.items()
    }
    return {"metric": metric.name, **vars(total), "exact": total.exact & ~failed, **zeroed}
