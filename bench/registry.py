"""Finds runners by name: those that this installation offers through entry points, and files by their path."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from importlib import metadata
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bench.errors import BadRunnerError, UnknownNameError, UsageError
from bench.python_runner import describe, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec

    from bench.runner import Runner

ENTRY_POINTS = "boilerbench.runners"
DEFAULT_RUNNERS = ("trafilatura", "readability-lxml", "justext", "newspaper3k", "html-text")


def known() -> dict[str, Path]:
    """Map the name of every runner that this installation offers to its file."""
    files: dict[str, Path] = {}
    for entry in metadata.entry_points(group=ENTRY_POINTS):
        for file in _files_of(entry):
            name = name_of(file)
            if files.setdefault(name, file) != file:
                raise BadRunnerError(f"{file}: the name '{name}' is already taken by {files[name]}")
    return dict(sorted(files.items()))


def find(label: str) -> Runner:
    """Return the runner for NAME or PATH.py, each with or without :VARIANT. Its label is its name, not its path."""
    name, _, variant = label.partition(":")
    if name.endswith(".py"):
        return describe(Path(name), variant or None)
    files = known()
    if name not in files:
        raise UnknownNameError("runner", name, list(files))
    return replace(describe(files[name], variant or None), label=label)


def find_all(labels: Sequence[str]) -> list[Runner]:
    """Return the runners for several labels; `UsageError` where two could not be told apart in a table."""
    found = [find(label) for label in labels]
    twice = [label for label, times in Counter(runner.label for runner in found).items() if times > 1]
    if twice:
        raise UsageError(f"two runners are called '{twice[0]}'; rename one of the files")
    return found


def _files_of(entry: metadata.EntryPoint) -> list[Path]:
    spec = _locate(entry.module)
    if spec is None:
        raise BadRunnerError(f"entry point '{entry.name}' of {ENTRY_POINTS}: there is no module {entry.value}")
    folders = spec.submodule_search_locations
    if folders is not None:
        return [file.resolve() for folder in folders for file in Path(folder).glob("*.py") if file.name[0] != "_"]
    return [Path(spec.origin).resolve()] if spec.origin else []


def _locate(module: str) -> ModuleSpec | None:
    """Find a module as `find_spec` does, but without importing the packages it lies in."""
    top, *parts = module.split(".")
    spec, name = find_spec(top), top
    for part in parts:
        if spec is None or spec.submodule_search_locations is None:
            return None
        name = f"{name}.{part}"
        spec = PathFinder.find_spec(name, list(spec.submodule_search_locations))
    return spec
