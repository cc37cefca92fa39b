"""A comparison for machines: JSON as comparison.schema.json says, and CSV with one row per page."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from boilerbench.comparison.difference import PAGE_COLUMNS, Comparison, Side, overall
from boilerbench.comparison.gates import Outcome
from boilerbench.ranking import export, stats

SCHEMA = 2
"""Raised when a key or a column is renamed, moved or given another meaning."""

COLUMNS = ("set", "policy", "metric", *PAGE_COLUMNS)
"""The columns of the CSV, in order: an interface."""


def to_json(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write everything that is known."""
    document = {
        "schema": SCHEMA,
        "verdict": overall(comparisons),
        "level": stats.LEVEL,
        "base": _side(comparisons[0].base),
        "head": _side(comparisons[0].head),
        "gates": [asdict(outcome) for outcome in outcomes],
        "sets": [_set(each) for each in comparisons],
    }
    return export.written(document)


def to_csv(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:  # noqa: ARG001  # gates have no page
    """Write a row per set and page, the greatest loss first; no row for a set without scores per page."""
    tables = [
        each.pages.assign(set=each.set, policy=each.signature.policy, metric=_metric(each)) for each in comparisons
    ]
    return export.to_csv(pd.concat(tables)[list(COLUMNS)])


def _metric(comparison: Comparison) -> str:
    return comparison.signature.metric_name


def _side(side: Side) -> dict[str, str]:
    return {"source": side.source, "runner": side.runner, "version": side.version}


def _set(comparison: Comparison) -> dict[str, Any]:
    speed = comparison.speed
    changes = {name: {**asdict(change), "difference": change.difference} for name, change in comparison.changes.items()}
    return {
        "set": comparison.set,
        "policy": comparison.signature.policy,
        "metric": _metric(comparison),
        "signature": comparison.signature.parts,
        "pages": comparison.count,
        "paired": comparison.paired,
        "verdict": comparison.verdict,
        "better": len(comparison.better) if comparison.paired else None,
        "worse": len(comparison.worse) if comparison.paired else None,
        "scores": changes,
        "failed": dict(zip(("base", "head"), comparison.failed, strict=True)),
        "empty": dict(zip(("base", "head"), comparison.empty, strict=True)),
        "new_failures": comparison.new_failures["page"].tolist(),
        "gone_failures": comparison.gone_failures["page"].tolist(),
        "seconds": {**asdict(speed), "ratio": speed.ratio} if speed else None,
        "slices": comparison.slices.to_dict("records"),
        "changed": [_page(row, comparison) for row in _changed(comparison).to_dict("records")],
        "notes": list(comparison.notes),
    }


def _changed(comparison: Comparison) -> pd.DataFrame:
    """Pages that scored otherwise or failed on one side alone, the greatest loss first."""
    rows = [comparison.worse, comparison.better, comparison.new_failures, comparison.gone_failures]
    pages = comparison.pages
    return pages[pages["page"].isin(pd.concat([each["page"] for each in rows]))]


def _page(row: dict[Any, Any], comparison: Comparison) -> dict[str, Any]:
    words = comparison.wording.get(row["page"])
    return {**row, "words": asdict(words) if words else None}
