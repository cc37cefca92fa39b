"""Stressors that put text of ours into a page: where it goes, and what it stands in. The gold is not touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from html import escape
from pathlib import Path
from random import Random
from typing import Literal, TypeAlias

from boilerbench.errors import UsageError
from boilerbench.files import read_toml
from boilerbench.stress.document import Document, Stressor

Place: TypeAlias = Literal["top", "before", "between", "after", "bottom"]
"""Begin of the page, before, between and behind the paragraphs of gold, end of the page."""
Pieces: TypeAlias = Callable[[Sequence[str]], str]
"""Markup of pieces of text, which are escaped."""


def inserting(name: str, family: str, summary: str, about: tuple[str, Place], markup: Pieces) -> Stressor:
    """Make a stressor that puts as many pieces of a kind of text as the dose into a place.

    Between paragraphs each stands by itself, in other places all stand together.
    """
    return Stressor(name, family, summary, partial(_insert, about, markup))


def _insert(about: tuple[str, Place], markup: Pieces, document: Document, dose: int, random: Random) -> Document | None:
    kind, place = about
    if not document.paragraphs:
        return None
    pieces = [*map(escape, pieces_of(kind, document.language)[:dose])]
    if place == "between":
        gaps = [each.end for each in document.paragraphs[:-1]] or [document.paragraphs[0].end]
        chosen = random.choices(gaps, k=len(pieces))
        return document.edited((gap, gap, markup([piece])) for gap, piece in zip(chosen, pieces, strict=True))
    first, last = document.paragraphs[0], document.paragraphs[-1]
    where = {"top": document.top, "before": first.start, "after": last.end, "bottom": document.bottom}[place]
    return document.edited([(where, where, markup(pieces))])


def pieces_of(kind: str, language: str) -> list[str]:
    """The five pieces of a kind in a language, or else in English."""
    found = _texts()
    return found.get(language, found["en"])[kind]


@cache
def _texts() -> dict[str, dict[str, list[str]]]:
    return read_toml(Path(__file__).with_name("texts.toml"), UsageError)


def within(before: str, after: str, piece: str = "<p>{}</p>") -> Pieces:
    """Markup of pieces, each in its own, between markup of them all."""
    return lambda pieces: "\n".join(["", before, *map(piece.format, pieces), after, ""])
