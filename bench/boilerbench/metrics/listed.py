"""What the metrics share that read text in order: the body as one text, answers without optional segments, a limit."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from boilerbench.labels import Role
from boilerbench.metrics.base import Metric, optional_grams, optional_mask
from boilerbench.text.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boilerbench.labels import Policy
    from boilerbench.model import Gold
    from boilerbench.text.tokens import Hashes


LONGEST = 500_000
"""Characters of a body that `InOrder` metrics still compare."""


def body_text(gold: Gold, policy: Policy) -> str:
    """Join the body's segments by line breaks."""
    return "\n".join(policy.segments(gold, Role.BODY))


class InOrder(Metric):
    """A metric whose time grows with the gold's length times the answer's.

    A page whose body has more than `LONGEST` characters leaves it: for every runner alike, as gold alone decides.
    """

    def measures(self, gold: Gold, policy: Policy) -> bool:
        """Whether the gold is text, and not too long."""
        return super().measures(gold, policy) and len(body_text(gold, policy)) <= LONGEST


class Removal:
    """Takes out of answers every word in a run of up to four that only the gold's optional segments have.

    Words are cut at white space; a word goes with the white space after it, and what is left stays as it is. A gold
    without optional segments, as published sets are, leaves answers untouched.
    """

    def __init__(self, gold: Gold, policy: Policy) -> None:
        optional = policy.segments(gold, Role.OPTIONAL)
        self._grams: tuple[tuple[int, Hashes], ...] = ()
        if optional:
            body = _hashed([body_text(gold, policy).split()])
            self._grams = tuple(optional_grams(_hashed([text.split() for text in optional]), body))

    def texts(self, answers: Sequence[str]) -> Sequence[str]:
        """The answers without those words."""
        if not self._grams:
            return answers
        pieces = [re.findall(r"\s*\S+\s*", answer) for answer in answers]
        words = _hashed([[piece.strip() for piece in each] for each in pieces])
        goes = optional_mask(words, self._grams).tolist()
        bounds = pairwise(words.offsets.tolist())
        return [
            _left(answer, each, goes[start:end])
            for answer, each, (start, end) in zip(answers, pieces, bounds, strict=True)
        ]


def _left(text: str, pieces: list[str], goes: list[bool]) -> str:
    if not any(goes):
        return text
    left = "".join(piece for piece, gone in zip(pieces, goes, strict=True) if not gone)
    return left.rstrip() if goes[-1] else left


def _hashed(lists: Sequence[Sequence[str]]) -> Tokens:
    """Hash lists of words. Python's own hash serves, for these are compared within the process only."""
    hashes = np.fromiter(map(hash, chain.from_iterable(lists)), np.int64).view(np.uint64)
    return Tokens(hashes, np.cumsum([0, *map(len, lists)]))
