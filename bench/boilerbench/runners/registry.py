"""Finds runners by name: those that this installation offers through entry points, and others by path."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path

from boilerbench import plugins
from boilerbench.environments import resolution
from boilerbench.errors import BadRunnerError, UnknownNameError, UsageError
from boilerbench.model import Runner
from boilerbench.runners import naming
from boilerbench.runners.declaration import FOLDER_FILE, describe, name_of

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
    for entry in plugins.offered(plugins.RUNNERS):
        try:
            found = _files_of(entry)
        except Exception as cause:  # noqa: BLE001  # whatever one package does wrong, the others are to be found
            complaints.append(f"{plugins.owner(entry)}: {cause}")
            continue
        for file in found:
            name = name_of(file)
            if files.setdefault(name, file) != file:
                complaints.append(f"{plugins.owner(entry)}: the name '{name}' of {file} is taken by {files[name]}")
    return dict(sorted(files.items())), complaints


def find(label: str) -> Runner:
    """Return the runner for a name, of those `known`, or a path, as `naming` reads it; its label is never its path.

    One with an origin is checked, and unavailable until `resolution.pin` has looked for it.
    """
    asked = naming.parse(label)
    files, complaints = _offered()
    file = _file_at(asked.name) or files.get(asked.name)
    if file is None and complaints:
        raise UsageError(f"unknown runner '{asked.name}'; of what is installed, {'; '.join(complaints)}")
    if file is None:
        raise UnknownNameError("runner", asked.name, files)
    runner = describe(file, asked.variant, asked.options)
    runner = replace(runner, label=runner.name + label[len(asked.name) :])
    if asked.origin:
        runner = replace(runner, origin=asked.origin, unavailable="not resolved yet")
        resolution.check(runner)
    return runner


def find_all(labels: Sequence[str]) -> list[Runner]:
    """Return the runners for several labels; `UsageError` where two could not be told apart in a table."""
    found = [find(label) for label in labels]
    twice = [label for label, times in Counter(runner.label for runner in found).items() if times > 1]
    if twice:
        raise UsageError(f"two runners are called '{twice[0]}'; rename one of the files")
    return found


def _files_of(entry: EntryPoint) -> list[Path]:
    """The runners that an entry point offers: a module, all of a package, or all of a folder whose path it names."""
    if entry.attr:
        found = _files_in([str(entry.load())])
    elif (spec := _locate(entry.module)) is None:
        raise BadRunnerError(f"there is no module {entry.value}")
    elif spec.submodule_search_locations is None:
        found = [Path(spec.origin or "").resolve()]
    else:
        found = _files_in(spec.submodule_search_locations)
    if not found:
        raise BadRunnerError(f"there is no runner in {entry.value}")
    return found


def _files_in(folders: Iterable[str]) -> list[Path]:
    found = [file for folder in folders for form in ("*.py", f"*/{FOLDER_FILE}") for file in Path(folder).glob(form)]
    return [file.resolve() for file in found if file.name[0] != "_"]


def _file_at(name: str) -> Path | None:
    """The file of a runner that was asked for by its path: a Python file, or a folder with its runner.toml."""
    path = Path(name)
    if path.suffix == ".py" or path.name == FOLDER_FILE:
        return path
    return path / FOLDER_FILE if "/" in name else None


def _locate(module: str) -> ModuleSpec | None:
    """Find a module as `find_spec` does, but without importing the packages it lies in."""
    top, *inner = accumulate(module.split("."), "{}.{}".format)
    spec = find_spec(top)
    for name in inner:
        places = spec.submodule_search_locations if spec else None
        spec = None if places is None else PathFinder.find_spec(name, list(places))
    return spec
