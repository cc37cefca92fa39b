"""What the lint looks at: every page of a set, with what a reader of sets leaves out or refuses."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from boilerbench import sets
from boilerbench.errors import BadSetError
from boilerbench.labels import Role, taxonomy
from boilerbench.model import Gold, Page
from boilerbench.sets.formats import native
from boilerbench.sets.formats.layout import read_json
from boilerbench.sets.spool import Spool


@dataclass(frozen=True)
class Subject:
    """A page under the lint, with gold whose labels need not exist, and the encoding that gold names.

    `schema` says why its gold could not be read; then there is nothing else.
    """

    page: Page
    gold: Gold
    licence: str = ""
    encoding: str | None = None
    schema: str | None = None

    @property
    def coarse(self) -> bool:
        """Whether gold has nothing finer than one body."""
        return all(segment.label == "body" for segment in self.gold.segments)

    @cached_property
    def body(self) -> str:
        """The text of the segments that are body by default."""
        body = [name for name, label in taxonomy().items() if label.role is Role.BODY]
        return "\n".join(segment.text for segment in self.gold.segments if segment.label in body)

    def digest(self) -> bytes:
        """SHA-256 of the page's bytes; empty where they cannot be read, which is a fault already."""
        try:
            return hashlib.sha256(self.page.read()).digest()
        except (BadSetError, OSError):
            return b""


def subjects(spec: str) -> tuple[str, list[Subject]]:
    """Read the name and the pages of the set that `spec` names.

    Our own format is read page by page, so that one bad page does not hide the others.
    """
    folder = sets.known().get(spec) or (Path(spec.removeprefix("native:")) if spec.startswith("native:") else None)
    if folder is None or not (folder / "pages").is_dir():
        found = sets.load(spec)
        return found.name, [Subject(page, gold, found.licence) for page, gold in found.entries]
    about, spool = native.read_about(folder), Spool()
    pages = native.page_folders(folder)
    if not pages:
        raise BadSetError(f"no pages in {folder}")
    return about.name, [_subject(page, about.licence, spool) for page in pages]


def _subject(folder: Path, licence: str, spool: Spool) -> Subject:
    file = folder / "gold.json"
    try:
        found = native.decoded(file, read_json(file, dict[str, Any], BadSetError))
    except BadSetError as cause:
        return Subject(Page(folder.name, bytes), Gold(()), "unknown", schema=str(cause))
    page, gold = native.entry_of(folder, found)
    return Subject(replace(page, read=spool.once(page.read)), gold, found.licence or licence, found.encoding)
