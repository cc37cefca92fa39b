"""The columns of the site's leaderboard: what stands above each, and what it means. docs/table.md defines them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MEANINGS = {
    "rank": (
        "Rank",
        "Ranks the runner can claim: it shares them with those whose difference from it is not significant.",
    ),
    "runner": ("Runner", "The extractor, with its variant and release where they were asked for."),
    "f1": ("F1", "The score that ranks; a metric that is one number stands here. Bar and ends: its 95 % interval."),
    "interval": ("95 %", "The interval of F1, from a bootstrap over sites."),
    "precision": ("Precision", "Share of what came that is body text."),
    "recall": ("Recall", "Share of the body text that came."),
    "exact": ("Exact", "Share of pages whose tokens came all, alone and in order."),
    "failed": ("Failed", "Pages without an answer: error, timeout, memory, crash or unavailable. They score zero."),
    "empty": ("Empty", "Pages that were answered with no text."),
    "version": ("Version", "The version of the extractor that was measured."),
    "ms": ("ms", "Median milliseconds per page as this run saw them, several pages at a time: a hint, no measurement."),
    "ms_p95": ("ms, p95", "95th percentile of the same."),
    "peak_mb": ("MB", "Most memory that a child process of the runner took."),
}
"""What the site says of a column, in the order they are shown."""

IN_OTHERS = frozenset(
    (
        *("rank_low", "rank_high", "set", "policy", "metric", "pages", "slice", "f1_low", "f1_high"),
        *("precision_low", "precision_high", "recall_low", "recall_high"),
    )
)
"""Columns of a leaderboard that are not shown as a column of their own: they stand above the table or in another."""


def shown(columns: Iterable[str]) -> list[list[str]]:
    """Name, header and meaning of each column to show; a column not known here goes by its name."""
    known = [[name, *words] for name, words in MEANINGS.items()]
    return known + [[name, name, ""] for name in columns if name not in MEANINGS and name not in IN_OTHERS]
