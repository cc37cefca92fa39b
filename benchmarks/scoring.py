"""Scoring against straightforward code, on published outputs: one run, equal numbers, CPU time.

    python -m benchmarks scoring [DATA] [EVERY] [--json FILE]

- `zyte`, with bootstrap intervals and ranks, against its authors' evaluate.py ($BOILERBENCH_PEERS, see `processes`) and
  against plain Python: counts per page are equal to plain Python's, means to 1e-12 to both.
- `wcxb`, `levenshtein`, `text-edit` and `rouge5` on the 11 systems of `zyte-aeb`, `rouge-lsum` on the 4 of `wceb`,
  against `collections.Counter` and the packages their authors use: Levenshtein, jieba and rouge-score, as far as they
  are installed. NLTK has to be 3.9.1, as newer ones cut sentences otherwise (metrics/rouge_lsum/punkt.py).
- `wcxb`, `wcxb-with` and `wcxb-without` together on the development pages of WCXB that have a body, against what its
  evaluate.py does. What four runners and one extract there comes from the cache, or takes some minutes.

The figures of every page and system are equal to 1e-12. DATA is the folder that holds the sets; by default
$BOILERBENCH_DATA, else ../shared/data. `rouge5` and `rouge-lsum` are timed on every EVERY-th of the 181 pages (default
3), as the packages take minutes: a single run of theirs; of ours cold, as it is where nothing was seen before, and of
`rouge-lsum` also warm. Both sides get the same texts in memory, and one page before their time begins, so that imports
and dictionaries are no part of it. CPU time of all threads, the least of five runs of each side, as whatever else a
machine does only adds to it.
Exit code 1 where a goal is missed or a package is not there.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from benchmarks import plain
from benchmarks.processes import peer
from benchmarks.report import Report
from benchmarks.report import data as public
from boilerbench import metrics, sets
from boilerbench.labels import load_policy
from boilerbench.metrics import rouge5 as ours_rouge5
from boilerbench.metrics.base import Answers, Counts
from boilerbench.metrics.rouge_lsum import punkt
from boilerbench.model import Extraction, Gold, GoldSet, Segment, Status
from boilerbench.ranking import leaderboard
from boilerbench.scoring import score
from boilerbench.sets import outputs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Result = TypeVar("Result")
Rows = list[tuple[float, ...]]
Entries = list[tuple[Gold, list[str]]]
Theirs = Callable[[Gold, str], tuple[float, ...]]

REPEATS = 5
NLTK = "3.9.1"
CLOSE = 1e-12
COMMAND = "from boilerbench.cli import main; main()"
RUNNERS = ("trafilatura", "justext", "readability-lxml", "html-text")
WCXB = ("wcxb", "wcxb-with", "wcxb-without")


def cpu(work: Callable[[], Result], repeats: int = REPEATS) -> tuple[list[float], Result]:
    """Return the CPU seconds of some work in several runs, and its result."""
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return seconds, result


def race_zyte(report: Report, goldset: GoldSet, systems: dict[str, dict[str, str]]) -> None:
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
        return scores, leaderboard.build(scores, pages, {}, rounds=plain.ROUNDS, seed=next(seeds))

    ours(replace(goldset, entries=goldset.entries[:1]))
    fast, (scores, board) = cpu(lambda: ours(goldset))
    name, note = "zyte, 1,000 rounds", f"{len(gold)} pages"
    slow, expected = cpu(lambda: plain.ranked(gold, systems))
    means = board.set_index("runner")
    for system, (counts, figures, _) in expected.items():
        got = scores[scores["runner"] == system][["tp", "fp", "fn"]].itertuples(index=False, name=None)
        assert list(got) == counts, system
        assert np.abs(means.loc[system, ["precision", "recall", "f1"]].to_numpy(float) - figures).max() < CLOSE, system
    report.race(f"{name}, plain Python", ours=fast, theirs=slow, note=note)
    if isinstance(script := peer("zyte"), str):
        report.skip(name, script, 50)
        return
    slow, said = cpu(lambda: plain.by_authors(script, gold, systems))
    for system, figures in said.items():
        assert np.abs(means.loc[system, ["precision", "recall", "f1"]].to_numpy(float) - figures).max() < CLOSE, system
    report.race(name, ours=fast, theirs=slow, goal=50, note=note)


def ours(names: Sequence[str], entries: Entries) -> Rows:
    """Score as `boilerbench score` does: page by page, all metrics of one, and ratios of all pages at once."""
    asked, policy = [*map(metrics.get, names)], load_policy("default")
    counts: list[list[Counts]] = [[] for _ in asked]
    for gold, texts in entries:
        answers = Answers(texts)
        for found, metric in zip(counts, asked, strict=True):
            found.append(metric.count(metric.reference(gold, policy), answers))
    columns = []
    for found, metric in zip(counts, asked, strict=True):
        fields = ("tp", "fp", "fn", "exact")
        ratios = metric.ratios(Counts(*(np.concatenate([getattr(each, field) for each in found]) for field in fields)))
        columns += [ratios.f1] if metric.single else [ratios.precision, ratios.recall, ratios.f1]
    return [*zip(*(column.tolist() for column in columns), strict=True)]


def plainly(theirs: Theirs, entries: Entries) -> Rows:
    """Score each text by itself."""
    return [theirs(gold, text) for gold, texts in entries for text in texts]


def warm_up(work: Callable[[Entries], object]) -> None:
    """Do one page, for what is loaded with the first."""
    work([(Gold((Segment("body", "A page."),)), ["一页"])])


def cold(names: Sequence[str], entries: Entries) -> tuple[list[float], Rows]:
    """Time our side as it is where nothing was seen before."""
    rounds = []
    for _ in range(REPEATS):
        ours_rouge5.cutter.cache_clear()
        punkt.sentences.cache_clear()
        warm_up(partial(ours, names))
        seconds, found = cpu(lambda: ours(names, entries), 1)
        rounds += seconds
    return rounds, found


def assert_equal(names: Sequence[str], found: Rows, expected: Rows) -> None:
    """Assert that figures are equal but for rounding."""
    assert np.abs(np.array(found) - np.array(expected)).max() <= CLOSE, names


def race(names: Sequence[str], theirs: Theirs, entries: Entries) -> dict[str, Any]:
    """Time both sides on the same pages, and assert equal figures."""
    warm_up(partial(ours, names))
    warm_up(partial(plainly, theirs))
    fast, found = cpu(lambda: ours(names, entries))
    slow, expected = cpu(lambda: plainly(theirs, entries))
    assert_equal(names, found, expected)
    return {"ours": fast, "theirs": slow, "note": f"{len(entries)} pages"}


def race_remembering(names: Sequence[str], theirs: Theirs, entries: Entries) -> Iterable[dict[str, Any]]:
    """Time both sides of a metric that remembers what it has seen: ours cold, then warm."""
    warm_up(partial(plainly, theirs))
    first, found = cold(names, entries)
    again, _ = cpu(lambda: ours(names, entries))
    slow, expected = cpu(lambda: plainly(theirs, entries), 1)
    assert_equal(names, found, expected)
    return [{"ours": fast, "theirs": slow, "note": f"{len(entries)} pages"} for fast in (first, again)]


def entries_of(goldset: GoldSet, systems: Iterable[dict[str, str]]) -> Entries:
    """The pages of a set that have a body, with what systems gave for them."""
    return [(gold, [texts.get(page.id, "") for texts in systems]) for page, gold in goldset.entries if gold.segments]


def published(spec: str, goldset: GoldSet) -> dict[str, dict[str, str]]:
    """Texts of systems by the set's page ids."""
    found = outputs.load(spec)
    pages = outputs.pages_named(goldset, {key for texts in found.values() for key in texts})
    return {
        system: {pages[key]: said.text for key, said in texts.items() if key in pages}
        for system, texts in found.items()
    }


def extracted(spec: str) -> list[dict[str, str]]:
    """What the runners extract from a set: texts by page."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-c", COMMAND, "run", *RUNNERS, "--set", spec, "--out", f"{place}/run"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        table = pd.read_parquet(f"{place}/run/extractions.parquet", columns=["runner", "page", "text"])
    texts = {
        runner: dict(zip(rows["page"], rows["text"].fillna(""), strict=True))
        for runner, rows in table.groupby("runner")
    }
    return [texts[runner] for runner in RUNNERS]


def measure(report: Report, data: Path, every: int = 3) -> None:
    """Race them all."""
    if lacking := next((data / name for name in ("zyte-aeb", "wcxb", "wceb") if not (data / name).is_dir()), None):
        report.skip("scoring", f"no {lacking} (set BOILERBENCH_DATA)", 1)
        return
    goldset = sets.load(f"zyte:{data / 'zyte-aeb'}")
    systems = published(f"zyte:{data / 'zyte-aeb' / 'output'}", goldset)
    entries = entries_of(goldset, systems.values())
    race_zyte(report, goldset, systems)
    report.race("wcxb", goal=2.5, **race(["wcxb"], plain.by_body(plain.wcxb), entries))
    for name, theirs, goal in (("levenshtein", plain.levenshtein, 6), ("text-edit", plain.text_edit, 5)):
        if reason := hindrance("Levenshtein"):
            report.skip(name, reason, goal)
        else:
            report.race(name, goal=goal, **race([name], plain.by_body(theirs), entries))
    pages = f"wcxb:{data / 'wcxb'}"
    four = entries_of(sets.load(pages), extracted(pages))
    for name, goal, entrants in (("4 systems", 6, four), ("one system", 4, [(gold, each[:1]) for gold, each in four])):
        report.race(f"wcxb with snippets, {name}", goal=goal, **race(WCXB, plain.wcxb_all, entrants))
    of_wceb = entries_of(goldset, published(f"wceb:{data / 'wceb' / 'outputs'}", goldset).values())
    for name, theirs, package, goals, entrants in (
        ("rouge5", plain.rouge5, "jieba", (25, None), entries),
        ("rouge-lsum", plain.rouge_lsum, "rouge_score", (300, 500), of_wceb),
    ):
        if reason := hindrance(package):
            report.skip(name, reason, goals[0])
            continue
        for state, goal, times in zip(
            ("cold", "warm"), goals, race_remembering([name], plain.by_body(theirs), entrants[::every]), strict=True
        ):
            report.race(f"{name}, {state}", goal=goal, **times)


def hindrance(package: str) -> str:
    """Say why a package's figures cannot be had here."""
    if not find_spec(package):
        return f"{package} is not installed"
    if package == "rouge_score" and (found := version("nltk")) != NLTK:
        return f"NLTK is {found}, and its sentences are not those of {NLTK}"
    return ""


def main() -> int:
    """Race them alone."""
    report = Report()
    given = report.arguments
    measure(report, Path(given[0]) if given else public(), int(given[1]) if len(given) > 1 else 3)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
