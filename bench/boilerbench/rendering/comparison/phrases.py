"""What a reader is told of a comparison, the same in every format made for reading."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from boilerbench.comparison.difference import Change, Comparison
from boilerbench.comparison.gates import Outcome
from boilerbench.comparison.wording import Wording
from boilerbench.ranking import stats
from boilerbench.rendering.cells import NOTHING, counted, p_value, points, score

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

SCORE_HEADER = ["score", "base", "head", "pt", "95 %", "p"]
SLICE_HEADER = ["slice", "pages", *SCORE_HEADER[1:]]


def heading(comparison: Comparison) -> str:
    """Set, metric, policy and number of pages."""
    about = comparison.signature
    return f"{comparison.set} · {about.metric} · policy {about.policy} · {counted(comparison.count, 'page')}"


def place(about: Outcome | Comparison, comparisons: Sequence[Comparison]) -> str:
    """Which of the comparisons this is about: the set and, where there are several metrics, the metric."""
    several = len({each.signature.metric for each in comparisons}) > 1
    metric = about.metric if isinstance(about, Outcome) else about.signature.metric_name
    return f"{about.set} by {metric}" if several else about.set


def facts(comparison: Comparison) -> list[str]:
    """What became of F1, of the pages, of failures and of the time per page, a line each."""
    (base, head), (base_empty, head_empty) = comparison.failed, comparison.empty
    new, gone = len(comparison.new_failures), len(comparison.gone_failures)
    turned = f" ({new} new, {gone} gone)" if comparison.paired else ""
    lines = [change(comparison), tally(comparison)]
    lines.append(f"failed: {base} to {head}{turned}; empty: {base_empty} to {head_empty}")
    if found := comparison.speed:
        clock = "CPU" if found.clock == "cpu" else "wall"
        times = f"{1000 * found.base:.1f} to {1000 * found.head:.1f} ms of {clock} time per page"
        lines.append(f"speed: {times}, {found.ratio:.2f} times (as extracted, not measured apart)")
    return [line for line in lines if line]


def change(comparison: Comparison) -> str:
    """What became of F1, in one line: the verdict first."""
    found = comparison.changes["f1"]
    base, head, moved, interval, p = _cells(found)
    sign = p.replace("<", "< ") if p.startswith("<") else f"= {p}"
    tested = f" (95 % {interval}, p {sign})" if found.p is not None else ""
    return f"{found.verdict}: F1 {base} to {head}, {moved} pt{tested}{_shows(found)}"


def _shows(found: Change) -> str:
    """Say of a difference that is not significant which would have been likely to be."""
    if found.verdict != "not significant" or score(found.detectable) == NOTHING:
        return ""
    return f"; smallest detectable difference {points(found.detectable).removeprefix('+')} pt"


def tally(comparison: Comparison) -> str:
    """How many pages won, lost and tied; empty where pages were not compared one by one."""
    won, lost = len(comparison.better), len(comparison.worse)
    told = f"better on {counted(won, 'page')}, worse on {lost}, equal on {comparison.count - won - lost}"
    return told if comparison.paired else ""


def score_rows(comparison: Comparison) -> list[list[str]]:
    """A row per score, under `SCORE_HEADER`."""
    return [[name, *_cells(found)] for name, found in comparison.changes.items()]


def slice_rows(comparison: Comparison) -> list[list[str]]:
    """A row per slice that moved, under `SLICE_HEADER`."""
    moved = comparison.slices[comparison.slices["p"] < 1 - stats.LEVEL].to_dict("records")
    figures = itemgetter("base", "head", "low", "high", "p")
    return [[f"{row['slice']} {row['value']}", str(row["pages"]), *_cells(Change(*figures(row)))] for row in moved]


def _cells(found: Change) -> list[str]:
    interval = NOTHING if found.p is None else f"{points(found.low)} to {points(found.high)}"
    return [score(found.base), score(found.head), points(found.difference), interval, p_value(found.p)]


def status(row: Mapping[Any, Any]) -> str:
    """What became of a page that failed on a side; empty where it failed on neither."""
    base, head = row["base_status"], row["head_status"]
    return "" if {base, head} <= {"ok"} else f"{base} to {head}"


def broken(comparison: Comparison) -> list[dict[Any, Any]]:
    """The pages that head broke, the worst first."""
    new = comparison.pages["page"].isin(comparison.new_failures["page"])
    return comparison.pages[new | (comparison.pages["difference"] < -BROKEN - stats.TIE)].to_dict("records")


def told(comparison: Comparison, row: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """The kinds of words that came and went on a page, and the words; empty where they are not known."""
    found = comparison.wording.get(str(row["page"]))
    return [*words(found)] if found else []


def words(wording: Wording) -> Iterator[tuple[str, str]]:
    """Yield each kind of words that there are, and the words, cut to `WORDS`."""
    for field, name in KINDS.items():
        passages = enumerate(getattr(wording, field))
        found = [(place, word) for place, passage in passages for word in passage.split()]
        if found:
            runs = [" ".join(word for _, word in run) for _, run in groupby(found[:WORDS], itemgetter(0))]
            yield f"{name} ({len(found)})", " … ".join(runs) + (" …" if len(found) > WORDS else "")
