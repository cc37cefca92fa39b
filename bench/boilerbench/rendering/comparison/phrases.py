"""What a reader is told of a comparison, the same in every format made for reading."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from boilerbench.comparison.difference import Change
from boilerbench.ranking import stats
from boilerbench.rendering.cells import NOTHING, score

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from boilerbench.comparison.difference import Comparison
    from boilerbench.comparison.wording import Wording

BROKEN = 0.2
"""A page that loses more than this, or fails anew, is broken: it is named even where no gate asks."""

WORDS = 30
"""How many words of a kind are shown of one page."""

KINDS = {
    "lost": "body lost",
    "gained": "body gained",
    "clutter_gained": "clutter gained",
    "clutter_lost": "clutter lost",
}
"""The fields of a `Wording`, and what they are called."""


def heading(comparison: Comparison) -> str:
    """Set, metric, policy and number of pages."""
    signature = comparison.signature
    return f"{comparison.set} · {signature.metric} · policy {signature.policy} · {pages(comparison.count)}"


def pages(count: int) -> str:
    """A number of pages."""
    return "1 page" if count == 1 else f"{count} pages"


def points(difference: object) -> str:
    """A difference of scores in points of 100, with its sign."""
    if not isinstance(difference, float) or math.isnan(difference):
        return NOTHING
    return f"{100 * difference:+.2f}"


def p_value(p: object) -> str:
    """A p-value to two digits."""
    if not isinstance(p, float) or math.isnan(p):
        return NOTHING
    return "<.0001" if p < 0.0001 else f"{p:.2g}".removeprefix("0")  # noqa: PLR2004  # digits that are shown


def change(comparison: Comparison) -> str:
    """What became of F1, in one line: the verdict first."""
    found = comparison.changes["f1"]
    tested = f" (95 % {points(found.low)} to {points(found.high)}, p {_equals(found.p)})" if found.p is not None else ""
    return f"{found.verdict}: F1 {score(found.base)} to {score(found.head)}, {points(found.difference)} pt{tested}"


def _equals(p: float) -> str:
    text = p_value(p)
    return f"< {text[1:]}" if text.startswith("<") else f"= {text}"


def tally(comparison: Comparison) -> str:
    """How many pages won, lost and tied."""
    won, lost = len(comparison.better), len(comparison.worse)
    return f"better on {pages(won)}, worse on {lost}, equal on {comparison.count - won - lost}"


def score_rows(comparison: Comparison) -> list[list[str]]:
    """A row per score: name, base, head, difference, interval, p."""
    return [[name, *_cells(found)] for name, found in comparison.changes.items()]


def _cells(found: Change) -> list[str]:
    interval = f"{points(found.low)} to {points(found.high)}" if found.p is not None else NOTHING
    return [score(found.base), score(found.head), points(found.difference), interval, p_value(found.p)]


SCORE_HEADER = ["score", "base", "head", "pt", "95 %", "p"]


def slice_rows(comparison: Comparison) -> list[list[str]]:
    """A row per slice that moved: slice, pages, base, head, difference, interval, p."""
    moved = comparison.slices[comparison.slices["p"] < 1 - stats.LEVEL].to_dict("records")
    changes = [Change(*(float(row[name]) for name in ("base", "head", "low", "high", "p"))) for row in moved]
    return [
        [f"{row['slice']} {row['value']}", str(row["pages"]), *_cells(change)]
        for row, change in zip(moved, changes, strict=True)
    ]


SLICE_HEADER = ["slice", "pages", "base", "head", "pt", "95 %", "p"]


def failures(comparison: Comparison) -> str:
    """How many pages failed or came out empty."""
    (base, head), (base_empty, head_empty) = comparison.failed, comparison.empty
    new, gone = len(comparison.new_failures), len(comparison.gone_failures)
    turned = f" ({new} new, {gone} gone)" if comparison.paired else ""
    return f"failed: {base} to {head}{turned}; empty: {base_empty} to {head_empty}"


def speed(comparison: Comparison) -> str:
    """What became of the time per page; empty where it is not known."""
    found = comparison.speed
    if found is None:
        return ""
    clock = "CPU" if found.clock == "cpu" else "wall"
    times = f"{1000 * found.base:.1f} to {1000 * found.head:.1f} ms of {clock} time per page"
    return f"speed: {times}, {found.ratio:.2f} times (as extracted, not measured apart)"


def status(row: Mapping[Any, Any]) -> str:
    """What became of a page that failed on a side; empty where it failed on neither."""
    base, head = row["base_status"], row["head_status"]
    return "" if {base, head} <= {"ok"} else f"{base} to {head}"


def broken(comparison: Comparison) -> list[dict[Any, Any]]:
    """The pages that head broke, the worst first."""
    new = comparison.pages["page"].isin(comparison.new_failures["page"])
    return comparison.pages[new | (comparison.pages["difference"] < -BROKEN - stats.TIE)].to_dict("records")


def words(wording: Wording) -> Iterator[tuple[str, str]]:
    """Yield each kind of words that there are, and the words, cut to `WORDS`."""
    for field, name in KINDS.items():
        passages: tuple[str, ...] = getattr(wording, field)
        if passages:
            count = sum(len(passage.split()) for passage in passages)
            yield f"{name} ({count})", _cut(passages)


def _cut(passages: tuple[str, ...]) -> str:
    left, shown = WORDS, []
    for passage in passages:
        found = passage.split()
        shown.append(" ".join(found[:left]))
        left -= len(found)
        if left <= 0:
            break
    rest = left < 0 or len(shown) < len(passages)
    return " … ".join(shown) + (" …" if rest else "")
