"""A page as characters that can be rewritten, where the paragraphs of its gold stand in it, and what a stressor is.

A page is edited as it was written: what is not damaged on purpose stays byte for byte, broken markup included.
"""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape
from itertools import pairwise
from random import Random
from typing import Self, TypeAlias, TypeVar

from boilerbench.labels import Role, load_policy
from boilerbench.model import Gold, Page, Segment
from boilerbench.text.convert import EDGES, UNSEEN
from boilerbench.text.decoding import codec_of, declared_charset, decode

DOSES = (1, 2, 3, 4, 5)
"""How much damage is done; 5 is the most."""

Edit: TypeAlias = tuple[int, int, str]
"""Characters from, characters to, and what stands there instead."""
Item = TypeVar("Item")

_LEAST = 20
"""Letters and digits by which a paragraph is known to be of the gold."""
_MARKUP = re.compile(
    r"""<!--.*?(?:-->|\Z)|<(?P<end>/?)(?P<tag>[a-zA-Z][^\s/<>]*)(?:[^<>"']|"[^"]*"|'[^']*')*+>""", re.DOTALL
)
OPAQUE = UNSEEN | {"math", "noscript", "select", "svg", "textarea", "title"}
"""Elements whose content is looked at by nobody here."""
BLOCKS = {tag for tag, edge in EDGES.items() if edge != " "} - {"br", "hr"} | {"td", "th"}


@dataclass(frozen=True)
class Tag:
    """A tag of a page: its characters, its name in lower case, and whether it ends an element."""

    start: int
    end: int
    name: str
    closing: bool


@dataclass(frozen=True)
class Paragraph:
    """An element of text alone that is of the gold: where its start tag, its content and its end tag begin, its end."""

    start: int
    inner: int
    close: int
    end: int
    tag: str


@dataclass(frozen=True)
class Document:
    """A page and its gold.

    `encoding` is what its bytes are in, behind the byte order `mark`; `charset` is what the transport declares.
    """

    html: str
    segments: tuple[Segment, ...]
    language: str = ""
    encoding: str = "utf-8"
    charset: str | None = None
    mark: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, page: Page, gold: Gold) -> Self:
        """Read a page."""
        content = page.read()
        name, source = declared_charset(content, page.charset)
        marks = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) if source == "byte order mark" else ()
        mark = next((each for each in marks if content.startswith(each)), b"")
        language = (page.language or "").partition("-")[0].lower()
        return cls(decode(content, page.charset), gold.segments, language, name, page.charset, mark)

    @property
    def content(self) -> bytes:
        """Its bytes. What their encoding cannot hold becomes character references."""
        return self.mark + self.html.encode(codec_of(self.encoding) or "utf-8", "xmlcharrefreplace")

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """Its tags, without those in scripts, pictures and the like."""
        return tuple(_tags(self.html))

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The `p` and `div` of text alone whose text is of the gold's body, in order."""
        body = _squeezed("\n".join(_body(self.segments)))
        edges = [tag for tag in self.tags if tag.name in BLOCKS | OPAQUE]
        return tuple(
            Paragraph(one.start, one.end, other.start, other.end, one.name)
            for one, other in pairwise(edges)
            if one.name in ("p", "div") and one.name == other.name and not one.closing and other.closing
            if len(text := _squeezed(shown(self.html[one.end : other.start]))) >= _LEAST and text in body
        )

    @property
    def stretches(self) -> Iterator[tuple[int, int]]:
        """From where to where there is text: between tags and comments, but in no script, picture or the like."""
        done, opaque = 0, False
        for tag in (*self.tags, end_of(self)):
            for found in [*_MARKUP.finditer(self.html, done, tag.start), None] if not opaque else []:
                yield done, found.start() if found else tag.start
                done = found.end() if found else tag.start
            done, opaque = tag.end, tag.name in OPAQUE and not tag.closing

    @property
    def borders(self) -> list[tuple[int, int]]:
        """From the end tag of a `p` of gold to the content of the next, where only blanks are between."""
        return [
            (one.close, other.inner)
            for one, other in pairwise(self.paragraphs)
            if one.tag == other.tag == "p" and not self.html[one.end : other.start].strip()
        ]

    def segment_of(self, paragraph: Paragraph) -> int:
        """The number of the segment of gold that a paragraph is of; of several the last body, where none has it all."""
        text = _squeezed(shown(self.html[paragraph.inner : paragraph.close]))
        bodies = [at for at, each in enumerate(self.segments) if _body([each])]
        return next((at for at in bodies if text in _squeezed(self.segments[at].text)), bodies[-1])

    @property
    def top(self) -> int:
        """Where the content of its body begins."""
        begun = [tag.end for tag in self.tags if (tag.name, tag.closing) in (("body", False), ("head", True))]
        return max(begun[:2], default=next((tag.start for tag in self.tags if tag.name in BLOCKS), 0))

    @property
    def bottom(self) -> int:
        """Where the content of its body ends."""
        ends = [tag.start for tag in self.tags if tag.closing and tag.name in ("body", "html")]
        return min(ends[-2:], default=len(self.html))

    def edited(self, edits: Iterable[Edit]) -> Self:
        """The same with characters replaced; of two edits at one place the first comes first."""
        parts, done = [], 0
        for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
            parts += [self.html[done:start], text]
            done = end
        return replace(self, html="".join([*parts, self.html[done:]]))

    def with_markup(self, place: int, markup: str) -> Self:
        """The same with markup at a place, on lines of its own."""
        return self.edited([(place, place, f"\n{markup}\n")])

    def unless(self, other: Document) -> Self | None:
        """It, unless its characters are those of the other."""
        return None if self.html == other.html else self

    def with_texts(self, edit: Callable[[str], str], paragraphs: Sequence[Paragraph] | None = None) -> Self:
        """The same with an edit of the characters of paragraphs, between tags and comments."""
        edits = []
        for each in self.paragraphs if paragraphs is None else paragraphs:
            done = each.inner
            for found in [*_MARKUP.finditer(self.html, each.inner, each.close), None]:
                end = found.start() if found else each.close
                edits.append((done, end, edit(self.html[done:end])))
                done = found.end() if found else each.close
        return self.edited(edits)


@dataclass(frozen=True)
class Stressor:
    """A way to damage pages of which it is known what it does to the gold: nothing, or what `apply` gives back.

    `apply` takes a page, a dose and random numbers, the same for every dose; None where a page has nothing to damage.
    `summary` says in a line what is done, and what a dose is.
    """

    name: str
    family: str
    summary: str
    apply: Callable[[Document, int, Random], Document | None] = field(repr=False)


def end_of(document: Document) -> Tag:
    """What stands behind its last character, as a tag."""
    return Tag(len(document.html), len(document.html), "", closing=True)


def some(items: Sequence[Item], dose: int, random: Random) -> list[Item]:
    """A fifth of the items for every dose, in order; those of a dose are among those of the next."""
    chosen = sorted(random.sample(range(len(items)), len(items))[: math.ceil(len(items) * dose / len(DOSES))])
    return [items[number] for number in chosen]


def shown(html: str) -> str:
    """The text of a piece of markup."""
    return unescape(_MARKUP.sub("", html))


def body_of(gold: Gold) -> str:
    """The text that must come."""
    return "\n".join(_body(gold.segments))


def _body(segments: Sequence[Segment]) -> list[str]:
    return load_policy("default").segments(Gold(tuple(segments)), Role.BODY)


def _squeezed(text: str) -> str:
    """Its letters and digits alone, so that neither blanks nor signs tell it from another."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _tags(html: str) -> Iterator[Tag]:
    place, unclosed = 0, set[str]()
    while found := _MARKUP.search(html, place):
        place = found.end()
        if not found["tag"]:
            continue
        name = found["tag"].lower()
        yield Tag(found.start(), found.end(), name, bool(found["end"]))
        if name in OPAQUE - unclosed and not found["end"]:
            if end := re.compile(f"</{name}\\b", re.IGNORECASE).search(html, place):
                place = end.start()
            else:
                unclosed.add(name)
