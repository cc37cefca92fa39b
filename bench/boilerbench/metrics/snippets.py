"""`snippets`, `snippets-accuracy`: trafilatura's evaluation (adbar/trafilatura, commit e90b0ef, tests/eval_gate.py).

A page's gold is a few snippets that must occur (`with`) and a few that must not (`without`). Over all pages together:

    tp = with found    fn = with missing    fp = without found    tn = without missing
    precision = tp / (tp + fp)    recall = tp / (tp + fn)    F1 = 2 tp / (2 tp + fp + fn)
    accuracy = (tp + tn) / (tp + fp + fn + tn)

Choices of its author that are kept: case matters; runs of white space count as one space, on both sides; an extractor
that fails has found nothing. A ratio without a denominator is 0. Labels and policies play no part.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from boilerbench.metrics.base import Counts, Metric, Ratios, ratios, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boilerbench.labels import Policy
    from boilerbench.metrics.base import Floats
    from boilerbench.model import Gold

Reference: TypeAlias = "tuple[list[str], list[str]]"


class Snippets(Metric):
    """Precision, recall and F1 of snippets that must and must not occur, from the counts of all pages added up."""

    name = "snippets"
    f1_of = "totals"
    of_text = False

    def reference(self, gold: Gold, policy: Policy) -> Reference:  # noqa: ARG002  snippets have no label
        """Prepare the snippets that must, and those that must not occur."""
        return [squeeze(each) for each in gold.with_snippets], [squeeze(each) for each in gold.without_snippets]

    def count(self, reference: Reference, answers: Sequence[str]) -> Counts:
        """Look every snippet up."""
        tp, fp = _found(reference, answers)
        fn = len(reference[0]) - tp
        return Counts(tp, fp, fn, (fn == 0) & (fp == 0))

    def ratios(self, counts: Counts) -> Ratios:
        """Ratios per page; NaN where a page has nothing to divide by."""
        found = ratios(counts, absent=float("nan"))
        nothing = counts.tp + counts.fp + counts.fn == 0
        return Ratios(*(np.where(nothing, np.nan, each) for each in (found.precision, found.recall, found.f1)))


class SnippetsAccuracy(Snippets):
    """Share of snippets judged rightly, from the counts of all pages added up."""

    name = "snippets-accuracy"
    single = True

    def count(self, reference: Reference, answers: Sequence[str]) -> Counts:
        """Count what is right and what is wrong."""
        tp, fp = _found(reference, answers)
        wrong = len(reference[0]) - tp + fp
        return share(len(reference[0]) + len(reference[1]) - wrong, wrong)


def squeeze(text: str) -> str:
    """Make every run of white space one space, and strip the ends."""
    return re.sub(r"\s+", " ", text).strip()


def _found(reference: Reference, answers: Sequence[str]) -> tuple[Floats, Floats]:
    """How many of the two kinds of snippets stand in each answer."""
    squeezed = [squeeze(answer) for answer in answers]
    tp, fp = (
        np.array([sum(snippet in answer for snippet in snippets) for answer in squeezed], float)
        for snippets in reference
    )
    return tp, fp
