from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from boilerbench.comparison import floor_file
from boilerbench.comparison.compare import compare
from boilerbench.comparison.difference import Comparison
from boilerbench.comparison.gates import EXAMPLES, Outcome, parse
from boilerbench.errors import UsageError
from tests.pairs import compared, side

if TYPE_CHECKING:
    from pathlib import Path

    from boilerbench.comparison.difference import Comparison

BASE = [0.9, 0.8, 0.7, 0.6, 0.5, 0.9, 0.8, 0.7, 0.6, 0.5]
"""Their mean is 0.7."""


def lower(by: float) -> list[float]:
    return [value - by for value in BASE]


@pytest.mark.parametrize(
    ("gate", "passes", "fails"),
    [
        ("f1 < base - 0.5pt", lower(0.005), lower(0.006)),
        ("f1 <= base - 0.5pt", lower(0.004), lower(0.005)),
        ("f1 drop > 0.5pt", lower(0.005), lower(0.006)),
        ("F1 drop>1 pt", lower(0.01), lower(0.011)),
        ("recall drop > 2pt", lower(0.02), lower(0.021)),
        ("f1<base", BASE, lower(0.001)),
        ("f1 < 0.69", lower(0.01), lower(0.011)),
        ("F1 < 69%", lower(0.01), lower(0.011)),
        ("recall < 69pt", lower(0.01), lower(0.011)),
        ("precision < base * 0.99", lower(0.007), lower(0.008)),
        ("f1 > base + 1pt", lower(-0.01), lower(-0.02)),
        ("page drop > 20pt", [0.7, *BASE[1:]], [0.69, *BASE[1:]]),
        ("significant regression", lower(-0.1), lower(0.1)),
        ("Significant  Regression", [0.1, *BASE[1:]], lower(0.1)),
    ],
)
def test_each_gate_passes_and_fails(gate: str, passes: list[float], fails: list[float]) -> None:
    found = parse(gate)
    assert found.judge(compared(BASE, passes)).passed
    outcome = found.judge(compared(BASE, fails))
    assert not outcome.passed
    assert (outcome.gate, outcome.set) == (gate, "tiny")


@pytest.mark.parametrize(
    ("gate", "passes", "fails"),
    [
        ("failures > base", 1, 2),
        ("failures > base + 1", 2, 3),
        ("failures > 2", 2, 3),
        ("failures >= 2", 1, 2),
        ("failures > base * 2", 2, 3),
    ],
)
def test_failures_are_counted_and_the_new_ones_named(gate: str, passes: int, fails: int) -> None:
    def outcome(failures: int) -> tuple[bool, tuple[str, ...]]:
        statuses = dict.fromkeys(range(failures), "error")
        (found,) = compare(side(BASE, statuses={0: "crash"}), side(BASE, statuses=statuses), "words")
        judged = parse(gate).judge(found)
        return judged.passed, judged.pages

    assert outcome(passes) == (True, ())
    assert outcome(fails) == (False, tuple(f"p{number:04}" for number in range(1, fails)))


def test_empty_answers_and_time_can_be_asked_about() -> None:
    (found,) = compare(side(BASE, seconds=0.1), side(BASE, seconds=0.2, statuses={0: "empty"}), "words")
    assert not parse("empty > base").judge(found).passed
    assert parse("empty > 1").judge(found).passed
    assert not parse("seconds > base * 1.5").judge(found).passed
    assert parse("seconds > 0.2").judge(found).passed


def test_pages_that_dropped_are_named_the_worst_first() -> None:
    head = [0.1, *BASE[1:-1], 0.2]
    assert parse("page drop > 20pt").judge(compared(BASE, head)).pages == ("p0000", "p0009")


@pytest.mark.parametrize("gate", EXAMPLES)
def test_the_examples_can_be_read(gate: str) -> None:
    assert parse(gate)


@pytest.mark.parametrize(
    "gate",
    [
        *(
            "",
            "nope",
            "f1",
            "f1 <",
            "f1 < nope",
            "f1 == 0.9",
            "f1 < -1",
            "f1 < base -",
            "f1 < 0.9 and f1 > 0.1",
            "f1 << 0.9",
        ),
        "page drop > 20",
        "page drop < 20pt",
        "pages drop > 2pt",
        "regression",
        "f1 < base - 0.5%",
        "f1 < 1e-3",
        "f1 < nan",
    ],
)
def test_garbage_is_answered_with_examples(gate: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse(gate)
    assert str(refusal.value).startswith(f"cannot read the gate '{gate}'; gates are, for example: f1 < base - 0.5pt;")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("gate", "says"),
    [
        ("f1 < base - 0.5", "say by how many points of 100"),
        ("f1 < 90", "a score is at most 1, or 100pt"),
        ("failures > 3pt", "pt does not go with failures"),
        ("failures > base + 1pt", "pt does not go with failures"),
        ("f1 < base * 2pt", "pt does not go with *"),
    ],
)
def test_a_gate_that_would_never_do_what_it_says_is_refused(gate: str, says: str) -> None:
    with pytest.raises(UsageError, match=re.escape(says)):
        parse(gate)


@pytest.mark.parametrize("gate", ["significant regression", "page drop > 20pt", "seconds > base"])
def test_a_gate_that_cannot_be_judged_is_no_pass(gate: str) -> None:
    (found,) = compare(side(BASE), side(BASE, numbers_only=True), "words")
    with pytest.raises(UsageError, match=f"gate '{gate}': set 'tiny'"):
        parse(gate).judge(found)


def test_a_gate_that_this_set_can_never_fire_is_no_pass_and_says_what_can_be_asked_instead() -> None:
    found = compared([1.0] * 48, [0.0] * 48, sites=[f"s{number % 3}" for number in range(48)])
    with pytest.raises(UsageError, match=r"set 'tiny' cannot be judged: too few sites \(3; below 6.*--unit page.*drop"):
        parse("significant regression").judge(found)
    assert not parse("f1 drop > 2pt").judge(found).passed


def test_a_gate_on_a_score_that_the_metric_lacks_or_that_is_undefined_is_no_pass() -> None:
    (found,) = compare(side(BASE, metric="exact"), side(BASE, metric="exact"), "exact")
    with pytest.raises(UsageError, match="has no recall"):
        parse("recall < 0.5").judge(found)
    undefined = replace(found, changes={"f1": replace(found.changes["f1"], head=float("nan"))})
    with pytest.raises(UsageError, match="has no f1"):
        parse("f1 < 0.5").judge(undefined)


def hold(file: Path, comparisons: list[Comparison], **how: bool) -> list[Outcome]:
    return floor_file.read(file, missing=how.get("update", False)).hold(comparisons, **how)


def floors(file: Path) -> dict[str, float]:
    return {floor["runner"]: floor["f1"] for floor in json.loads(file.read_text())["floors"]}


def scored(f1: float, runner: str = "mine@2.0", **more: str) -> Comparison:
    (found,) = compare(side([0.5, 0.5], **more), side([f1, f1], runner=runner, **more), "words")
    return found


def test_floors_rise_by_themselves_and_fall_on_request_alone(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    assert hold(file, [scored(0.8)], update=True) == []
    assert floors(file) == {"mine": 0.8}
    assert [outcome.passed for outcome in hold(file, [scored(0.8)])] == [True]
    assert [outcome.passed for outcome in hold(file, [scored(0.79)])] == [False]
    assert [outcome.passed for outcome in hold(file, [scored(0.79)], update=True)] == [False]
    assert floors(file) == {"mine": 0.8}
    assert [outcome.passed for outcome in hold(file, [scored(0.9)], update=True)] == [True]
    assert floors(file) == {"mine": 0.9}
    assert hold(file, [scored(0.7)], update=True, allow_regression=True) == []
    assert floors(file) == {"mine": 0.7}
    hold(file, [scored(0.3, "other")], update=True)
    assert floors(file) == {"mine": 0.7, "other": 0.3}


def test_floors_are_pinned_to_the_pages_they_were_set_on(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    hold(file, [scored(0.8)], update=True)
    other = scored(0.9, fingerprint="ffffffffffff")
    for update in (False, True):
        with pytest.raises(UsageError, match="fingerprint 0123456789ab, here ffffffffffff"):
            hold(file, [other], update=update)
    hold(file, [other], update=True, allow_regression=True)
    assert hold(file, [other])[0].passed


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "no such file of floors; --update-floors makes it"),
        ("{}", "no schema number"),
        ("nope", "not JSON"),
        ('{"schema": 2}', "schema 2 is newer than 1"),
        ('{"schema": 1}', "not a file of floors"),
        ('{"schema": 1, "floors": [{}]}', "not a file of floors"),
        ('{"schema": 1, "floors": []}', "has no floor for tiny, default, words, mine"),
    ],
)
def test_a_file_that_holds_no_floors_is_refused(content: str | None, says: str, tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(UsageError, match=re.escape(says)):
        hold(file, [scored(0.8)])


@pytest.mark.parametrize(
    "gate", ["page drop > 101pt", "f1 < base - 100.5pt", "f1 drop > 1000pt", f"seconds > base * {'9' * 400}"]
)
def test_a_gate_that_can_never_hold_or_fail_is_refused(gate: str) -> None:
    with pytest.raises(UsageError, match=r"at most 100pt|is too large"):
        parse(gate)


FLOOR = '{"set": "s", "policy": "p", "metric": "m", "runner": "r", "f1": %s}'


@pytest.mark.parametrize(
    ("floors", "says"),
    [
        *((FLOOR % value, "is no finite number") for value in ("NaN", "Infinity", "-Infinity", "1e999")),
        *((FLOOR % value, "'floors[0].f1' must be a number <= 1.0") for value in ("1.01", "1e300", "95")),
        (FLOOR % "-0.1", "'floors[0].f1' must be a number >= 0.0"),
        (FLOOR % "true", "'floors[0].f1' must be a number, not true or false"),
        (FLOOR % '"0.9"', "'floors[0].f1' must be a number, not a text"),
        (FLOOR % '0.1, "f1": 0.9', "the key 'f1' stands twice"),
        (f"{FLOOR % 0.1}, {FLOOR % 0.9}", "has 2 floors for s, p, m, r; leave one of them"),
    ],
)
def test_a_floor_that_is_no_score_is_refused_by_its_file(floors: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    file.write_text(f'{{"schema": 1, "floors": [{floors}]}}')
    with pytest.raises(UsageError) as refusal:
        floor_file.read(file)
    assert str(file) in str(refusal.value)
    assert says in str(refusal.value)
