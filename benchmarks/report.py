"""What the benchmarks share: races as lines of text, and as JSON for whoever asks for that."""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROUNDS = 5
PATIENT = """
from boilerbench.process.child import Child
def leave(child):
    if child.alive:
        child.leaves(10)
    kill(child)
kill, Child.kill = Child.kill, leave
"""
"""Lets children leave by themselves: of those that the kernel ends with the first of a namespace, it counts no time."""
SCHEMA = 1


class Report:
    """Races, each a record `{"name", "ours", "theirs", "ratio", "goal", "noise", "why"}`.

    In a benchmark:

        report = Report()  # `report.arguments` are those of the command line, but for `--json FILE` and `--rounds N`
        report.race("zyte", ours=[0.02, 0.03], theirs=[1.1], goal=50, note="181 pages")  # prints a line
        report.skip("rouge5", "jieba is not installed", goal=25)  # likewise; the goal counts as missed
        return report.end()  # writes FILE; 1 where a goal is missed, else 0

    `ours` and `theirs` are the least of the seconds that are given, since whatever else a machine does only adds to
    them. `ratio` is theirs / ours, `goal` the least that it should be; without one, anything will do. `noise` is by
    what share the middle round took longer than the least, on the side where that is more; null of a single round. What
    was not measured is null, `why` says why.
    """

    def __init__(self) -> None:
        parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
        parser.add_argument("--json", type=Path, metavar="FILE")
        parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
        known, self.arguments = parser.parse_known_args()
        self.rounds: int = max(1, known.rounds)
        self.records: list[dict[str, Any]] = []
        self._file: Path | None = known.json

    def option(self, name: str) -> str | None:
        """Take an option with its value out of `arguments`; None where it is not there."""
        parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
        parser.add_argument(name, dest="value")
        known, self.arguments = parser.parse_known_args(self.arguments)
        value: str | None = known.value
        return value

    def race(
        self, name: str, *, ours: Sequence[float], theirs: Sequence[float], goal: float | None = None, note: str = ""
    ) -> None:
        """Keep a race and print a line."""
        mine, other = min(ours), min(theirs)
        ratio = other / mine
        noise = max(((median(each) - min(each)) / min(each) for each in (ours, theirs) if len(each) > 1), default=None)
        aim = "" if goal is None else f" (goal {goal:.3g}{'' if ratio >= goal else ', missed'})"
        told = "" if noise is None else f", noise {noise:.0%}"
        print(f"{name:36} theirs {other:8.3f} s, ours {mine:8.3f} s: {ratio:7.3f} times{aim}{told} {note}", flush=True)
        self._keep(name, mine, other, ratio, goal, noise)

    def skip(self, name: str, reason: str, goal: float | None = None) -> None:
        """Keep a race that could not be run, and print why."""
        print(f"{name:36} not measured: {reason}", flush=True)
        self._keep(name, None, None, None, goal, None, reason)

    def _keep(self, name: str, *figures: float | str | None) -> None:
        fields = ("ours", "theirs", "ratio", "goal", "noise", "why")
        self.records.append({"name": name, **dict(zip(fields, [*figures, None][: len(fields)], strict=True))})

    def end(self) -> int:
        """Write the records, and return the exit code."""
        if self._file:
            self._file.write_text(json.dumps({"schema": SCHEMA, "races": self.records}, indent=1) + "\n", "utf-8")
        return int(any(each["goal"] and (each["ratio"] or 0) < each["goal"] for each in self.records))


def data() -> Path:
    """The folder of public sets: $BOILERBENCH_DATA, else ../shared/data."""
    return Path(os.environ.get("BOILERBENCH_DATA", "../shared/data"))


def cpu(command: Sequence[str], **more: Any) -> float:
    """Seconds of CPU of a command and everything it started, of which this process reaps what is left (Linux)."""
    before = _spent()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **more)
    with suppress(ChildProcessError):
        while True:
            os.wait()
    return _spent() - before


def _spent() -> float:
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def in_turn(rounds: int, sides: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Time sides in turn, so that what a machine does beside meets all of them."""
    found: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side, work in sides.items():
            found[side].append(work())
    return found
