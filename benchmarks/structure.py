"""Structure: tables against TEDS as published, what metrics add to parsing, and how long large blocks take.

    python -m benchmarks structure [DATA] [PAIRS] [PAGES] [--json FILE] [--rounds N]

- `tables` against table-recognition-metric, where that is installed, on the tables that WCXB's texts find on its pages
  (DATA, by default $BOILERBENCH_DATA, else ../shared/data), each beside itself with a lost row, a wrong cell or two
  columns that changed places, in turn: by default 60, evenly spread. Both sides get HTML and parse it.
- All six metrics of structure, beside the time that it takes to parse what they compare, over what `RUNNERS` extract
  from the first PAGES (default 200) of WCXB's development pages; and what the whole set takes with 20 runners, gold
  once, by what these take, beside the seconds that it may take. The extractions come from the cache, or take minutes.
- A table of 5,000 x 20 cells and a list of 10,000 items, each read twice and compared, beside the seconds that they may
  take.

CPU time, of theirs a single run, of ours the least of N (default 5).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from benchmarks.report import Report
from benchmarks.report import data as public
from benchmarks.scoring import COMMAND, cpu
from boilerbench import metrics, sets
from boilerbench.labels import load_policy
from boilerbench.text import blocks
from boilerbench.text.blocks import Blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boilerbench.model import GoldSet

Rows: TypeAlias = list[list[str]]
Answers: TypeAlias = list[list[tuple[str, str]]]
"""By page, what each runner returned, and in which format."""
GOAL, SHARE = 100, 4
LARGE = {"tables": 2.0, "lists": 1.0}
KINDS = ("headings", "lists", "tables", "code", "links", "formulas")
RUNNERS = ("readability-lxml", "trafilatura:markdown", "html2text", "magic-html")
WHOLE, TOGETHER, SECONDS = 1_497, 20, 360.0
"""Pages and runners that may take so many seconds."""


def html_of(rows: Rows) -> str:
    """A table as HTML, as TEDS takes it."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><body><table>{body}</table></body></html>"


def tables_of(goldset: GoldSet) -> Iterator[Rows]:
    """The tables of gold, merged cells where they begin."""
    for _, gold in goldset.entries:
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


def race_teds(report: Report, goldset: GoldSet, most: int) -> None:
    """Race `tables` against TEDS."""
    name = "tables, against TEDS"
    if not find_spec("table_recognition_metric"):
        report.skip(name, "table-recognition-metric is not installed", GOAL)
        return
    from table_recognition_metric import TEDS

    every = list(tables_of(goldset))
    some = list(islice(every, 0, None, max(1, len(every) // most)))
    pairs = [(html_of(rows), html_of(damaged(rows, number % 3))) for number, rows in enumerate(some)]
    teds = TEDS()
    slow, _ = cpu(lambda: [teds(answer, gold) for gold, answer in pairs], 1)
    fast, _ = cpu(lambda: [compared("tables", gold, answer) for gold, answer in pairs], report.rounds)
    report.race(name, ours=fast, theirs=slow, goal=GOAL, note=f"{len(pairs)} pairs")


def extracted(spec: str, pages: int) -> Answers:
    """What `RUNNERS` extract from the first pages of a set; nothing where they fail."""
    with tempfile.TemporaryDirectory() as place:
        out = ["--set", spec, "--limit", str(pages), "--out", f"{place}/run"]
        subprocess.run([sys.executable, "-c", COMMAND, "run", *RUNNERS, *out], check=True, stdout=subprocess.DEVNULL)
        table = pd.read_parquet(f"{place}/run/extractions.parquet", columns=["page", "answer", "format"])
    by_page = table.fillna({"answer": ""}).groupby("page", sort=False)
    return [list(zip(rows["answer"], rows["format"], strict=True)) for _, rows in by_page]


def race_parsing(report: Report, goldset: GoldSet, spec: str, pages: int) -> None:
    """Race all metrics of structure against parsing, and against what they may take."""
    answers, policy, asked = extracted(spec, pages), load_policy("default"), [*map(metrics.get, KINDS)]
    golds = [gold for _, gold in goldset.entries[: len(answers)]]
    [reading], references = cpu(lambda: [[each.reference(gold, policy) for each in asked] for gold in golds], 1)
    parsing, found = cpu(lambda: [[blocks.read(*each) for each in page] for page in answers], report.rounds)
    parts = list(zip(references, found, strict=True))
    comparing, _ = cpu(
        lambda: [
            metric.count(reference, page)
            for several, page in parts
            for metric, reference in zip(asked, several, strict=True)
        ],
        report.rounds,
    )
    note = f"{len(answers)} pages x {len(RUNNERS)} runners"
    report.race("structure, against parsing", ours=comparing, theirs=parsing, goal=SHARE, note=note)
    rounds = [(one + other) * TOGETHER / len(RUNNERS) for one, other in zip(parsing, comparing, strict=True)]
    whole = [(reading + each) * WHOLE / len(answers) for each in rounds]
    report.race(
        f"structure, {WHOLE} x {TOGETHER}", ours=whole, theirs=[SECONDS], goal=1, note="theirs: what it may take"
    )


def race_large(report: Report) -> None:
    """Race large blocks against what they may take."""
    rows = [[f"cell {row} {column}" for column in range(20)] for row in range(5_000)]
    items = "".join(f"<li>item number {number} of a list" for number in range(10_000))
    for name, gold, answer in (
        ("tables", html_of(rows), html_of(damaged(rows, 1))),
        ("lists", f"<ul>{items}</ul>", f"<ul>{items.replace('of a', 'on a')}</ul>"),
    ):
        seconds, _ = cpu(lambda: compared(name, gold, answer), report.rounds)  # noqa: B023  called at once
        report.race(f"{name}, a large one", ours=seconds, theirs=[LARGE[name]], goal=1, note="theirs: what it may take")


def measure(report: Report, data: Path, most: int = 60, pages: int = 200) -> None:
    """Race them all."""
    if not (data / "wcxb").is_dir():
        report.skip("structure", f"no {data / 'wcxb'} (set BOILERBENCH_DATA)", 1)
        return
    spec = f"wcxb:{data / 'wcxb'}"
    goldset = sets.load(spec)
    race_teds(report, goldset, most)
    race_parsing(report, goldset, spec, pages)
    race_large(report)


def main() -> int:
    """Race them all, or as many as are asked for."""
    report = Report()
    folder, *numbers = report.arguments or [str(public())]
    measure(report, Path(folder), *map(int, numbers))
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
