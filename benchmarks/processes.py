"""Whole processes with cold caches beside the evaluation scripts of the metrics' authors: CPU time, equal figures.

    python -m benchmarks processes [--json FILE] [--rounds N]

- `zyte`: `boilerbench score` of the 11 published systems, intervals and ranks with 1,000 rounds, beside evaluate.py of
  scrapinghub/article-extraction-benchmark with as many. Their means are equal.
- `wcxb`: what html-text extracts from the development pages, scored by words and snippets, beside evaluate.py of
  Murrough-Foley/web-content-extraction-benchmark. Figures are equal in the digits that it prints.

The sets lie in $BOILERBENCH_DATA, else ../shared/data; checkouts of these two repositories, by their names, in the
folder that $BOILERBENCH_PEERS names. Ours includes what it does beside: a run folder with every score, and the standard
metrics.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import Report, cpu, data, in_turn
from boilerbench import sets
from boilerbench.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMAND = str(Path(sysconfig.get_path("scripts")) / "boilerbench")
RACES = {
    "zyte": ("article-extraction-benchmark", "zyte-aeb", 12),
    "wcxb": ("web-content-extraction-benchmark", "wcxb", 2),
}
"""Of each metric its authors' repository, its set and the goal."""


def peer(metric: str) -> Path | str:
    """The script of a metric's authors, or why there is none."""
    repository, folder, _ = RACES[metric]
    script = Path(os.environ.get("BOILERBENCH_PEERS", "")) / repository / "evaluate.py"
    if not (data() / folder).is_dir():
        return f"no {data() / folder} (set BOILERBENCH_DATA)"
    if not os.environ.get("BOILERBENCH_PEERS") or not script.is_file():
        return f"no {repository}/evaluate.py (BOILERBENCH_PEERS names the folder of such checkouts)"
    return script.absolute()


def scored(place: Path, spec: str, outputs: str, metrics: Sequence[str]) -> tuple[float, list[dict[str, str]]]:
    """CPU seconds of `boilerbench score` with nothing in its cache, and the rows of its table."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    by = [part for name in metrics for part in ("--metric", name)]
    command = [COMMAND, "score", "--set", spec, "--outputs", outputs, *by, "--out", str(place / "run")]
    seconds = cpu(command, env=os.environ | {"BOILERBENCH_CACHE": str(place / "cache")})
    return seconds, list(csv.DictReader((place / "run" / "leaderboard.csv").open(encoding="utf-8")))


def race_zyte(report: Report, script: Path, place: Path) -> None:
    """Race the bootstrap of eleven systems."""
    home = (data() / "zyte-aeb").absolute()
    for name in ("ground-truth.json", "output"):
        (place / name).symlink_to(home / name)
    theirs = [sys.executable, str(script), "--n-bootstrap", "1000", "--output", "found.json"]
    rows: list[dict[str, str]] = []

    def ours() -> float:
        seconds, rows[:] = scored(place / "ours", f"zyte:{home}", f"zyte:{home / 'output'}", ["zyte"])
        return seconds

    found = in_turn(report.rounds, {"ours": ours, "theirs": lambda: cpu(theirs, cwd=place)})
    expected = json.loads((place / "found.json").read_text("utf-8"))
    means = {row["runner"]: float(row["f1"]) for row in rows if row["metric"] == "zyte"}
    assert means.keys() == expected.keys(), means.keys() ^ expected.keys()
    assert all(abs(means[name] - each["f1"]) < 1e-6 for name, each in expected.items())  # noqa: PLR2004  as it is written
    report.race("zyte, whole process", **found, goal=RACES["zyte"][2], note=f"{len(means)} systems")


def race_wcxb(report: Report, script: Path, place: Path) -> None:
    """Race one system on pages with snippets."""
    home = (data() / "wcxb").absolute()
    shutil.copy(script, place / "evaluate.py")
    (place / "dev").symlink_to(home / "dev")
    run = place / "extracted"
    subprocess.run(
        [COMMAND, "run", "html-text", "--set", f"wcxb:{home}", "--out", str(run), "--quiet"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    scorable = {page.id for page, gold in sets.load(f"wcxb:{home}").entries if gold.given}
    texts = {
        page: found.text or ""
        for part in RunFolder(run).parts(["status", "text"])
        for page, found in part.answers["html-text"].items()
    }
    (place / "html-text.json").write_text(json.dumps({page: texts[page] for page in scorable}), "utf-8")
    named = {page.rpartition("/")[2]: text for page, text in texts.items()}
    (place / "results.json").write_text(json.dumps(named), "utf-8")
    theirs = [sys.executable, "evaluate.py", "--results", "results.json"]
    rows: list[dict[str, str]] = []

    def ours() -> float:
        of = f"json:{place / 'html-text.json'}"
        seconds, rows[:] = scored(place / "ours", f"wcxb:{home}", of, ["wcxb", "wcxb-with", "wcxb-without"])
        return seconds

    found = in_turn(report.rounds, {"ours": ours, "theirs": lambda: cpu(theirs, cwd=place)})
    said = subprocess.run(theirs, check=True, cwd=place, capture_output=True, encoding="utf-8").stdout
    by = {row["metric"]: row for row in rows}
    assert f"{float(by['wcxb']['f1']):.4f}" == re.findall(r"F1: +([\d.]+)", said)[0], (by["wcxb"]["f1"], said)
    report.race("wcxb, whole process", **found, goal=RACES["wcxb"][2], note=f"{len(texts)} pages")


def measure(report: Report) -> None:
    """Race both."""
    for metric, race in (("zyte", race_zyte), ("wcxb", race_wcxb)):
        found = peer(metric)
        if isinstance(found, str):
            report.skip(f"{metric}, whole process", found, RACES[metric][2])
            continue
        with tempfile.TemporaryDirectory() as place:
            race(report, found, Path(place))


def main() -> int:
    """Race them alone."""
    report = Report()
    measure(report)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
