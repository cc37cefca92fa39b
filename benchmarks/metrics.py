"""Published metrics, ours against the packages their authors use, on the 11 published outputs of `zyte-aeb`.

    python benchmarks/metrics.py [DATA] [EVERY]

Needs rouge-score, Levenshtein, jieba and nltk 3.9.1 (newer ones cut sentences otherwise, see bench/metrics/punkt.py),
and NLTK_DATA. DATA holds `zyte-aeb`; by default $BOILERBENCH_DATA, else ../shared/data. `rouge-lsum` and `rouge5` are
timed on every EVERY-th page (default 20), as the packages take minutes. Both sides get the same texts in memory; their
figures are asserted to be equal to 1e-12 on every page. CPU time of one run. Exit code 1 where a goal is missed.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import jieba
import Levenshtein
import numpy as np
from rouge_score import rouge_scorer, tokenizers

from bench import metrics, sets
from bench.labels import load_policy

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.model import Gold

Figures = tuple[float, float, float]
SPACE = re.compile(r"\s+")


class Spaces(tokenizers.Tokenizer):  # type: ignore[misc]  # the package has no types
    """Tokens between white space, as WCEB cuts them."""

    def tokenize(self, text: str) -> list[str]:
        """Cut a text."""
        return SPACE.split(text.strip()) if text.strip() else []


LSUM = rouge_scorer.RougeScorer(["rougeLsum"], split_summaries=True, tokenizer=Spaces())


def rouge_lsum(gold: str, answer: str) -> Figures:
    """Score by the package rouge-score."""
    found = LSUM.score(gold, answer)["rougeLsum"]
    return found.precision, found.recall, found.fmeasure


def levenshtein(gold: str, answer: str) -> Figures:
    """Score by the package Levenshtein."""
    ratio = Levenshtein.ratio(Spaces().tokenize(gold), Spaces().tokenize(answer))
    return ratio, ratio, ratio


def overlap(expected: Counter[object], found: Counter[object]) -> Figures:
    """Clipped overlap of two multisets."""
    matched = (expected & found).total()
    precision, recall = matched / max(1, found.total()), matched / max(1, expected.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if matched else 0.0


def wcxb(gold: str, answer: str) -> Figures:
    """Count lower-cased words."""
    return overlap(Counter(re.findall(r"\w+", gold.lower())), Counter(re.findall(r"\w+", answer.lower())))


def rouge5(gold: str, answer: str) -> Figures:
    """Count 5-grams of what jieba cuts."""
    sides = [jieba.lcut(text) for text in (gold, answer)]
    expected, found = (Counter(tuple(side[i : i + 5]) for i in range(len(side) - 4)) for side in sides)
    return overlap(expected, found)


def ours(name: str, entries: list[tuple[Gold, list[str]]]) -> np.ndarray:
    """Score all pages as `boilerbench score` does."""
    metric, policy = metrics.get(name), load_policy("default")
    found = [metric.ratios(metric.count(metric.reference(gold, policy), answers)) for gold, answers in entries]
    return np.array([np.column_stack([page.precision, page.recall, page.f1]) for page in found])


def cpu(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """Return CPU seconds, all threads, and the result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def race(name: str, plain: Callable[[str, str], Figures], goal: float, entries: list[tuple[Gold, list[str]]]) -> bool:
    """Time both sides on the same pages, assert equal figures, and say whether the goal is met."""
    metrics.get(name).require()
    fast, found = cpu(lambda: ours(name, entries))
    slow, expected = cpu(
        lambda: np.array([[plain(gold.segments[0].text, text) for text in answers] for gold, answers in entries])
    )
    figures = slice(2, 3) if metrics.get(name).single else slice(0, 3)
    assert np.abs(found[..., figures] - expected[..., figures]).max() <= 1e-12, name  # noqa: PLR2004  the last digits
    times = slow / fast
    print(f"{name:12} {len(entries):4} pages: {slow:8.2f} s, ours {fast:7.3f} s: {times:6.1f} times (goal {goal:g})")
    return times >= goal


def main() -> int:
    """Race all metrics."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BOILERBENCH_DATA", "../shared/data"))
    every = int(sys.argv[2]) if len(sys.argv) > 2 else 20  # noqa: PLR2004  the second argument
    outputs = sets.load_outputs(f"zyte:{data / 'zyte-aeb' / 'output'}")
    goldset = sets.load(f"zyte:{data / 'zyte-aeb'}")
    entries = [(gold, [texts.get(page.id, "") for texts in outputs.values()]) for page, gold in goldset.entries]
    jieba.initialize()
    ours("rouge5", [(entries[0][0], ["我"])])
    met = [
        race("wcxb", wcxb, 2.5, entries),
        race("levenshtein", levenshtein, 2.5, entries),
        race("rouge5", rouge5, 10, entries[::every]),
        race("rouge-lsum", rouge_lsum, 100, entries[::every]),
    ]
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main())
