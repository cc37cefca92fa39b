"""Sets: pages, and what a person should get from them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar, overload

from boilerbench.model.metadata import UNSAID, Metadata
from boilerbench.model.sites import HEAD, host_of, own_host

Format: TypeAlias = Literal["text", "html", "markdown", "markdown-no-html", "metadata"]
"""What an extraction is returned in, by a runner or elsewhere; `metadata` is of those that say nothing else."""
TEXTS: tuple[Format, ...] = ("text", "html", "markdown", "markdown-no-html")
"""The formats that a text is in."""

TRAITS = ("level", "table", "code", "formula")
"""What a set may say of a page beside its language and type: how hard it is, and which of these it has."""


@dataclass(frozen=True)
class Page:
    """An HTML document as a site served it. `read` gives its bytes, so that a set never holds all its pages.

    `file` is the one that has these bytes and nothing else, packed or not, where there is one; `around` one that has
    more. `traits` are what a set says of it beside, by the names of `TRAITS`.
    """

    id: str
    read: Callable[[], bytes] = field(repr=False, compare=False)
    url: str | None = None
    charset: str | None = None
    language: str | None = None
    page_type: str | None = None
    stated_site: str | None = None
    file: Path | None = field(default=None, repr=False, compare=False)
    around: Path | None = field(default=None, repr=False, compare=False)
    traits: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def site(self) -> str:
        """The unit that pages are clustered by: the site that is known, else the page itself."""
        return self.known_site or self.id

    @cached_property
    def known_site(self) -> str | None:
        """What the set states, else the host of the URL, else that of the address which the page gives as its own."""
        return self.stated_site or host_of(self.url or "") or own_host(self.read()[:HEAD])

    def recognise(self, digest: str) -> None:
        """Take its digest, which is known, so that it need not be read for that."""
        self.__dict__["digest"] = digest

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything a runner is given: the bytes, the declared charset and the URL."""
        whole = hashlib.sha256(json.dumps([self.url, self.charset]).encode())
        whole.update(self.read())
        return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a page's text under one label of the taxonomy; `where` is the unseen place it stands in, if one."""

    label: str
    text: str
    where: str | None = None


@dataclass(frozen=True)
class Markup:
    """A document in a format; in HTML, labels may stand on elements as `data-gold`.

    `source` is its text, or makes it of the page and of the text of its gold, which tell it from others.
    """

    format: Format
    source: str | Callable[[], str] = field(repr=False)

    def read(self) -> str:
        """Return its text."""
        return self.source if isinstance(self.source, str) else self.source()


@dataclass(frozen=True)
class Gold:
    """What a person should get from a page: segments in reading order, and snippets that must or must not occur.

    `markup` has the structure of the same: its headings, lists, tables.
    `metadata` is what is true of the page beside; `stated_dates` reads when the page itself says that it was published
    and modified.
    A page without a body has one segment without text; of a page without anything nobody has said what it should give.
    """

    segments: tuple[Segment, ...]
    with_snippets: tuple[str, ...] = ()
    without_snippets: tuple[str, ...] = ()
    markup: Markup | None = field(default=None, compare=False)
    metadata: Metadata = UNSAID
    stated_dates: Callable[[], tuple[str, str]] | None = field(default=None, repr=False, compare=False)

    @property
    def given(self) -> bool:
        """Whether anything is said of its text. A title alone is known of the pages of many a crawl, and no gold."""
        return bool(self.segments or self.with_snippets or self.without_snippets)

    @property
    def digest(self) -> str:
        """SHA-256 of segments and snippets, and of markup that is not made of these.

        Not of metadata: sets are known by it that were read before there was any.
        """
        given = self.markup if self.markup and isinstance(self.markup.source, str) else None
        return _digest(self.segments, self.with_snippets, self.without_snippets, given)


@lru_cache(maxsize=8)
def _digest(segments: tuple[Segment, ...], has: tuple[str, ...], lacks: tuple[str, ...], markup: Markup | None) -> str:
    """SHA-256 of the parts of a gold: once, where pages that come one after the other have the same."""
    parts: list[object] = [[(each.label, each.text) for each in segments], has, lacks]
    if markup:
        parts.append([markup.format, markup.source])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


Entry: TypeAlias = tuple[Page, Gold]
Item = TypeVar("Item")


class Stream(Sequence[Item]):
    """Items, such as pages with gold, that are read anew whenever one goes through them: too many to be held.

    To ask for their number, or for one of them, goes through them.
    """

    def __init__(self, read: Callable[[], Iterator[Item]], most: int | None = None) -> None:
        self._read, self._most = read, most

    def __iter__(self) -> Iterator[Item]:
        return islice(self._read(), self._most)

    def __len__(self) -> int:
        return self._length

    @cached_property
    def _length(self) -> int:
        return sum(1 for _ in self)

    @overload
    def __getitem__(self, which: int) -> Item: ...
    @overload
    def __getitem__(self, which: slice) -> Sequence[Item]: ...
    def __getitem__(self, which: int | slice) -> Item | Sequence[Item]:
        """Return one item, or a stream of the first few; of others a list."""
        if isinstance(which, int):
            return next(islice(self, which % len(self) if which < 0 else which, None))
        if (which.start, which.step) != (None, None) or (which.stop or 0) < 0:
            return list(self)[which]
        most = [each for each in (which.stop, self._most) if each is not None]
        return Stream(self._read, min(most, default=None))


@dataclass(frozen=True)
class GoldSet:
    """Pages with gold, in a fixed order. `spec` is what names it on the command line.

    `entries` are a tuple, or a `Stream` where there are many.
    `notes` say in a line each what of it was not read, for whoever reads its scores; `left_out` are pages that could
    not be read, with why, known once one has gone through the entries.
    `part_of` is how many pages there are where these are the part that is scored; 0 where they are all. `cut` says that
    these are the first of them alone.
    """

    name: str
    spec: str
    entries: Sequence[Entry]
    version: str = ""
    licence: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    part_of: int = 0
    cut: bool = False
    left_out: Mapping[str, str] = field(default_factory=dict, compare=False)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over every page's id, content and gold, in order of id: equal fingerprints mean equal sets."""
        return fingerprint((page.id, page.digest, gold.digest) for page, gold in self.entries)

    @cached_property
    def has_gold(self) -> bool:
        """Whether anything is said of what any of its pages should give."""
        return any(gold.given for _, gold in self.entries)

    @property
    def pages(self) -> Sequence[Page]:
        """The pages alone, which is all a run may see."""
        if isinstance(self.entries, Stream):
            return Stream(lambda: (page for page, _ in self.entries))
        return tuple(page for page, _ in self.entries)


def metadata_fingerprint(rows: Iterable[tuple[str, Metadata]]) -> str:
    """SHA-256 over what gold says of every page, by id, beside its text; "" where it says nothing of any."""
    said = [(page, "", json.dumps(about.said)) for page, about in rows if about.given]
    return fingerprint(said) if said else ""


def fingerprint(rows: Iterable[tuple[str, str, str]]) -> str:
    """SHA-256 over the id, the digest and the digest of the gold of every page, in order of id."""
    whole = hashlib.sha256(b"[")
    for number, row in enumerate(sorted(rows)):
        whole.update((", " if number else "").encode() + json.dumps(row).encode())
    whole.update(b"]")
    return whole.hexdigest()
