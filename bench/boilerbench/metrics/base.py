"""What a metric is: counts per page first, ratios last. The shape is sacrebleu's, the vocabulary ir_measures'."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, ClassVar, Literal, Self, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from boilerbench.errors import UsageError
from boilerbench.labels import Policy, Role
from boilerbench.model import TEXTS, Extraction, Format, Gold
from boilerbench.text import blocks
from boilerbench.text.blocks import Blocks
from boilerbench.text.tokens import (
    NATURAL_WORDS,
    Hashes,
    HashIndex,
    Ints,
    TokenRule,
    Tokens,
    covered,
    cut,
    ngrams,
    tokenise,
)

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Made = TypeVar("Made")
OptionalGrams: TypeAlias = tuple[tuple[int, Hashes], ...]
"""For some n the n-grams that only optional segments of a gold have."""

DOCUMENTS: tuple[Format, ...] = ("html", "markdown", "markdown-no-html")
"""The formats that say what is a heading, a list or a table."""

_MATRIX_CELLS = 4_000_000


@dataclass(frozen=True)
class Counts:
    """Of one page, an entry per extraction: matched, surplus and missing units, and whether it equals the gold.

    `beside` are diagnostics by name, which no score contains: how many of how many.
    """

    tp: Floats
    fp: Floats
    fn: Floats
    exact: Bools
    beside: Mapping[str, tuple[Floats, Floats]] = field(default_factory=dict)


def unmeasured(extractions: int) -> Counts:
    """Counts of as many extractions, none of which can be measured."""
    none = np.full(extractions, np.nan)
    return Counts(none, none, none, np.zeros(extractions, bool))


def spread(counts: Counts, there: Bools) -> Counts:
    """Counts of all extractions from those of the ones that are `there`; the others are unmeasured."""

    def whole(values: Floats) -> Floats:
        found = np.full(len(there), np.nan)
        found[there] = values
        return found

    exact = np.zeros(len(there), bool)
    exact[there] = counts.exact
    return Counts(whole(counts.tp), whole(counts.fp), whole(counts.fn), exact)


@dataclass(frozen=True)
class Ratios:
    """Scores per extraction in [0, 1]; NaN where a page leaves that mean by the metric's definition."""

    precision: Floats
    recall: Floats
    f1: Floats


@dataclass(frozen=True)
class View:
    """What a metric is given of an extraction: `of` makes it, None where such an extraction cannot say it.

    One that says nothing (None) is unmeasured, also where it failed; one that could have said something and failed is
    seen as empty. `fields` are the columns of an extraction (`storage/run_folder/columns`) that it is made of, and
    `formats` those of which it can be made.
    """

    name: str
    fields: tuple[str, ...]
    of: Callable[[Extraction], Any]
    formats: tuple[Format, ...] = TEXTS


def _text(extraction: Extraction) -> str | None:
    return None if not extraction.gives_text else "" if extraction.status.failed else extraction.text


TEXT = View("text", ("text", "format"), _text)
"""The plain text; none where the extraction failed."""


def _blocks(extraction: Extraction) -> Blocks | None:
    """The blocks of what was returned; none of what no library can read, and of a failure.

    What is too large or too slow to become text within a page's limits is a failure already.
    """
    if extraction.format not in DOCUMENTS:
        return None
    try:
        return blocks.read(extraction.answer or "", extraction.format)
    except Exception:  # noqa: BLE001  # whatever a library makes of hostile output says nothing
        return Blocks()


BLOCKS = View("blocks", ("answer", "format"), _blocks, DOCUMENTS)
"""The headings, lists, tables and other blocks of what was returned as HTML or Markdown."""


def require_package(metric: str, module: str) -> None:
    """Raise `UsageError` where a package of the extra `metrics` is not installed."""
    if find_spec(module) is None:
        raise UsageError(f"metric '{metric}' needs {module}; install it: pip install 'boilerbench[metrics]'")


class Metric(ABC):
    """A function from one page's gold and its extractions to counts, and from counts to ratios.

    `f1_of` says how a leaderboard's F1 comes about: the mean of the pages' F1, the F1 of the two means, or everything
    from the pages' counts added up (`totals`).
    A `single` metric is one number: it stands in F1, and precision and recall are left empty.
    `view` is what it is given of extractions.
    One that is not `of_text` needs other gold than text, such as snippets: `lacks` says what a set without it lacks.
    One that is `of_kind` counts what a page may have none of: that page is in no mean, but what is said there is
    `spurious`.
    """

    name: ClassVar[str]
    parameters: ClassVar[str] = ""
    f1_of: ClassVar[Literal["pages", "means", "totals"]] = "pages"
    single: ClassVar[bool] = False
    of_text: ClassVar[bool] = True
    lacks: ClassVar[str] = "has text of body"
    view: ClassVar[View] = TEXT
    of_kind: ClassVar[bool] = False

    def require(self) -> None:  # noqa: B027  most metrics need nothing
        """Raise `UsageError` where a package or data that this metric needs is missing: asked before anything runs."""

    def measures(self, gold: Gold, policy: Policy) -> bool:  # noqa: ARG002  a policy can make a body too long
        """Whether this page's gold can be measured by; if not, the page leaves every mean, whatever the extraction.

        Snippets alone say nothing of the text, and of a page without gold nothing is known.
        """
        return bool(gold.segments) if self.of_text else gold.given

    def concerns(self, gold: Gold) -> bool:
        """Whether a page's gold has what is counted, so that its set has figures: for metrics of text, always."""
        return self.of_text or bool(gold.with_snippets or gold.without_snippets)

    @abstractmethod
    def reference(self, gold: Gold, policy: Policy) -> Any:
        """Everything that depends on the gold alone, done once per page however many extractions there are."""

    @abstractmethod
    def count(self, reference: Any, texts: Sequence[Any]) -> Counts:
        """Count each extraction of a page, as its `view` shows it, against the reference; a failed one has nothing."""

    def ratios(self, counts: Counts) -> Ratios:
        """Precision tp/(tp+fp), recall tp/(tp+fn), F1 their harmonic mean; 1 where gold and text are both empty."""
        return ratios(counts)


def ratios(counts: Counts, absent: float = 0.0, nothing: float = 1.0) -> Ratios:
    """Derive ratios; `absent` is what an empty denominator gives, `nothing` where gold and text both are empty."""
    given, expected = counts.tp + counts.fp, counts.tp + counts.fn
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.where(given > 0, counts.tp / given, absent)
        recall = np.where(expected > 0, counts.tp / expected, absent)
        f1 = np.where(counts.tp > 0, 2 * counts.tp / (given + expected), 0.0)
    return Ratios(*(np.where(given + expected == 0, nothing, values) for values in (precision, recall, f1)))


def share(right: Floats, wrong: Floats) -> Counts:
    """Counts of a `single` metric that is right / (right + wrong): what is wrong is both surplus and missing."""
    return Counts(right, wrong, wrong, wrong == 0)


@dataclass(frozen=True)
class OverlapReference:
    """The gold of one page: its tokens, its distinct n-grams, how often it has each, and what may be taken out."""

    tokens: Hashes
    grams: HashIndex
    counts: Ints
    optional: OptionalGrams = ()

    @classmethod
    def of(cls, body: Tokens, grams: Tokens, optional: OptionalGrams = ()) -> Self:
        """Count the n-grams of a body."""
        distinct, counts = np.unique(grams.hashes, return_counts=True)
        return cls(body.hashes, HashIndex(distinct), counts, optional)

    def counted(self, tokens: Tokens, grams: Tokens) -> Counts:
        """Count the n-grams of texts: matched are, of each that the gold has, the lesser of the two counts."""
        texts, size = len(grams.offsets) - 1, len(self.counts)
        step = max(1, _MATRIX_CELLS // max(1, size))
        tp = np.zeros(texts)
        for first in range(0, texts, step):
            part = slice(first, min(first + step, texts))
            lengths = grams.lengths[part]
            cell, there = self.grams.find(grams.hashes[grams.offsets[first] : grams.offsets[part.stop]])
            cell += np.repeat(np.arange(len(lengths)) * size, lengths)
            cells = np.bincount(cell.compress(there), minlength=len(lengths) * size).reshape(len(lengths), size)
            tp[part] = np.minimum(cells, self.counts).sum(axis=1)
        return Counts(tp, grams.lengths - tp, self.counts.sum() - tp, equal(tokens, self.tokens))


class Answers(list[Any]):
    """A page's extractions in a view, such as texts. What is made of them is kept: metrics that share it do so once."""

    @classmethod
    def of(cls, texts: Sequence[Any]) -> Self:
        """These texts, with what was kept of them."""
        return texts if isinstance(texts, cls) else cls(texts)

    def normalised(self, normalise: Callable[[str], str]) -> list[str]:
        """Apply a function to each text."""
        return self._kept(normalise, lambda: [*map(normalise, self)])

    def tokens(self, rule: TokenRule) -> Tokens:
        """Cut the texts by a rule."""
        return self._kept(rule.name, lambda: cut(self.normalised(rule.normalise), rule))

    def _kept(self, key: Hashable, make: Callable[[], Made]) -> Made:
        kept: dict[Any, Any] = self.__dict__
        if key not in kept:
            kept[key] = make()
        found: Made = kept[key]
        return found


_gold_tokens = lru_cache(maxsize=4)(tokenise)  # a page's gold is cut once for all metrics with the same rule


@lru_cache(maxsize=4)  # and once where pages that come one after the other have the same
def _overlap(body: str, optional: tuple[str, ...], n: int, rule: TokenRule) -> OverlapReference:
    """Cut a body into n-grams, and find the n-grams that only optional texts have."""
    tokens = _gold_tokens((body,), rule)
    grams = _optional_grams(body, optional, rule) if optional else ()
    return OverlapReference.of(tokens, ngrams(tokens, n), grams)


@lru_cache(maxsize=4)
def _optional_grams(body: str, optional: tuple[str, ...], rule: TokenRule) -> OptionalGrams:
    return optional_grams(_gold_tokens(optional, rule), _gold_tokens((body,), rule))


class Overlap(Metric):
    """Multiset overlap of token n-grams between the gold's body and a text: a subclass says `n` and the `rule`."""

    n: ClassVar[int]
    rule: ClassVar[TokenRule] = NATURAL_WORDS

    def reference(self, gold: Gold, policy: Policy) -> OverlapReference:
        """Cut the body into n-grams, and find the n-grams that only optional segments have."""
        return _overlap(policy.body(gold), tuple(policy.segments(gold, Role.OPTIONAL)), self.n, self.rule)

    def count(self, reference: OverlapReference, texts: Sequence[str]) -> Counts:
        """Take optional text out of the texts, then count their n-grams against the gold's."""
        tokens = self.tokens(reference, texts)
        return reference.counted(tokens, ngrams(tokens, self.n))

    def tokens(self, reference: OverlapReference, texts: Sequence[str]) -> Tokens:
        """Cut texts into tokens, or take those that were kept, without the optional ones."""
        return without_optional(Answers.of(texts).tokens(self.rule), reference.optional)


def equal(tokens: Tokens, wanted: Hashes) -> Bools:
    """Which of the texts have exactly these tokens."""
    found = np.asarray(tokens.lengths == len(wanted))
    for i in np.flatnonzero(found).tolist():
        found[i] = np.array_equal(tokens.of(i), wanted)
    return found


def optional_grams(optional: Tokens, body: Tokens, longest: int = 4) -> OptionalGrams:
    """For n up to `longest`: the n-grams of the optional segments (a shorter segment is one) that the body lacks."""
    lengths = optional.lengths
    found = []
    for n in range(1, longest + 1):
        fitting = (lengths >= n) if n == longest else (lengths == n)
        if fitting.any():
            grams = np.unique(ngrams(optional.keep(fitting[optional.owner]), n).hashes)
            found.append((n, np.setdiff1d(grams, ngrams(body, n).hashes)))
    return tuple(found)


def without_optional(tokens: Tokens, optional: OptionalGrams) -> Tokens:
    """Take every token out of the texts that lies in an n-gram which only optional segments have."""
    mask = optional_mask(tokens, optional)
    return tokens.keep(~mask) if mask.any() else tokens


def optional_mask(tokens: Tokens, optional: OptionalGrams) -> Bools:
    """Which tokens lie in an n-gram which only optional segments have."""
    mask = np.zeros(len(tokens.hashes), bool)
    for n, wanted in optional:
        mask |= covered(tokens, n, wanted)
    return mask
