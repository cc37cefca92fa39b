"""`rouge5`: ROUGE-N with n = 5, as WebMainBench computes it (opendatalab, commit 9d991bd, its text_metrics.py).

Gold and text, as they are, are cut by jieba, which gives white space and punctuation as tokens of their own. With
matched = the sum over 5-grams of the lesser of the two counts:

    precision = matched / text's 5-grams    recall = matched / gold's 5-grams    F1 = 2pr / (p + r)

and the leaderboard's figures are the means over pages. Choices of its authors that are kept: a text of fewer than five
tokens has no 5-gram, so that it scores 0 even against itself; both blank score 1.

jieba cuts a text into runs of letters first and each by itself, so that neither a run nor a line seen before is cut
again. Of a run without any Chinese that holds no word of its dictionary (as `C++`), it makes what one regular
expression of its own says: that is asked at once.
"""

import logging
import re
import warnings
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from boilerbench.errors import UsageError
from boilerbench.files import cache_folder
from boilerbench.metrics.base import Counts, OverlapReference
from boilerbench.metrics.listed import Listed
from boilerbench.text.tokens import Tokens, ngrams

_LONG_RUN, _LONG_LINE = 100, 2_000
"""More characters than these are not remembered."""


class Rouge5(Listed):
    """Clipped 5-gram overlap of jieba's tokens, mean over pages."""

    name = "rouge5"
    parameters = "n=5"
    n = 5

    def require(self) -> None:
        """Need jieba."""
        cutter()

    def prepare(self, body: str) -> tuple[OverlapReference, bool]:
        """Cut the body and count its 5-grams; see whether it is blank."""
        tokens = cutter().cut([body])
        return OverlapReference.of(tokens, _ngrams(tokens, self.n)), not body.strip()

    def compare(self, body: tuple[OverlapReference, bool], texts: Sequence[str]) -> Counts:
        """Count the 5-grams of each text against the gold's."""
        reference, blank = body
        tokens = cutter().cut(texts)
        found = reference.counted(tokens, _ngrams(tokens, self.n))
        both_blank = np.array([blank and not text.strip() for text in texts], bool)
        short = (found.tp + found.fp + found.fn == 0) & ~both_blank  # no 5-gram, and not right either
        tp, fp, fn = (np.where(both_blank, 0, units) for units in (found.tp, found.fp, found.fn))
        return Counts(tp, fp, np.where(short, 1, fn), found.exact)


def _ngrams(tokens: Tokens, n: int) -> Tokens:
    """Every n tokens in a row; none of a text that has fewer."""
    enough = tokens.lengths >= n
    return ngrams(tokens.keep(enough[tokens.owner]), n)


class Cutter:
    """jieba in its default mode with its own dictionary, giving hashes; runs of letters it has cut are remembered."""

    def __init__(self) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # its regular expressions are written the old way
                import jieba
        except ImportError:
            raise UsageError("metric 'rouge5' needs jieba; install it: pip install 'boilerbench[metrics]'") from None
        jieba.default_logger.setLevel(logging.ERROR)
        self._jieba = jieba.Tokenizer()
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        self._jieba.tmp_dir = str(folder)
        self._jieba.initialize()
        known = [word for word, times in self._jieba.FREQ.items() if times and len(word) > 1 and word.isascii()]
        self._known = re.compile("|".join(map(re.escape, known))).search
        self._runs, self._letters = jieba.re_han_default.split, jieba.re_han_default.match
        self._pieces = jieba.finalseg.re_skip.split
        self._run, self._line = lru_cache(300_000)(self._of_run), lru_cache(20_000)(self._of_line)

    def cut(self, texts: Sequence[str]) -> Tokens:
        """Cut texts into hashed tokens. Python's own hash serves, for these are compared within the process only."""
        parts = [
            b"".join([(self._line if len(line) <= _LONG_LINE else self._of_line)(line) for line in lines])
            for lines in (text.splitlines(keepends=True) for text in texts)
        ]
        offsets = np.cumsum([0, *(len(part) // 8 for part in parts)])
        return Tokens(np.frombuffer(b"".join(parts), np.uint64), offsets)

    def _of_line(self, line: str) -> bytes:
        return b"".join([(self._run if len(run) <= _LONG_RUN else self._of_run)(run) for run in self._runs(line)])

    def _of_run(self, run: str) -> bytes:
        alike = run.isascii() and self._letters(run) and not self._known(run)
        tokens = filter(None, self._pieces(run)) if alike else self._jieba.cut(run)
        return np.array([*map(hash, tokens)], np.int64).tobytes()


cutter = cache(Cutter)
"""The one of this process. `UsageError` where jieba is missing."""
