"""Predictions and extractions that are in no run folder, scored and ranked."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas as pd

from boilerbench import metrics
from boilerbench.errors import BadOutputsError
from boilerbench.extraction import predictions
from boilerbench.labels import Policy
from boilerbench.model import Extraction, GoldSet
from boilerbench.ranking import leaderboard, terms
from boilerbench.scoring.score import score
from boilerbench.storage.manifest import SetEntry

Extractions: TypeAlias = Mapping[str, Mapping[str, Extraction]]
"""By runner and page."""


@dataclass(frozen=True)
class Evaluation:
    """What one system scored on a set. A figure that the metric does not have, or cannot measure here, is NaN.

    `interval` is the 95 % interval of F1 by a bootstrap over sites, `row` the row of a leaderboard (docs/table.md).
    `pages` has `scoring.score.COLUMNS` and is indexed by page; `errors` says by page what failed.
    """

    f1: float
    precision: float
    recall: float
    interval: tuple[float, float]
    failed: int
    empty: int
    row: Mapping[Hashable, Any]
    pages: pd.DataFrame
    errors: Mapping[str, str]
    signature: str


def evaluate(goldset: GoldSet, found: Mapping[str, Extraction], metric: str, policy: Policy) -> Evaluation:
    """Score one system's extractions, by page, that are in no run folder; a page that they lack is counted as zero."""
    scores, table = score_in_memory(goldset, {"system": found}, metric, policy)
    row = table.to_dict("records")[0]
    return Evaluation(
        f1=float(row["f1"]),
        precision=float(row["precision"]),
        recall=float(row["recall"]),
        interval=(float(row["f1_low"]), float(row["f1_high"])),
        failed=int(row["failed"]),
        empty=int(row["empty"]),
        row=row,
        pages=scores.set_index("page"),
        errors={page: each.error for page, each in found.items() if each.error},
        signature=str(terms.signature(SetEntry.of(goldset), policy.name, metric)),
    )


def evaluate_predictions(  # noqa: PLR0913  as `boilerbench.evaluate`
    goldset: GoldSet, texts: Mapping[Any, str | None], metric: str, policy: Policy, form: str, *, partial: bool
) -> Evaluation:
    """Score one system's predictions, text by page id, in a format; `partial`: on the pages that it has alone.

    Raises `BadOutputsError` for predictions that are no texts, or that name a page which the set lacks. Warns where
    markup is scored as text.
    """
    predicted = predictions.given(goldset, texts, form)
    if partial:
        if not predicted:
            raise BadOutputsError(f"set '{goldset.name}': there is no prediction to score a part of it by")
        goldset = predictions.part(goldset, predicted)
    found = predictions.extracted(goldset, {"system": predicted})
    marked = predictions.Markup()
    for page, gold in goldset.entries:
        marked.add("system", found["system"][page.id].text, gold)
    for line in marked.lines("format=").values():
        warnings.warn(line, stacklevel=3)
    return evaluate(goldset, found["system"], metric, policy)


def score_in_memory(
    goldset: GoldSet, extractions: Extractions, metric: str, policy: Policy, rounds: int = 1000
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Score and rank extractions that are in no run folder: `scoring.score.COLUMNS`, and the leaderboard's."""
    counted = metrics.get(metric)
    counted.require()
    metrics.require_measurable(metric, [goldset], policy)
    scores = score(goldset, extractions, [counted], policy)
    pages = pd.DataFrame(
        [(goldset.name, page.id, page.site) for page in goldset.pages], columns=["set", "page", "site"]
    )
    return scores, leaderboard.build(scores, pages, {}, rounds=rounds)
