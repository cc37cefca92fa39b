"""Lint of a gold set: whether what gold says of a page holds, and whether the set is whole.

Text is compared without its whitespace. A page's text is what `text.convert` makes of it, which every
runner's HTML goes through too.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from boilerbench import sets
from boilerbench.authoring.lint import drawn
from boilerbench.authoring.lint.rendered import Rendered, out_of_order, share_in_order, share_of_grams
from boilerbench.authoring.marks import squash
from boilerbench.errors import BadSetError, UsageError
from boilerbench.files import read_toml
from boilerbench.labels import Role, taxonomy
from boilerbench.model import Gold, Page
from boilerbench.sets import overlap, shipped_sets
from boilerbench.sets.formats import native
from boilerbench.sets.formats.layout import read_json
from boilerbench.sets.spool import Spool
from boilerbench.text.tokens import NATURAL_WORDS, tokenise

_RULES = read_toml(Path(__file__).parents[1] / "rules.toml", UsageError)
RULES: dict[str, str] = _RULES["gold"]
"""Every rule, with what breaks it."""

SHOWN: dict[str, str] = _RULES["browser"]
"""The rule that takes a browser."""

OCCURS = 0.9
"""Gold that is one `body` was often cleaned by hand: this share of its distinct word 4-grams must be in the page."""

IN_ORDER = 0.9
"""For such gold, this share of the 4-grams that both have exactly once must be in the same order."""

MARKS = ("data-gold", "cc-select", "marked-text", "marked-tail", "x-nc-sel", "__boilernet_label")
"""What annotation tools write into HTML: our own, WebMainBench's, L3S-GN1's and BoilerNet's marks."""

_MARK = re.compile(rf"[<>]|\b(?:{'|'.join(map(re.escape, MARKS))})", re.IGNORECASE)
_SHOWN = 60


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


class Fault(NamedTuple):
    """One broken rule: `page` is empty where the fault is the set's."""

    page: str
    rule: str
    what: str


@dataclass(frozen=True)
class Report:
    """What was looked at and what was found, in order of page and rule; `doubts` are no faults, but to be known."""

    name: str
    pages: int
    faults: tuple[Fault, ...]
    doubts: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(default_factory=lambda: RULES)

    def lines(self) -> list[str]:
        """One line per fault: set/page: rule: what."""
        return [f"{self.name}{page and f'/{page}'}: {rule}: {what}" for page, rule, what in self.faults]

    def counts(self) -> dict[str, int]:
        """Faults by rule, every rule that was asked about named."""
        return {rule: sum(fault.rule == rule for fault in self.faults) for rule in self.rules}


def check(spec: str, *, browser: bool = False) -> Report:
    """Check every page of the set that `spec` names; with `browser` also whether Chromium shows what gold says.

    A page of our own format that breaks the schema is a fault; a set that cannot be found raises as `sets.load` does.
    """
    name, found, doubts = _subjects(spec)
    whole = [subject for subject in found if subject.schema is None]
    faults = [Fault(subject.page.id, "schema", subject.schema) for subject in found if subject.schema is not None]
    faults += [Fault(subject.page.id, rule, what) for subject in whole for rule, what in _of_page(subject)]
    faults += [*_duplicates(whole), *_licences(found)]
    if browser:
        with drawn.browser() as chromium:
            faults += [Fault(each.page.id, *fault) for each in whole for fault in _shown(each, chromium)]
    rules = {**RULES, **SHOWN} if browser else RULES
    ordered = sorted(faults, key=lambda fault: (fault.page, [*rules].index(fault.rule)))
    return Report(name, len(found), tuple(ordered), doubts, rules)


def _subjects(spec: str) -> tuple[str, list[Subject], tuple[str, ...]]:
    """Read the name, the pages and the doubts of a set; our own format so that a bad page does not hide the others."""
    ours = shipped_sets.folder(spec) if spec in shipped_sets.FOLDERS else None
    folder = ours or (Path(spec.removeprefix("native:")) if spec.startswith("native:") else None)
    if folder is None or not (folder / "pages").is_dir():
        found = sets.load(spec)
        subjects = [Subject(page, gold, found.licence) for page, gold in found.entries]
        return found.name, subjects, tuple(sets.doubts(found))
    about, spool = native.read_about(folder), Spool()
    pages = native.page_folders(folder)
    if not pages:
        raise BadSetError(f"no pages in {folder}")
    return about.name, [_subject(page, about.licence, spool) for page in pages], ()


def _subject(folder: Path, licence: str, spool: Spool) -> Subject:
    file = folder / "gold.json"
    if not file.is_file():
        return Subject(*native.entry_of(folder, None), licence)
    try:
        found = native.decoded(file, read_json(file, dict[str, Any], BadSetError))
    except BadSetError as cause:
        return Subject(Page(folder.name, bytes), Gold(()), "unknown", schema=str(cause))
    page, gold = native.entry_of(folder, found)
    return Subject(replace(page, read=spool.once(page.read)), gold, found.licence or licence, found.encoding)


def _of_page(subject: Subject) -> Iterator[tuple[str, str]]:
    """Every rule that the page breaks, and by what; without gold it can break none."""
    if not subject.gold.given:
        return
    for label in dict.fromkeys(segment.label for segment in subject.gold.segments if segment.label not in taxonomy()):
        yield "unknown-label", f"'{label}'"
    for index, segment in enumerate(subject.gold.segments):
        if not segment.text.strip():
            yield "empty", f"segment {index} ({segment.label}) has no text"
    try:
        rendered = Rendered(subject.page.read(), subject.page.charset, subject.encoding)
        if rendered.misread:
            yield "charset", rendered.misread
        for mark, times in _marks(rendered.html).items():
            yield "marks", f"'{mark}', {times} times"
        yield from (_body_in_page if subject.coarse else _segments_in_page)(subject, rendered)
        yield from _snippets(subject, rendered)
    except (BadSetError, OSError) as cause:
        yield "schema", str(cause)


def _shown(subject: Subject, chromium: drawn.Browser) -> Iterator[tuple[str, str]]:
    """What of gold the browser does not show; letters may be capitals there, by a style sheet."""
    segments = [each for each in subject.gold.segments if each.text.strip() and each.where is None]
    if not segments:
        return
    try:
        text = chromium.text(subject.page, subject.encoding).casefold()
    except (BadSetError, OSError) as cause:
        yield "shown", str(cause)
        return
    if subject.coarse:
        share = share_of_grams(subject.body, text)
        if share < OCCURS:
            yield "shown", f"{share:.0%} of the body's 4-grams are shown, less than {OCCURS:.0%}"
        return
    squashed = squash(text)
    there = [each for each in segments if squash(each.text.casefold()) in squashed]
    for each in segments:
        if each not in there:
            yield "shown", f"{_quote(each.label, each.text)} is not shown"
    for index in out_of_order([each.text.casefold() for each in there], text):
        yield "shown", f"{_quote(there[index].label, there[index].text)} is shown elsewhere, or less often"


def _marks(html: str) -> Counter[str]:
    found, inside = Counter[str](), False
    for match in _MARK.finditer(html):  # in one pass, however many tags are left open
        if inside and match[0] not in "<>":
            found[match[0]] += 1
        inside = match[0] == "<"
    return found


def _body_in_page(subject: Subject, rendered: Rendered) -> Iterator[tuple[str, str]]:
    share = share_of_grams(subject.body, rendered.text)
    if share < OCCURS:
        yield "occurs", f"{share:.0%} of the body's 4-grams are in the page's text, less than {OCCURS:.0%}"
    share = share_in_order(subject.body, rendered.text)
    if share < IN_ORDER:
        yield "order", f"{share:.0%} of the body's unique 4-grams are in the page's order, less than {IN_ORDER:.0%}"


def _segments_in_page(subject: Subject, rendered: Rendered) -> Iterator[tuple[str, str]]:
    visible = []
    for segment in subject.gold.segments:
        if not segment.text.strip():
            continue
        if not rendered.has(segment.text, segment.where):
            elsewhere = " and ".join(rendered.places_of(segment.text))
            hint = f', but in its {elsewhere}: say "where"' if elsewhere else ""
            yield (
                "occurs",
                f"{_quote(segment.label, segment.text)} is not in the page's {segment.where or 'text'}{hint}",
            )
        elif segment.where is None:
            visible.append(segment)
    for index in out_of_order([segment.text for segment in visible], rendered.text):
        quoted = _quote(visible[index].label, visible[index].text)
        yield "order", f"{quoted} stands elsewhere in the page's text, or less often"


def _snippets(subject: Subject, rendered: Rendered) -> Iterator[tuple[str, str]]:
    body, where = squash(subject.body), "body" if subject.gold.segments else "page"
    inside = body if subject.gold.segments else squash(rendered.text)
    for snippet in subject.gold.with_snippets:
        if squash(snippet) not in inside:
            yield "with", f"{_quote('with', snippet)} is not in the {where}"
    for snippet in subject.gold.without_snippets:
        if squash(snippet) in body:
            yield "without", f"{_quote('without', snippet)} is in the body"


def _licences(pages: list[Subject]) -> list[Fault]:
    without = [each.page.id for each in pages if not each.licence]
    if len(without) == len(pages):
        return [Fault("", "licence", "neither the set nor any of its pages names one")]
    return [Fault(page, "licence", "neither the page nor the set names one") for page in without]


def _quote(name: str, text: str) -> str:
    line = " ".join(text.split())
    return f"{name} '{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}'"


def _duplicates(pages: list[Subject]) -> list[Fault]:
    """Compare all pages with all."""
    bodies = tokenise([page.body for page in pages], NATURAL_WORDS)
    found: dict[tuple[int, int], tuple[str, str]] = {}
    first: dict[bytes, int] = {}
    for place, page in enumerate(pages):
        digest = page.digest()
        if digest and first.setdefault(digest, place) != place:
            found[first[digest], place] = ("duplicate", "the same bytes as {}")
    for one, two, share in overlap.alike(bodies, bodies):
        if one < two:
            same = np.array_equal(bodies.of(one), bodies.of(two))
            near = ("near-duplicate", f"{share:.0%} of all 4-grams shared with {{}}")
            found.setdefault((one, two), ("duplicate", "the same body as {}") if same else near)
    return [
        Fault(pages[two].page.id, rule, what.format(pages[one].page.id)) for (one, two), (rule, what) in found.items()
    ]
