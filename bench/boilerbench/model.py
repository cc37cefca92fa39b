"""The nouns of the benchmark, as immutable values. A runner sees a `Page`; only scoring sees a `Gold`."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from packaging.utils import canonicalize_name

PIN = re.compile(r"(?m)^([A-Za-z0-9][A-Za-z0-9._-]*)(?:==| @ file://\S*/[^/\s-]+-)([^\s;\\-]+)")
"""A line of a lock: NAME==VERSION, or NAME @ file:///…/NAME-VERSION-….whl."""

LEFT_OUT = (".git", "__pycache__", "node_modules", "target")
"""Folders that tools leave behind: no part of a runner, and made anew in its environment."""

Format: TypeAlias = Literal["text", "html", "markdown", "markdown-no-html"]
"""What an extraction is returned in, by a runner or elsewhere."""

_HEAD = 2**16
_STAMPED = re.compile(r"[^?#]*/\d{4,14}(?:[a-z]{2}_|\*)?/(https?:/.+)", re.IGNORECASE | re.DOTALL)
"""An address at a web archive: the time of the copy, then the original."""
_ARCHIVED = re.compile(
    r"(?:https?:)?/*(?:web\.archive\.org/web|(?:www\.)?archive\.(?:today|ph|is|li|vn|md|fo)(?:/o/\w+)?)/"
    r"(?:(?:\d[\d.-]*\*?(?:[a-z]{2}_)?|\*|newest|oldest)/)?(.*)",
    re.IGNORECASE | re.DOTALL,
)
"""One at the archives that also take an original without a scheme, a time in other forms, or say neither."""
_SCHEME = re.compile(r"https?:/*", re.IGNORECASE)
_FILE = r"(?:[xs]?html?|php\d?|aspx?|jspx?|cgi|txt|xml|json|pdf|mht|mhtml)\b"
_BARE = re.compile(
    rf"(?:www\.|\[[\da-f:.]+\]|[\w-]+:\d{{1,5}}/|(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?![\w.])"
    rf"|(?:[\w-]+\.)+(?!{_FILE})[^\W\d_][\w-]+\.?(?::\d+)?(?:[/?#]|$))",
    re.IGNORECASE,
)
"""A host without a scheme: it has a dot and no suffix of a file, or a port, or is an IP address."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINK = re.compile(r"<(?:link|meta)\b([^>]*)")
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


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
    stated_site: str | None = None

    @property
    def site(self) -> str:
        """The unit that pages are clustered by: the site that is known, else the page itself."""
        return self.known_site or self.id

    @cached_property
    def known_site(self) -> str | None:
        """What the set states, else the host of the URL, else that of the address which the page gives as its own."""
        return self.stated_site or host_of(self.url or "") or _own_host(self.read()[:_HEAD])

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything a runner is given: the bytes, the declared charset and the URL."""
        return hashlib.sha256(json.dumps([self.url, self.charset]).encode() + self.read()).hexdigest()


def host_of(url: str) -> str | None:
    """Return the host of a URL without `www.` and port, as it is in ASCII; None where it names none.

    Of an archive's copy it is that of the original, and none where the address does not say it. A host is also found
    without a scheme.
    """
    url = url.strip()
    if original := _STAMPED.match(url) or _ARCHIVED.match(url):
        url = original[1]
    if scheme := _SCHEME.match(url):
        url = f"//{url[scheme.end() :]}"
    elif _BARE.match(url):
        url = f"//{url}"
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return None
    named = host.removeprefix("www.")
    return (named if "." in named else host) or None


def _own_host(html: bytes) -> str | None:
    """The host of a page's canonical link, or else of its `og:url`, in the bytes of its head, whatever its encoding."""
    head = _COMMENT.sub("", html.replace(b"\0", b"").decode("latin-1")).lower().partition("<body")[0]
    tags = [{name: a or b or c for name, a, b, c in _ATTRIBUTE.findall(tag)} for tag in _LINK.findall(head)]
    links = [tag.get("href", "") for tag in tags if "canonical" in tag.get("rel", "").split()]
    links += [tag.get("content", "") for tag in tags if tag.get("property", tag.get("name")) == "og:url"]
    return next(filter(None, map(host_of, links)), None)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a page's text under one label of the taxonomy; `where` is the unseen place it stands in, if one."""

    label: str
    text: str
    where: str | None = None


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
    """Pages with gold, in a fixed order. `spec` is what names it on the command line.

    `notes` say in a line each what of it was not read, for whoever reads its scores.
    `part_of` is how many pages there are where these are the part that is scored; 0 where they are all.
    """

    name: str
    spec: str
    entries: tuple[tuple[Page, Gold], ...]
    version: str = ""
    licence: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    part_of: int = 0

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


@dataclass(frozen=True)
class Runner:
    """One extractor under one set of options. `label` is what it was asked for by.

    `lock` is the requirements file that pins its whole dependency tree: the one beside it, or for a runner with an
    `origin` (what stands behind `@`, once it is pinned the release, content or commit) one that was resolved here.
    `unavailable` says why it cannot run.
    """

    label: str
    name: str
    file: Path
    lock: Path
    options: Mapping[str, object] = field(hash=False)
    distribution: str
    input: str
    format: str
    summary: str
    requires_python: str
    dependencies: tuple[str, ...]
    variants: tuple[str, ...]
    origin: str = ""
    unavailable: str = ""

    @property
    def unlocked(self) -> bool:
        """Whether its packages were chosen on this machine, and not by the lock that came with it."""
        return bool(self.origin)

    @property
    def packages(self) -> dict[str, str]:
        """The version of every package that its lock pins to one; none where it is unavailable."""
        if self.unavailable:
            return {}
        found: dict[str, set[str]] = {}
        for name, version in PIN.findall(_bytes_of(self.lock).decode(errors="replace")):
            found.setdefault(canonicalize_name(name), set()).add(unquote(version))
        return {name: versions.pop() for name, versions in found.items() if len(versions) == 1}

    @property
    def version(self) -> str:
        """The version of the extractor that the lock pins; empty where it pins none, or one per system."""
        return self.packages.get(canonicalize_name(self.distribution), "")

    @property
    def digest(self) -> str:
        """SHA-256 of what an answer depends on: the runner's file, its lock, its options and its format."""
        settings = json.dumps([self.options, self.format], sort_keys=True)
        parts = [_bytes_of(self.file), _bytes_of(self.lock), settings.encode()]
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


@dataclass(frozen=True)
class FolderRunner(Runner):
    """A runner in a folder: `command` speaks the protocol once `setup` has been run in a copy of the folder.

    `needs` maps programs to the versions that will do, and `install` says what brings them. `defaults` are all options
    it takes.
    """

    pinned: str = ""
    command: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict, hash=False)
    install: str = ""
    defaults: Mapping[str, object] = field(default_factory=dict, hash=False)
    home: str = ""
    licence: str = ""

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.file.parent

    @property
    def version(self) -> str:
        """The version of the extractor that it declares."""
        return self.pinned

    @property
    def packages(self) -> dict[str, str]:
        """None that are known here: its own tools read its lock."""
        return {}

    @property
    def content(self) -> str:
        """SHA-256 of the names and contents of its files."""
        whole = hashlib.sha256()
        for place, folders, names in os.walk(self.folder, followlinks=True):
            folders[:] = [name for name in sorted(set(folders) - set(LEFT_OUT)) if not _leads_up(Path(place) / name)]
            for file in (Path(place) / name for name in sorted(names)):
                name = file.relative_to(self.folder).as_posix().encode()
                whole.update(hashlib.sha256(name).digest() + hashlib.sha256(file.read_bytes()).digest())
        return whole.hexdigest()

    @property
    def digest(self) -> str:
        """SHA-256 of what an answer depends on: the folder's files, the options and the format."""
        settings = json.dumps([self.content, self.options, self.format], sort_keys=True)
        return hashlib.sha256(settings.encode()).hexdigest()


def _leads_up(folder: Path) -> bool:
    """Whether it is a link to a folder that it lies in."""
    return folder.is_symlink() and folder.parent.resolve().is_relative_to(folder.resolve())


def _bytes_of(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""
