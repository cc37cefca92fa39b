"""Gold scored against itself is 1.000 by every metric, on every set named: what a metric makes of the perfect answer.

    python -m benchmarks gold goldset-hard zyte:PATH wcxb:PATH ...

The perfect answer is the body under policy `default`; for metrics of snippets, those that must occur, a line each; for
metrics of structure and of Markdown, what they see of the gold; for those of metadata, what gold says. Per set and
metric it prints the pages, how many score 1, how many the metric cannot measure, and how many are not 1 by its own
definition (`EXCEPT`). Exit code 1 where any other page is not 1. Then, of our own pages, how the blocks that the
body's text finds on them agree with those that are labelled.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from boilerbench import metrics, sets
from boilerbench.labels import Policy, load_policy
from boilerbench.metrics import BLOCKS, TEXT
from boilerbench.metrics.metadata import Says
from boilerbench.metrics.rouge5 import cutter
from boilerbench.metrics.snippets import LooksUp
from boilerbench.text import blocks
from boilerbench.text.blocks import projection
from boilerbench.text.decoding import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from boilerbench.model import Gold, GoldSet

EXCEPT: dict[str, Callable[[Gold, str], bool]] = {
    "rouge5": lambda _, text: len(cutter().cut([text]).hashes) < metrics.get("rouge5").n,  # type: ignore[attr-defined]
    "wcxb-without": lambda gold, text: (
        not gold.without_snippets or any(each.lower() in text.lower() for each in gold.without_snippets)
    ),
}
"""Pages not 1 by definition: without a 5-gram; without `without` snippets, or with one that must occur, too."""


@dataclass
class Found:
    """Pages by what a metric makes of their own gold; `wrong` are the ids of those that nothing explains."""

    right: int = 0
    unmeasured: int = 0
    excepted: int = 0
    wrong: list[str] = field(default_factory=list)


def against_itself(goldset: GoldSet, name: str, policy: Policy) -> Found:
    """Score the perfect answer of every page by a metric."""
    metric, found = metrics.get(name), Found()
    for page, gold in goldset.entries:
        snippets = "\n".join(gold.with_snippets)
        text = policy.body(gold) if metric.of_text else snippets
        lacks = isinstance(metric, LooksUp) and not (snippets or gold.without_snippets)
        if lacks or not metric.measures(gold, policy):
            found.unmeasured += 1
            continue
        reference = metric.reference(gold, policy)
        perfect = text if metric.view is TEXT else reference
        if isinstance(metric, Says):
            perfect = getattr(gold.metadata, name) or ""
        ratios = metric.ratios(metric.count(reference, [perfect]))
        figures = np.array([ratios.f1[0]] if metric.single else [ratios.f1[0], ratios.precision[0], ratios.recall[0]])
        if name in EXCEPT and EXCEPT[name](gold, text):
            found.excepted += 1
        elif (figures[~np.isnan(figures)] == 1).all():
            found.right += int(not np.isnan(figures).all())
            found.unmeasured += int(np.isnan(figures).all())
        else:
            found.wrong.append(page.id)
    return found


def own_markup(goldset: GoldSet, kind: str, policy: Policy) -> tuple[int, int, int]:
    """Right, surplus and missing blocks of what a page's body text finds on it, beside what its labels say."""
    metric, total = metrics.get(kind), np.zeros(3)
    for page, gold in goldset.entries:
        html = decode(page.read(), page.charset)
        found = blocks.read(projection.projected(html, policy.body(gold), page.url or ""), "html")
        counts = metric.count(metric.reference(gold, policy), [found])
        total += [counts.tp[0], counts.fp[0], counts.fn[0]]
    right, surplus, missing = map(int, total)
    return right, surplus, missing


def check(specs: Iterable[str]) -> int:
    """Print a line per set and metric; how many pages are not 1 and should be."""
    failed, policy = 0, load_policy("default")
    print("set  metric  pages  1.000  not measurable  not by definition  wrong")
    for goldset in map(sets.load, specs):
        for name in metrics.names():
            metrics.get(name).require()
            found = against_itself(goldset, name, policy)
            failed += len(found.wrong)
            counts = (len(goldset.entries), found.right, found.unmeasured, found.excepted, len(found.wrong))
            print(goldset.name, name, *counts, *found.wrong[:3], flush=True)
    print("set  kind  right  surplus  missing: blocks found by the body's text, beside the labelled ones")
    goldset = sets.load("goldset-hard")
    for name in filter(lambda name: metrics.get(name).view is BLOCKS, metrics.names()):
        print(goldset.name, name, *own_markup(goldset, name, policy), flush=True)
    return failed


def main() -> int:
    """Check the sets that are named, or our own."""
    return int(check(sys.argv[1:] or ["goldset-hard"]) > 0)


if __name__ == "__main__":
    sys.exit(main())
