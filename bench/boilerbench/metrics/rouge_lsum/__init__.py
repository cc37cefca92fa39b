"""`rouge-lsum`: WCEB's ROUGE-LSum (SIGIR 2023, doi:10.1145/3539618.3591920; extended at commit 8cce07d, its eval.py).

WCEB calls rouge_score's `rougeLsum` (google-research, 0.1.2; Lin 2004, section 3.2) with tokens cut at white space and
sentences by NLTK's English Punkt. For each gold sentence r, U(r) are the places in r that a longest common subsequence
with some sentence of the text takes (module `lcs` says which one, if several are longest). Then

    hits = sum over tokens t of min(times t stands at a place in some U(r), times t stands in the text)
    precision = hits / text's tokens    recall = hits / gold's tokens    F1 = 2pr / (p + r)

rouge_score counts the hits one by one, each using up a token of both sides, which comes to the same sum. Choices of the
authors that are kept: a blank gold has recall 1, and precision and F1 1, too, where the text is blank. They take the
mean over a set's pages; over several sets `micro` is the mean over all pages, `macro` the mean of the sets' means.

Each distinct sentence of a page's texts is compared with the gold once, however many texts have it; a gold sentence
that stands in the text is all taken, whatever other sentences would add.
"""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from boilerbench.metrics.base import Counts, Ratios, ratios
from boilerbench.metrics.listed import InOrder, counted
from boilerbench.metrics.rouge_lsum.punkt import sentences
from boilerbench.metrics.rouge_lsum.union import GoldSentences, TextSentences


class RougeLsum(InOrder):
    """Summary-level ROUGE-L on white-space tokens and Punkt sentences, mean over pages."""

    name = "rouge-lsum"
    parameters = "punkt=english"

    def require(self) -> None:
        """Need NLTK and its English sentence parameters."""
        sentences()

    def prepare(self, body: str) -> GoldSentences:
        """Cut the body into sentences and those into tokens, and find where each token stands."""
        return GoldSentences(_cut(body))

    def compare(self, body: GoldSentences, texts: Sequence[str]) -> Counts:
        """Unite the subsequences of every gold sentence with the sentences of each text."""
        cut = [_cut(text) for text in texts]
        return counted(TextSentences(body, cut).hits(), [[*chain.from_iterable(each)] for each in cut], body.tokens)

    def ratios(self, counts: Counts) -> Ratios:
        """Ratios per page; recall is 1 where nothing was to be had."""
        found = ratios(counts)
        return Ratios(found.precision, np.where(counts.tp + counts.fn == 0, 1.0, found.recall), found.f1)


def _cut(text: str) -> list[tuple[str, ...]]:
    """Cut a text into sentences and those into tokens."""
    return [tokens for sentence in sentences()(text) if (tokens := tuple(sentence.split()))]
