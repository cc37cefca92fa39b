"""The nouns of the benchmark, as immutable values. A runner sees a `Page`; only scoring sees a `Gold`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable


class Status(StrEnum):
    """What became of one (runner, page) pair."""

    OK = "ok"
    EMPTY = "empty"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"
    UNAVAILABLE = "unavailable"

    @property
    def failed(self) -> bool:
        """Whether the runner gave no answer at all. An empty answer is an answer."""
        return self not in (Status.OK, Status.EMPTY)


FAILED = tuple(status.value for status in Status if status.failed)
"""The statuses of pages without an answer."""


@dataclass(frozen=True)
class Page:
    """An HTML document as a site served it. `read` gives its bytes, so that a set never holds all its pages."""

    id: str
    read: Callable[[], bytes] = field(repr=False, compare=False)
    url: str | None = None
    charset: str | None = None
    language: str | None = None
    page_type: str | None = None

    @property
    def site(self) -> str:
        """The unit pages are clustered by: the host of the URL without `www.`; the page itself where there is none."""
        try:
            host = urlsplit(self.url or "").hostname
        except ValueError:
            host = None
        return (host or self.id).removeprefix("www.")

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything a runner is given: the bytes, the declared charset and the URL."""
        digest = hashlib.sha256(json.dumps([self.url, self.charset]).encode())
        digest.update(self.read())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a page's text under one label of the taxonomy."""

    label: str
    text: str


@dataclass(frozen=True)
class Gold:
    """What a person should get from a page: segments in reading order, and snippets that must or must not occur."""

    segments: tuple[Segment, ...]
    with_snippets: tuple[str, ...] = ()
    without_snippets: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of segments and snippets."""
        parts = [[(s.label, s.text) for s in self.segments], self.with_snippets, self.without_snippets]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True)
class GoldSet:
    """Pages with gold, in a fixed order. `spec` is what names it on the command line."""

    name: str
    spec: str
    entries: tuple[tuple[Page, Gold], ...]
    version: str = ""
    licence: str = ""
    source: str = ""

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over every page's id, content and gold, in order of id: equal fingerprints mean equal sets."""
        rows = sorted((page.id, page.digest, gold.digest) for page, gold in self.entries)
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages alone, which is all a run may see."""
        return tuple(page for page, _ in self.entries)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a runner gave for a page. `answer` is what it returned, `text` the plain text the harness made of it.

    `wall` and `cpu` are seconds inside the child around the call alone, `peak` is the child's peak memory in bytes.
    """

    status: Status
    text: str = ""
    answer: str | None = None
    wall: float | None = None
    cpu: float | None = None
    peak: int | None = None
    error: str | None = None
    stderr: str | None = None
