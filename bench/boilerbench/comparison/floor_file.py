"""A file of floors: the F1 each runner must not fall below on a set. It rises by itself and falls on request alone."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from boilerbench.comparison.difference import Comparison
from boilerbench.comparison.gates import Outcome
from boilerbench.errors import UsageError
from boilerbench.files import typed
from boilerbench.ranking.stats import TIE
from boilerbench.storage import run_folder

SCHEMA = 1


class _Key(NamedTuple):
    """What a floor is for; the release of a runner is not part of it."""

    set: str
    policy: str
    metric: str
    runner: str


class _Floor(msgspec.Struct, frozen=True, kw_only=True):
    set: str
    policy: str
    metric: str
    runner: str
    fingerprint: str = ""
    f1: float

    @property
    def key(self) -> _Key:
        return _Key(self.set, self.policy, self.metric, self.runner)


class _File(msgspec.Struct, frozen=True):
    floors: list[_Floor]


class Floors:
    """The floors of a file."""

    def __init__(self, file: Path, floors: Sequence[_Floor]) -> None:
        self._file = file
        self._floors = {floor.key: floor for floor in floors}

    def hold(
        self, comparisons: Sequence[Comparison], *, update: bool = False, allow_regression: bool = False
    ) -> list[Outcome]:
        """Hold head's F1 against its floor on each set. `UsageError` where it has none, or was set on other pages.

        With `update` a floor that is missing is set and one that is lower is raised to head's F1; with
        `allow_regression` too, one that is higher is lowered, instead of failing.
        """
        outcomes = []
        for each in comparisons:
            new = _floor_of(each)
            if not (update and (allow_regression or new.key not in self._floors)):
                floor = self._known(new)
                outcomes.append(self._judge(floor, new))
                new = max(floor, new, key=lambda one: one.f1)
            self._floors[new.key] = new
        if update:
            floors = [msgspec.to_builtins(self._floors[key]) for key in sorted(self._floors)]
            whole: dict[str, Any] = {"schema": SCHEMA, "floors": floors}
            run_folder.write_text(self._file, json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
        return outcomes

    def _known(self, new: _Floor) -> _Floor:
        floor = self._floors.get(new.key)
        if floor is None:
            raise UsageError(f"{self._file}: has no floor for {', '.join(new.key)}; --update-floors sets it")
        if floor.fingerprint != new.fingerprint:
            raise UsageError(
                f"{self._file}: the floor of {new.set} was set on other pages (fingerprint {floor.fingerprint}, "
                f"here {new.fingerprint}); --update-floors --allow-regression sets it anew"
            )
        return floor

    def _judge(self, floor: _Floor, new: _Floor) -> Outcome:
        detail = f"f1 {new.f1:.4f}, floor {floor.f1:.4f}"
        return Outcome(f"f1 < floor in {self._file.name}", new.set, new.f1 >= floor.f1 - TIE, detail)


def read(file: Path, *, missing: bool = False) -> Floors:
    """Read a file of floors; it may be `missing` where it is going to be made. `UsageError` where it is none."""
    if not file.exists():
        if missing:
            return Floors(file, [])
        raise UsageError(f"{file}: no such file of floors; --update-floors makes it")
    found = typed(_File, run_folder.read_json(file, SCHEMA), f"{file}: not a file of floors", UsageError)
    return Floors(file, found.floors)


def _floor_of(comparison: Comparison) -> _Floor:
    """Head's F1 as a floor."""
    signature, runner = comparison.signature, comparison.head.runner.partition("@")[0]
    return _Floor(
        set=comparison.set,
        policy=signature.policy,
        metric=signature.metric,
        runner=runner,
        fingerprint=signature.fingerprint,
        f1=comparison.changes["f1"].head,
    )
