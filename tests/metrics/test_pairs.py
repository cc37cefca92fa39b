"""3,000 random pairs of gold and text score as plain code says that knows nothing of ours; gold against itself is 1."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import pytest

from benchmarks import gold as gold_benchmark
from boilerbench import metrics, sets
from boilerbench.labels import load_policy
from boilerbench.model import Gold, Segment
from tests.text.test_tokens import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    Plain: TypeAlias = Callable[[str, str], tuple[float, float, float]]

POLICY = load_policy("default")
WORDS = (
    *(
        "the",
        "The",
        "boat",
        "Straße",
        "STRASSE",
        "caf\u00e9",
        "cafe\u0301",
        "x_1",
        "don't",
        "well-known",
        "3.14",
        "ǅ",
        "İ",
    ),
    *(
        "лодка",
        "Лодка",
        "漢字",
        "我来到北京",
        "かな",
        "ไทยน้ำ",
        "हिन्दी",
        "עברית",
        "soft\u00adhy\u00adphen",
        "\U0001f600",
        "e\u0301",
        "ﬁn",
    ),
)
JOINS = (" ", " ", " ", " ", "\n", ". ", ", ", "\u00a0", " \t ", "。", "", "-", "! A ")


def random_text(draw: random.Random, longest: int = 40) -> str:
    return "".join(draw.choice(WORDS) + draw.choice(JOINS) for _ in range(draw.randrange(longest)))


def random_pair(draw: random.Random) -> tuple[str, str]:
    """A gold and a text that has parts of it, or nothing of it."""
    gold = random_text(draw)
    cut = sorted(draw.randrange(len(gold) + 1) for _ in range(4))
    kept = gold[cut[0] : cut[1]] + random_text(draw, 6) + gold[cut[2] : cut[3]]
    return gold, draw.choice([kept, kept, kept, gold, random_text(draw), ""])


def ratios(matched: float, found: float, wanted: float) -> tuple[float, float, float]:
    if not found and not wanted:
        return 1.0, 1.0, 1.0
    precision, recall = matched / found if found else 0.0, matched / wanted if wanted else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if matched else 0.0


def runs(tokens: Sequence[Hashable], n: int, *, short: bool = True) -> Counter[tuple[Hashable, ...]]:
    if len(tokens) < n:
        return Counter([tuple(tokens)] if tokens and short else [])
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def overlap(gold: Counter[tuple[Hashable, ...]], text: Counter[tuple[Hashable, ...]]) -> tuple[float, float, float]:
    return ratios(sum(min(count, text[gram]) for gram, count in gold.items()), text.total(), gold.total())


def plain_wcxb(gold: str, text: str) -> tuple[float, float, float]:
    return overlap(*(runs(re.findall(r"\w+", each.lower()), 1) for each in (gold, text)))


def plain_zyte(gold: str, text: str) -> tuple[float, float, float]:
    one, other = (runs(re.findall(r"\w+", each), 4) for each in (gold, text))
    precision, recall, f1 = overlap(one, other)
    nan = float("nan")
    return precision if other else nan, recall if one else nan, f1


def common(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """Length of the longest common subsequence, by the textbook's table."""
    row = [0] * (len(other) + 1)
    for left in one:
        before = row
        row = [0]
        for at, right in enumerate(other, 1):
            row.append(before[at - 1] + 1 if left == right else max(before[at], row[-1]))
    return row[-1]


def plain_levenshtein(gold: str, text: str) -> tuple[float, float, float]:
    one, other = gold.split(), text.split()
    whole = len(one) + len(other)
    return (2 * common(one, other) / whole if whole else 1.0,) * 3


def plain_text_edit(gold: str, text: str) -> tuple[float, float, float]:
    row = list(range(len(text) + 1))
    for down, left in enumerate(gold, 1):
        before, row = row, [down]
        for at, right in enumerate(text, 1):
            row.append(min(before[at] + 1, row[-1] + 1, before[at - 1] + (left != right)))
    longer = max(len(gold), len(text))
    return (1 - row[-1] / longer if longer else 1.0,) * 3


def plain_rouge5(gold: str, text: str) -> tuple[float, float, float]:
    import jieba

    if not gold.strip() and not text.strip():
        return 1.0, 1.0, 1.0
    one, other = (runs(jieba.lcut(each), 5, short=False) for each in (gold, text))
    return overlap(one, other) if one or other else (0.0, 0.0, 0.0)


def taken(one: Sequence[str], other: Sequence[str]) -> set[int]:
    """Places of `one` in the common subsequence that rouge_score reads out of its table from the end."""
    table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, left in enumerate(one, 1):
        for j, right in enumerate(other, 1):
            table[i][j] = table[i - 1][j - 1] + 1 if left == right else max(table[i - 1][j], table[i][j - 1])
    i, j, places = len(one), len(other), set()
    while i and j:
        if one[i - 1] == other[j - 1]:
            i, j = i - 1, j - 1
            places.add(i)
        elif table[i][j - 1] > table[i - 1][j]:
            j -= 1
        else:
            i -= 1
    return places


def plain_rouge_lsum(gold: str, text: str) -> tuple[float, float, float]:
    from boilerbench.metrics.rouge_lsum.punkt import sentences

    one, other = ([each.split() for each in sentences()(side)] for side in (gold, text))
    left, hits = Counter(token for each in other for token in each), 0
    wanted = Counter(token for each in one for token in each)
    for sentence in one:
        for place in sorted(set().union(*(taken(sentence, each) for each in other))):
            token = sentence[place]
            if left[token] and wanted[token]:
                left[token], wanted[token], hits = left[token] - 1, wanted[token] - 1, hits + 1
    found, whole = (sum(map(len, each)) for each in (other, one))
    precision, recall, f1 = ratios(hits, found, whole)
    return precision, recall if whole else 1.0, f1


PLAIN: dict[str, tuple[int, Plain]] = {
    "words": (550, lambda gold, text: overlap(runs(plain_words(gold), 1), runs(plain_words(text), 1))),
    "shingles": (550, lambda gold, text: overlap(runs(plain_words(gold), 4), runs(plain_words(text), 4))),
    "exact": (300, lambda gold, text: (float(plain_words(gold) == plain_words(text)),) * 3),
    "zyte": (550, plain_zyte),
    "wcxb": (550, plain_wcxb),
    "levenshtein": (250, plain_levenshtein),
    "text-edit": (50, plain_text_edit),
    "rouge5": (100, plain_rouge5),
    "rouge-lsum": (100, plain_rouge_lsum),
}


@cache
def needs(name: str) -> None:
    """Skip where a metric's package or data is not there."""
    if name == "rouge5":
        pytest.importorskip("jieba").setLogLevel(60)
    if name == "teds":
        pytest.importorskip("apted")


def test_three_thousand_pairs_are_drawn() -> None:
    assert sum(count for count, _ in PLAIN.values()) == 3000


@pytest.mark.parametrize("name", PLAIN)
def test_random_pairs_score_as_plain_code_says(name: str, request: pytest.FixtureRequest) -> None:
    needs(name)
    if name == "rouge-lsum":
        request.getfixturevalue("punkt")
    (count, plain), metric, draw = PLAIN[name], metrics.get(name), random.Random(name)  # noqa: S311  no secret
    seen = set()
    for _ in range(count):
        gold, text = random_pair(draw)
        found = metric.ratios(metric.count(metric.reference(Gold((Segment("body", gold),)), POLICY), [text]))
        scored = tuple(float(each[0]) for each in (found.precision, found.recall, found.f1))
        expected = plain(gold, text)
        figures = slice(2, 3) if metric.single else slice(0, 3)
        assert scored[figures] == pytest.approx(expected[figures], abs=1e-12, nan_ok=True), (gold, text)
        seen.add(round(scored[2], 3))
    assert {0, 1} <= seen
    assert len(seen) > (2 if name != "exact" else 1)


def plain_snippets(with_: Sequence[str], without: Sequence[str], text: str) -> tuple[int, int, int]:
    ready = " ".join(text.split())
    hits = sum(" ".join(each.split()) in ready for each in with_)
    return hits, sum(" ".join(each.split()) in ready for each in without), len(with_) - hits


def test_snippets_of_random_pairs_are_found_as_plain_code_finds_them() -> None:
    metric, draw = metrics.get("snippets"), random.Random(0)  # noqa: S311  no secret
    for _ in range(300):
        gold, text = random_pair(draw)
        cuts = [draw.randrange(len(gold) + 1) for _ in range(4)]
        with_, without = (
            [gold[at : at + 9] for at in cuts if gold[at : at + 9].strip()],
            [random_text(draw, 2).strip() or "x"],
        )
        found = metric.count(metric.reference(Gold((), tuple(with_), tuple(without)), POLICY), [text])
        assert (found.tp[0], found.fp[0], found.fn[0]) == plain_snippets(with_, without, text)


@pytest.mark.parametrize("name", metrics.names())
def test_gold_against_itself_is_1_on_our_own_pages(name: str, request: pytest.FixtureRequest) -> None:
    needs(name)
    if name == "rouge-lsum":
        request.getfixturevalue("punkt")
    goldset = sets.load("goldset-hard")
    found = gold_benchmark.against_itself(goldset, name, POLICY)
    assert not found.wrong
    assert found.right + found.unmeasured + found.excepted == len(goldset.entries) == 67
    some = {"rouge5": 63, "snippets": 63, "title": 63, "author": 33, "date": 32, "language": 67}
    if name.startswith("wmb-"):  # of Markdown, which none of these has
        assert found.unmeasured == 67
    elif name in some or not metrics.get(name).of_kind:  # the others measure pages that have the kind
        assert found.right == some.get(name, 67)


@pytest.mark.parametrize(
    ("kind", "least"), [("headings", 150), ("lists", 150), ("tables", 500), ("code", 50), ("links", 30)]
)
def test_blocks_that_a_body_finds_on_its_page_are_those_that_are_labelled(kind: str, least: int) -> None:
    right, surplus, missing = gold_benchmark.own_markup(sets.load("goldset-hard"), kind, POLICY)
    assert right >= least
    assert right / (right + surplus) > 0.93
    assert right / (right + missing) > 0.93
