"""A comparison for machines: JSON as comparison.schema.json says, and CSV with one row per page."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from boilerbench.comparison.difference import PAGE_COLUMNS, Comparison, overall
from boilerbench.comparison.gates import Outcome
from boilerbench.ranking import export, stats

SCHEMA = 2
"""Raised when a key or a column is renamed, moved or given another meaning."""

COLUMNS = ("set", "policy", "metric", *PAGE_COLUMNS)
"""The columns of the CSV, in order: an interface."""


def to_json(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write everything that is known."""
    sides = {"base": comparisons[0].base, "head": comparisons[0].head}
    document = {
        "schema": SCHEMA,
        "verdict": overall(comparisons),
        "level": stats.LEVEL,
        **{key: {"source": each.source, "runner": each.runner, "version": each.version} for key, each in sides.items()},
        "gates": [asdict(outcome) for outcome in outcomes],
        "sets": [_set(each) for each in comparisons],
    }
    return export.written(document)


def to_csv(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:  # noqa: ARG001  # gates have no page
    """Write a row per set and page, the greatest loss first; no row for a set without scores per page."""
    tables = [
        each.pages.assign(set=each.set, policy=each.signature.policy, metric=each.signature.metric_name)
        for each in comparisons
    ]
    return export.to_csv(pd.concat(tables)[list(COLUMNS)])


def _set(comparison: Comparison) -> dict[str, Any]:
    speed, pages = comparison.speed, comparison.pages
    changes = {name: {**asdict(change), "difference": change.difference} for name, change in comparison.changes.items()}
    moved = [comparison.worse, comparison.better, comparison.new_failures, comparison.gone_failures]
    changed = pages[pages["page"].isin(pd.concat([each["page"] for each in moved]))]
    words = {page: asdict(each) for page, each in comparison.wording.items()}
    return {
        "set": comparison.set,
        "policy": comparison.signature.policy,
        "metric": comparison.signature.metric_name,
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
        "changed": [{**row, "words": words.get(row["page"])} for row in changed.to_dict("records")],
        "notes": list(comparison.notes),
    }
