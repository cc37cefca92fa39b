"""What can be cut from a page: its nodes level by level, tags around what stays, attributes, sentences, blanks.

A cut is some stretches of characters that go together; a page is cut as it was written, broken markup included.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from boilerbench.stress.document import BLOCKS, OPAQUE, Document, Tag, end_of
from boilerbench.stress.minimising.sample import Span
from boilerbench.text.tokens import Bools

Cut: TypeAlias = tuple[Span, ...]

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_ENDED_BY_THE_NEXT = {"dd", "dt", "li", "option", "p", "td", "th", "tr"}
_ATTRIBUTE = re.compile(r"""\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")
_SENTENCE = re.compile(r".+?(?:[.!?]+\s+|[\u3002\u061f\u06d4\u0964]\s*|\Z)", re.DOTALL)
_STATEMENT = re.compile(r"[^,;{}]*[,;{}]|[^,;{}]+\Z")
_BLANKS = re.compile(r"(?<=\s)\s+")


@dataclass(frozen=True)
class Node:
    """An element with its tags, or a text between tags, which has none; `code` where nobody reads it."""

    depth: int
    start: int
    end: int
    tags: tuple[Tag, ...] = ()
    code: bool = False

    @property
    def name(self) -> str:
        """Of an element."""
        return self.tags[0].name if self.tags else ""


def nodes(document: Document) -> list[Node]:
    """All nodes of a page; an element without an end tag ends with what it is in, or where the next of its kind begins.

    A tag that begins or ends nothing is an element by itself.
    """
    return [node for node in _nodes(document) if node.start < node.end]


def _nodes(document: Document) -> Iterator[Node]:
    opened: list[Tag] = []
    begin = Tag(0, 0, "", closing=True)

    def close(end: int, *last: Tag) -> Node:
        first = opened.pop()
        return Node(len(opened), first.start, end, (first, *last))

    for tag, following in pairwise((begin, *document.tags, end_of(document))):
        alone = tag.name in _VOID or (tag.closing and all(each.name != tag.name for each in opened))
        if alone:
            yield Node(len(opened), tag.start, tag.end, (tag,))
        elif tag.closing:
            while opened[-1].name != tag.name:
                yield close(tag.start)
            yield close(tag.end, tag)
        else:
            if opened and opened[-1].name == tag.name in _ENDED_BY_THE_NEXT:
                yield close(tag.start)
            opened.append(tag)
        yield Node(len(opened), tag.end, following.start, code=tag.name in OPAQUE and not tag.closing)
    while opened:
        yield close(len(document.html))


def level(found: Sequence[Node], depth: int) -> list[Cut]:
    """The nodes of a level, in order."""
    return sorted(((node.start, node.end),) for node in found if node.depth == depth)


def around(found: Sequence[Node], gold: Bools) -> set[Node]:
    """The innermost blocks around gold, which is where each character of it is true."""
    blocks = [node for node in found if node.name in BLOCKS]
    golden = [node for node in found if not node.tags and gold[node.start : node.end].any()]
    outer = [[each for each in blocks if each.start <= text.start < each.end] for text in golden]
    return {max(each, key=lambda node: node.depth) for each in outer if each}


def without(found: Sequence[Node], gold: Bools) -> set[Node]:
    """The elements in which there is no gold."""
    return {node for node in found if node.tags and not gold[node.start : node.end].any()}


def tags(_document: Document, found: Sequence[Node], kept: Collection[Node]) -> list[Cut]:
    """The tags of every element, together."""
    return [
        tuple((tag.start, tag.end) for tag in node.tags)
        for node in found
        if node.tags and node not in kept and node.name not in OPAQUE
    ]


def attributes(document: Document, found: Sequence[Node], kept: Collection[Node]) -> list[Cut]:
    """Every attribute by itself."""
    return [
        ((attribute.start(), attribute.end()),)
        for node in found
        if node.tags and not node.tags[0].closing and node not in kept
        for attribute in _ATTRIBUTE.finditer(document.html, node.start + 1 + len(node.name), node.tags[0].end - 1)
    ]


def sentences(document: Document) -> list[Cut]:
    """The sentences of every text, and the statements of every script."""
    return [
        ((part.start(), part.end()),)
        for node in nodes(document)
        if not node.tags
        for part in (_STATEMENT if node.code else _SENTENCE).finditer(document.html, node.start, node.end)
    ]


def blanks(document: Document) -> list[Cut]:
    """All but the first of blanks side by side."""
    return [((found.start(), found.end()),) for found in _BLANKS.finditer(document.html)]
