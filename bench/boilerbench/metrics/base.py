"""What a metric is: counts per page first, ratios last. The shape is sacrebleu's, the vocabulary ir_measures'."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boilerbench.labels import Role
from boilerbench.text.tokens import NATURAL_WORDS, HashIndex, Tokens, covered, ngrams, tokenise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boilerbench.labels import Policy
    from boilerbench.model import Gold
    from boilerbench.text.tokens import Hashes, Ints, TokenRule

Floats: TypeAlias = NDArray[np.float64]

_MATRIX_CELLS = 4_000_000


@dataclass(frozen=True)
class Counts:
    """For several answers to one page: matched, surplus and missing units, and whether answer and gold are equal."""

    tp: Floats
    fp: Floats
    fn: Floats
    exact: NDArray[np.bool_]


@dataclass(frozen=True)
class Ratios:
    """Scores per answer in [0, 1]; NaN where a page leaves that mean by the metric's definition."""

    precision: Floats
    recall: Floats
    f1: Floats


class Metric(ABC):
    """A function from (gold, answers) of one page to counts, and from counts to ratios.

    `f1_of` says how a leaderboard's F1 comes about: the mean of the pages' F1, the F1 of the two means, or everything
    from the pages' counts added up (`totals`).
    A `single` metric is one number: it stands in F1, and precision and recall are left empty.
    One that is not `of_text` looks at snippets alone, and says itself what a page without any counts.
    """

    name: ClassVar[str]
    parameters: ClassVar[str] = ""
    f1_of: ClassVar[Literal["pages", "means", "totals"]] = "pages"
    single: ClassVar[bool] = False
    of_text: ClassVar[bool] = True

    def require(self) -> None:  # noqa: B027  most metrics need nothing
        """Raise `UsageError` where a package or data that this metric needs is missing: asked before anything runs."""

    def measures(self, gold: Gold, policy: Policy) -> bool:  # noqa: ARG002  a policy can make a body too long
        """Whether this page's gold can be measured by; if not, the page leaves every mean, whatever the answer.

        Snippets alone say nothing of the text. A page without any gold has a body without text.
        """
        return not self.of_text or bool(gold.segments) or not (gold.with_snippets or gold.without_snippets)

    @abstractmethod
    def reference(self, gold: Gold, policy: Policy) -> Any:
        """Everything that depends on the gold alone, done once per page however many answers there are."""

    @abstractmethod
    def count(self, reference: Any, answers: Sequence[str]) -> Counts:
        """Count each answer to one page against its reference."""

    def ratios(self, counts: Counts) -> Ratios:
        """Precision tp/(tp+fp), recall tp/(tp+fn), F1 their harmonic mean; 1 where gold and answer are both empty."""
        return ratios(counts, absent=0.0)


def ratios(counts: Counts, absent: float) -> Ratios:
    """Derive ratios; `absent` is what an empty denominator gives, unless gold and answer both are empty."""
    answered, expected = counts.tp + counts.fp, counts.tp + counts.fn
    both_empty = (answered == 0) & (expected == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.where(answered > 0, counts.tp / answered, absent)
        recall = np.where(expected > 0, counts.tp / expected, absent)
        f1 = np.where(counts.tp > 0, 2 * counts.tp / (answered + expected), 0.0)
    return Ratios(*(np.where(both_empty, 1.0, values) for values in (precision, recall, f1)))


def share(right: Floats, wrong: Floats) -> Counts:
    """Counts of a `single` metric that is right / (right + wrong): what is wrong is both surplus and missing."""
    return Counts(right, wrong, wrong, wrong == 0)


@dataclass(frozen=True)
class OverlapReference:
    """The gold of one page: its tokens, its distinct n-grams and their counts, and what may be taken out of answers."""

    tokens: Hashes
    grams: HashIndex
    counts: Ints
    optional: tuple[tuple[int, Hashes], ...] = ()


class Answers(list[str]):
    """Several answers to one page. Their tokens are kept, so that metrics with the same rule cut them once."""

    def tokens(self, rule: TokenRule) -> Tokens:
        """Cut the answers by a rule."""
        kept: dict[str, Tokens] = self.__dict__
        if rule.name not in kept:
            kept[rule.name] = tokenise(self, rule)
        return kept[rule.name]


def tokens_of(answers: Sequence[str], rule: TokenRule) -> Tokens:
    """Cut answers by a rule, or take the tokens that were kept."""
    return (answers if isinstance(answers, Answers) else Answers(answers)).tokens(rule)


def body_and_optional(gold: Gold, policy: Policy, rule: TokenRule) -> tuple[Tokens, tuple[tuple[int, Hashes], ...]]:
    """Cut the gold's body, and find the n-grams that only its optional segments have."""
    body = _gold_tokens(("\n".join(policy.segments(gold, Role.BODY)),), rule)
    optional = policy.segments(gold, Role.OPTIONAL)
    return body, tuple(optional_grams(_gold_tokens(tuple(optional), rule), body)) if optional else ()


class Overlap(Metric):
    """Multiset overlap of token n-grams between gold and answer."""

    n: ClassVar[int]
    rule: ClassVar[TokenRule] = NATURAL_WORDS

    def reference(self, gold: Gold, policy: Policy) -> OverlapReference:
        """Cut the body into n-grams, and find the n-grams that only optional segments have."""
        body, optional = body_and_optional(gold, policy, self.rule)
        grams, counts = np.unique(ngrams(body, self.n).hashes, return_counts=True)
        return OverlapReference(body.hashes, HashIndex(grams), counts, optional)

    def count(self, reference: OverlapReference, answers: Sequence[str]) -> Counts:
        """Take optional text out of the answers, then count their n-grams against the gold's."""
        tokens = without_optional(tokens_of(answers, self.rule), reference.optional)
        grams = ngrams(tokens, self.n)
        tp = matches(grams, reference)
        return Counts(tp, grams.lengths - tp, reference.counts.sum() - tp, equal(tokens, reference.tokens))


def equal(tokens: Tokens, wanted: Hashes) -> NDArray[np.bool_]:
    """Which of the texts have exactly these tokens."""
    found = np.asarray(tokens.lengths == len(wanted))
    for i in np.flatnonzero(found).tolist():
        found[i] = np.array_equal(tokens.of(i), wanted)
    return found


@lru_cache(maxsize=4)
def _gold_tokens(texts: tuple[str, ...], rule: TokenRule) -> Tokens:
    """Cut a page's gold once for all metrics with the same rule."""
    return tokenise(texts, rule)


def optional_grams(optional: Tokens, body: Tokens, longest: int = 4) -> list[tuple[int, Hashes]]:
    """For n up to `longest`: the n-grams of the optional segments (a shorter segment is one) that the body lacks."""
    lengths = optional.lengths
    found = []
    for n in range(1, longest + 1):
        fitting = (lengths >= n) if n == longest else (lengths == n)
        if fitting.any():
            grams = np.unique(ngrams(optional.keep(fitting[optional.owner]), n).hashes)
            found.append((n, np.setdiff1d(grams, ngrams(body, n).hashes)))
    return found


def without_optional(tokens: Tokens, optional: tuple[tuple[int, Hashes], ...]) -> Tokens:
    """Take every token out of the answers that lies in an n-gram which only optional segments have."""
    mask = optional_mask(tokens, optional)
    return tokens.keep(~mask) if mask.any() else tokens


def optional_mask(tokens: Tokens, optional: tuple[tuple[int, Hashes], ...]) -> NDArray[np.bool_]:
    """Which tokens lie in an n-gram which only optional segments have."""
    mask = np.zeros(len(tokens.hashes), bool)
    for n, wanted in optional:
        mask |= covered(tokens, n, wanted)
    return mask


def matches(grams: Tokens, reference: OverlapReference) -> Floats:
    """Sum for each answer, over the distinct n-grams of the gold, the lesser of the two counts."""
    answers, size = len(grams.offsets) - 1, len(reference.counts)
    step = max(1, _MATRIX_CELLS // max(1, size))
    parts = [_matches_of(grams, reference, i, min(i + step, answers)) for i in range(0, answers, step)]
    return np.concatenate([np.zeros(0), *parts])


def _matches_of(grams: Tokens, reference: OverlapReference, first: int, last: int) -> Floats:
    size = len(reference.counts)
    cell, found = reference.grams.find(grams.hashes[grams.offsets[first] : grams.offsets[last]])
    cell += np.repeat(np.arange(last - first) * size, grams.lengths[first:last])
    cells = np.bincount(cell.compress(found), minlength=(last - first) * size).reshape(last - first, size)
    return np.asarray(np.minimum(cells, reference.counts).sum(axis=1), float)
