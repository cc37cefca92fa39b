"""What whole commands cost: CPU of the command and its children, beside another installed boilerbench.

    python -m benchmarks commands [RUNNER ...] [--against COMMAND] [--json FILE] [--rounds N]

COMMAND is the `boilerbench` of another environment, such as that of the last release; without one there is nothing to
race. By default the runners of a plain `run`, over our own gold set: `run` with nothing in the cache but environments,
`run` again, `table` with a slice, `report`. Both sides build their environments before, and print the same means.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import PATIENT, Report, cpu, in_turn
from boilerbench.storage.upkeep import BUILT

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMAND = str(Path(sysconfig.get_path("scripts")) / "boilerbench")
NAMES = ("run, empty cache", "run again", "table by length", "report")


class Side:
    """One installation, with a cache and a run folder of its own."""

    def __init__(self, command: str, place: Path, runners: Sequence[str]) -> None:
        place.mkdir()
        self._command, self._place, self._runners = command, place, runners
        self._about = os.environ | {"BOILERBENCH_CACHE": str(place / "cache")}
        self.run()

    def run(self) -> float:
        """Run, as far as the cache does not know it."""
        return self._cpu("run", *self._runners, "--out", "run", "--quiet")

    def afresh(self) -> float:
        """Run with nothing extracted yet."""
        for each in (self._place / "cache").iterdir():
            if each.name not in BUILT:
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        shutil.rmtree(self._place / "run")
        return self.run()

    def table(self) -> float:
        """Print a table."""
        return self._cpu("table", "run", "--by", "length")

    def report(self) -> float:
        """Make a site."""
        return self._cpu("report", "run", "--out", "site")

    def means(self) -> dict[tuple[str, str], str]:
        """F1 by runner and metric."""
        with (self._place / "run" / "leaderboard.csv").open(encoding="utf-8") as stream:
            return {(row["runner"], row["metric"]): row["f1"] for row in csv.DictReader(stream)}

    def _cpu(self, *arguments: str) -> float:
        python = str(Path(self._command).parent / "python")
        code = f"{PATIENT}\nfrom boilerbench.cli import main; main()"
        return cpu([python, "-c", code, *arguments], cwd=self._place, env=self._about)


def measure(report: Report, against: str | None, runners: Sequence[str] = ()) -> None:
    """Race all commands."""
    if against is None or shutil.which(against) is None:
        why = f"{against} is no command" if against else "no other boilerbench to race (--against COMMAND)"
        for name in NAMES:
            report.skip(name, why)
        return
    with tempfile.TemporaryDirectory() as folder:
        sides = {"ours": Side(COMMAND, Path(folder) / "ours", runners)}
        sides["theirs"] = Side(str(shutil.which(against)), Path(folder) / "theirs", runners)
        for name, work in zip(NAMES, (Side.afresh, Side.run, Side.table, Side.report), strict=True):
            found = in_turn(report.rounds, {key: partial(work, side) for key, side in sides.items()})
            report.race(name, **found)
        mine, other = sides["ours"].means(), sides["theirs"].means()
        both = mine.keys() & other.keys()
        assert both
        assert {key: mine[key] for key in both} == {key: other[key] for key in both}


def main() -> int:
    """Race them alone."""
    report = Report()
    against = report.option("--against")
    try:
        measure(report, against, report.arguments)
    except subprocess.CalledProcessError as cause:
        print(f"{' '.join(cause.cmd)}: {cause.stderr.decode(errors='replace').strip()}", file=sys.stderr)
        return 2
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
