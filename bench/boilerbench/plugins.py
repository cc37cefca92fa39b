"""What installed distributions offer through entry points. Our own offers come through the same door, and first."""

from functools import cache
from importlib import metadata
from typing import Any

RUNNERS, METRICS, FORMATS = "boilerbench.runners", "boilerbench.metrics", "boilerbench.formats"
STRESSORS = "boilerbench.stressors"
"""The groups."""


@cache
def _installed() -> Any:  # what has `select`; its type is another in Python 3.12
    """The entry points of all groups: to look for them opens a file of every distribution."""
    return metadata.entry_points()


@cache
def offered(group: str) -> tuple[metadata.EntryPoint, ...]:
    """Return the entry points of a group: ours before others, so that nobody takes their names."""
    return tuple(sorted(_installed().select(group=group), key=lambda entry: (not is_ours(entry), owner(entry))))


@cache
def by_name(group: str) -> dict[str, metadata.EntryPoint]:
    """Map each name of a group to the entry point that offers it; of two, to the first."""
    found: dict[str, metadata.EntryPoint] = {}
    for entry in offered(group):
        found.setdefault(entry.name, entry)
    return found


def is_ours(entry: metadata.EntryPoint) -> bool:
    """Return whether boilerbench itself offers it."""
    return entry.dist is not None and _named(entry.dist)[0] == "boilerbench"


def owner(entry: metadata.EntryPoint) -> str:
    """Say whose entry point it is: its name, with the distribution and its version."""
    return f"entry point '{entry.name}'" + (f" of {' '.join(_named(entry.dist))}" if entry.dist else "")


@cache
def _named(distribution: metadata.Distribution) -> tuple[str, str]:
    """The name and the version of a distribution, whose metadata are slow to read."""
    about = distribution.metadata
    return about["Name"], about["Version"]


@cache
def broken(group: str) -> tuple[str, ...]:
    """Return a line for each entry point of others that cannot be loaded, or whose name is taken: whose, and why."""
    lines = []
    for entry in offered(group):
        if (first := by_name(group)[entry.name]) is not entry:
            lines.append(f"{owner(entry)}: the name '{entry.name}' is taken by {owner(first)}")
        elif not is_ours(entry) and (why := cannot_load(entry)):
            lines.append(why)
    return tuple(lines)


def cannot_load(entry: metadata.EntryPoint) -> str:
    """Say in one line why an offer cannot be loaded; empty where it can be."""
    try:
        entry.load()
    except Exception as cause:  # noqa: BLE001  # whatever one distribution does wrong, everything else runs
        return failure(entry, cause)
    return ""


def failure(entry: metadata.EntryPoint, cause: Exception) -> str:
    """Say in one line whose offer cannot be loaded, and why."""
    return " ".join(f"{owner(entry)} cannot be loaded: {type(cause).__name__}: {cause}".split())
