"""What a reader sees of a figure, the same in every format made for reading; and what such a format is given."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from boilerbench.text.lines import line

NOTHING = "-"
_LARGE = 10


@dataclass(frozen=True)
class Block:
    """Rows of cells under headers and a heading; the columns `left` are flush left.

    Where there is no room for all, the columns `spare` are left out, the first of them first; where none is, columns
    stand a few at a time beside the first. Of the column `prose` a cell may take several lines. One that `says_nothing`
    has fewer pages than its differences would take. `verdict` is what it says, in sentences.
    `best` are the cells, by row and column, that stand out; `level` those that are not significantly worse.
    """

    heading: str
    headers: Sequence[str]
    rows: list[list[str]]
    left: tuple[int, ...] = (0,)
    spare: tuple[int, ...] = ()
    prose: int | None = None
    says_nothing: bool = False
    verdict: Sequence[str] = ()
    best: Collection[tuple[int, int]] = ()
    level: Collection[tuple[int, int]] = ()


@dataclass(frozen=True)
class Document:
    """What every format made for reading writes: blocks, and below them lines as they are, remarks and signatures."""

    blocks: Iterable[Block]
    notes: Sequence[str] = ()

    def lined(self) -> Self:
        """The same, each cell, header, heading and note one visible line: names are other people's."""
        blocks = (
            replace(
                block,
                heading=line(block.heading),
                headers=[*map(line, block.headers)],
                rows=[[*map(line, row)] for row in block.rows],
                verdict=[*map(line, block.verdict)],
            )
            for block in self.blocks
        )
        return replace(self, blocks=blocks, notes=[*map(line, self.notes)])


def score(value: object) -> str:
    """Three digits without the leading zero, as in `.958`; `1.000` for a full score, a dash for none."""
    return number(value, "{:.3f}").removeprefix("0")


def number(value: object, form: str) -> str:
    """A float as the format says, a dash for what is none."""
    return NOTHING if not isinstance(value, float) or math.isnan(value) else form.format(value)


def figure(value: Any) -> str:
    """A measured number: whole if it is a count or large, else with three digits; a dash for none."""
    if value is None or math.isnan(value):
        return NOTHING
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= _LARGE else f"{value:.3f}"


def points(difference: object) -> str:
    """A difference of scores in points of 100, with its sign."""
    return number(100 * difference if isinstance(difference, float) else None, "{:+.2f}")


def p_value(p: object) -> str:
    """Two digits, `<.0001` below, a dash for none."""
    return "<.0001" if isinstance(p, float) and p < 0.0001 else number(p, "{:.2g}").removeprefix("0")  # noqa: PLR2004  digits that are shown


def interval(row: Mapping[Any, object]) -> str:
    """The interval of F1, a dash where there is none."""
    ends = [score(row[name]) for name in ("f1_low", "f1_high")]
    return NOTHING if NOTHING in ends else "-".join(ends)


def whole(count: Any) -> str:
    """A whole number, a dash where there is none."""
    return NOTHING if count is None else str(int(count))


def ranks(low: Any, high: Any) -> str:
    """A rank range, as one number where it is one, a dash where there is none."""
    ends = [whole(low), whole(high)]
    return NOTHING if NOTHING in ends else "-".join(dict.fromkeys(ends))


def counted(count: int, name: str) -> str:
    """A number of things: `1 page`, `2 pages`."""
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
