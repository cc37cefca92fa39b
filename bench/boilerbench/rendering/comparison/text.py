"""A comparison for a terminal: within its width, or where there is none, a line however long."""

import textwrap
from collections.abc import Iterator, Sequence
from itertools import chain

import pandas as pd

from boilerbench.comparison.difference import Comparison
from boilerbench.comparison.gates import Outcome
from boilerbench.rendering.cells import points, score
from boilerbench.rendering.comparison import phrases
from boilerbench.text.lines import line

PAGES = 5
"""How many of the worst and of the best pages are shown."""


def to_text(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome], width: int | None = None) -> str:
    """Write verdict, scores, pages with their words, and gates, for each set."""
    lines = [*chain.from_iterable(map(_lines, comparisons))]
    lines += ["gates"] if outcomes else []
    for each in outcomes:
        where = f" on {phrases.place(each, comparisons)}" if len(comparisons) > 1 else ""
        lines.append(f"  {'passed' if each.passed else 'FAILED'}  {each.gate}{where}: {each.detail}")
    return "\n".join(_within(line(each), width) for each in lines).rstrip("\n") + "\n"


def _within(text: str, width: int | None) -> str:
    """Break a line between words; what follows is set in a little deeper."""
    if width is None or len(text) <= width:
        return text
    deeper = " " * (len(text) - len(text.lstrip()) + 2)
    return textwrap.fill(text, width, subsequent_indent=deeper, break_long_words=False, break_on_hyphens=False)


def _lines(comparison: Comparison) -> Iterator[str]:
    yield phrases.heading(comparison)
    yield f"base {comparison.base.name}, head {comparison.head.name}"
    yield from ["", *phrases.facts(comparison), ""]
    yield from _table([phrases.SCORE_HEADER, *phrases.score_rows(comparison)])
    if slices := phrases.slice_rows(comparison):
        yield from _table([phrases.SLICE_HEADER, *slices])
    yield from _pages("worst pages", comparison, comparison.worse)
    yield from _pages("best pages", comparison, comparison.better)
    if comparison.notes:
        yield from [*(f"note: {note}" for note in comparison.notes), ""]


def _table(rows: list[list[str]]) -> Iterator[str]:
    lined = [[*map(line, row)] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lined, strict=True)]
    for first, *rest in lined:
        yield "  ".join([first.ljust(widths[0]), *map(str.rjust, rest, widths[1:])]).rstrip()
    yield ""


def _pages(title: str, comparison: Comparison, pages: pd.DataFrame) -> Iterator[str]:
    if pages.empty:
        return
    yield title if len(pages) <= PAGES else f"{title}, {PAGES} of {len(pages)}"
    for row in pages[:PAGES].to_dict("records"):
        status = phrases.status(row)
        scores = f"{score(row['base'])} to {score(row['head'])}"
        yield f"{points(row['difference']):>8} pt  {scores}  {row['page']}" + (f" ({status})" if status else "")
        for kind, words in phrases.told(comparison, row):
            yield f"{'':13}{kind}: {words}"
    yield ""
