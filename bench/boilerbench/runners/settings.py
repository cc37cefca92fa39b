"""The settings of a runner that are tried when it is tuned: each option as it is, or with a value that was named."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from random import Random

from boilerbench.errors import UsageError
from boilerbench.model import FolderRunner, Runner
from boilerbench.runners import naming

DEFAULT = "default"
"""What the setting is called that changes nothing."""


def settings(label: str, runner: Runner, tried: Mapping[str, Sequence[object]], most: int, seed: int) -> dict[str, str]:
    """What to ask for a runner by, and what that changes in `label`: the default first, then what changes least.

    All combinations of the values to try, or where these are more than `most`, as many drawn at random; the default is
    not counted. Raises `UsageError` where no value differs from what the runner has.
    """
    others = {name: _others(runner, name, values) for name, values in tried.items()}
    if not any(others.values()):
        what = f"no value differs from the default of {', '.join(tried)}" if tried else "it declares no values to try"
        raise UsageError(f"{runner.label}: {what}; name some: --option NAME=VALUE,…")
    sizes = [len(values) + 1 for values in others.values()]
    few = prod(sizes) - 1 <= most
    places = list(product(*map(range, sizes)))[1:] if few else _drawn(sizes, most, Random(seed))  # noqa: S311  no secret
    asked, found = naming.parse(label), {label: DEFAULT}
    for place in sorted(places, key=lambda place: sum(map(bool, place))):
        changed = {name: others[name][number - 1] for name, number in zip(others, place, strict=True) if number}
        told = ", ".join(f"{name}={naming.value_written(value)}" for name, value in changed.items())
        found[naming.written(asked._replace(options={**asked.options, **changed}))] = told
    return found


def named(texts: Iterable[str]) -> dict[str, list[object]]:
    """The values to try that `NAME=VALUE,…` say, by option. `UsageError` for what cannot be read."""
    found: dict[str, list[object]] = {}
    for name, values in map(naming.values, texts):
        found.setdefault(name, []).extend(values)
    return found


def _others(runner: Runner, name: str, values: Sequence[object]) -> list[object]:
    """The values that are not what the runner has anyway, each once."""
    known = {**(runner.defaults if isinstance(runner, FolderRunner) else {}), **runner.options}
    found = {json.dumps(value): value for value in values}
    if name in known:
        found.pop(json.dumps(known[name]), None)
    return list(found.values())


def _drawn(sizes: Sequence[int], most: int, random: Random) -> list[tuple[int, ...]]:
    """Draw combinations of numbers below these sizes, none twice, and not the one of zeros."""
    found: dict[tuple[int, ...], None] = {}
    while len(found) < most:
        if any(place := tuple(random.randrange(size) for size in sizes)):
            found[place] = None
    return sorted(found)
