"""The columns of the site's leaderboard: what stands above each, and what it means. docs/table.md defines them."""

from collections.abc import Iterable

MEANINGS = {
    "rank": (
        "Rank",
        "Ranks the runner can claim: it shares them with those whose difference from it is not significant.",
    ),
    "runner": (
        "Runner",
        (
            "The extractor, with its variant and release where they were asked for; below it its settings and flags. "
            "unlocked: its packages were chosen on the machine of the run; not-run-here: predictions made elsewhere; "
            "own-set: the makers of the set have this extractor in the race."
        ),
    ),
    "f1": ("F1", "The score that ranks; a metric that is one number stands here. Bar and ends: its 95 % interval."),
    "interval": ("95 %", "The interval of F1, from a bootstrap over sites."),
    "precision": ("Precision", "Share of what came that is body text."),
    "recall": ("Recall", "Share of the body text that came."),
    "exact": ("Exact", "Share of pages whose tokens came all, alone and in order."),
    "failed": ("Failed", "Pages that failed: error, timeout, memory, crash or unavailable. They are counted as zero."),
    "empty": ("Empty", "Pages whose extraction has no text."),
    "version": ("Version", "The version of the extractor that was measured."),
    "ms": ("ms", "Median milliseconds per page, {}."),
    "ms_p95": ("p95", "95th percentile of the same."),
    "speed": ("Speed", "Pages per second, relative to those of html-text on the same pages."),
    "peak_mb": ("MB", "Most memory that a child process of the runner held while it had a page."),
}
"""What the site says of a column, in the order they are shown."""

TIMED = "measured one page at a time"
UNTIMED = "as this run saw them, several pages at a time: a hint, no measurement"
"""How the milliseconds came about."""

IN_OTHERS = frozenset(
    (
        *("rank_low", "rank_high", "set", "policy", "metric", "pages", "slice", "f1_low", "f1_high"),
        *("precision_low", "precision_high", "recall_low", "recall_high", "detectable", "sites", "failures"),
        *("settings", "flags", "pages_per_second", "speed_low", "speed_high", "p95_ms"),
    )
)
"""Columns of a leaderboard that are not shown as a column of their own: they stand above the table or in another."""


def shown(columns: Iterable[str], how: str) -> list[list[str]]:
    """Name, header and meaning of each column to show; `how` times came about. One not known here goes by its name."""
    known = [[name, title, meaning.format(how)] for name, (title, meaning) in MEANINGS.items()]
    return known + [[name, name, ""] for name in columns if name not in MEANINGS and name not in IN_OTHERS]
