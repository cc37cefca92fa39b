from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerbench import metrics
from boilerbench.labels import Role, known_policies, load_policy
from boilerbench.model import Extraction, Gold, GoldSet, Page, Segment, Status
from boilerbench.ranking.diagnosis import COLUMNS, NOT_ON_PAGE, REPEATED, TABLE_COLUMNS, by_label, diagnose, has_labels
from boilerbench.rendering.cells import score as digits
from boilerbench.scoring.score import score

DOCS = Path(__file__).parents[2] / "docs"
POLICY = load_policy("default")
FERRY = {
    "title": "Ferry closes",
    "paragraph": "The last boat leaves the pier on Sunday.",
    "list": "bring a coat and tea",
    "cookie": "We use cookies. Accept all or leave",
    "share": "Share this",
}
ANSWER = "Ferry closes. The last boat leaves the pier on Sunday. Bring a torch. We use cookies. Accept all. Share this!"
LABELS = ("title", "byline", "paragraph", "list", "code", "caption", "comment", "cookie", "share", "hidden")
texts = st.lists(st.sampled_from(list("abcdefgh")), min_size=1, max_size=9).map(" ".join)
golds = st.lists(st.tuples(st.sampled_from(LABELS), texts), max_size=7).map(
    lambda parts: Gold(tuple(Segment(label, text) for label, text in parts))
)


def goldset(*golds: Gold) -> GoldSet:
    entries = tuple((Page(f"p{number}", lambda: b""), gold) for number, gold in enumerate(golds))
    return GoldSet("tiny", "native:tiny", entries)


def gold(*segments: tuple[str, str]) -> Gold:
    return Gold(tuple(Segment(label, text) for label, text in segments))


def answers(**of_runner: list[str | None]) -> dict[str, dict[str, Extraction]]:
    return {
        runner: {
            f"p{number}": Extraction(Status.CRASH) if text is None else Extraction(Status.OK, text)
            for number, text in enumerate(each)
        }
        for runner, each in of_runner.items()
    }


def diagnosed(reference: Gold, answer: str, policy: str = "default") -> dict[str, tuple[int, int, float]]:
    table = diagnose(goldset(reference), answers(x=[answer]), load_policy(policy))
    return {row["label"]: (row["words"], row["hits"], row["blamed"]) for row in table.to_dict("records")}


def test_the_worked_example_of_the_docs_has_the_numbers_it_computes() -> None:
    text = (DOCS / "labels.md").read_text(encoding="utf-8")
    for label, segment in FERRY.items():
        assert f"    {label:10} {segment}\n" in text
    assert f"    {ANSWER}\n" in text
    page = diagnose(goldset(gold(*FERRY.items())), answers(x=[ANSWER]), POLICY)
    table = by_label(page).merge(page[["label", "hits", "blamed"]], on="label")
    lines = [
        f"| {row['label']} | {row['words']} | {row['hits']} | {digits(row['coverage'])} | {digits(row['leak'])} "
        f"| {row['blamed']:.0f} | {digits(row['blame'])} |"
        for row in table.to_dict("records")
    ]
    assert re.findall(r"^\| [a-z ]+ \| \d.*", text, re.MULTILINE) == lines


def test_false_words_are_those_that_the_metric_counts() -> None:
    assert diagnosed(gold(*FERRY.items()), ANSWER) == {
        "paragraph": (8, 8, 0.0),
        "list": (5, 0, 0.0),
        "cookie": (7, 5, 5.0),
        "share": (2, 2, 2.0),
        NOT_ON_PAGE: (0, 0, 1.0),
    }


def test_clutter_that_says_what_the_body_says_is_not_told_to_leak() -> None:
    reference = gold(("paragraph", "the boat leaves on sunday"), ("teaser", "the boat leaves on sunday morning early"))
    assert diagnosed(reference, "the boat leaves on sunday")["teaser"] == (5, 0, 0.0)
    assert diagnosed(reference, "leaves on sunday morning early")["teaser"] == (5, 5, 2.0)


def test_a_body_that_comes_twice_is_blamed_on_itself() -> None:
    body = "one two three four five"
    assert diagnosed(gold(("paragraph", body)), f"{body} {body}")[REPEATED] == (0, 0, 5.0)


def test_of_equal_words_the_one_in_clutter_is_the_false_one() -> None:
    reference = gold(("paragraph", "one two three four"), ("share", "mail one to a friend"))
    found = diagnosed(reference, "mail one to a friend. one two three four")
    assert found == {"paragraph": (4, 4, 0.0), "share": (5, 5, 5.0)}


def test_a_false_word_that_two_labels_have_is_blamed_on_both_in_parts() -> None:
    reference = gold(("paragraph", "one two"), ("login", "sign in"), ("comments", "sign in"))
    found = diagnosed(reference, "one two sign in")
    assert found == {"paragraph": (2, 2, 0.0), "login": (2, 2, 1.0), "comments": (2, 2, 1.0)}


def test_clutter_in_a_word_the_body_has_is_blamed_though_it_cannot_be_told_to_leak() -> None:
    reference = gold(("paragraph", "please share your tea"), ("share", "share"))
    assert diagnosed(reference, "please share your tea share") == {"paragraph": (4, 4, 0.0), "share": (0, 0, 1.0)}


def test_the_policy_says_what_is_counted() -> None:
    reference = gold(("title", "ferry closes"), ("paragraph", "one two"), ("comment", "what a pity"))
    answer = "ferry closes one two what a pity"
    assert set(diagnosed(reference, answer)) == {"paragraph", "comment"}
    assert diagnosed(reference, answer, "strict")["title"] == (2, 2, 2.0)
    assert diagnosed(reference, answer, "with-comments")["comment"] == (3, 3, 0.0)


def test_a_failure_and_a_missing_page_cover_and_leak_nothing() -> None:
    pages = goldset(gold(*FERRY.items()), gold(*FERRY.items()))
    table = by_label(diagnose(pages, {"x": answers(x=[None])["x"]}, POLICY))
    assert table["coverage"].dropna().tolist() == [0, 0]
    assert table["leak"].dropna().tolist() == [0, 0]
    assert table["blame"].isna().all()
    assert set(table["pages"]) == {2}


def test_coverage_and_leak_are_means_over_pages_and_blame_a_share_of_all_false_words() -> None:
    pages = goldset(
        gold(("paragraph", "one two"), ("share", "mail this now")), gold(("paragraph", "one"), ("cookie", "accept"))
    )
    table = by_label(diagnose(pages, answers(x=["one two mail this now", "accept"], y=["one two", "one"]), POLICY))
    assert tuple(table.columns) == TABLE_COLUMNS
    found = table.set_index(["label", "runner"])
    assert found["coverage"]["paragraph", "x"] == 0.5
    assert found["words"]["paragraph", "x"] == 3
    assert found["blame"]["share", "x"] == 0.75
    assert found["blame"]["cookie", "x"] == 0.25
    assert found["leak"]["cookie", "y"] == 0
    assert np.isnan(found["blame"]["cookie", "y"])
    assert table["label"].tolist() == ["paragraph", "paragraph", "cookie", "cookie", "share", "share"]


def test_only_sets_that_say_more_than_body_have_labels() -> None:
    assert not has_labels(goldset(gold(("body", "one")), gold()))
    assert has_labels(goldset(gold(("body", "one")), gold(("paragraph", "one"))))
    assert tuple(diagnose(goldset(), {}, POLICY).columns) == COLUMNS


@pytest.mark.parametrize("name", known_policies())
@given(reference=golds, given_answers=st.lists(texts, min_size=1, max_size=3))
def test_shares_lie_between_0_and_1_and_blame_is_the_false_words_of_the_metric(
    name: str, reference: Gold, given_answers: list[str]
) -> None:
    policy, pages = load_policy(name), goldset(reference)
    found = answers(**{f"r{number}": [text] for number, text in enumerate(given_answers)})
    table = diagnose(pages, found, policy)
    assert ((table["hits"] >= 0) & (table["hits"] <= table["words"])).all()
    false = score(pages, found, [metrics.get("words")], policy).set_index("runner")["fp"].fillna(0)
    blamed = table.groupby("runner")["blamed"].sum().reindex(false.index, fill_value=0.0)
    assert np.allclose(blamed, false)


@pytest.mark.parametrize("name", known_policies())
@given(reference=golds)
def test_the_perfect_answer_covers_all_and_is_blamed_for_nothing(name: str, reference: Gold) -> None:
    policy = load_policy(name)
    answer = policy.body(reference)
    table = diagnose(goldset(reference), answers(x=[answer]), policy)
    body = table[table["role"] == "body"]
    assert body["hits"].tolist() == body["words"].tolist()
    assert table["blamed"].sum() == 0
    assert table[table["role"] == "clutter"]["hits"].sum() == 0


@given(golds, st.randoms(use_true_random=False), texts)
def test_the_order_of_clutter_does_not_matter(reference: Gold, random: object, answer: str) -> None:
    body = [segment for segment in reference.segments if POLICY.role(segment.label) is Role.BODY]
    rest = [segment for segment in reference.segments if POLICY.role(segment.label) is not Role.BODY]
    random.shuffle(rest)  # type: ignore[attr-defined]
    one, other = diagnosed(Gold((*body, *rest)), answer), diagnosed(Gold((*rest, *body)), answer)
    assert {label: pytest.approx(numbers) for label, numbers in one.items()} == other


def test_every_column_of_the_tables_by_label_and_by_policy_is_documented_in_order() -> None:
    from boilerbench.ranking.sensitivity import COLUMNS as POLICY_COLUMNS

    *_, labels, policies = (DOCS / "table.md").read_text(encoding="utf-8").split("\n## ")
    for section, columns in ((labels, TABLE_COLUMNS), (policies, POLICY_COLUMNS)):
        assert tuple(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == columns


def test_an_empty_table_stays_one() -> None:
    assert by_label(diagnose(goldset(gold()), answers(x=[""]), POLICY)).empty
    assert isinstance(by_label(diagnose(goldset(gold()), {}, POLICY)), pd.DataFrame)
