"""Which races went worse from one report to the next: `python -m benchmarks compare OLD.json NEW.json`.

Ratios are compared, not seconds, since both sides of a race met the same machine. A race went worse, or better, where
its ratio changed by more than the noise of either report, and by more than `LEAST`. A race that was measured before and
is not any more counts as worse. Exit code 1 where one went worse, 2 where a file is no report.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.report import SCHEMA

LEAST = 0.05
"""What a change has to be at least, however still the machine was."""
UNKNOWN = 0.1
"""The noise of a single round."""


def read(file: str) -> dict[str, dict[str, Any]]:
    """The races of a report by their names. `SystemExit` says in a line that a file is none."""
    try:
        found = json.loads(Path(file).read_bytes())
        if found["schema"] != SCHEMA:
            raise SystemExit(f"{file}: schema {found['schema']} is not {SCHEMA}, which is known here")
        return {race["name"]: race for race in found["races"]}
    except OSError as cause:
        raise SystemExit(f"{file}: cannot be read: {cause.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise SystemExit(f"{file}: is no report; write one by --json FILE") from None


def verdict(old: dict[str, Any], new: dict[str, Any]) -> str:
    """`worse`, `better`, `same`, or `not measured` where the older one was not."""
    if old["ratio"] is None:
        return "not measured"
    if new["ratio"] is None:
        return "worse"
    noise = max(LEAST, *(UNKNOWN if each["noise"] is None else each["noise"] for each in (old, new)))
    change = new["ratio"] / old["ratio"] - 1
    return "worse" if change < -noise else "better" if change > noise else "same"


def lines(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """Of each race in both reports its verdict, and what is printed."""
    found = {}
    for name in before.keys() & after.keys():
        old, new = before[name], after[name]
        ratios = ("not measured" if each["ratio"] is None else f"{each['ratio']:.3f}" for each in (old, new))
        said = verdict(old, new)
        found[name] = said, f"{name:36} {' to '.join(ratios)} times: {said}"
    return found


def main() -> int:
    """Compare two reports."""
    if len(sys.argv) != 3:  # noqa: PLR2004  its own name and two files
        print("python -m benchmarks compare OLD.json NEW.json", file=sys.stderr)
        return 2
    try:
        before, after = map(read, sys.argv[1:])
    except SystemExit as cause:
        print(cause, file=sys.stderr)
        return 2
    found = lines(before, after)
    for name in before:
        print(found[name][1] if name in found else f"{name:36} is not in {sys.argv[2]}")
    return int(any(said == "worse" for said, _ in found.values()) or not before.keys() <= after.keys())


if __name__ == "__main__":
    sys.exit(main())
