from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from boilerbench import rendering
from boilerbench.comparison.compare import compare
from boilerbench.comparison.gates import judge, parse
from boilerbench.comparison.wording import Wording
from boilerbench.ranking import export, leaderboard, terms
from boilerbench.rendering import comparison
from boilerbench.rendering.comparison import FORMATS, markdown, render
from boilerbench.rendering.comparison import tabular as comparison_tabular
from boilerbench.scoring.score import COLUMNS
from tests.pairs import side

if TYPE_CHECKING:
    import pandas as pd

    from boilerbench.comparison.difference import Comparison
    from boilerbench.comparison.gates import Outcome

GOLDEN = Path(__file__).parents[1] / "golden"
SCHEMAS = {
    "comparison": Path(comparison.__file__).with_name("comparison.schema.json"),
    "leaderboard": Path(rendering.__file__).with_name("table.schema.json"),
}
NEWEST = {"comparison": comparison_tabular.SCHEMA, "leaderboard": terms.SCHEMA}
HOSTILE = '=1\r\n::error::a|b\t<b>&amp;"@all" ::error:: %0A `x` [y](z) *s* _u_ \x0b \x1b[2J \u202e'
BASE = [0.9, 0.8, 0.7, 0.6, 0.5, 0.9]


@cache
def found() -> Comparison:
    """Page 0 loses 60 points and fails, page 1 gains 10, page 2 recovers from a failure, page 3 loses 1."""
    base = side([0.9, 0.8, 0.0, 0.6, 0.5, 0.9], statuses={2: "timeout"}, languages=["de", "en"] * 3)
    head = side([0.0, 0.9, 0.7, 0.59, 0.5, 0.9], version="1.1", statuses={0: "error"}, languages=["de", "en"] * 3)
    (each,) = compare(base, head, "words")
    words = {"p0000": Wording(("the body", "was here"), (), (), ()), "p0001": Wording((), ("more",), ("menu",), ())}
    return replace(each, wording=words)


@cache
def outcomes() -> tuple[Outcome, ...]:
    return tuple(judge([parse("page drop > 20pt"), parse("f1 < 0.5"), parse("failures > base")], [found()]))


@cache
def written(form: str) -> str:
    return render(form, [found()], outcomes())


def board() -> tuple[pd.DataFrame, list[str]]:
    scores = found().base.scores
    assert scores is not None
    pages = scores[["set", "page", "site"]]
    table = leaderboard.build(scores[list(COLUMNS)], pages, {"mine": "1.0"})
    return table, ["set:tiny|version:none"]


@cache
def current(name: str) -> tuple[dict[str, Any], str]:
    """What is written now: JSON and CSV."""
    if name == "comparison":
        return json.loads(written("json")), written("csv")
    return json.loads(export.to_json(*board())), export.to_csv(board()[0])


def shape(value: Any) -> Any:
    """The keys of an object, and those of what it holds; nothing of its values."""
    match value:
        case dict():
            return {key: shape(each) for key, each in value.items()}
        case [first, *_]:
            return [shape(first)]
    return None


def holds(new: Any, old: Any) -> bool:
    """Whether everything that `old` has keeps its name and place in `new`."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() <= new.keys() and all(holds(new[key], old[key]) for key in old)
    return not isinstance(old, list) or (isinstance(new, list) and holds(new[0], old[0]))


@pytest.mark.parametrize("name", ["comparison", "leaderboard"])
def test_no_key_is_renamed_without_a_new_schema_number(name: str) -> None:
    """The files in golden/ are those of the release that raised the schema to their number. They are never changed."""
    golden = json.loads((GOLDEN / f"{name}-{NEWEST[name]}.json").read_text("utf-8"))
    now = current(name)[0]
    assert now["schema"] == golden["schema"] == NEWEST[name]
    assert holds(shape(now), shape(golden))


@pytest.mark.parametrize("name", ["comparison", "leaderboard"])
def test_no_column_is_renamed_or_moved_without_a_new_schema_number(name: str) -> None:
    golden = list(csv.reader(StringIO((GOLDEN / f"{name}-{NEWEST[name]}.csv").read_text("utf-8"))))
    now = list(csv.reader(StringIO(current(name)[1])))
    assert [column for column in now[0] if column in golden[0]] == golden[0]
    exact = [column for column in golden[0] if not column.endswith(("_low", "_high"))]

    def values(rows: list[list[str]]) -> list[list[str]]:
        return [[row[rows[0].index(column)] for column in exact] for row in rows]

    assert values(now) == values(golden)


@pytest.mark.parametrize("name", ["comparison", "leaderboard"])
def test_the_json_is_what_its_schema_says(name: str) -> None:
    schema = json.loads(SCHEMAS[name].read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(current(name)[0], schema)
    assert schema["properties"]["schema"]["const"] == NEWEST[name]


@pytest.mark.parametrize("name", ["comparison", "leaderboard"])
def test_the_schema_knows_every_key(name: str) -> None:
    """What is written has no key that its schema does not describe."""
    schema = json.loads(SCHEMAS[name].read_text("utf-8"))

    def close(part: Any) -> Any:
        if isinstance(part, dict):
            closed = {key: close(each) for key, each in part.items()}
            if "properties" in part and "additionalProperties" not in part:
                closed["unevaluatedProperties"] = False
            return closed
        return [close(each) for each in part] if isinstance(part, list) else part

    strict = close(schema)
    strict.get("$defs", {}).get("change", {}).pop("unevaluatedProperties", None)
    jsonschema.validate(current(name)[0], strict)


def test_json_of_figures_alone_is_what_the_schema_says() -> None:
    (numbers,) = compare(side(BASE), side(BASE, numbers_only=True), "words")
    document = json.loads(render("json", [numbers], []))
    jsonschema.validate(document, json.loads(SCHEMAS["comparison"].read_text("utf-8")))
    assert document["verdict"] == "not tested"
    assert document["sets"][0]["better"] is None


def test_json_holds_what_was_found() -> None:
    document = json.loads(written("json"))
    (of_set,) = document["sets"]
    assert document["verdict"] == of_set["verdict"] == "not significant"
    assert [page["page"] for page in of_set["changed"]] == ["p0000", "p0003", "p0001", "p0002"]
    assert of_set["changed"][0]["words"]["lost"] == ["the body", "was here"]
    assert (of_set["better"], of_set["worse"]) == (2, 2)
    assert (of_set["new_failures"], of_set["gone_failures"]) == (["p0000"], ["p0002"])
    assert of_set["seconds"]["ratio"] == pytest.approx(1)
    assert [(gate["gate"], gate["passed"], gate["pages"]) for gate in document["gates"]] == [
        ("page drop > 20pt", False, ["p0000"]),
        ("f1 < 0.5", True, []),
        ("failures > base", True, []),
    ]


def test_csv_has_a_row_per_page_the_greatest_loss_first() -> None:
    rows = list(csv.DictReader(StringIO(written("csv"))))
    assert [row["page"] for row in rows] == ["p0000", "p0003", "p0004", "p0005", "p0001", "p0002"]
    assert rows[0]["difference"] == "-0.900000"
    assert rows[0]["head_status"] == "error"


def test_text_fits_a_terminal_and_says_it_all() -> None:
    wide, text = written("text"), render("text", [found()], outcomes(), 60)
    assert len(wide.splitlines()) < len(text.splitlines())
    assert all(len(line) <= 60 for line in text.splitlines())
    assert wide.split() == text.split()
    text = wide
    for part in ("not significant: F1 ", "better on 2 pages, worse on 2, equal on 2", "failed: 1 to 1 (1 new, 1 gone)"):
        assert part in text
    assert "FAILED  page drop > 20pt: 1 pages; the greatest drop is -90.00 pt" in text
    assert "body lost (4): the body … was here" in text


def test_markdown_has_tables_and_folds_pages_in() -> None:
    text = written("markdown")
    assert text.startswith(
        "### ⚪ <code>mine 1.1</code> against <code>mine 1.0</code>: not significant · 1 of 3 gates failed"
    )
    assert text.count("<details>") == text.count("</details>") == 2
    assert "<details><summary>Worse on 2 pages</summary>\n\n| pt |" in text
    assert "body lost (4): <code>the body … was here</code>" in text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1


def hostile(form: str, name: str = HOSTILE) -> str:
    pages = found().pages.replace("p0000", name)
    each = replace(found(), pages=pages, wording={name: Wording((name,), (), (), ())}, notes=(name,))
    return render(form, [each], [replace(outcomes()[0], gate=name, pages=(name,))])


def test_nothing_in_a_page_breaks_out_of_its_cell() -> None:
    text = hostile("markdown")
    assert "<b>" not in text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1
    assert "@" not in re.sub(r"<code>.*?</code>", "", text)


def test_nothing_in_a_page_breaks_a_line_of_text_and_csv() -> None:
    lines = hostile("text").splitlines()
    assert len(lines) == len(hostile("text", "harmless").splitlines())
    assert not [line for line in lines if line.startswith("::") or "\x1b" in line]
    rows = list(csv.reader(hostile("csv").splitlines()))
    assert len(rows) == 1 + len(found().pages)
    assert rows[1][3].startswith("'=1 ::error::a|b <b>")


def test_nothing_in_a_page_breaks_junit_or_annotations() -> None:
    ET.fromstring(hostile("junit"))  # noqa: S314  # ours
    lines = hostile("github").rstrip("\n").split("\n")
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]
    titles = [re.fullmatch(r"::\w+ title=([^,:]*)::(.*)", line) for line in lines]
    assert all(titles)


def test_a_badge_says_the_score_of_head_and_is_red_where_a_gate_came_true() -> None:
    passed, failed = (replace(outcomes()[0], passed=each) for each in (True, False))
    assert json.loads(render("shields", [found()], [passed])) == {
        "schemaVersion": 1,
        "label": "boilerbench",
        "message": "F1 .598 on tiny",
        "color": "1f5fa8",
    }
    said = json.loads(render("shields", [found(), replace(found(), set="other")], [failed]))
    assert (said["message"], said["color"]) == ("F1 .598 on tiny · F1 .598 on other · gate failed", "b3261e")
    hostile_name = replace(found(), set=HOSTILE)
    picture = ET.fromstring(render("badge", [hostile_name], []))  # noqa: S314  # ours
    assert next(each.text for each in picture.iter("{http://www.w3.org/2000/svg}text")) == "boilerbench"
    assert not [each for each in picture.iter() if each.tag.endswith(("script", "}b"))]


@pytest.mark.parametrize("pages", [40, 3000])
def test_markdown_stays_below_the_limit_of_a_comment(pages: int) -> None:
    base, head = side([0.9] * pages), side([0.1] * pages, version="1.1")
    (each,) = compare(base, head, "words", rounds=10)
    long = Wording(*[("漢字 " * 500,)] * 4)
    each = replace(each, wording=dict.fromkeys(each.pages["page"], long))
    text = render("markdown", [each, each, each], [])
    assert len(text.encode()) <= markdown.LIMIT
    assert text.count("<details>") == text.count("</details>") == 3
    assert "more are in the JSON and the CSV" in text


def test_markdown_of_very_many_sets_is_cut() -> None:
    text = render("markdown", [found()] * 500, [])
    assert len(text.encode()) <= markdown.LIMIT
    assert text.endswith("…\n")


def test_junit_has_a_case_per_gate_and_per_broken_page() -> None:
    (suite,) = ET.fromstring(written("junit"))  # noqa: S314  # ours
    cases = {(case.get("classname"), case.get("name")): [child.tag for child in case] for case in suite}
    assert cases == {
        ("tiny.gate", "page drop > 20pt"): ["failure"],
        ("tiny.gate", "f1 < 0.5"): [],
        ("tiny.gate", "failures > base"): [],
        ("tiny.page", "p0000"): ["failure"],
    }
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "2", "0")


def test_a_broken_page_that_no_gate_asks_about_fails_nothing() -> None:
    (suite,) = ET.fromstring(render("junit", [found()], []))  # noqa: S314  # ours
    assert [[child.tag for child in case] for case in suite] == [["skipped"]]


def test_annotations_are_an_error_per_gate_and_a_warning_per_page() -> None:
    lines = written("github").splitlines()
    assert lines[0] == "::error title=gate failed%3A page drop > 20pt::tiny: 1 pages; the greatest drop is -90.00 pt"
    assert lines[1].startswith(
        "::warning title=page p0000 of tiny::f1 -90.00 pt, ok to error%0Abody lost (4): the body"
    )
    assert lines[2].startswith("::notice title=tiny%3A not significant::not significant: F1 ")
    assert len(lines) == 3


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_can_say_that_there_is_nothing_to_say(form: str) -> None:
    (same,) = compare(side(BASE), side(BASE), "words")
    (numbers,) = compare(side(BASE), side(BASE, numbers_only=True), "words")
    assert render(form, [same, numbers], [])
