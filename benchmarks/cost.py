"""What a runner costs beside its scores: size, start, speed, memory, threads, and whether it says the same again.

    python -m benchmarks cost [RUNNER ...] [--set SET] [--pages N] [--board FOLDER] [--out FOLDER]

By default all runners, and 100 pages of goldset, spread over it. A child of each runner, confined as ever, extracts the
pages twice, the second time in another order; a second child does so backwards. FOLDER gets cost.csv and cost.md, and,
with the board of one set such as results/goldset, cost.svg: F1 against speed, with a line through the runners that no
other beats in both.

- `MB`, `packages`: of the files in its environment, and the packages that its lock names; interpreters and toolchains
  are not counted.
- `start`: seconds from the start of a process to its first answer, which is to the shortest of the pages.
- `pages/s`: pages per second of CPU that the runner tells of, over both rounds; empty where it tells of none, or of
  far less than its processes take.
- `peak`: the most memory that it tells of for a page, in MB. `growth`: by how much more its processes hold behind the
  second round than behind the first, in MB per 1,000 pages; of few pages it says more of garbage collectors than of
  leaks.
- `threads`: of its processes, behind the last page; one is that of the process which guards them.
- `failed`, `differs`: of the pages, those without an answer, and those whose answers were not the same: in another
  order, or in another process.
"""

from __future__ import annotations

import json
import random
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import psutil

from benchmarks.report import Report
from boilerbench import sets
from boilerbench.environments import environment
from boilerbench.errors import UnavailableError
from boilerbench.extraction.pages import html_for
from boilerbench.model import FolderRunner
from boilerbench.process import family
from boilerbench.process.child import Limits
from boilerbench.process.session import Session
from boilerbench.rendering import markdown, pictures
from boilerbench.runners import registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boilerbench.model import Extraction, Page, Runner

PAGES, PER = 100, 1000
MB = 1 << 20


HEADS = {
    "runner": "",
    "version": "",
    "mb": ".1f",
    "packages": ".0f",
    "start": ".2f",
    "pages_per_second": ".1f",
    "peak": ".0f",
    "growth": "+.1f",
    "threads": ".0f",
    "failed": ".0f",
    "differs": ".0f",
    "why": "",
}
"""The columns, each with the form of its numbers."""


def size(places: Sequence[str]) -> int:
    """Bytes of the files in folders; of a file that has several names once."""
    files = {}
    for place in map(Path, places):
        for each in (place, *place.rglob("*")):
            if each.is_file() and not each.is_symlink():
                found = each.stat()
                files[found.st_dev, found.st_ino] = found.st_size
    return sum(files.values())


def packages(runner: Runner, places: Sequence[str]) -> int:
    """How many packages a runner's lock names, beside the runner; of a Java runner, the archives that it loads."""
    if not isinstance(runner, FolderRunner):
        return len(runner.packages)
    if (lock := runner.folder / "package-lock.json").is_file():
        return len(json.loads(lock.read_text("utf-8"))["packages"]) - 1
    if (lock := runner.folder / "Cargo.lock").is_file():
        return lock.read_text("utf-8").count("[[package]]") - 1
    if (lock := runner.folder / "go.sum").is_file():
        return sum("/go.mod " not in line for line in lock.read_text("utf-8").splitlines())
    return len({jar.name for place in map(Path, places) for jar in place.rglob("*.jar")})


def asked(session: Session, runner: Runner, pages: Sequence[Page]) -> dict[str, Extraction]:
    """What a runner extracts, page by page."""
    found = {}
    for page in pages:
        session.send(page.url, html_for(runner.input, page))
        found[page.id] = session.receive()
    return found


def held() -> tuple[float | None, int | None]:
    """MB of memory and threads of the runner's processes; None where none lives."""
    memory, threads = 0, 0
    for process in [each for starter in psutil.Process().children() for each in family.descendants(starter.pid)]:
        with suppress(psutil.Error):
            memory, threads = memory + process.memory_info().rss, threads + process.num_threads()
    return (memory / MB, threads) if threads else (None, None)


def measured(runner: Runner, pages: Sequence[Page]) -> dict[str, Any]:
    """Measure one runner: a row of `HEADS`, without what could not be measured."""
    row: dict[str, Any] = {"runner": runner.name, "version": runner.version}
    try:
        command = environment.command(runner, "locked")
    except UnavailableError as cause:
        return row | {"why": str(cause)}
    other = random.Random(1).sample(pages, len(pages))  # noqa: S311  no secret
    limits = Limits(start=environment.START_SECONDS)
    with Session(command, limits) as session:
        began = time.perf_counter()
        asked(session, runner, [min(pages, key=lambda page: len(page.read()))])
        row["start"] = time.perf_counter() - began
        first, (before, _) = asked(session, runner, pages), held()
        second, (behind, row["threads"]) = asked(session, runner, other), held()
    with Session(command, limits) as session:
        rounds = (first, second, asked(session, runner, pages[::-1]))
    if session.account.differs:
        row["why"] = "its process takes far more CPU than it tells of"
    if before and behind:
        row["growth"] = (behind - before) / len(pages) * PER
    told = [each.cpu for found in (first, second) for each in found.values() if each.cpu and not each.status.failed]
    peaks = [each.peak for each in first.values() if each.peak]
    return row | {
        "mb": size(command.own) / MB,
        "packages": packages(runner, command.own),
        "pages_per_second": len(told) / sum(told) if told and not session.account.differs else None,
        "peak": max(peaks) / MB if peaks else None,
        "failed": sum(each.status.failed for each in first.values()),
        "differs": sum(len({(found[page.id].status, found[page.id].answer) for found in rounds}) > 1 for page in pages),
    }


def front(table: pd.DataFrame) -> pictures.Spec:
    """Draw F1 against pages per second, and the Pareto front: runners that no other beats in both."""
    table = table[table["f1"] > 0].dropna(subset=["pages_per_second"]).sort_values("pages_per_second", ascending=False)
    best = table["f1"] > table["f1"].cummax().shift(fill_value=-1.0)
    line = {"type": "line", "interpolate": "step-after", "color": "#b0413e"}
    name = {"type": "text", "align": "left", "dx": 6, "fontSize": 9}
    speed = pictures.axis("pages_per_second", "quantitative", "pages per second of CPU", scale={"type": "log"})
    score = pictures.axis("f1", "quantitative", "F1", scale={"zero": False})
    return {
        "width": 900,
        "height": 560,
        "data": pictures.of(table.assign(best=best), "runner", "pages_per_second", "f1", "best"),
        "encoding": {"x": speed, "y": score},
        "layer": [
            {"transform": [{"filter": "datum.best"}], "mark": line},
            {"mark": {"type": "circle", "size": 50, "color": "#1f5a96"}},
            {"mark": name, "encoding": {"text": {"field": "runner", "type": "nominal"}}},
        ],
    }


def publish(rows: list[dict[str, Any]], about: str, board: Path | None, out: Path) -> None:
    """Write the table as CSV and Markdown; with a board its F1 too, and the picture."""
    table = pd.DataFrame(rows, columns=[*HEADS])
    table.to_csv(out / "cost.csv", index=False, float_format="%.4g")
    shown = [
        [
            format(value, form) if form and not pd.isna(value) else "" if pd.isna(value) else str(value)
            for value, form in zip(row, HEADS.values(), strict=True)
        ]
        for row in table.itertuples(index=False)
    ]
    heads = [{"mb": "MB", "pages_per_second": "pages/s", "why": ""}.get(name, name) for name in HEADS]
    text = ["# What runners cost", "", about, "", markdown.pipes(heads, shown, {0, 1, len(HEADS) - 1})]
    if board:
        scores = pd.read_csv(board / "leaderboard.csv")
        f1 = scores[scores["metric"] == "words"].set_index("runner")["f1"]
        pictures.write(out / "cost.svg", front, table.assign(f1=table["runner"].map(f1)))
        text += ["", f"![F1 on {board.name} against speed](cost.svg)"]
    (out / "cost.md").write_text("\n".join(text) + "\n", "utf-8")


def main() -> int:
    """Measure, a line per runner as it is done."""
    report = Report()
    spec, out = report.option("--set") or "goldset", Path(report.option("--out") or ".")
    count, board = int(report.option("--pages") or PAGES), report.option("--board")
    runners = [registry.find(name) for name in report.arguments or [*registry.known()]]
    goldset = sets.load(spec)
    pages = [*goldset.pages][:: max(1, len(goldset.entries) // count)][:count]
    rows = []
    for runner in runners:
        rows.append(measured(runner, pages))
        print(*(f"{name} {value}" for name, value in rows[-1].items()), sep=", ", flush=True)
    of = f"{len(pages)} pages of {goldset.name} ({goldset.fingerprint[:12]})"
    about = f"Over {of}, by `python -m benchmarks cost`, whose docstring says what the columns mean."
    publish(rows, about, Path(board) if board else None, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
