"""The search for a small page: whatever can be cut is, while the runner fails the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from boilerbench.errors import UsageError
from boilerbench.labels import Policy, Role
from boilerbench.model import Extraction, Gold
from boilerbench.stress.document import Document
from boilerbench.stress.minimising import cuts
from boilerbench.stress.minimising.cuts import Cut
from boilerbench.stress.minimising.ddmin import ddmin
from boilerbench.stress.minimising.failure import LET_IN, LOST, Failure
from boilerbench.stress.minimising.sample import Sample
from boilerbench.text.tokens import Bools

LEAST = 500
"""Bytes of gold, in UTF-8, that stay: extractors have rules of their own for pages that hardly say anything."""

_COARSE = 8
"""Into how many chunks what can be cut is parted at first, while the page is large; later each can go alone."""
_WORTH = 0.95
"""What is tried again and again, each time until less than a twentieth of the page goes."""


@dataclass(frozen=True)
class Small:
    """A small page, what a runner gave for it, and what is wrong with that; `trials` pages were tried."""

    document: Document
    extraction: Extraction
    failure: Failure
    trials: int


class _Search:
    """Pages that were cut from one: which of them a runner fails on in the same way, with an F1 below a bound."""

    def __init__(
        self, document: Document, extract: Callable[[Document], Extraction], policy: Policy, below: float
    ) -> None:
        self.document, self.extract, self.policy, self.below = document, extract, policy, below
        self.trials, self.known = 0, dict[str, bool]()
        self.sample = Sample.of(document)
        body = [False, *(self.is_body(self.sample.labels[word.segment]) for word in self.sample.words)]
        self.body = np.array(body)
        self.found = self.looked_at(self.sample)
        self.least = min(LEAST, self.length(self.found.document)) if self.found.failure.kind in (LOST, LET_IN) else 0

    def is_body(self, label: str) -> bool:
        """Whether what has this label must come."""
        return self.policy.role(label) is Role.BODY

    def length(self, document: Document) -> int:
        """How many bytes of gold must come."""
        return len(self.policy.body(Gold(document.segments)).encode())

    def looked_at(self, sample: Sample) -> Small:
        """What the runner makes of a page."""
        document = replace(self.document, html=sample.html, segments=sample.segments or ())
        self.trials += 1
        extraction = self.extract(document)
        failure = Failure.of(Gold(document.segments), extraction, self.policy)
        return Small(document, extraction, failure, self.trials)

    def fails(self, sample: Sample) -> bool:
        """Whether a page is one that is looked for."""
        if sample.html not in self.known:
            self.known[sample.html] = self._fails(sample)
        return self.known[sample.html]

    def _fails(self, sample: Sample) -> bool:
        segments = sample.segments
        if segments is None or self.length(replace(self.document, segments=segments)) < self.least:
            return False
        failure = self.looked_at(sample).failure
        return failure.f1 < self.below and failure.like(self.found.failure)

    @property
    def gold(self) -> Bools:
        """For each character of the page whether it is of what must come."""
        return self.body[self.sample.owners]

    def cut(self, found: Sequence[Cut], parts: int) -> None:
        """Cut as much as can be by so many chunks; first what has gold in it, so that F1 stays low as clutter goes."""
        sample, gold = self.sample, self.gold

        def without(kept: Sequence[Cut]) -> Sample:
            stay = set(kept)
            return sample.without(span for each in found if each not in stay for span in each)

        golden = [each for each in found if any(gold[start:end].any() for start, end in each)]
        others = [each for each in found if each not in set(golden)]
        golden = ddmin(golden, lambda kept: self.fails(without([*kept, *others])), 1 + len(golden) // parts)
        others = ddmin(others, lambda kept: self.fails(without([*golden, *kept])), 1 + len(others) // parts)
        self.sample = without([*golden, *others])

    def now(self) -> Document:
        """The page as it is by now."""
        return replace(self.document, html=self.sample.html)


def minimise(
    document: Document, extract: Callable[[Document], Extraction], policy: Policy, below: float
) -> tuple[Failure, Small]:
    """Cut a page down while its extraction fails as at first; return what was wrong then, and the small page.

    Nodes go first, level by level (hierarchical delta debugging: Misherghi and Su, ICSE 2006), then tags, attributes,
    sentences and blanks, and all again while that takes much away. `UsageError` where it does not fail, as its
    F1 is not `below`.
    """
    search = _Search(document, extract, policy, below)
    first = search.found.failure
    if not search.found.document.segments:
        raise UsageError("no word of its gold is in its text, so that nothing can be cut with it")
    if first.f1 >= below:
        raise UsageError(f"its F1 is {first.f1:.3f}, not below {below:g}; --below takes another bound")
    _smaller(search, _COARSE)
    while _smaller(search, len(search.sample.html)):
        pass
    return first, replace(search.looked_at(search.sample), trials=search.trials)


def _smaller(search: _Search, parts: int) -> bool:
    """Try all that can be cut once; whether so much went that it is worth another time.

    The blocks that gold stands in stay, so that paragraphs are still such; and the marks of what is let in, by which
    it could be known.
    """
    before = len(search.sample.html)
    for depth in count():
        if not (level := cuts.level(cuts.nodes(search.now()), depth)):
            break
        search.cut(level, parts)
    for of_tags in (cuts.tags, cuts.attributes):
        found = cuts.nodes(page := search.now())
        marked = cuts.without(found, search.gold) if search.found.failure.kind == LET_IN else set()
        search.cut(of_tags(page, found, marked | cuts.around(found, search.gold)), parts)
    for of_text in (cuts.sentences, cuts.blanks):
        search.cut(of_text(search.now()), parts)
    return len(search.sample.html) < _WORTH * before
