"""A page together with where the words of its gold stand in it, so that what is cut from one is cut from the other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import accumulate, groupby
from typing import Self, TypeAlias

import numpy as np

from boilerbench.model import Segment
from boilerbench.stress.document import Document
from boilerbench.text.tokens import NATURAL_WORDS, Bools, Ints, spans

Span: TypeAlias = tuple[int, int]
"""Characters from, characters to."""

_LEAST, _SOON = 20, 200
"""Letters by which a part of a line is known anywhere; within how many letters one of fewer has to follow."""
_REFERENCE = re.compile(r"&#?\w+;?")


@dataclass(frozen=True)
class Word:
    """A word of gold as it stands there, with what follows up to the next; `segment` is the number of its segment."""

    segment: int
    text: str
    letters: str = field(repr=False)


@dataclass(frozen=True, eq=False)
class Sample:
    """A page's characters, the words of its gold, and for each character which word it is of: 0 for none, else from 1.

    `whole` is how many characters each word has in the page that all this was cut from, from word 0 on; none for one
    that is not in its text: that is left out of the gold.
    """

    html: str
    labels: tuple[str, ...]
    words: tuple[Word, ...] = field(repr=False)
    owners: Ints = field(repr=False)
    whole: Ints = field(repr=False)

    @classmethod
    def of(cls, document: Document) -> Self:
        """Find the words of a page's gold in its text: lines that are there as they are, then parts of the others."""
        lines = [words for number, each in enumerate(document.segments) for words in _lines(number, each)]
        text, places = _letters(document)
        free, found, at = np.ones(len(text), bool), dict[int, list[int | None]](), 0
        for part in (_whole, _parts):
            for number, line in enumerate(lines):
                begins = found.get(number) or part(line, text, at, free)
                for word, begin in zip(line, begins, strict=True):
                    if begin is not None:
                        at = begin + len(word.letters)
                        free[begin:at] = False
                if any(begin is not None for begin in begins):
                    found[number] = begins
        words = tuple(word for line in lines for word in line)
        begins = [begin for number, line in enumerate(lines) for begin in found.get(number, [None] * len(line))]
        owners = np.zeros(len(document.html), np.int64)
        for number, (word, begin) in enumerate(zip(words, begins, strict=True), 1):
            for start, end in places[begin : begin + len(word.letters)] if begin is not None else []:
                owners[start:end] = number
        labels = tuple(each.label for each in document.segments)
        return cls(document.html, labels, words, owners, np.bincount(owners, minlength=len(words) + 1))

    def without(self, cuts: Iterable[Span]) -> Self:
        """The same without some characters."""
        kept = np.ones(len(self.html), bool)
        for start, end in cuts:
            kept[start:end] = False
        edges = np.flatnonzero(np.diff(kept, prepend=False, append=False)).tolist()
        html = "".join(self.html[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
        return replace(self, html=html, owners=self.owners[kept])

    @property
    def segments(self) -> tuple[Segment, ...] | None:
        """The gold of what is left; None where a word is cut in part."""
        left = np.bincount(self.owners, minlength=len(self.whole))[1:]
        if ((left != self.whole[1:]) & (left != 0)).any():
            return None
        there = (word for word, count in zip(self.words, left.tolist(), strict=True) if count)
        return tuple(
            Segment(self.labels[number], "".join(word.text for word in words).strip())
            for number, words in groupby(there, lambda word: word.segment)
        )


def _lines(number: int, segment: Segment) -> Iterator[list[Word]]:
    """The words of each line of a segment."""
    for line in segment.text.splitlines(keepends=True):
        starts, _ = spans(line, NATURAL_WORDS)
        edges = [0, *starts[1:].tolist(), len(line)]
        words = [Word(number, text, _squeezed(text)) for text in map(line.__getitem__, map(slice, edges, edges[1:]))]
        if words := [word for word in words if word.letters]:
            yield words


def _squeezed(text: str) -> str:
    """Its letters and digits alone, without accents, so that each is found however it is written."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))


def _letters(document: Document) -> tuple[str, list[Span]]:
    """The letters of a page's text, and for each from where to where in the page it is written."""
    html, letters, places = document.html, list[str](), list[Span]()
    for start, end in document.stretches:
        done = start
        for found in [*_REFERENCE.finditer(html, start, end), None]:
            written = [(at, at + 1) for at in range(done, found.start() if found else end)]
            for one, other in [*written, *([found.span()] if found else [])]:
                new = _squeezed(unescape(html[one:other]))
                letters.append(new)
                places += [(one, other)] * len(new)
            done = found.end() if found else end
    return "".join(letters), places


def _whole(words: Sequence[Word], text: str, begin: int, free: Bools, end: int | None = None) -> list[int | None]:
    """Where each word begins, where all are found on end and free: behind `begin` if they are there, else anywhere."""
    wanted = re.compile("".join(word.letters for word in words))
    for start in (begin, 0) if end is None else (begin,):
        for found in wanted.finditer(text, start, len(text) if end is None else end):
            if free[found.start() : found.end()].all():
                return [found.start() + before for before in accumulate(_lengths(words[:-1]), initial=0)]
    return [None] * len(words)


def _parts(words: Sequence[Word], text: str, begin: int, free: Bools) -> list[int | None]:
    """The same half by half; of few letters only where they are soon found."""
    short = sum(_lengths(words)) < _LEAST
    found = _whole(words, text, begin, free, begin + _SOON if short else None)
    if found[0] is not None or len(words) == 1:
        return found
    half = len(words) // 2
    first = _parts(words[:half], text, begin, free)
    ends = [each + length for each, length in zip(first, _lengths(words), strict=False) if each is not None]
    return [*first, *_parts(words[half:], text, max(ends, default=begin), free)]


def _lengths(words: Sequence[Word]) -> list[int]:
    return [len(word.letters) for word in words]
