"""`snippets`, `snippets-accuracy`: trafilatura's evaluation (adbar/trafilatura, commit e90b0ef, tests/eval_gate.py).

A page's gold is a few snippets that must occur (`with`) and a few that must not (`without`). Over all pages together:

    tp = with found    fn = with missing    fp = without found    tn = without missing
    precision = tp / (tp + fp)    recall = tp / (tp + fn)    F1 = 2 tp / (2 tp + fp + fn)
    accuracy = (tp + tn) / (tp + fp + fn + tn)

Choices of its author that are kept: case matters; runs of white space count as one space, on both sides; an extractor
that fails has found nothing. A ratio without a denominator is 0. Labels and policies play no part.
"""

import re
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from boilerbench.labels import Policy
from boilerbench.metrics.base import Answers, Counts, Floats, Metric, Ratios, ratios, share
from boilerbench.model import Gold

Reference: TypeAlias = tuple[list[str], list[str]]


class LooksUp(Metric):
    """A metric that looks snippets up in texts, after both were made ready alike."""

    of_text = False
    lacks = "has snippets of its kind"

    @staticmethod
    def ready(text: str, /) -> str:
        """Make every run of white space one space, and strip the ends."""
        return re.sub(r"\s+", " ", text).strip()

    def reference(self, gold: Gold, policy: Policy) -> Reference:  # noqa: ARG002  snippets have no label
        """Prepare the snippets that must, and those that must not occur."""
        return [*map(self.ready, gold.with_snippets)], [*map(self.ready, gold.without_snippets)]

    def found(self, snippets: Sequence[str], texts: Sequence[str]) -> Floats:
        """How many of the snippets stand in each text."""
        ready = Answers.of(texts).normalised(self.ready)
        return np.array([sum([snippet in text for snippet in snippets]) for text in ready], float)


class Snippets(LooksUp):
    """Precision, recall and F1 of snippets that must and must not occur, from the counts of all pages added up."""

    name = "snippets"
    f1_of = "totals"

    def count(self, reference: Reference, texts: Sequence[str]) -> Counts:
        """Look every snippet up."""
        tp, fp = (self.found(snippets, texts) for snippets in reference)
        fn = len(reference[0]) - tp
        return Counts(tp, fp, fn, (fn == 0) & (fp == 0))

    def measures(self, gold: Gold, policy: Policy) -> bool:  # noqa: ARG002  snippets have no label
        """Whether there is anything to count."""
        return self.concerns(gold)

    def ratios(self, counts: Counts) -> Ratios:
        """Ratios per page; NaN where a page has nothing to divide by."""
        return ratios(counts, absent=float("nan"), nothing=float("nan"))


class SnippetsAccuracy(Snippets):
    """Share of snippets judged rightly, from the counts of all pages added up."""

    name = "snippets-accuracy"
    single = True

    def count(self, reference: Reference, texts: Sequence[str]) -> Counts:
        """Count what is right and what is wrong."""
        found = super().count(reference, texts)
        wrong = found.fp + found.fn
        return share(len(reference[0]) + len(reference[1]) - wrong, wrong)
