"""From extractions to scores: one row per set, page, runner, metric and policy, failures included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from boilerbench.errors import UsageError
from boilerbench.labels import Policy, load_policy
from boilerbench.metrics import Metric
from boilerbench.metrics.base import Answers, Counts
from boilerbench.model import Extraction, Gold, GoldSet, Segment, Status

Columns: TypeAlias = "dict[str, str | NDArray[Any]]"

COLUMNS = (
    *("set", "page", "runner", "metric", "policy", "status"),
    *("tp", "fp", "fn", "exact", "precision", "recall", "f1"),
)
"""The columns of a table of scores, in order."""

_MISSING = Extraction(Status.ERROR, error="no extraction for this page")


def score(
    goldset: GoldSet, extractions: Mapping[str, Mapping[str, Extraction]], metrics: Sequence[Metric], policy: Policy
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
        _count(metrics, policy, gold, Answers("" if each.status.failed else each.text for each in row))
        for (_, gold), row in zip(goldset.entries, found, strict=True)
    ]
    tables = [
        pd.DataFrame({**keys, **_columns(metric, of_pages, failed)})[list(COLUMNS)]
        for metric, of_pages in zip(metrics, zip(*counts, strict=True), strict=True)
    ]
    return pd.concat(tables, ignore_index=True)


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


@dataclass(frozen=True)
class TextScore:
    """How one text fits another. `tp`, `fp` and `fn` are units that matched, are surplus, are missing.

    A metric that is one number has it as `f1`; its precision and recall are NaN.
    """

    precision: float
    recall: float
    f1: float
    tp: float
    fp: float
    fn: float
    exact: bool


def score_texts(gold: str, prediction: str, metric: Metric) -> TextScore:
    """Score one text against another, all of which is body. `UsageError` where the metric does not measure texts."""
    for name, text in (("gold", gold), ("prediction", prediction)):
        if not isinstance(text, str):
            raise UsageError(f"{name} is {type(text).__name__}; it has to be a text")
    metric.require()
    if not metric.of_text:
        raise UsageError(f"metric '{metric.name}' measures snippets, not texts; evaluate a set that has some")
    policy, body = load_policy("default"), Gold((Segment("body", gold),))
    counts = metric.count(metric.reference(body, policy), Answers([prediction]))
    ratios = metric.ratios(counts)
    f1, precision, recall = float(ratios.f1[0]), float(ratios.precision[0]), float(ratios.recall[0])
    if metric.single:
        precision = recall = float("nan")
    units = (float(counts.tp[0]), float(counts.fp[0]), float(counts.fn[0]))
    return TextScore(precision, recall, f1, *units, exact=bool(counts.exact[0]))
