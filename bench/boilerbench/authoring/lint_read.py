"""What the lint looks at: every page of a set, with what a reader of sets leaves out or refuses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from boilerbench import sets
from boilerbench.errors import BadSetError
from boilerbench.labels import Role, taxonomy
from boilerbench.sets.formats import native
from boilerbench.sets.formats.layout import read_json
from boilerbench.sets.spool import Spool


@dataclass(frozen=True)
class Claim:
    """A segment as gold states it: the label need not exist, `where` is the unseen place it stands in."""

    label: str
    text: str
    where: str | None = None


@dataclass(frozen=True)
class Subject:
    """A page under the lint. `schema` says why its gold could not be read; then there is nothing else."""

    id: str
    html: Callable[[], bytes]
    segments: Sequence[Claim] = ()
    with_snippets: Sequence[str] = ()
    without_snippets: Sequence[str] = ()
    charset: str | None = None
    encoding: str | None = None
    licence: str = ""
    schema: str | None = None

    @property
    def coarse(self) -> bool:
        """Whether gold has nothing finer than one body."""
        return all(segment.label == "body" for segment in self.segments)

    @cached_property
    def body(self) -> str:
        """The text of the segments that are body by default."""
        body = [name for name, label in taxonomy().items() if label.role is Role.BODY]
        return "\n".join(segment.text for segment in self.segments if segment.label in body)

    def digest(self) -> bytes:
        """SHA-256 of the page's bytes; empty where they cannot be read, which is a fault already."""
        try:
            return hashlib.sha256(self.html()).digest()
        except (BadSetError, OSError):
            return b""


@dataclass(frozen=True)
class Subjects:
    """The pages of a set under the lint."""

    name: str
    subjects: list[Subject]


def subjects(spec: str) -> Subjects:
    """Read the set that `spec` names; our own format page by page, so that one bad page does not hide the others."""
    folder = sets.known().get(spec) or (Path(spec.removeprefix("native:")) if spec.startswith("native:") else None)
    if folder is not None and (folder / "pages").is_dir():
        return _native(folder)
    found = sets.load(spec)
    return Subjects(
        found.name,
        [
            Subject(
                page.id,
                page.read,
                [Claim(segment.label, segment.text) for segment in gold.segments],
                gold.with_snippets,
                gold.without_snippets,
                page.charset,
                licence=found.licence,
            )
            for page, gold in found.entries
        ],
    )


def _native(folder: Path) -> Subjects:
    about, spool = native.read_about(folder), Spool()
    found = [_subject(page, about.licence, spool) for page in native.page_folders(folder)]
    if not found:
        raise BadSetError(f"no pages in {folder}")
    return Subjects(about.name, found)


def _subject(folder: Path, licence: str, spool: Spool) -> Subject:
    html, file = spool.once((folder / "page.html").read_bytes), folder / "gold.json"
    try:
        gold = native.decoded(file, read_json(file, dict[str, Any], BadSetError))
    except BadSetError as cause:
        return Subject(folder.name, html, licence="unknown", schema=str(cause))
    return Subject(
        folder.name,
        html,
        [Claim(segment.label, segment.text, segment.where or None) for segment in gold.segments],
        gold.with_snippets,
        gold.without_snippets,
        gold.charset,
        gold.encoding,
        gold.licence or licence,
    )
