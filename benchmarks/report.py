"""What the benchmarks share: races as lines of text, and as JSON for whoever asks for that."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


class Report:
    """Races, each a record `{"name", "ours", "theirs", "ratio", "goal"}`; `ours` and `theirs` are seconds.

    In a benchmark:

        report = Report()  # `report.arguments` are those of the command line, but for `--json FILE`
        report.race("zyte", ours=0.02, theirs=1.1, goal=50, note="181 pages")  # prints a line
        report.skip("rouge5", "jieba is not installed", goal=25)  # likewise; the goal counts as missed
        return report.end()  # writes FILE; 1 where a goal is missed, else 0

    `ratio` is theirs / ours, `goal` the least that it should be; without one, anything will do. What was not timed is
    null, and so is a goal that there is not.
    """

    def __init__(self) -> None:
        parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
        parser.add_argument("--json", type=Path, metavar="FILE")
        known, self.arguments = parser.parse_known_args()
        self.records: list[dict[str, Any]] = []
        self._file: Path | None = known.json

    def race(self, name: str, *, ours: float, theirs: float, goal: float | None = None, note: str = "") -> None:
        """Keep a race and print a line."""
        ratio = theirs / ours
        aim = "" if goal is None else f" (goal {goal:g}{'' if ratio >= goal else ', missed'})"
        print(f"{name:32} theirs {theirs:8.3f} s, ours {ours:7.3f} s: {ratio:6.2f} times{aim} {note}", flush=True)
        self._keep(name, ours, theirs, ratio, goal)

    def skip(self, name: str, reason: str, goal: float | None = None) -> None:
        """Keep a race that could not be run, and print why."""
        print(f"{name:32} not timed: {reason}", flush=True)
        self._keep(name, None, None, None, goal)

    def _keep(self, name: str, *figures: float | None) -> None:
        self.records.append({"name": name, **dict(zip(("ours", "theirs", "ratio", "goal"), figures, strict=True))})

    def end(self) -> int:
        """Write the records, and return the exit code."""
        if self._file:
            self._file.write_text(json.dumps(self.records, indent=1) + "\n", "utf-8")
        return int(any(each["goal"] and (each["ratio"] or 0) < each["goal"] for each in self.records))
