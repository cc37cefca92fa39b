"""From extractions to scores: one row per set, page, runner, metric and policy, failures included."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from bench.metrics.base import Counts, Ratios
from bench.model import Extraction, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bench.labels import Policy
    from bench.metrics import Metric
    from bench.model import Gold, GoldSet

Columns: TypeAlias = "dict[str, NDArray[np.generic]]"

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

    Pages that the set lacks are ignored. Rows are in order of page, metric, runner.
    """
    runners = list(extractions)
    blocks = []
    for page, gold in goldset.entries:
        found = [extractions[runner].get(page.id, _MISSING) for runner in runners]
        blocks += [{"page": page.id, "metric": m.name, **_block(m, policy, gold, found)} for m in metrics]
    return _frame(blocks, goldset.name, runners, policy.name)


def _block(metric: Metric, policy: Policy, gold: Gold, found: list[Extraction]) -> Columns:
    """Score one page under one metric, all runners at once."""
    failed = np.array([extraction.status.failed for extraction in found], bool)
    answers = ["" if extraction.status.failed else extraction.text for extraction in found]
    counts = metric.count(metric.reference(gold, policy), answers)
    ratios = _failed_as_zero(metric.ratios(counts), failed)
    undefined = np.full(len(found), np.nan)
    return {
        "status": np.array([extraction.status.value for extraction in found], object),
        **_counts(counts, failed),
        "precision": undefined if metric.single else ratios.precision,
        "recall": undefined if metric.single else ratios.recall,
        "f1": ratios.f1,
    }


def _counts(counts: Counts, failed: NDArray[np.bool_]) -> Columns:
    return {"tp": counts.tp, "fp": counts.fp, "fn": counts.fn, "exact": counts.exact & ~failed}


def _failed_as_zero(ratios: Ratios, failed: NDArray[np.bool_]) -> Ratios:
    columns = (ratios.precision, ratios.recall, ratios.f1)
    return Ratios(*(np.where(failed & ~np.isnan(values), 0.0, values) for values in columns))


def _frame(blocks: Sequence[Mapping[str, object]], name: str, runners: list[str], policy: str) -> pd.DataFrame:
    size = len(runners)
    data = {
        column: np.concatenate([np.asarray(block[column]) for block in blocks])
        for column in COLUMNS[COLUMNS.index("status") :]
        if blocks
    }
    data["page"] = np.repeat(np.array([block["page"] for block in blocks], object), size)
    data["metric"] = np.repeat(np.array([block["metric"] for block in blocks], object), size)
    data["runner"] = np.tile(np.array(runners, object), len(blocks))
    return pd.DataFrame({**data, "set": name, "policy": policy}, columns=list(COLUMNS))
