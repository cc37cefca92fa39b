"""Runners, as far as every stage needs to know them; `runners/` finds them."""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from packaging.utils import canonicalize_name

from boilerbench.model.pages import Format

PIN = re.compile(r"(?m)^([A-Za-z0-9][A-Za-z0-9._-]*)(?:==| @ file://\S*/[^/\s-]+-)([^\s;\\-]+)")
"""A line of a lock: NAME==VERSION, or NAME @ file:///…/NAME-VERSION-….whl."""

LEFT_OUT = (".git", "__pycache__", "node_modules", "target")
"""Folders that tools leave behind: no part of a runner, and made anew in its environment."""


@dataclass(frozen=True)
class Runner:
    """One extractor under one set of options. `label` is what it was asked for by.

    `lock` is the requirements file that pins its whole dependency tree: the one beside it, or for a runner with an
    `origin` (what stands behind `@`, once it is pinned the release, content or commit) one that was resolved here.
    `unavailable` says why it cannot run. Of the options `handed_on` only its process knows whether the extractor takes
    them. `warm` says that it has a function of that name, which builds what its libraries keep for themselves.
    `tunable` are values that are worth a try, by option.
    """

    label: str
    name: str
    file: Path
    lock: Path
    options: Mapping[str, object] = field(hash=False)
    distribution: str
    input: str
    format: Format
    summary: str
    requires_python: str
    dependencies: tuple[str, ...]
    variants: tuple[str, ...]
    origin: str = ""
    unavailable: str = ""
    handed_on: tuple[str, ...] = ()
    warm: bool = False
    tunable: Mapping[str, Sequence[object]] = field(default_factory=dict, hash=False)

    @property
    def unlocked(self) -> bool:
        """Whether its packages were chosen on this machine, and not by the lock that came with it."""
        return bool(self.origin)

    @property
    def packages(self) -> dict[str, str]:
        """The version of every package that its lock pins to one; none where it is unavailable."""
        if self.unavailable:
            return {}
        found: dict[str, set[str]] = {}
        for name, version in PIN.findall(_bytes_of(self.lock).decode(errors="replace")):
            found.setdefault(canonicalize_name(name), set()).add(unquote(version))
        return {name: versions.pop() for name, versions in found.items() if len(versions) == 1}

    @property
    def version(self) -> str:
        """The version of the extractor that the lock pins; empty where it pins none, or one per system."""
        return self.packages.get(canonicalize_name(self.distribution), "")

    @property
    def digest(self) -> str:
        """SHA-256 of what an answer depends on: the runner's file, its lock, its options and its format."""
        settings = json.dumps([self.options, self.format], sort_keys=True)
        parts = [_bytes_of(self.file), _bytes_of(self.lock), settings.encode()]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@dataclass(frozen=True)
class FolderRunner(Runner):
    """A runner in a folder: `command` speaks the protocol once `setup` has been run in a copy of the folder.

    Of one with a `toolchain` these follow from it.
    `needs` maps programs to the versions that will do, and `install` says what brings them. `defaults` are all options
    it takes.
    """

    pinned: str = ""
    toolchain: str = ""
    command: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict, hash=False)
    install: str = ""
    defaults: Mapping[str, object] = field(default_factory=dict, hash=False)
    home: str = ""
    licence: str = ""

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.file.parent

    @property
    def version(self) -> str:
        """The version of the extractor that it declares."""
        return self.pinned

    @property
    def packages(self) -> dict[str, str]:
        """None that are known here: its own tools read its lock."""
        return {}

    @property
    def content(self) -> str:
        """SHA-256 of the names and contents of its files."""
        whole = hashlib.sha256()
        for place, folders, names in os.walk(self.folder, followlinks=True):
            folders[:] = [name for name in sorted(set(folders) - set(LEFT_OUT)) if not _leads_up(Path(place) / name)]
            for file in (Path(place) / name for name in sorted(names)):
                name = file.relative_to(self.folder).as_posix().encode()
                whole.update(hashlib.sha256(name).digest() + hashlib.sha256(file.read_bytes()).digest())
        return whole.hexdigest()

    @property
    def digest(self) -> str:
        """SHA-256 of what an answer depends on: the folder's files, the options and the format."""
        settings = json.dumps([self.content, self.options, self.format], sort_keys=True)
        return hashlib.sha256(settings.encode()).hexdigest()


def _leads_up(folder: Path) -> bool:
    """Whether it is a link to a folder that it lies in."""
    return folder.is_symlink() and folder.parent.resolve().is_relative_to(folder.resolve())


def _bytes_of(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""
