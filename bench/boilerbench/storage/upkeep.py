"""What the cache holds, whether it is as it was kept, and how to have less of it."""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout
from packaging.version import InvalidVersion, Version

from boilerbench.files import cache_folder
from boilerbench.storage.cache import TABLES, file
from boilerbench.storage.sealed_rows import SealedRows

PAGES = "pages"
BUILT = ("environments", "wheels", "resolutions", PAGES)
"""Folders of the cache with what was built or resolved for runners, and with our own pages, unpacked."""
ASIDE = "damaged"
"""What damaged caches are called, which were set aside."""
_PARTIAL = ".partial"
"""What is being built, or was when its process was killed."""
_IN_USE = timedelta(days=1)
"""What was used since then may be in use."""


class Holding(NamedTuple):
    """So many entries of a kind, by a runner in a version where the kind is extractions, and their bytes."""

    kind: str
    runner: str
    version: str
    entries: int
    bytes: int


def holdings() -> list[Holding]:
    """Everything that the cache holds."""
    found = []
    with _rows() as rows:
        for table, kind in TABLES.items():
            found += [Holding(kind, *each) for each in rows.sizes(table)]
    for kind in BUILT:
        if places := _built(kind):
            found.append(Holding(kind, "", "", len(places), sum(map(_bytes, places))))
    if aside := _aside():
        found.append(Holding(ASIDE, "", "", len(aside), sum(map(_bytes, aside))))
    return found


def damage() -> tuple[int, list[str]]:
    """How many entries there are, and in a line each what of them is not as it was kept."""
    entries, lines = 0, []
    with _rows() as rows:
        for table, kind in TABLES.items():
            damaged: Counter[str] = Counter()
            for row, sound in rows.every(table):
                entries += 1
                damaged[f"{row.runner} {row.version}".strip()] += not sound
            lines += [f"{kind}: {times} damaged, {of}".removesuffix(", ") for of, times in damaged.items() if times]
        lines += [f"{rows.file.name}: {said}" for said in rows.faults()]
    return entries, lines + [f"{place.name}: set aside, as it was damaged" for place in _aside()]


def prune(older_than: int | None, keep_versions: int | None) -> tuple[int, int]:
    """Remove what is damaged, what was kept or last used so many days ago, extractions by all but the newest versions.

    Returns how many entries are gone, and how many bytes.
    """
    now = datetime.now(UTC)
    limit = None if older_than is None else now - timedelta(days=older_than)
    before = _bytes(file()) if file().exists() else 0
    removed = _prune_rows(limit, keep_versions)
    freed = before - _bytes(file())
    aside = _aside()
    for place in aside:
        freed += _bytes(place)
        place.unlink()
    unused = limit and min(limit, now - _IN_USE)
    for place in (place for kind in BUILT for place in _built(kind)):
        size = _bytes(place)
        if ((unused and _used(place) <= unused) or place.suffix == _PARTIAL) and _remove(place):
            removed, freed = removed + 1, freed + size
    return removed + len(aside), freed


def _prune_rows(limit: datetime | None, keep_versions: int | None) -> int:
    removed, since = 0, limit.isoformat(timespec="seconds") if limit else ""
    with _rows() as rows:
        if rows.faults():
            rows.begin_anew()
        for table in TABLES:
            held = [each[:2] for each in rows.sizes(table)]
            old = set() if keep_versions is None else _superseded(held, keep_versions)
            gone = [
                row.key
                for row, sound in rows.every(table)
                if not sound or row.since <= since or (row.runner, row.version) in old
            ]
            rows.delete(table, gone)
            removed += len(gone)
        if removed:
            rows.shrink()
    return removed


def _superseded(held: list[tuple[str, str]], keep: int) -> set[tuple[str, str]]:
    """Of each runner all versions but the newest ones."""
    found: dict[str, list[str]] = {}
    for runner, version in held:
        if version:
            found.setdefault(runner, []).append(version)
    return {
        (runner, each)
        for runner, all_ in found.items()
        for each in sorted(all_, key=_order)[: max(0, len(all_) - keep)]
    }


def _order(version: str) -> tuple[bool, Version, str]:
    try:
        return True, Version(version), version
    except InvalidVersion:
        return False, Version("0"), version


def _rows() -> closing[SealedRows]:
    return closing(SealedRows(file(), TABLES))


def _aside() -> list[Path]:
    return sorted(cache_folder().glob(f"{file().name}.damaged-*"))


def _built(kind: str) -> list[Path]:
    folder = cache_folder() / kind
    return [each for each in sorted(folder.iterdir()) if each.suffix != ".mutex"] if folder.is_dir() else []


def _bytes(place: Path) -> int:
    files = place.rglob("*") if place.is_dir() else [place]
    return sum(each.lstat().st_size for each in files if each.is_symlink() or each.is_file())


def _used(place: Path) -> datetime:
    return datetime.fromtimestamp(place.stat().st_mtime, UTC)


def _remove(place: Path) -> bool:
    """Remove what was built, unless somebody builds it anew."""
    with suppress(Timeout, OSError), FileLock(place.with_suffix(".mutex"), timeout=0):
        shutil.rmtree(place) if place.is_dir() else place.unlink()
        return True
    return False
