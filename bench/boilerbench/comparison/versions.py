"""The order of an extractor's versions: as Python writes them (PEP 440), as others do (semver 2.0), or by date."""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

from packaging.version import InvalidVersion, Version

Key: TypeAlias = tuple[Any, ...]

_SEMVER = re.compile(r"[vV]?(\d+(?:\.\d+)*)(?:-(?!\d+-g[0-9a-f]+$)([\w.-]+))?(?:\+[\w.-]+)?", re.ASCII)
_IDENTIFIER = re.compile(r"(.*?)(\d*)")
_BARE = re.compile(r"[^-]*-\d+")


def order(versions: Sequence[str], dates: Sequence[str]) -> list[int]:
    """Put versions of one extractor in order: their places, the oldest first; equal versions go by date.

    They are read as Python's or as semver, whichever reads more of them. One that this does not read comes behind the
    last that was measured before it; without a date, behind all. `dates` are ISO 8601, empty where unknown.
    """
    keys = max(([read(each) for each in versions] for read in (_python, _semver)), key=_known)
    read = [place for place, key in enumerate(keys) if key is not None]
    found = sorted(read, key=lambda place: (keys[place], dates[place]))
    for place in sorted(set(range(len(keys))) - set(read), key=lambda place: (not dates[place], dates[place])):
        earlier = [at for at, other in enumerate(found, 1) if dates[other] and dates[other] <= dates[place]]
        found.insert(max(earlier, default=0) if dates[place] else len(found), place)
    return found


def _known(keys: Sequence[Key | None]) -> int:
    return sum(key is not None for key in keys)


def _python(version: str) -> Key | None:
    """PEP 440 reads `1.0-1` as a release behind 1.0; Python's own tools write that `.post1`, others mean one before."""
    try:
        return None if _BARE.fullmatch(version) else (Version(version),)
    except InvalidVersion:
        return None


def _semver(version: str) -> Key | None:
    """Numbers below words, and a release above all that go before it. What `git describe` says of a commit is none."""
    found = _SEMVER.fullmatch(version)
    if found is None:
        return None
    numbers = [int(each) for each in found[1].split(".")]
    while numbers[1:] and not numbers[-1]:
        numbers.pop()
    before = [_identifier(each) for each in found[2].split(".")] if found[2] else []
    return numbers, not before, before


def _identifier(text: str) -> Key:
    """`rc10` stands behind `rc2`, which semver alone would not have."""
    word, number = _IDENTIFIER.fullmatch(text).groups()  # type: ignore[union-attr]  # it takes any text
    return bool(word), word, int(number or 0)
