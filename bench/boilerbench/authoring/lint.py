"""Lint of a gold set: whether what gold says of a page holds, and whether the set is whole.

Text is compared without its whitespace. A page's text is what html-text shows of it, the converter every runner's HTML
goes through too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from boilerbench.authoring import lint_text
from boilerbench.authoring.lint_read import Subject, subjects
from boilerbench.errors import BadSetError
from boilerbench.labels import taxonomy
from boilerbench.text.tokens import NATURAL_WORDS, ngrams, tokenise

RULES = {
    "schema": "a file of the page is missing or cannot be read",
    "unknown-label": "a label that the taxonomy lacks",
    "empty": "gold without segments and snippets, or a segment without text",
    "licence": "neither the page nor the set names a licence",
    "charset": "the bytes are not in the encoding that gold or the page names",
    "marks": "annotation marks left in the HTML",
    "occurs": "a segment that the page's text lacks",
    "order": "a segment that stands elsewhere in the page's text, or less often",
    "with": "a snippet that must occur is not in the body (in no text of the page, where gold has no segments)",
    "without": "a snippet that must not occur is in the body",
    "duplicate": "the same page, or the same body, as another page of the set",
    "near-duplicate": "a body much like that of another page of the set",
}
"""Every rule, with what breaks it."""

OCCURS = 0.9
"""Gold that is one `body` was often cleaned by hand: this share of its distinct word 4-grams must be in the page."""

IN_ORDER = 0.9
"""For such gold, this share of the 4-grams that both have exactly once must be in the same order."""

ALIKE = 0.8
"""Two bodies are near duplicates when their sets of word 4-grams have a Jaccard index above this."""

MARKS = ("data-gold", "cc-select", "marked-text", "marked-tail", "x-nc-sel", "__boilernet_label")
"""What annotation tools write into HTML: our own, WebMainBench's, L3S-GN1's and BoilerNet's marks."""

_MARK = re.compile(rf"[<>]|\b(?:{'|'.join(map(re.escape, MARKS))})", re.IGNORECASE)
_SHOWN = 60


class Fault(NamedTuple):
    """One broken rule: `page` is empty where the fault is the set's."""

    page: str
    rule: str
    what: str


@dataclass(frozen=True)
class Report:
    """What was looked at and what was found, in order of page and rule."""

    name: str
    pages: int
    faults: tuple[Fault, ...]

    def lines(self) -> list[str]:
        """One line per fault: set/page: rule: what."""
        return [
            f"{self.name}{'/' if fault.page else ''}{fault.page}: {fault.rule}: {fault.what}" for fault in self.faults
        ]

    def counts(self) -> dict[str, int]:
        """Faults by rule, every rule named."""
        return {rule: sum(fault.rule == rule for fault in self.faults) for rule in RULES}


def check(spec: str) -> Report:
    """Check every page of the set that `spec` names.

    A page of our own format that breaks the schema is a fault; a set that cannot be found raises as `sets.load` does.
    """
    name, found = subjects(spec)
    faults = [fault for subject in found for fault in _of_page(subject)]
    faults += _duplicates([subject for subject in found if subject.schema is None])
    faults += _licences(found)
    rules = list(RULES)
    return Report(name, len(found), tuple(sorted(faults, key=lambda fault: (fault.page, rules.index(fault.rule)))))


def _of_page(subject: Subject) -> Iterator[Fault]:
    for rule, what in _in_gold(subject):
        yield Fault(subject.page.id, rule, what)
    if subject.schema is not None:
        return
    try:
        rendered = lint_text.Rendered(subject.page.read(), subject.page.charset, subject.encoding)
        for rule, check_rule in _IN_PAGE.items():
            for what in check_rule(subject, rendered):
                yield Fault(subject.page.id, rule, what)
    except (BadSetError, OSError) as cause:
        yield Fault(subject.page.id, "schema", str(cause))


def _in_gold(subject: Subject) -> Iterator[tuple[str, str]]:
    if subject.schema is not None:
        yield "schema", subject.schema
        return
    for label in dict.fromkeys(segment.label for segment in subject.gold.segments if segment.label not in taxonomy()):
        yield "unknown-label", f"'{label}'"
    for index, segment in enumerate(subject.gold.segments):
        if not segment.text.strip():
            yield "empty", f"segment {index} ({segment.label}) has no text"
    if not (subject.gold.segments or subject.gold.with_snippets or subject.gold.without_snippets):
        yield "empty", "neither segments nor snippets"


def _licences(pages: list[Subject]) -> list[Fault]:
    without = [each.page.id for each in pages if not each.licence]
    if len(without) == len(pages):
        return [Fault("", "licence", "neither the set nor any of its pages names one")]
    return [Fault(page, "licence", "neither the page nor the set names one") for page in without]


def _charset(_subject: Subject, rendered: lint_text.Rendered) -> Iterator[str]:
    if rendered.misread:
        yield rendered.misread


def _marks(_subject: Subject, rendered: lint_text.Rendered) -> Iterator[str]:
    found, inside = Counter[str](), False
    for match in _MARK.finditer(rendered.html):  # in one pass, however many tags are left open
        if inside and match[0] not in "<>":
            found[match[0]] += 1
        inside = match[0] == "<"
    for mark, times in found.items():
        yield f"'{mark}', {times} times"


def _occurs(subject: Subject, rendered: lint_text.Rendered) -> Iterator[str]:
    if subject.coarse:
        share = lint_text.share_of_grams(subject.body, rendered.text)
        yield from _too_little(share, OCCURS, "4-grams are in the page's text")
        return
    for segment in subject.gold.segments:
        if segment.text.strip() and not rendered.has(segment.text, segment.where):
            where = segment.where or "text"
            elsewhere = rendered.places_of(segment.text)
            hint = f', but in its {" and ".join(elsewhere)}: say "where"' if elsewhere else ""
            yield f"{_quote(segment.label, segment.text)} is not in the page's {where}{hint}"


def _order(subject: Subject, rendered: lint_text.Rendered) -> Iterator[str]:
    if subject.coarse:
        share = lint_text.share_in_order(subject.body, rendered.text)
        yield from _too_little(share, IN_ORDER, "unique 4-grams are in the page's order")
        return
    visible = [s for s in subject.gold.segments if s.where is None and s.text.strip() and rendered.has(s.text, None)]
    for index in lint_text.out_of_order([s.text for s in visible], rendered.text):
        yield f"{_quote(visible[index].label, visible[index].text)} stands elsewhere in the page's text, or less often"


def _too_little(share: float, least: float, what: str) -> Iterator[str]:
    if share < least:
        yield f"{share:.0%} of the body's {what}, less than {least:.0%}"


def _with(subject: Subject, rendered: lint_text.Rendered) -> Iterator[str]:
    inside = lint_text.squash(subject.body if subject.gold.segments else rendered.text)
    for snippet in subject.gold.with_snippets:
        if lint_text.squash(snippet) not in inside:
            yield f"{_quote('with', snippet)} is not in the {'body' if subject.gold.segments else 'page'}"


def _without(subject: Subject, _rendered: lint_text.Rendered) -> Iterator[str]:
    inside = lint_text.squash(subject.body)
    for snippet in subject.gold.without_snippets:
        if lint_text.squash(snippet) in inside:
            yield f"{_quote('without', snippet)} is in the body"


_IN_PAGE: dict[str, Callable[[Subject, lint_text.Rendered], Iterator[str]]] = {
    "charset": _charset,
    "marks": _marks,
    "occurs": _occurs,
    "order": _order,
    "with": _with,
    "without": _without,
}


def _quote(name: str, text: str) -> str:
    line = " ".join(text.split())
    return f"{name} '{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}'"


def _duplicates(pages: list[Subject]) -> list[Fault]:
    """Compare all pages at once: a sparse matrix of pages by 4-grams, times itself, gives every intersection."""
    from scipy.sparse import csr_array

    bodies = tokenise([page.body for page in pages], NATURAL_WORDS)
    grams = ngrams(bodies, 4)
    _, columns = np.unique(grams.hashes, return_inverse=True)
    cells = np.unique(np.column_stack([grams.owner, columns]), axis=0)
    shape = (len(pages), int(columns.max(initial=-1)) + 1)
    matrix = csr_array((np.ones(len(cells), np.int32), (cells[:, 0], cells[:, 1])), shape=shape)
    shared = (matrix @ matrix.T).tocoo()
    sizes = np.bincount(cells[:, 0], minlength=len(pages))
    jaccard = shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data)
    found = dict.fromkeys(_same([page.digest() for page in pages]), ("duplicate", "the same bytes as {}"))
    for first, second, alike in zip(shared.row.tolist(), shared.col.tolist(), jaccard.tolist(), strict=True):
        if first < second and alike > ALIKE and np.array_equal(bodies.of(first), bodies.of(second)):
            found.setdefault((first, second), ("duplicate", "the same body as {}"))
        elif first < second and alike > ALIKE:
            found.setdefault((first, second), ("near-duplicate", f"{alike:.0%} of all 4-grams shared with {{}}"))
    return [
        Fault(pages[two].page.id, rule, what.format(pages[one].page.id)) for (one, two), (rule, what) in found.items()
    ]


def _same(digests: list[bytes]) -> list[tuple[int, int]]:
    """For each page whose bytes another one before it has: the first that has them, and the page."""
    first: dict[bytes, int] = {}
    pairs = [(first.setdefault(digest, place), place) for place, digest in enumerate(digests) if digest]
    return [(one, two) for one, two in pairs if one != two]
