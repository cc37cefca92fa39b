"""Finds runners by name: those that this installation offers through entry points, and others by path."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from importlib import metadata
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from boilerbench.environments import resolution
from boilerbench.errors import BadRunnerError, UnknownNameError, UsageError
from boilerbench.runners import folder_runner, naming, python_runner
from boilerbench.runners.declaration import FOLDER_FILE, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from importlib.machinery import ModuleSpec

    from boilerbench.model import Runner

ENTRY_POINTS = "boilerbench.runners"
DEFAULT_RUNNERS = ("trafilatura", "readability-lxml", "justext", "newspaper3k", "html-text")


def known() -> dict[str, Path]:
    """Map the name of every runner that this installation offers to its file."""
    return _offered()[0]


def broken() -> list[str]:
    """Return a line for every entry point that offers nothing, or a name that is taken: who it is, and why."""
    return _offered()[1]


def _offered() -> tuple[dict[str, Path], list[str]]:
    files: dict[str, Path] = {}
    complaints = []
    for entry in sorted(metadata.entry_points(group=ENTRY_POINTS), key=_rank):
        try:
            found = _files_of(entry)
        except Exception as cause:  # noqa: BLE001  # whatever one package does wrong, the others are to be found
            complaints.append(f"{_whose(entry)}: {cause}")
            continue
        for file in found:
            name = name_of(file)
            if files.setdefault(name, file) != file:
                complaints.append(f"{_whose(entry)}: the name '{name}' of {file} is already taken by {files[name]}")
    return dict(sorted(files.items())), complaints


def _rank(entry: metadata.EntryPoint) -> tuple[bool, str, str]:
    """Built-in runners come first, so that nobody takes their names."""
    owner = entry.dist.name if entry.dist else ""
    return owner != "boilerbench", owner, entry.name


def _whose(entry: metadata.EntryPoint) -> str:
    return f"entry point '{entry.name}'" + (f" of {entry.dist.name} {entry.dist.version}" if entry.dist else "")


def find(label: str, files: Mapping[str, Path] | None = None) -> Runner:
    """Return the runner for a name, of those `known`, or a path, as `naming` reads it; its label is never its path.

    One with an origin is checked, and unavailable until `resolution.pin` has looked for it.
    """
    asked = naming.parse(label)
    file = _file_at(asked.name) or (known() if files is None else files).get(asked.name)
    if file is None:
        if complaints := broken():
            raise UsageError(f"unknown runner '{asked.name}'; of what is installed, {'; '.join(complaints)}")
        raise UnknownNameError("runner", asked.name, list(known()))
    reader = folder_runner if file.name == FOLDER_FILE else python_runner
    runner: Runner = reader.describe(file, asked.variant, asked.options)
    runner = replace(runner, label=runner.name + label[len(asked.name) :])
    if not asked.origin:
        return runner
    runner = replace(runner, origin=asked.origin, unavailable="not resolved yet")
    resolution.check(runner)
    return runner


def find_all(labels: Sequence[str]) -> list[Runner]:
    """Return the runners for several labels; `UsageError` where two could not be told apart in a table."""
    files = known()
    found = [find(label, files) for label in labels]
    twice = [label for label, times in Counter(runner.label for runner in found).items() if times > 1]
    if twice:
        raise UsageError(f"two runners are called '{twice[0]}'; rename one of the files")
    return found


def _files_of(entry: metadata.EntryPoint) -> list[Path]:
    """The runners that an entry point offers: a module, all of a package, or all of a folder whose path it names."""
    if entry.attr:
        return _files_in([str(entry.load())])
    spec = _locate(entry.module)
    if spec is None:
        raise BadRunnerError(f"there is no module {entry.value}")
    if spec.submodule_search_locations is not None:
        return _files_in(spec.submodule_search_locations)
    return [Path(spec.origin).resolve()] if spec.origin else []


def _files_in(folders: Iterable[str]) -> list[Path]:
    found = [file for folder in folders for file in Path(folder).glob("*.py") if file.name[0] != "_"]
    found += [file for folder in folders for file in Path(folder).glob(f"*/{FOLDER_FILE}")]
    return [file.resolve() for file in found]


def _file_at(name: str) -> Path | None:
    """The file of a runner that was asked for by its path: a Python file, or a folder with its runner.toml."""
    path = Path(name)
    if path.suffix == ".py" or path.name == FOLDER_FILE:
        return path
    return path / FOLDER_FILE if "/" in name else None


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
