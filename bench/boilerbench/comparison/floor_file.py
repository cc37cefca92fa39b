"""A file of floors: the F1 each runner must not fall below on a set. It rises by itself and falls on request alone."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from boilerbench.comparison.difference import Comparison
from boilerbench.comparison.gates import Outcome
from boilerbench.errors import UsageError
from boilerbench.files import typed
from boilerbench.ranking.stats import TIE
from boilerbench.storage import whole_files

SCHEMA = 1


class _Floor(msgspec.Struct, frozen=True, kw_only=True):
    set: str
    policy: str
    metric: str
    runner: str
    fingerprint: str = ""
    f1: Annotated[float, msgspec.Meta(ge=0, le=1)]

    @property
    def key(self) -> tuple[str, ...]:
        """What it is for; the release of a runner is not part of it."""
        return self.set, self.policy, self.metric, self.runner


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
            new = _Floor(
                set=each.set,
                policy=each.signature.policy,
                metric=each.signature.metric,
                runner=each.head.runner.partition("@")[0],
                fingerprint=each.signature.fingerprint,
                f1=each.changes["f1"].head,
            )
            if not (update and (allow_regression or new.key not in self._floors)):
                floor = self._known(new)
                gate, detail = f"f1 < floor in {self._file.name}", f"f1 {new.f1:.4f}, floor {floor.f1:.4f}"
                outcomes.append(Outcome(gate, new.set, each.signature.metric_name, new.f1 >= floor.f1 - TIE, detail))
                new = max(floor, new, key=lambda one: one.f1)
            self._floors[new.key] = new
        if update:
            floors = [msgspec.to_builtins(self._floors[key]) for key in sorted(self._floors)]
            text = json.dumps({"schema": SCHEMA, "floors": floors}, indent=1, ensure_ascii=False)
            whole_files.write_text(self._file, f"{text}\n")
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


def read(file: Path, *, missing: bool = False) -> Floors:
    """Read a file of floors; it may be `missing` where it is going to be made. `UsageError` where it is none."""
    if not file.exists():
        if missing:
            return Floors(file, [])
        raise UsageError(f"{file}: no such file of floors; --update-floors makes it")
    found = typed(_File, whole_files.read_json(file, SCHEMA), f"{file}: not a file of floors", UsageError)
    for key, times in Counter(floor.key for floor in found.floors).items():
        if times > 1:
            raise UsageError(f"{file}: has {times} floors for {', '.join(key)}; leave one of them")
    return Floors(file, found.floors)
