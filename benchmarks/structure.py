"""Structure: tables against TEDS as published, what metrics add to parsing, and how long large blocks take.

    python -m benchmarks structure [DATA] [PAIRS] [RUN] [--json FILE] [--rounds N]

Compared is what up to 20 runners of RUN, a run folder over WCXB's development pages, extracted as HTML or Markdown; by
default, what `RUNNERS` extract from the first 200 pages of DATA (by default $BOILERBENCH_DATA, else ../shared/data),
which comes from the cache, or takes minutes.

- All six metrics of structure beside the time that it takes to parse what they compare, gold once per page; and what
  1,497 pages with 20 runners take by that, beside the seconds that they may take.
- `tables` against table-recognition-metric, where that is installed, on each table of gold beside the one of an
  extraction that shares most cells: PAIRS (default 60) of these, evenly spread, of at most 500 elements a table. Both
  sides get HTML and parse it.
- A table of 5,000 x 20 cells and a list of 10,000 items, each read twice and compared, beside the seconds that they may
  take.

CPU time, of theirs a single run, of ours the least of N (default 5).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from benchmarks.report import Report
from benchmarks.report import data as public
from benchmarks.scoring import COMMAND, cpu
from boilerbench import metrics
from boilerbench.extraction.alignment import aligned
from boilerbench.labels import load_policy
from boilerbench.metrics.base import DOCUMENTS
from boilerbench.metrics.structure import pairing
from boilerbench.metrics.structure.teds import data_tables
from boilerbench.pipeline import sets_of
from boilerbench.storage.run_folder import RunFolder
from boilerbench.text import blocks
from boilerbench.text.blocks import Blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from boilerbench.model import Gold

Rows: TypeAlias = list[list[str]]
Answer: TypeAlias = tuple[str, str]
"""What a runner returned, and in which format."""
GOAL, SHARE = 100, 4
LARGE = {"tables": 2.0, "lists": 1.0}
LARGEST = 500
KINDS = ("headings", "lists", "tables", "code", "links", "formulas")
RUNNERS = ("readability-lxml", "trafilatura:markdown", "html2text", "magic-html")
PAGES, WHOLE, TOGETHER, SECONDS = 200, 1_497, 20, 360.0
"""Pages of a run, and how many pages and runners may take so many seconds."""


def html_of(rows: Rows) -> str:
    """A table as HTML, as TEDS takes it."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><body><table>{body}</table></body></html>"


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


def kept(spec: str, place: str) -> RunFolder:
    """A run of `RUNNERS` over the first pages of a set."""
    out = ["--set", spec, "--limit", str(PAGES), "--out", f"{place}/run"]
    subprocess.run([sys.executable, "-c", COMMAND, "run", *RUNNERS, *out], check=True, stdout=subprocess.DEVNULL)
    return RunFolder(Path(place) / "run")


def pages_of(folder: RunFolder) -> Iterator[tuple[Gold, list[Answer]]]:
    """Each page's gold and what runners that return documents returned; nothing where they failed."""
    for part, extractions in aligned(folder, sets_of(folder), ["status", "answer", "format"]):
        several = [each for each in extractions.values() if next(iter(each.values())).format in DOCUMENTS][:TOGETHER]
        for page, gold in part.entries:
            yield gold, [(each[page.id].answer or "", each[page.id].format) for each in several]


def race_parsing(report: Report, folder: RunFolder) -> None:
    """Race all metrics of structure against parsing, and against what they may take."""
    policy, asked = load_policy("default"), [*map(metrics.get, KINDS)]
    rounds, pages, runners = [], 0, 0
    for _ in range(report.rounds):
        spent, pages = np.zeros(3), 0
        for gold, answers in pages_of(folder):
            pages, runners = pages + 1, len(answers)
            marks = [time.process_time()]
            references = [each.reference(gold, policy) for each in asked]
            marks.append(time.process_time())
            found = [blocks.read(*each) for each in answers]
            marks.append(time.process_time())
            for metric, reference in zip(asked, references, strict=True):
                metric.count(reference, found)
            spent += np.diff([*marks, time.process_time()])
        rounds.append(spent)
    reading, parsing, comparing = np.transpose(rounds)
    note = f"{pages} pages x {runners} runners"
    report.race("structure, against parsing", ours=[*comparing], theirs=[*parsing], goal=SHARE, note=note)
    whole = (reading + (parsing + comparing) * TOGETHER / runners) * WHOLE / pages
    note = f"theirs: what it may take; from {note}"
    report.race(f"structure, {WHOLE} x {TOGETHER}", ours=[*whole], theirs=[SECONDS], goal=1, note=note)


def table_pairs(gold: Gold, answers: Iterable[Answer]) -> Iterator[tuple[str, str]]:
    """The tables of a page's gold, each beside that of an extraction which shares most cells, as HTML."""
    if not gold.markup or not (stated := written(gold.markup.read(), gold.markup.format)):
        return
    for answer in answers:
        found = written(*answer)
        for i, j, _ in pairing.most_shared([words for _, words in stated], [words for _, words in found]):
            yield stated[i][0], found[j][0]


def written(source: str, form: str) -> list[tuple[str, Counter[str]]]:
    """The tables of a document that are not too large, as documents, and the texts of their cells."""
    from lxml import etree

    tables = [each for each in data_tables(source, form) if len(list(each.iter())) <= LARGEST]
    texts = (etree.tostring(each, encoding="unicode", method="html", with_tail=False) for each in tables)
    cells = (Counter("".join(cell.itertext()) for cell in each.iter("td", "th")) for each in tables)
    return [(f"<html><body>{text}</body></html>", words) for text, words in zip(texts, cells, strict=True)]


def race_teds(report: Report, folder: RunFolder, most: int) -> None:
    """Race `tables` against TEDS."""
    name = "tables, against TEDS"
    if not find_spec("table_recognition_metric"):
        report.skip(name, "table-recognition-metric is not installed", GOAL)
        return
    from table_recognition_metric import TEDS

    every = [pair for gold, answers in pages_of(folder) for pair in table_pairs(gold, answers)]
    pairs = every[:: max(1, len(every) // most)]
    teds = TEDS()
    slow, _ = cpu(lambda: [teds(answer, gold) for gold, answer in pairs], 1)
    fast, _ = cpu(lambda: [compared("tables", gold, answer) for gold, answer in pairs], report.rounds)
    report.race(name, ours=fast, theirs=slow, goal=GOAL, note=f"{len(pairs)} of {len(every)} pairs")


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


def measure(report: Report, data: Path, most: int = 60, run: Path | None = None) -> None:
    """Race them all."""
    spec = data / "wcxb"
    if not run and not spec.is_dir():
        report.skip("structure", f"no {spec} (set BOILERBENCH_DATA)", 1)
        return
    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder(run) if run else kept(f"wcxb:{spec}", place)
        race_parsing(report, folder)
        race_teds(report, folder, most)
    race_large(report)


def main() -> int:
    """Race them all, of what is asked for."""
    report = Report()
    given = report.arguments
    folder = Path(given[0]) if given else public()
    measure(report, folder, *map(int, given[1:2]), *map(Path, given[2:3]))
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
