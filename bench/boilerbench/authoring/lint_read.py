"""What the lint looks at: every page of a set, with what a reader of sets leaves out or refuses."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boilerbench import sets
from boilerbench.errors import BadSetError
from boilerbench.labels import Role, taxonomy
from boilerbench.sets.formats import native
from boilerbench.sets.formats.files import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


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
        labels = taxonomy()
        return "\n".join(
            segment.text
            for segment in self.segments
            if segment.label in labels and labels[segment.label].role is Role.BODY
        )

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
    licence: str
    subjects: list[Subject]


def subjects(spec: str) -> Subjects:
    """Read the set that `spec` names; our own format page by page, so that one bad page does not hide the others."""
    folder = sets.known().get(spec) or (Path(spec.removeprefix("native:")) if spec.startswith("native:") else None)
    if folder is not None and (folder / "pages").is_dir():
        return _native(folder)
    found = sets.load(spec)
    return Subjects(
        found.name,
        found.licence,
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
    about = native.read_about(folder / "set.toml")
    pages = sorted(page for page in (folder / "pages").glob("*") if page.is_dir())
    if not pages:
        raise BadSetError(f"no pages in {folder}")
    found = [_subject(page) for page in pages]
    licence = about["licence"]
    return Subjects(about["name"], licence, [replace(page, licence=page.licence or licence) for page in found])


def _subject(folder: Path) -> Subject:
    html = partial(Path.read_bytes, folder / "page.html")
    try:
        gold = read_json(folder / "gold.json", BadSetError)
        segments = _claims(gold)
        native.check_gold(folder / "gold.json", _without_what_has_a_rule(gold))
    except BadSetError as cause:
        return Subject(folder.name, html, licence="unknown", schema=str(cause))
    licence = gold.get("licence") or ""
    return Subject(
        folder.name,
        html,
        segments,
        gold.get("with", []),
        gold.get("without", []),
        gold.get("charset"),
        gold.get("encoding"),
        licence,
    )


def _claims(gold: Any) -> list[Claim]:
    """The segments that are well formed, whatever their labels."""
    entries = gold.get("segments", []) if isinstance(gold, dict) else []
    return [
        Claim(str(entry.get("label")), str(entry.get("text", "")), entry.get("where"))
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict)
    ]


def _without_what_has_a_rule(gold: Any) -> Any:
    """Gold less the faults that are named by rules of their own: unknown labels, and nothing where text should be."""
    if not isinstance(gold, dict) or not isinstance(gold.get("segments", []), list):
        return gold
    kept = [
        entry
        for entry in gold.get("segments", [])
        if not isinstance(entry, dict)
        or not isinstance(entry.get("label"), str)
        or (entry["label"] in taxonomy() and str(entry.get("text", "x")).strip())
    ]
    return {**gold, "segments": kept}
