"""`rouge5`: ROUGE-N with n = 5, as WebMainBench computes it (opendatalab, commit 9d991bd, its text_metrics.py).

Gold and answer, as they are, are cut by jieba, which gives white space and punctuation as tokens of their own. With
matched = the sum over 5-grams of the lesser of the two counts:

    precision = matched / answer's 5-grams    recall = matched / gold's 5-grams    F1 = 2pr / (p + r)

and the leaderboard's figures are the means over pages. Choices of its authors that are kept: a text of fewer than five
tokens has no 5-gram, so that it scores 0 even against itself; both blank score 1.

jieba cuts a text into runs of letters first and each run by itself, so a run seen before is not cut again.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from boilerbench.errors import UsageError
from boilerbench.files import cache_folder
from boilerbench.metrics.base import Counts, Metric, OverlapReference, equal, matches
from boilerbench.metrics.listed import Removal, body_text
from boilerbench.text.tokens import HashIndex, Tokens, ngrams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boilerbench.labels import Policy
    from boilerbench.model import Gold

_KEPT = 300_000
_LONGEST = 100


@dataclass(frozen=True)
class Reference:
    """A page's gold: its 5-grams, whether it is blank, and what may be taken out of answers."""

    grams: OverlapReference
    blank: bool
    removal: Removal


class Rouge5(Metric):
    """Clipped 5-gram overlap of jieba's tokens, mean over pages."""

    name = "rouge5"
    parameters = "n=5"
    n = 5

    def require(self) -> None:
        """Need jieba."""
        _cutter()

    def reference(self, gold: Gold, policy: Policy) -> Reference:
        """Cut the body, and count its 5-grams."""
        text = body_text(gold, policy)
        body = _cutter().cut([text])
        grams, counts = np.unique(_ngrams(body, self.n).hashes, return_counts=True)
        overlap = OverlapReference(body.hashes, HashIndex(grams), counts)
        return Reference(overlap, not text.strip(), Removal(gold, policy))

    def count(self, reference: Reference, answers: Sequence[str]) -> Counts:
        """Count the 5-grams of each answer against the gold's."""
        texts = reference.removal.texts(answers)
        tokens = _cutter().cut(texts)
        grams = _ngrams(tokens, self.n)
        tp = matches(grams, reference.grams)
        fp, fn = grams.lengths - tp, reference.grams.counts.sum() - tp
        both_blank = np.array([reference.blank and not text.strip() for text in texts], bool)
        fn[(tp + fp + fn == 0) & ~both_blank] = 1  # short, not blank: no 5-gram, and not right either
        fp[both_blank] = fn[both_blank] = tp[both_blank] = 0
        return Counts(tp, fp, fn, equal(tokens, reference.grams.tokens))


def _ngrams(tokens: Tokens, n: int) -> Tokens:
    """Every n tokens in a row; none of a text that has fewer."""
    enough = tokens.lengths >= n
    return ngrams(tokens.keep(enough[tokens.owner]), n)


class Cutter:
    """jieba in its default mode with its own dictionary, giving hashes; runs of letters it has cut are remembered."""

    def __init__(self, jieba: Any) -> None:
        jieba.default_logger.setLevel(logging.ERROR)
        self._jieba = jieba.Tokenizer()
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        self._jieba.tmp_dir = str(folder)
        self._split = jieba.re_han_default.split
        self._known: dict[str, bytes] = {}

    def cut(self, texts: Sequence[str]) -> Tokens:
        """Cut texts into hashed tokens. Python's own hash serves, for these are compared within the process only."""
        parts = [b"".join([self._known.get(run) or self._hashes(run) for run in self._split(text)]) for text in texts]
        offsets = np.cumsum([0, *(len(part) // 8 for part in parts)])
        return Tokens(np.frombuffer(b"".join(parts), np.uint64), offsets)

    def _hashes(self, run: str) -> bytes:
        found = np.array([hash(token) for token in self._jieba.cut(run)], np.int64).tobytes()
        if len(run) <= _LONGEST:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[run] = found
        return found


@cache
def _cutter() -> Cutter:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its regular expressions are written the old way
            import jieba
    except ImportError:
        raise UsageError("metric 'rouge5' needs jieba; install it: pip install 'boilerbench[metrics]'") from None
    return Cutter(jieba)
