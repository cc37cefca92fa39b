"""What the metrics share that read a text as it stands: the body as one text, extractions without optional segments."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from itertools import chain, compress, pairwise
from typing import Any

import numpy as np

from boilerbench.labels import Policy, Role
from boilerbench.metrics.base import Counts, Metric, OptionalGrams, optional_grams, optional_mask
from boilerbench.model import Gold
from boilerbench.text.tokens import Tokens

LONGEST = 500_000
"""Characters of a body that `InOrder` metrics still compare."""


class Listed(Metric):
    """A metric that is given the body as one text, and texts without the words of optional segments.

    Every word goes that lies in a run of up to four that only these have. Words are cut at white space; a word goes
    with the white space after it, and what is left stays as it is. A gold without optional segments, as published sets
    are, leaves texts untouched.
    """

    def reference(self, gold: Gold, policy: Policy) -> tuple[Any, OptionalGrams]:
        """Prepare the body, and find the runs of words that only optional segments have: those go from texts."""
        body, optional = policy.body(gold), policy.segments(gold, Role.OPTIONAL)
        grams = optional_grams(hashed([each.split() for each in optional]), hashed([body.split()])) if optional else ()
        return self.prepare(body), grams

    def count(self, reference: tuple[Any, OptionalGrams], texts: Sequence[str]) -> Counts:
        """Take optional words out of the texts, and compare what is left."""
        body, optional = reference
        if optional:
            pieces = [re.findall(r"\s*\S+\s*", text) for text in texts]
            words = hashed([[piece.strip() for piece in each] for each in pieces])
            stays = (~optional_mask(words, optional)).tolist()
            bounds = pairwise(words.offsets.tolist())
            texts = [
                _left(text, each, stays[start:end])
                for text, each, (start, end) in zip(texts, pieces, bounds, strict=True)
            ]
        return self.compare(body, texts)

    @abstractmethod
    def prepare(self, body: str) -> Any:
        """Everything that depends on the gold's body alone."""

    @abstractmethod
    def compare(self, body: Any, texts: Sequence[str]) -> Counts:
        """Count each text against what `prepare` gave."""


class InOrder(Listed):
    """A metric whose time grows with the gold's length times the text's.

    A page whose body has more than `LONGEST` characters leaves it: for every runner alike, as gold alone decides.
    """

    def measures(self, gold: Gold, policy: Policy) -> bool:
        """Whether the gold is text, and not too long."""
        return super().measures(gold, policy) and len(policy.body(gold)) <= LONGEST


def counted(tp: Sequence[int], cut: Sequence[Sequence[Any]], gold: Sequence[Any]) -> Counts:
    """Counts of texts that were cut into lists of tokens, as the gold was; `tp` of the tokens are matched."""
    matched, lengths = np.array(tp, float), np.array([*map(len, cut)], float)
    return Counts(matched, lengths - matched, len(gold) - matched, np.array([each == gold for each in cut], bool))


def hashed(lists: Sequence[Sequence[str]]) -> Tokens:
    """Hash lists of words. Python's own hash serves, for these are compared within the process only."""
    hashes = np.fromiter(map(hash, chain.from_iterable(lists)), np.int64).view(np.uint64)
    return Tokens(hashes, np.cumsum([0, *map(len, lists)]))


def _left(text: str, pieces: list[str], stays: list[bool]) -> str:
    if all(stays):
        return text
    left = "".join(compress(pieces, stays))
    return left if stays[-1] else left.rstrip()
