"""What a leaderboard is said to say is what its statistics say, and no more."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from boilerbench.ranking import export, leaderboard, pairs, stats
from boilerbench.rendering import render, verdict

ROUNDS = 200


def row(runner: str, f1: float, ranks: tuple[int, int], **more: Any) -> dict[str, Any]:
    about = {"rank_low": ranks[0], "rank_high": ranks[1], "detectable": 0.04, "pages": 100, "failures": "", "failed": 0}
    return {"runner": runner, "f1": f1, "precision": None, "recall": None, **about, **more}


def said(*rows: dict[str, Any]) -> list[str]:
    return list(verdict.sentences(list(rows)))


def test_who_leads_beyond_chance_is_said_to_lead() -> None:
    assert said(row("a", 0.9, (1, 1)), row("b", 0.8, (2, 2))) == [
        "a leads, 10.00 points above b; the difference is significant."
    ]
    assert said(row("a", 0.9, (1, 1)), row("b", 0.85, (2, 3)), row("c", 0.84, (2, 3))) == [
        "a leads, 5.00 points above b, and significantly above all 2 others."
    ]


def test_who_is_first_by_chance_is_not_said_to_lead_and_how_many_pages_would_tell() -> None:
    # .04 can be told on 100 pages, so .02 on (.04 / .02)^2 = 4 times as many: 300 more
    assert said(row("a", 0.82, (1, 2)), row("b", 0.80, (1, 2)), row("c", 0.5, (3, 3))) == [
        "a has the highest F1, 2.00 points above b; 1 of 2 others is not significantly below: b.",
        "To show that difference, if it is one, would take about 300 more pages like these.",
    ]
    assert said(row("a", 0.82, (1, 2)), row("b", 0.82, (1, 2))) == [
        "a has the highest F1, 0.00 points above b; the difference is not significant."
    ]


def test_who_is_level_is_named_where_the_ranks_tell_alone() -> None:
    # c is significantly below b, and not below a: its range begins with 2
    rows = row("a", 0.82, (1, 3)), row("b", 0.8, (1, 2)), row("c", 0.79, (2, 3)), row("d", 0.1, (4, 4))
    assert said(*rows)[0] == "a has the highest F1, 2.00 points above b; 2 of 3 others are not significantly below."


def test_over_too_few_sites_no_difference_is_claimed() -> None:
    rows = [row("a", 0.9, (1, 2), detectable=1.0), row("b", 0.1, (1, 2), detectable=1.0)]
    assert said(*rows) == ["a has the highest F1, 80.00 points above b; over so few sites no difference can be shown."]


def test_the_price_of_the_lead_is_said_and_who_failed() -> None:
    best = row("a", 0.9, (1, 1), precision=0.8, recall=0.95)
    other = row("b", 0.7, (2, 2), precision=0.9, recall=0.6, failures="timeout:2", failed=2)
    assert said(best, other)[1:] == [
        "It loses 5 % of what should come, and 20 % of what it gives should not.",
        "b lets least through (10 %).",
        "Failures count as 0: b 2.",
    ]


def test_slices_are_told_together() -> None:
    boards = [
        ("de", [row("a", 0.9, (1, 1)), row("b", 0.8, (2, 2))]),
        ("en", [row("b", 0.9, (1, 2)), row("a", 0.8, (1, 2))]),
        ("fr", [row("a", 0.9, (1, 2)), row("b", 0.8, (1, 2))]),
        ("ja", [row("a", 0.9, (1, 1))]),
    ]
    assert verdict.of_slices(boards) == "Highest F1: a in de (significantly), fr; b in en."
    assert verdict.of_slices(boards[1:]) == "Highest F1: b in en; a in fr; significantly in none."
    assert verdict.of_slices(boards[3:]) == ""


@pytest.mark.parametrize("seed", range(200))
def test_no_sentence_claims_more_than_the_statistics(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pages, sites, runners = int(rng.integers(3, 40)), int(rng.integers(1, 15)), int(rng.integers(2, 6))
    page = pd.DataFrame({"set": "s", "page": [f"p{n}" for n in range(pages)]})
    page["site"] = [f"x{n}" for n in rng.integers(0, sites, pages)]
    skill = rng.choice([0.5, 0.6, 0.9], runners)
    tp = np.rint(rng.beta(20 * skill, 20 * (1 - skill), (pages, runners)) * 100)
    scores = pd.DataFrame(
        {
            "set": "s",
            "policy": "default",
            "metric": "words",
            "status": "ok",
            "exact": 0.0,
            "runner": np.tile([f"r{n}" for n in range(runners)], pages),
            "page": np.repeat(page["page"].to_numpy(), runners),
            "tp": tp.ravel(),
            "fp": 100 - tp.ravel(),
            "fn": 100 - tp.ravel(),
            **dict.fromkeys(("precision", "recall", "f1"), tp.ravel() / 100),
        }
    )
    table = leaderboard.build(scores, page, {}, rounds=ROUNDS)
    found, told = verdict.of(export.rows(table)), " ".join(verdict.sentences(export.rows(table)))
    tested = pairs.pairs(scores, page, rounds=ROUNDS)
    assert found is not None
    of_leader = tested[(tested["runner"] == found.leader["runner"]) | (tested["other"] == found.leader["runner"])]
    level = of_leader[~(of_leader["p"] <= 1 - stats.LEVEL)]
    others = (set(level["runner"]) | set(level["other"])) - {found.leader["runner"]}
    assert found.level == len(others)
    assert set(found.equals) <= others
    assert found.testable or not (tested["p"] <= 1 - stats.LEVEL).any()
    claims = re.findall(r"(not |no )?(?:difference is )?(significant\w*(?: above none)?)", told)
    assert any(not no and "none" not in what for no, what in claims) is (found.settled and found.testable)
    assert found.leader["runner"] in render("text", table, []).splitlines()[1]
