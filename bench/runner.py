"""What a runner is to the harness, whatever it is written in."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PIN = re.compile(r"(?m)^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)")


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


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
