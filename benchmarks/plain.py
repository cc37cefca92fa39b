"""What authors of metrics do, or straightforward code that does the same: the other side of the races in `scoring`."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache
from runpy import run_path
from statistics import fmean
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from boilerbench.model import Gold

Figures = tuple[float, float, float]

ROUNDS = 1000
WORD = re.compile(r"\w+")
SPACE = re.compile(r"\s+")


def overlap(expected: Counter[Any], found: Counter[Any]) -> Figures:
    """Precision, recall and F1 of two multisets."""
    matched = (expected & found).total()
    precision, recall = matched / max(1, found.total()), matched / max(1, expected.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if matched else 0.0


def runs(tokens: list[str], n: int, least: int = 0) -> Counter[tuple[str, ...]]:
    """Count the runs of n tokens."""
    return Counter(tuple(tokens[i : i + n]) for i in range(max(least, len(tokens) - n + 1)))


def wcxb(gold: str, answer: str) -> Figures:
    """Count lower-cased words; all is right where there are none on either side."""
    expected, found = (Counter(WORD.findall(text.lower())) for text in (gold, answer))
    return overlap(expected, found) if expected or found else (1.0, 1.0, 1.0)


def rate(snippets: Sequence[str], answer: str) -> float:
    """Share of snippets found; 1 where there is none."""
    lower = answer.lower()
    return sum(snippet.lower() in lower for snippet in snippets) / len(snippets) if snippets else 1.0


def between_spaces(text: str) -> list[str]:
    """Cut as WCEB does."""
    return SPACE.split(text.strip()) if text.strip() else []


def levenshtein(gold: str, answer: str) -> tuple[float]:
    """Score by the package Levenshtein."""
    from Levenshtein import ratio

    return (ratio(between_spaces(gold), between_spaces(answer)),)


def text_edit(gold: str, answer: str) -> tuple[float]:
    """Score characters by the package Levenshtein."""
    from Levenshtein import distance

    longer = max(len(gold), len(answer))
    return (1 - distance(gold, answer) / longer if longer else 1.0,)


def rouge5(gold: str, answer: str) -> Figures:
    """Count 5-grams of what jieba cuts."""
    import jieba

    return overlap(runs(jieba.lcut(gold), 5), runs(jieba.lcut(answer), 5))


def rouge_lsum(gold: str, answer: str) -> Figures:
    """Score by the package rouge-score."""
    found = scorer().score(gold, answer)["rougeLsum"]
    return found.precision, found.recall, found.fmeasure


@cache
def scorer() -> Any:
    """Rouge-score's scorer, with WCEB's tokens."""
    from rouge_score import rouge_scorer, tokenizers

    class Spaces(tokenizers.Tokenizer):  # type: ignore[misc]  # the package has no types
        def tokenize(self, text: str) -> list[str]:
            return between_spaces(text)

    return rouge_scorer.RougeScorer(["rougeLsum"], split_summaries=True, tokenizer=Spaces())


def shingles(gold: str, answer: str) -> Figures:
    """Matched, surplus and missing shingles of one answer; a text of less than four tokens is one."""
    expected, found = (runs(tokens, 4, min(1, len(tokens))) for tokens in map(WORD.findall, (gold, answer)))
    matched = (expected & found).total()
    return matched, found.total() - matched, expected.total() - matched


def statistics(counts: list[Figures]) -> Figures:
    """Macro precision and recall, each over the pages that have it, and F1 of the two."""
    precision = fmean(tp / (tp + fp) for tp, fp, _ in counts if tp + fp)
    recall = fmean(tp / (tp + fn) for tp, _, fn in counts if tp + fn)
    return precision, recall, 2 * precision * recall / (precision + recall)


def ranked(gold: dict[str, str], systems: dict[str, dict[str, str]]) -> dict[str, tuple[list[Figures], Figures, Any]]:
    """Do `zyte` in plain Python: per system the counts, the means, and the bootstrap interval of F1."""
    generator = random.Random(0)  # noqa: S311  no secret
    results = {}
    for system, answers in systems.items():
        counts = [shingles(gold[page], answers.get(page, "")) for page in gold]
        rounds = sorted(statistics(generator.choices(counts, k=len(counts)))[2] for _ in range(ROUNDS))
        results[system] = (counts, statistics(counts), (rounds[25], rounds[974]))
    return results


def by_authors(script: Path, gold: dict[str, str], systems: dict[str, dict[str, str]]) -> dict[str, Figures]:
    """Do `zyte` by the functions of its authors' script: per system the means, and what they draw for them."""
    evaluate = run_path(str(script))["evaluate"]
    truth = {page: {"articleBody": text} for page, text in gold.items()}
    given = {
        system: {page: {"articleBody": answers.get(page, "")} for page in gold} for system, answers in systems.items()
    }
    found = {system: evaluate(truth, answers, ROUNDS) for system, answers in given.items()}
    return {system: (each["precision"], each["recall"], each["f1"]) for system, each in found.items()}


def by_body(theirs: Callable[[str, str], tuple[float, ...]]) -> Callable[[Gold, str], tuple[float, ...]]:
    """Give a function of texts a gold's body."""
    return lambda gold, text: theirs(gold.segments[0].text, text)


def wcxb_all(gold: Gold, answer: str) -> tuple[float, ...]:
    """Score words and both kinds of snippets."""
    found = wcxb(gold.segments[0].text, answer)
    return *found, rate(gold.with_snippets, answer), 1 - rate(gold.without_snippets, answer)
