"""Scoring, ours against plain Python: the `zyte` metric with a bootstrap interval for the 11 published outputs.

    python benchmarks/scoring.py [DATA]

DATA is the folder that holds `zyte-aeb`; by default $BOILERBENCH_DATA, else ../shared/data. Both sides get the same
texts in memory and give the same numbers, which is asserted: counts per page exactly, means to 1e-12. Ours also ranks.
CPU time is the least of three runs, all threads included. Exit code 1 if ours is less than 10 times faster.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
import scipy.stats  # noqa: F401  imports are no part of the time

from bench import leaderboard, metrics, score, sets
from bench.labels import load_policy
from bench.model import Extraction, GoldSet, Status

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
Pair = tuple[float, float, float]
Outputs = dict[str, dict[str, str]]
Extractions = dict[str, dict[str, Extraction]]

ROUNDS = 1000
GOAL = 10.0
WORD = re.compile(r"\w+")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four tokens; a shorter text is one run."""
    tokens = WORD.findall(text)
    return Counter(tuple(tokens[i : i + 4]) for i in range(max(1, len(tokens) - 3)) if tokens)


def count(gold: str, answer: str) -> Pair:
    """Matched, surplus and missing shingles of one answer."""
    expected, found = shingles(gold), shingles(answer)
    matched = sum((expected & found).values())
    return matched, found.total() - matched, expected.total() - matched


def statistics(counts: list[Pair]) -> Pair:
    """Macro precision and recall, each over the pages that have it, and F1 of the two."""
    precision = fmean(tp / (tp + fp) for tp, fp, _ in counts if tp + fp)
    recall = fmean(tp / (tp + fn) for tp, _, fn in counts if tp + fn)
    return precision, recall, 2 * precision * recall / (precision + recall)


def plain(gold: dict[str, str], outputs: Outputs) -> dict[str, tuple[list[Pair], Pair, Pair]]:
    """Do it in plain Python: per system the counts, the means, and the bootstrap interval of F1."""
    generator = random.Random(0)  # noqa: S311  no secret
    results = {}
    for system, answers in outputs.items():
        counts = [count(gold[page], answers.get(page, "")) for page in gold]
        rounds = sorted(statistics(generator.choices(counts, k=len(counts)))[2] for _ in range(ROUNDS))
        results[system] = (counts, statistics(counts), (rounds[25], rounds[974], 0.0))
    return results


def ours(goldset: GoldSet, extractions: Extractions, pages: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Do it as `boilerbench score` does: the scores, and the leaderboard of them."""
    scores = score.score(goldset, extractions, [metrics.get("zyte")], load_policy("default"))
    return scores, leaderboard.build(scores, pages, {}, rounds=ROUNDS)


def cpu(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return the least CPU seconds of three runs, and the last result."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return min(seconds), result


def check(expected: dict[str, Any], scores: pd.DataFrame, board: pd.DataFrame) -> None:
    """Assert that both sides say the same."""
    means = board.set_index("runner")
    for system, (counts, (precision, recall, f1), _) in expected.items():
        got = scores[scores["runner"] == system][["tp", "fp", "fn"]].itertuples(index=False, name=None)
        assert list(got) == counts, system
        for name, value in (("precision", precision), ("recall", recall), ("f1", f1)):
            assert abs(means.loc[system, name] - value) < 1e-12, (system, name)  # noqa: PLR2004  the last digits of a sum


def main() -> int:
    """Time both sides and compare."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("BOILERBENCH_DATA", "../shared/data"))
    goldset = sets.load(f"zyte:{data / 'zyte-aeb'}")
    outputs = sets.load_outputs(f"zyte:{data / 'zyte-aeb' / 'output'}")
    gold = {page.id: "\n".join(segment.text for segment in gold.segments) for page, gold in goldset.entries}
    pages = pd.DataFrame([{"set": goldset.name, "page": page.id, "site": page.site} for page in goldset.pages])
    extractions = {
        system: {page: Extraction(Status.OK if text else Status.EMPTY, text) for page, text in answers.items()}
        for system, answers in outputs.items()
    }
    fast, (scores, board) = cpu(lambda: ours(goldset, extractions, pages))
    slow, expected = cpu(lambda: plain(gold, outputs))
    check(expected, scores, board)
    print(f"{len(outputs)} systems x {len(gold)} pages, {ROUNDS} rounds: equal numbers")
    print(f"plain {slow:.2f} s, ours {fast:.3f} s of CPU: {slow / fast:.1f} times faster (goal {GOAL:.0f})")
    return int(slow / fast < GOAL)


if __name__ == "__main__":
    sys.exit(main())
