"""Scoring against straightforward code, on the 11 published outputs of `zyte-aeb`: one run, equal numbers, CPU time.

    python benchmarks/scoring.py [DATA] [EVERY]

- `zyte`, with a bootstrap interval of F1 and ranks, against plain Python: counts per page are equal, means to 1e-12.
- `wcxb`, `levenshtein`, `text-edit`, `rouge5` and `rouge-lsum`, against `collections.Counter` and the packages their
  authors use: Levenshtein, jieba and rouge-score, as far as they are installed. Precision, recall and F1 of every page
  and system are equal to 1e-12. NLTK has to be 3.9.1, as newer ones cut sentences otherwise
  (metrics/rouge_lsum/punkt.py).

DATA is the folder that holds `zyte-aeb`; by default $BOILERBENCH_DATA, else ../shared/data. `rouge5` and `rouge-lsum`
are timed on every EVERY-th of the 181 pages (default 3), as the packages take minutes. Both sides get the same texts in
memory, and one page before their time begins, so that imports and dictionaries are no part of it. CPU time of all
threads, the least of five runs of each side, as whatever else a machine does only adds to it; a single run of `rouge5`
and `rouge-lsum`, where ours would remember what it has seen.
Exit code 1 where a goal is missed or a package is not there.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
from collections import Counter
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from boilerbench import metrics, sets
from boilerbench.labels import load_policy
from boilerbench.model import Extraction, Gold, GoldSet, Segment, Status
from boilerbench.ranking import leaderboard
from boilerbench.scoring import score
from boilerbench.sets import outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Result = TypeVar("Result")
Figures = tuple[float, float, float]
Entries = list[tuple[Gold, list[str]]]

REPEATS = 5
NLTK = "3.9.1"
ROUNDS = 1000
CLOSE = 1e-12
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
    """Count lower-cased words."""
    return overlap(Counter(WORD.findall(gold.lower())), Counter(WORD.findall(answer.lower())))


def between_spaces(text: str) -> list[str]:
    """Cut as WCEB does."""
    return SPACE.split(text.strip()) if text.strip() else []


def levenshtein(gold: str, answer: str) -> Figures:
    """Score by the package Levenshtein."""
    from Levenshtein import ratio

    found = ratio(between_spaces(gold), between_spaces(answer))
    return found, found, found


def text_edit(gold: str, answer: str) -> Figures:
    """Score characters by the package Levenshtein."""
    from Levenshtein import distance

    longer = max(len(gold), len(answer))
    found = 1 - distance(gold, answer) / longer if longer else 1.0
    return found, found, found


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


def plain(gold: dict[str, str], systems: dict[str, dict[str, str]]) -> dict[str, tuple[list[Figures], Figures, Any]]:
    """Do `zyte` in plain Python: per system the counts, the means, and the bootstrap interval of F1."""
    generator = random.Random(0)  # noqa: S311  no secret
    results = {}
    for system, answers in systems.items():
        counts = [shingles(gold[page], answers.get(page, "")) for page in gold]
        rounds = sorted(statistics(generator.choices(counts, k=len(counts)))[2] for _ in range(ROUNDS))
        results[system] = (counts, statistics(counts), (rounds[25], rounds[974]))
    return results


def cpu(work: Callable[[], Result], repeats: int = REPEATS) -> tuple[float, Result]:
    """Return the CPU seconds of some work, the least of several runs, and its result."""
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return min(seconds), result


def say(name: str, pages: int, slow: float, fast: float, goal: float) -> bool:
    """Print a line, and say whether the goal is met."""
    times = slow / fast
    print(
        f"{name:21} {pages:4} pages: {slow:8.2f} s, ours {fast:7.3f} s: {times:6.1f} times (goal {goal:g})", flush=True
    )
    return times >= goal


def race_zyte(goldset: GoldSet, systems: dict[str, dict[str, str]]) -> bool:
    """Time from texts to a ranked leaderboard, as `boilerbench score` does it, and assert equal numbers."""
    gold = {page.id: gold.segments[0].text for page, gold in goldset.entries}
    pages = pd.DataFrame([{"set": goldset.name, "page": page.id, "site": page.site} for page in goldset.pages])
    seeds = count(0)  # no run finds drawn what the one before drew
    extractions = {
        system: {page: Extraction(Status.OK if text else Status.EMPTY, text) for page, text in answers.items()}
        for system, answers in systems.items()
    }

    def ours(pages_of: GoldSet) -> tuple[pd.DataFrame, pd.DataFrame]:
        scores = score.score(pages_of, extractions, [metrics.get("zyte")], load_policy("default"))
        return scores, leaderboard.build(scores, pages, {}, rounds=ROUNDS, seed=next(seeds))

    ours(replace(goldset, entries=goldset.entries[:1]))
    fast, (scores, board) = cpu(lambda: ours(goldset))
    slow, expected = cpu(lambda: plain(gold, systems))
    means = board.set_index("runner")
    for system, (counts, figures, _) in expected.items():
        got = scores[scores["runner"] == system][["tp", "fp", "fn"]].itertuples(index=False, name=None)
        assert list(got) == counts, system
        assert np.abs(means.loc[system, ["precision", "recall", "f1"]].to_numpy(float) - figures).max() < CLOSE, system
    return say("zyte, 1,000 rounds", len(gold), slow, fast, 10)


def race(
    name: str, theirs: Callable[[str, str], Figures], goal: float, entries: Entries, repeats: int = REPEATS
) -> bool:
    """Time both sides on the same pages, and assert equal figures."""
    metric, policy = metrics.get(name), load_policy("default")

    def ours(entries: Entries) -> Iterable[Any]:
        return [metric.ratios(metric.count(metric.reference(gold, policy), answers)) for gold, answers in entries]

    def plainly(entries: Entries) -> list[list[Figures]]:
        return [[theirs(gold.segments[0].text, text) for text in texts] for gold, texts in entries]

    warm = [(Gold((Segment("body", "A page."),)), ["一页"])]
    ours(warm), plainly(warm)
    fast, pages = cpu(lambda: ours(entries), repeats)
    slow, expected = cpu(lambda: plainly(entries), repeats)
    found = np.array([np.column_stack([page.precision, page.recall, page.f1]) for page in pages])
    figures = slice(2, 3) if metric.single else slice(0, 3)
    assert np.abs(found[..., figures] - np.array(expected)[..., figures]).max() <= CLOSE, name
    return say(name, len(entries), slow, fast, goal)


def main() -> int:
    """Race them all."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BOILERBENCH_DATA", "../shared/data"))
    every = int(sys.argv[2]) if len(sys.argv) > 2 else 3  # noqa: PLR2004  the second argument
    goldset = sets.load(f"zyte:{data / 'zyte-aeb'}")
    found = outputs.load(f"zyte:{data / 'zyte-aeb' / 'output'}")
    systems = {system: {page: said.text for page, said in texts.items()} for system, texts in found.items()}
    entries = [(gold, [texts.get(page.id, "") for texts in systems.values()]) for page, gold in goldset.entries]
    met = [race_zyte(goldset, systems), race("wcxb", wcxb, 2.5, entries)]
    for name, theirs, package, goal, step, repeats in (
        ("levenshtein", levenshtein, "Levenshtein", 2.5, 1, REPEATS),
        ("text-edit", text_edit, "Levenshtein", 4, 1, REPEATS),
        ("rouge5", rouge5, "jieba", 10, every, 1),
        ("rouge-lsum", rouge_lsum, "rouge_score", 100, every, 1),
    ):
        if reason := hindrance(package):
            print(f"{name:21} not timed: {reason}")
        met.append(not reason and race(name, theirs, goal, entries[::step], repeats))
    return int(not all(met))


def hindrance(package: str) -> str:
    """Say why a package's figures cannot be had here."""
    if not find_spec(package):
        return f"{package} is not installed"
    if package == "rouge_score" and (found := version("nltk")) != NLTK:
        return f"NLTK is {found}, and its sentences are not those of {NLTK}"
    return ""


if __name__ == "__main__":
    sys.exit(main())
