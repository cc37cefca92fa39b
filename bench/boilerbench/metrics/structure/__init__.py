"""In: gold with markup, and what runners returned as HTML or Markdown. Out: counts of headings, items or cells.

A file per kind of block; kinds are never added up. Definitions and examples are in docs/structure.md. Not here: how
blocks are found in a document; that is `text/blocks`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from boilerbench.labels import Policy, Role, taxonomy
from boilerbench.metrics.base import BLOCKS, Counts, Metric, Ratios, ratios
from boilerbench.model import Gold, Markup
from boilerbench.text import blocks
from boilerbench.text.blocks import Blocks, wording


@dataclass(frozen=True)
class Found:
    """Units of one extraction that are right, surplus and missing; `beside` are diagnostics: how many of how many."""

    tp: int
    fp: int
    fn: int
    beside: Mapping[str, tuple[int, int]] = field(default_factory=dict)


class OfMarkup(Metric):
    """A metric of what only a document has. A page whose gold has none of it is in no mean."""

    of_text = False
    of_kind = True
    lacks = "has gold whose structure is known"

    def measures(self, gold: Gold, policy: Policy) -> bool:  # noqa: ARG002  a policy can leave a page without a block
        """Whether the structure of the gold is known."""
        return gold.markup is not None

    def concerns(self, gold: Gold) -> bool:
        """Likewise."""
        return gold.markup is not None

    def ratios(self, counts: Counts) -> Ratios:
        """Precision, recall and F1; NaN where the gold has no such block."""
        there = counts.tp + counts.fn > 0
        found = ratios(counts)
        return Ratios(*(np.where(there, each, np.nan) for each in (found.precision, found.recall, found.f1)))


class Structure(OfMarkup):
    """A metric of one kind of block."""

    view = BLOCKS

    def reference(self, gold: Gold, policy: Policy) -> Blocks:
        """The blocks of the gold that are body or optional."""
        found = _blocks_of(gold.markup, tuple(sight(policy).items())) if gold.markup else Blocks()
        return replace(found, title=wording.words(gold.metadata.title)) if gold.metadata.title else found

    def count(self, reference: Blocks, answers: Sequence[Blocks]) -> Counts:
        """Compare the blocks of each extraction with the gold's."""
        found = [self.compare(reference, answer) for answer in answers]
        tp, fp, fn = np.array([(each.tp, each.fp, each.fn) for each in found], float).T
        beside = {
            name: (np.array([each.beside[name][0] for each in found], float),
                   np.array([each.beside[name][1] for each in found], float))
            for name in found[0].beside
        }  # fmt: skip
        return Counts(tp, fp, fn, (fp == 0) & (fn == 0), beside)

    @abstractmethod
    def compare(self, gold: Blocks, answer: Blocks) -> Found:
        """Count the units of one extraction."""


def sight(policy: Policy) -> dict[str, bool]:
    """The labels under which blocks are gold, and whether they are optional."""
    roles = {label: policy.role(label) for label in taxonomy()}
    return {label: role is Role.OPTIONAL for label, role in roles.items() if role in (Role.BODY, Role.OPTIONAL)}


def labelled(markup: Markup, source: str) -> bool:
    """Whether labels stand on elements of gold."""
    return markup.format == "html" and "data-gold" in source


@lru_cache(maxsize=8)
def _blocks_of(markup: Markup, roles: tuple[tuple[str, bool], ...]) -> Blocks:
    """The blocks of a page's gold, read once for all metrics of a kind."""
    source = markup.read()
    return blocks.read(source, markup.format, dict(roles) if labelled(markup, source) else None)


def multiset(stated: Sequence[Hashable], optional: Sequence[Hashable], answer: Sequence[Hashable]) -> Found:
    """Count units whose order does not matter; optional ones are neither missing nor surplus."""
    wanted, given = Counter(stated), Counter(answer)
    tp = (wanted & given).total()
    surplus = given - wanted - Counter(optional)
    return Found(tp, surplus.total(), wanted.total() - tp)
