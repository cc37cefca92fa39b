"""Predictions made elsewhere: for which page of which set, in which format, and on which pages they are scored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from boilerbench.errors import BadOutputsError, UnknownNameError
from boilerbench.extraction import predictions
from boilerbench.model import Extraction, Gold, GoldSet, Page, Segment, Status
from boilerbench.sets.outputs import Prediction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def set_of(name: str, *ids: str) -> GoldSet:
    gold = Gold((Segment("body", "The lamp keeper"),))
    return GoldSet(name, f"{name}:", tuple((Page(each, b"<p>".strip), gold) for each in ids))


ONE, TWO = set_of("one", "a", "b", "c"), set_of("two", "c", "d")


def given(
    place: Path, found: dict[str, dict[str, str]], sets: Sequence[GoldSet] = (ONE,), *said: str, **more: object
) -> tuple[dict[str, dict[str, list[str]]], list[str]]:
    """The pages of each system by set, and the lines."""
    for system, texts in found.items():
        (place / f"{system}.json").write_text(json.dumps(texts))
    how = {"limit": None, "partial": False, **more}
    formats = predictions.formats([each for each in said if ":" not in each])
    specs = [each.replace("PLACE", str(place)) for each in said if ":" in each] or [f"json:{place}"]
    predicted, lines = predictions.load(specs, sets, formats, **how)  # type: ignore[arg-type]
    by_set = {
        each.goldset.name: {"": [page.id for page in each.goldset.pages]}
        | {system: sorted(texts) for system, texts in each.systems.items()}
        for each in predicted
    }
    return by_set, lines


def test_pages_are_shared_out_among_the_sets_that_have_them(tmp_path: Path) -> None:
    found, lines = given(tmp_path, {"x": {"a": "", "b": "", "d": "", "e": ""}}, [ONE, TWO])
    assert found == {"one": {"": ["a", "b", "c"], "x": ["a", "b"]}, "two": {"": ["c", "d"], "x": ["d"]}}
    assert lines == [
        "x predicts pages the sets lack: 1 page: e",
        "set 'one': x has no prediction for 1 page: c",
        "set 'two': x has no prediction for 1 page: c",
    ]


def test_a_page_of_two_sets_is_refused_unless_the_set_is_named(tmp_path: Path) -> None:
    texts = {"x": {"a": "", "c": ""}}
    with pytest.raises(
        BadOutputsError, match="page c is in the sets one and two; say which is meant: --outputs one=json:"
    ):
        given(tmp_path, texts, [ONE, TWO])
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "y.json").write_text('{"c": ""}')
    found, _ = given(tmp_path, texts, [ONE, TWO], "one=json:PLACE", "two=json:PLACE/more")
    assert found["one"] | {"": None} == {"": None, "x": ["a", "c"], "y": []}
    assert found["two"] | {"": None} == {"": None, "x": [], "y": ["c"]}
    with pytest.raises(UnknownNameError, match="unknown set of predictions 'three'; known: one, two"):
        given(tmp_path, texts, [ONE, TWO], "three=json:PLACE")


def test_one_system_may_come_from_several_places_but_each_page_from_one(tmp_path: Path) -> None:
    for place, page in (("first", "a"), ("second", "b"), ("third", "b")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "x.json").write_text(json.dumps({page: ""}))
    found, _ = given(tmp_path, {}, [ONE], "json:PLACE/first", "json:PLACE/second")
    assert found["one"]["x"] == ["a", "b"]
    with pytest.raises(BadOutputsError, match="page b of system 'x' is predicted elsewhere, too"):
        given(tmp_path, {}, [ONE], "json:PLACE/second", "json:PLACE/third")


def test_predictions_for_no_page_of_a_set_are_refused_with_both_names(tmp_path: Path) -> None:
    with pytest.raises(
        BadOutputsError, match=r"none of their pages is in set 'one'; they are of 1.0, and the set has a, b, c"
    ):
        given(tmp_path, {"x": {"1.0": ""}})
    with pytest.raises(BadOutputsError, match="none of their pages is in set 'two'"):
        given(tmp_path, {"x": {"a": ""}}, [ONE, TWO])


def test_predictions_beyond_the_limit_are_no_strangers(tmp_path: Path) -> None:
    found, lines = given(tmp_path, {"x": {"a": "", "c": ""}}, limit=2)
    assert found["one"][""] == ["a", "b"]
    assert lines == ["x has no prediction for 1 page: b"]


def test_a_part_is_what_all_systems_predict(tmp_path: Path) -> None:
    found, lines = given(tmp_path, {"x": {"a": "", "b": ""}, "y": {"b": "", "c": ""}}, partial=True)
    assert found["one"][""] == ["b"]
    assert lines[-1] == "set 'one' is scored on 1 of its 3 pages, those that all systems predict"
    found, lines = given(tmp_path, {"x": dict.fromkeys("abc", ""), "y": dict.fromkeys("abc", "")}, partial=True)
    assert (found["one"][""], lines) == (["a", "b", "c"], [])
    with pytest.raises(BadOutputsError, match="set 'one': there is no page that all systems predict: x 1, y 1"):
        given(tmp_path, {"x": {"a": ""}, "y": {"b": ""}}, partial=True)


def test_formats_are_said_for_all_for_a_system_or_by_a_row(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"id": "a", "text": "", "format": "text"}\n{"id": "b", "text": ""}')
    (tmp_path / "y.jsonl").write_text('{"id": "a", "text": ""}')
    said = predictions.formats(["html", "y=markdown"])
    ((predicted,), _) = predictions.load([f"jsonl:{tmp_path}"], [ONE], said, None, partial=False)
    found = {name: {page: each.format for page, each in texts.items()} for name, texts in predicted.systems.items()}
    assert found == {"x": {"a": "text", "b": "html"}, "y": {"a": "markdown"}}
    with pytest.raises(UnknownNameError, match="unknown format of predictions 'md'; known: text, html, markdown"):
        predictions.formats(["x=md"])
    with pytest.raises(BadOutputsError, match="both html and text"):
        predictions.formats(["html", "text"])
    with pytest.raises(UnknownNameError, match="unknown system 'z'; known: x, y"):
        predictions.load([f"jsonl:{tmp_path}"], [ONE], {"z": "html"}, None, partial=False)


def test_a_prediction_goes_through_the_converter_of_runners() -> None:
    texts = {"a": Prediction("<h2>Lamps</h2><p>lit", "html"), "b": Prediction(" \n")}
    found = predictions.extracted(ONE, {"x": texts})["x"]
    assert found == {
        "a": Extraction(Status.OK, "Lamps\n\nlit", "<h2>Lamps</h2><p>lit", format="html"),
        "b": Extraction(Status.EMPTY, " \n"),
        "c": Extraction(Status.ERROR, error="no prediction for this page", format="html"),
    }


@pytest.mark.parametrize(("marked", "form", "said"), [(2, "text", True), (1, "text", False), (2, "markdown", False)])
def test_markup_in_a_fifth_of_the_texts_is_said(marked: int, form: predictions.Format, said: bool) -> None:
    goldset = set_of("ten", *"abcdefghij")
    plain, linked = Prediction("The lamp keeper"), Prediction("The [lamp keeper](/x)", form)
    counted = predictions.Markup()
    texts = {page.id: linked if index < marked else plain for index, page in enumerate(goldset.pages)}
    found = predictions.extracted(goldset, {"x": texts})["x"]
    for page, gold in goldset.entries:
        counted.add("x", found[page.id].text, gold)
    line = (
        "x: 2 of its 10 texts have HTML tags or Markdown links, which are scored as words; "
        "say what they are: --outputs-format x=markdown"
    )
    assert counted.lines() == ({"x": line} if said else {})
