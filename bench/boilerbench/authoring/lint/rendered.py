"""What a page says, and where: the comparisons of the lint."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from boilerbench.authoring import marks
from boilerbench.authoring.marks import squash
from boilerbench.errors import BadSetError
from boilerbench.text import convert
from boilerbench.text.decoding import codec_of, declared_charset, decode, is_utf8
from boilerbench.text.tokens import NATURAL_WORDS, Hashes, HashIndex, Ints, ngrams, tokenise

_MANY = 64
_REPLACED_AT_MOST = 0.001


class Rendered:
    """A page as text: what a reader sees of it, and what stands in places that a reader does not see.

    `misread` says what is wrong with its charset, empty if nothing.
    """

    def __init__(self, html: bytes, charset: str | None, encoding: str | None) -> None:
        self.html, self.misread = _decoded(html, charset, encoding)

    @cached_property
    def text(self) -> str:
        """The page's text as the converter shows it. `BadSetError` where it cannot be made."""
        return str(self._made(lambda: convert.to_text(self.html, "html")))

    def has(self, text: str, where: str | None) -> bool:
        """Whether the page has that text in the given place; None is what a reader sees."""
        return squash(text) in (self._squashed if where is None else self._places[where])

    def places_of(self, text: str) -> list[str]:
        """The unseen places that have the text."""
        return [where for where, squashed in self._places.items() if squash(text) in squashed]

    @staticmethod
    def _made(make: Callable[[], Any]) -> Any:
        try:
            return make()
        except Exception as cause:
            raise BadSetError(f"the page cannot be read: {type(cause).__name__}: {cause}") from cause

    @cached_property
    def _squashed(self) -> str:
        return squash(self.text)

    @cached_property
    def _places(self) -> dict[str, str]:
        root = self._made(lambda: convert.tree(self.html))
        if root is None:
            root = convert.tree("<html></html>")
        scripts = root.xpath("//script[contains(., '{') or contains(., '[')]/text()")
        strings = (text for script in scripts for text in _strings_in(script))
        found = {"attribute": root.xpath("//@*"), "json": strings}
        found |= {name: (element.xpath("string()") for element in root.iter(name)) for name in ("noscript", "template")}
        found["hidden"] = [root.xpath("string()")]
        return {where: "\0".join(map(squash, texts)) for where, texts in found.items()}


def _decoded(html: bytes, charset: str | None, encoding: str | None) -> tuple[str, str]:
    """Decode in the encoding gold names, if any, else as a browser would, and say what does not fit."""
    if encoding:
        codec = codec_of(encoding)
        if codec is None:
            return decode(html, charset), f"unknown encoding '{encoding}'"
        try:
            return html.decode(codec).removeprefix("\ufeff"), ""
        except UnicodeDecodeError as cause:
            return decode(html, charset), f"byte {cause.start} is not {encoding}, the encoding gold names"
    text, (declared, source) = decode(html, charset), declared_charset(html, charset)
    replaced = text.count("\ufffd")
    if replaced > max(1, _REPLACED_AT_MOST * len(text)):
        return text, f"{replaced} characters cannot be read as {declared} ({source})"
    if declared != "utf-8" and not html.isascii() and is_utf8(html):
        return text, f"the bytes are UTF-8, though {declared} is declared ({source})"
    return text, ""


def _strings_in(script: str) -> Iterator[str]:
    """Every text in the first JSON value of a script, markup taken out; the script itself if there is none."""
    try:
        left = [marks.first_json(script)]
    except (ValueError, RecursionError):
        yield script
        return
    while left:
        value = left.pop()
        if isinstance(value, str):
            yield marks.plain(value) if "<" in value else value
        elif isinstance(value, (list, dict)):
            left.extend(value.values() if isinstance(value, dict) else value)


def out_of_order(texts: Sequence[str], page: str) -> list[int]:
    """Which texts, each of them somewhere in the page, do not fit into the longest chain that is in order.

    The chain is the one with most characters over all places where the texts occur, without overlap; of a text that
    occurs very often the first 64 places count, and the one where a chain from the start would put it.
    """
    squashed, wanted = squash(page), [squash(text) for text in texts]
    if _all_in_order(wanted, squashed):
        return []
    chains: list[_Chain] = [_Chain(0, 0, None)]  # the best so far: of later ends, heavier ones alone
    for index, text in enumerate(wanted):
        new = []
        for start in _places(text, squashed):
            before = chains[bisect_right(chains, start, key=attrgetter("end")) - 1]
            new.append(_Chain(start + len(text), before.weight + len(text), (index, before)))
        kept = chains[:1]
        for chain in sorted([*chains[1:], *new], key=lambda chain: (chain.end, -chain.weight)):
            if chain.weight > kept[-1].weight:
                kept.append(chain)
        chains = kept
    inside, chain = set(), chains[-1]
    while chain.last:
        index, chain = chain.last
        inside.add(index)
    return [index for index in range(len(texts)) if index not in inside]


class _Chain(NamedTuple):
    """Texts in order: where they end, how many characters they have, and the last of them with the chain before it."""

    end: int
    weight: int
    last: tuple[int, _Chain] | None


def _all_in_order(texts: Sequence[str], page: str) -> bool:
    place = 0
    for text in texts:
        found = page.find(text, place)
        if found < 0:
            return False
        place = found + len(text)
    return True


def _places(text: str, page: str) -> list[int]:
    places: list[int] = []
    start = page.find(text)
    while start >= 0 and len(places) < _MANY:
        places.append(start)
        start = page.find(text, start + 1)
    return places


def share_of_grams(text: str, page: str) -> float:
    """The share of the text's distinct word 4-grams that the page has too; 1 for a text without words."""
    grams, there = (ngrams(tokenise([each], NATURAL_WORDS), 4).hashes for each in (text, page))
    wanted = HashIndex(np.unique(grams))
    places, found = wanted.find(there)
    return len(np.unique(places[found])) / len(wanted.hashes) if len(wanted.hashes) else 1.0


def share_in_order(text: str, page: str) -> float:
    """Of the 4-grams that text and page both have exactly once, the share in the longest run in the page's order."""
    grams, places = _once(text)
    there, there_places = _once(page)
    _, ours, theirs = np.intersect1d(grams, there, assume_unique=True, return_indices=True)
    sequence = there_places[theirs][np.argsort(places[ours])].tolist()
    tails: list[int] = []
    for place in sequence:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails) / len(sequence) if sequence else 1.0


def _once(text: str) -> tuple[Hashes, Ints]:
    """The 4-grams that a text has once, and where."""
    grams = ngrams(tokenise([text], NATURAL_WORDS), 4).hashes
    found, first, times = np.unique(grams, return_index=True, return_counts=True)
    return found[times == 1], first[times == 1]
