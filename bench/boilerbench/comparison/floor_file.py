"""A file of floors: the F1 each runner must not fall below on a set. It rises by itself and falls on request alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from boilerbench.comparison.gates import Outcome
from boilerbench.errors import UsageError
from boilerbench.ranking.stats import TIE
from boilerbench.storage import run_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from boilerbench.comparison.difference import Comparison

SCHEMA = 1
_KEYS = ("set", "policy", "metric", "runner")


def hold(
    file: Path, comparisons: Sequence[Comparison], *, update: bool = False, allow_regression: bool = False
) -> list[Outcome]:
    """Hold head's F1 against its floor on each set. `UsageError` where there is none, or it was set on other pages.

    With `update` a floor that is missing is set and one that is lower is raised to head's F1; with `allow_regression`
    too, one that is higher is lowered, instead of failing.
    """
    floors = read(file) if file.exists() or not update else {}
    outcomes = []
    for each in comparisons:
        new = _entry(each)
        if not (update and (allow_regression or _key(each) not in floors)):
            floor = _floor_of(file, floors, each)
            outcomes.append(_judge(file, floor, each))
            new = max(floor, new, key=lambda entry: float(entry["f1"]))
        floors[_key(each)] = new
    if update:
        whole = {"schema": SCHEMA, "floors": [floors[key] for key in sorted(floors)]}
        run_folder.write_text(file, json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    return outcomes


def _key(comparison: Comparison) -> tuple[str, ...]:
    """What a floor is for; the release of a runner is not part of it."""
    runner = comparison.head.runner.partition("@")[0]
    return comparison.set, comparison.signature["policy"], comparison.signature["metric"], runner


def _entry(comparison: Comparison) -> dict[str, Any]:
    about = dict(zip(_KEYS, _key(comparison), strict=True))
    return {**about, "fingerprint": comparison.signature["fingerprint"], "f1": comparison.changes["f1"].head}


def read(file: Path) -> dict[tuple[str, ...], dict[str, Any]]:
    """Read the floors, by set, policy, metric and runner. `UsageError` where there are none to be read."""
    if not file.exists():
        raise UsageError(f"{file}: no such file of floors; --update-floors makes it")
    found = run_folder.read_json(file, SCHEMA)
    try:
        return {tuple(str(each[key]) for key in _KEYS): each | {"f1": float(each["f1"])} for each in found["floors"]}
    except (KeyError, TypeError, ValueError):
        raise UsageError(f"{file}: not a file of floors") from None


def _floor_of(file: Path, floors: dict[tuple[str, ...], dict[str, Any]], comparison: Comparison) -> dict[str, Any]:
    floor = floors.get(_key(comparison))
    if floor is None:
        raise UsageError(f"{file}: has no floor for {', '.join(_key(comparison))}; --update-floors sets it")
    pinned, here = floor.get("fingerprint"), comparison.signature["fingerprint"]
    if pinned != here:
        raise UsageError(
            f"{file}: the floor of {comparison.set} was set on other pages (fingerprint {pinned}, here {here}); "
            "--update-floors --allow-regression sets it anew"
        )
    return floor


def _judge(file: Path, floor: dict[str, Any], comparison: Comparison) -> Outcome:
    f1 = comparison.changes["f1"].head
    detail = f"f1 {f1:.4f}, floor {floor['f1']:.4f}"
    return Outcome(f"f1 < floor in {file.name}", comparison.set, f1 >= floor["f1"] - TIE, detail)
