"""Tables against TEDS as published, and how long large blocks take.

    python -m benchmarks structure [DATA] [PAIRS] [--json FILE]

Pairs are the tables that WCXB's texts find on its pages (DATA, by default $BOILERBENCH_DATA, else ../shared/data), each
beside itself with a lost row, a wrong cell or two columns that changed places, in turn: by default 60, evenly spread.
Both sides get HTML and parse it. `table-recognition-metric` has to be installed. CPU time, theirs once, ours the least
of five. A table of 5,000 x 20 cells and a list of 10,000 items, each read twice and compared, are set beside the
seconds that they may take.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from benchmarks.report import Report
from benchmarks.scoring import cpu
from boilerbench import metrics, sets
from boilerbench.text import blocks
from boilerbench.text.blocks import Blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

Rows: TypeAlias = list[list[str]]
GOAL = 100
LARGE = {"tables": 2.0, "lists": 1.0}


def html_of(rows: Rows) -> str:
    """A table as HTML, as TEDS takes it."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><body><table>{body}</table></body></html>"


def tables_of(data: Path) -> Iterator[Rows]:
    """The tables of WCXB's gold, merged cells where they begin."""
    for _, gold in sets.load(f"wcxb:{data / 'wcxb'}").entries:
        for table in blocks.read(gold.markup.read(), "html").tables if gold.markup else ():
            rows = [[""] * table.columns for _ in range(table.rows)]
            for cell in table.cells:
                rows[cell.row][cell.column] = cell.text
            yield rows


def damaged(rows: Rows, how: int) -> Rows:
    """A table without its second row, with a wrong cell, or with its first two columns in each other's place."""
    if how == 0:
        return rows[:1] + rows[2:]
    if how == 1:
        return [*rows[:-1], [*rows[-1][:-1], "another text"]]
    return [[row[1], row[0], *row[2:]] for row in rows]


def compared(metric: str, gold: str, answer: str) -> object:
    """Read both and compare them, as scoring does."""
    found: tuple[Blocks, Blocks] = blocks.read(gold, "html"), blocks.read(answer, "html")
    return metrics.get(metric).count(found[0], [found[1]])


def main() -> int:
    """Race them all."""
    report = Report()
    given = report.arguments
    data = Path(given[0] if given else os.environ.get("BOILERBENCH_DATA", "../shared/data"))
    most = int(given[1]) if len(given) > 1 else 60
    if find_spec("table_recognition_metric"):
        from table_recognition_metric import TEDS

        every = list(tables_of(data))
        some = list(islice(every, 0, None, max(1, len(every) // most)))
        pairs = [(html_of(rows), html_of(damaged(rows, number % 3))) for number, rows in enumerate(some)]
        teds = TEDS()
        slow, _ = cpu(lambda: [teds(gold, answer) for gold, answer in pairs], 1)
        fast, _ = cpu(lambda: [compared("tables", gold, answer) for gold, answer in pairs])
        report.race("tables, against TEDS", ours=fast, theirs=slow, goal=GOAL, note=f"{len(pairs)} pairs")
    else:
        report.skip("tables, against TEDS", "table-recognition-metric is not installed", GOAL)
    rows = [[f"cell {row} {column}" for column in range(20)] for row in range(5_000)]
    table, items = html_of(rows), "".join(f"<li>item number {number} of a list" for number in range(10_000))
    for name, gold, answer in (
        ("tables", table, html_of(damaged(rows, 1))),
        ("lists", f"<ul>{items}</ul>", f"<ul>{items.replace('of a', 'on a')}</ul>"),
    ):
        seconds, _ = cpu(lambda: compared(name, gold, answer))  # noqa: B023  called at once
        report.race(f"{name}, a large one", ours=seconds, theirs=[LARGE[name]], goal=1, note="theirs: what it may take")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
