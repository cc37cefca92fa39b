"""Finds runners and describes them without importing them: what a runner declares is read from its source."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field, replace
from importlib import metadata
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.errors import BadRunnerError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.machinery import ModuleSpec

ENTRY_POINTS = "boilerbench.runners"
DEFAULT_RUNNERS = ("trafilatura", "readability-lxml", "justext", "newspaper3k", "html-text")
CHOICES = {"INPUT": ("text", "bytes"), "FORMAT": ("text", "html", "markdown")}
SCRIPT_BLOCK = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$")  # from PEP 723
PIN = re.compile(r"(?m)^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)")
VARIANT = re.compile(r"[a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True)
class Runner:
    """One extractor under one set of options. `label` is what it was asked for by."""

    label: str
    name: str
    file: Path
    options: Mapping[str, object] = field(hash=False)
    distribution: str
    input: str
    format: str
    summary: str
    requires_python: str
    dependencies: tuple[str, ...]
    variants: tuple[str, ...]

    @property
    def lock(self) -> Path:
        """The requirements file beside the runner that pins its whole dependency tree."""
        return self.file.with_suffix(".lock")

    @property
    def version(self) -> str:
        """The version of the extractor that the lock pins; empty where it pins none, or one per system."""
        pins = PIN.findall(_bytes_of(self.lock).decode(errors="replace"))
        found = {version for name, version in pins if _canonical(name) == _canonical(self.distribution)}
        return found.pop() if len(found) == 1 else ""

    @property
    def digest(self) -> str:
        """SHA-256 of what an answer depends on: the runner's file, its lock and its options."""
        parts = [_bytes_of(self.file), _bytes_of(self.lock), json.dumps(self.options, sort_keys=True).encode()]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def known() -> dict[str, Path]:
    """Map the name of every runner that this installation offers to its file."""
    files: dict[str, Path] = {}
    for entry in metadata.entry_points(group=ENTRY_POINTS):
        for file in _files_of(entry):
            name = _name_of(file)
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


def describe(file: Path, variant: str | None = None) -> Runner:
    """Read what a runner's file declares. `BadRunnerError` names the file and what is missing."""
    file = file.resolve()
    tree, source = _parse(file)
    if "extract" not in _bound_names(tree):
        raise BadRunnerError(f"{file}: it defines no extract(html, url=None, **options)")
    constants = _constants(file, tree)
    variants: dict[str, dict[str, object]] = constants["VARIANTS"]
    name = _name_of(file)
    if variant is not None and variant not in variants:
        raise UnknownNameError(f"variant of {name}", variant, list(variants))
    requires_python, dependencies = _script_block(file, source)
    return Runner(
        label=name if variant is None else f"{name}:{variant}",
        name=name,
        file=file,
        options=variants[variant] if variant is not None else {},
        distribution=constants["DISTRIBUTION"],
        input=constants["INPUT"],
        format=constants["FORMAT"],
        summary=(ast.get_docstring(tree) or "").partition("\n")[0],
        requires_python=requires_python,
        dependencies=dependencies,
        variants=tuple(variants),
    )


def _parse(file: Path) -> tuple[ast.Module, str]:
    try:
        source = file.read_text("utf-8")
        return ast.parse(source), source
    except OSError as cause:
        raise BadRunnerError(f"{file}: {cause.strerror}") from cause
    except SyntaxError as cause:
        raise BadRunnerError(f"{file}:{cause.lineno}: {cause.msg}") from cause
    except ValueError as cause:
        raise BadRunnerError(f"{file}: not Python source: {cause}") from cause


def _bound_names(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names.update(target.id for target in targets if isinstance(target, ast.Name))
            case ast.ImportFrom(names=aliases):
                names.update(alias.asname or alias.name for alias in aliases)
    return names


def _constants(file: Path, tree: ast.Module) -> dict[str, Any]:
    found: dict[str, Any] = {"VARIANTS": {}}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in (*CHOICES, "DISTRIBUTION", "VARIANTS"):
                try:
                    found[name] = ast.literal_eval(value)
                except ValueError:
                    raise BadRunnerError(f"{file}:{node.lineno}: {name} must be written out as a literal") from None
    if not isinstance(found.get("DISTRIBUTION"), str):
        raise BadRunnerError(f'{file}: DISTRIBUTION must name the distribution whose version is printed ("" for none)')
    for name, choices in CHOICES.items():
        if found.get(name) not in choices:
            raise BadRunnerError(f"{file}: {name} must be one of {', '.join(choices)}")
    _check_variants(file, found["VARIANTS"])
    return found


def _check_variants(file: Path, variants: object) -> None:
    if not isinstance(variants, dict):
        raise BadRunnerError(f"{file}: VARIANTS must map names to options")
    for name, options in variants.items():
        if not (isinstance(name, str) and VARIANT.fullmatch(name)):
            raise BadRunnerError(f"{file}: {name!r} is no name for a variant; use small letters, digits, '.', '_', '-'")
        if not (isinstance(options, dict) and all(isinstance(key, str) for key in options)):
            raise BadRunnerError(f"{file}: variant '{name}' must map the names of options to values")
        try:
            json.dumps(options)
        except (TypeError, ValueError) as cause:
            raise BadRunnerError(f"{file}: variant '{name}' cannot be written as JSON: {cause}") from cause


def _script_block(file: Path, source: str) -> tuple[str, tuple[str, ...]]:
    blocks = SCRIPT_BLOCK.findall(source)
    if len(blocks) > 1:
        raise BadRunnerError(f"{file}: more than one '# /// script' block")
    if not blocks:
        if re.search(r"(?m)^# /// script\s*$", source):
            raise BadRunnerError(f"{file}: the '# /// script' block has no end")
        return "", ()
    toml = "".join(line[2:] if line.startswith("# ") else line[1:] for line in blocks[0][0].splitlines(keepends=True))
    try:
        block = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as cause:
        raise BadRunnerError(f"{file}: the '# /// script' block is not TOML: {cause}") from cause
    requires, dependencies = block.get("requires-python", ""), block.get("dependencies", [])
    if not isinstance(requires, str):
        raise BadRunnerError(f"{file}: requires-python must be a string")
    if not (isinstance(dependencies, list) and all(isinstance(item, str) for item in dependencies)):
        raise BadRunnerError(f"{file}: dependencies must be a list of strings")
    return requires, tuple(dependencies)


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


def _name_of(file: Path) -> str:
    return file.stem.replace("_", "-")


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
