"""What a runner is to the harness, whatever it is written in."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PIN = re.compile(r"(?m)^([A-Za-z0-9][A-Za-z0-9._-]*)(?:==| @ file://\S*/[^/\s-]+-)([^\s;\\-]+)")
"""A line of a lock: NAME==VERSION, or NAME @ file:///…/NAME-VERSION-….whl."""


@dataclass(frozen=True)
class Runner:
    """One extractor under one set of options. `label` is what it was asked for by.

    `lock` is the requirements file that pins its whole dependency tree: the one beside it, or for a runner with an
    `origin` (what stands behind `@`, once it is pinned the release, content or commit) one that was resolved here.
    `unavailable` says why it cannot run.
    """

    label: str
    name: str
    file: Path
    lock: Path
    options: Mapping[str, object] = field(hash=False)
    distribution: str
    input: str
    format: str
    summary: str
    requires_python: str
    dependencies: tuple[str, ...]
    variants: tuple[str, ...]
    origin: str = ""
    unavailable: str = ""

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
            found.setdefault(_canonical(name), set()).add(unquote(version))
        return {name: versions.pop() for name, versions in found.items() if len(versions) == 1}

    @property
    def version(self) -> str:
        """The version of the extractor that the lock pins; empty where it pins none, or one per system."""
        return self.packages.get(_canonical(self.distribution), "")

    @property
    def digest(self) -> str:
        """SHA-256 of what an answer depends on: the runner's file, its lock, its options and its format."""
        settings = json.dumps([self.options, self.format], sort_keys=True)
        parts = [_bytes_of(self.file), _bytes_of(self.lock), settings.encode()]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
