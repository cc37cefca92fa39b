from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from boilerbench.errors import UsageError
from boilerbench.ranking import diagnosis
from boilerbench.ranking.sensitivity import COLUMNS, compare
from boilerbench.rendering import pictures, render

if TYPE_CHECKING:
    from pathlib import Path

SITES = 12
PAGES = pd.DataFrame({"set": "tiny", "page": [f"p{i}" for i in range(SITES)], "site": [f"s{i}" for i in range(SITES)]})
PAGES = PAGES.assign(language="en", page_type="news")
F1 = {
    ("strict", "a"): 0.8,
    ("strict", "b"): 0.6,
    ("strict", "c"): 0.1,
    ("default", "a"): 0.6,
    ("default", "b"): 0.8,
    ("default", "c"): 0.1,
}


def scores(spread: float) -> pd.DataFrame:
    rows = [
        {"set": "tiny", "page": page, "runner": runner, "metric": "words", "policy": policy, "status": "ok"}
        | {"exact": False, "tp": 1.0, "fp": 0.0, "fn": 0.0}
        | dict.fromkeys(("precision", "recall", "f1"), f1 + (spread if number % 2 == (runner == "a") else -spread))
        for (policy, runner), f1 in F1.items()
        for number, page in enumerate(PAGES["page"])
    ]
    return pd.DataFrame(rows)


def compared(spread: float) -> pd.DataFrame:
    return compare(scores(spread), PAGES, {"a": "1.0"}, ["default", "strict"])


def test_places_under_each_policy_stand_side_by_side_in_the_order_of_the_first() -> None:
    table = compared(0.0)
    assert tuple(table.columns) == COLUMNS
    found = table[["runner", "policy", "place", "moves"]].to_numpy().tolist()
    assert found == [
        ["b", "default", 1, True],
        ["b", "strict", 2, True],
        ["a", "default", 2, True],
        ["a", "strict", 1, True],
        ["c", "default", 3, False],
        ["c", "strict", 3, False],
    ]


def test_a_move_is_beyond_noise_where_rank_ranges_do_not_overlap() -> None:
    assert compared(0.0).groupby("runner")["beyond_noise"].first().to_dict() == {"a": True, "b": True, "c": False}
    assert not compared(0.19)["beyond_noise"].any()
    assert compared(0.19)["moves"].sum() == 4


def test_text_says_which_places_depend_on_the_policy() -> None:
    text = render("text", compared(0.0), ["signed"], "policy")
    assert "tiny · words: places 1, 2 depend on the policy: b 1-2; a 1-2.\n" in text
    assert "(rank ranges that do not overlap): b, a.\n" in text
    assert text.endswith("\nsigned\n")
    only = compared(0.0)
    still = render("text", only[only["runner"] == "c"], [], "policy")
    assert "tiny · words: no place depends on the policy." in still


@pytest.mark.parametrize("form", ["csv", "json", "markdown"])
def test_every_format_has_every_runner(form: str) -> None:
    text = render(form, compared(0.0), ["signed"], "policy")
    if form == "json":
        rows = json.loads(text)["rows"]
        assert (len(rows), rows[0]["moves"], rows[0]["place"]) == (6, True, 1)
    elif form == "csv":
        assert text.splitlines()[0] == ",".join(COLUMNS)
        assert len(text.splitlines()) == 7
    else:
        assert "| b | 1 (1) .800 | 2 (2) .600 |" in text


NAN = float("nan")
LABELS = pd.DataFrame(
    [
        ("good", "tiny", "default", "paragraph", "body", 3, 90, 0.975, NAN, NAN),
        ("bad|one", "tiny", "default", "paragraph", "body", 3, 90, 0.0, NAN, NAN),
        ("good", "tiny", "default", "cookie", "clutter", 2, 40, NAN, 0.25, 0.998),
        ("bad|one", "tiny", "default", "cookie", "clutter", 2, 40, NAN, 1.0, 0.998),
        ("good", "tiny", "default", "share", "clutter", 1, 4, NAN, 0.0, 0.002),
        ("bad|one", "tiny", "default", "share", "clutter", 1, 4, NAN, 0.5, 0.002),
    ],
    columns=list(diagnosis.TABLE_COLUMNS),
)


def test_labels_go_down_and_runners_across_and_small_blame_is_left_out() -> None:
    text = render("text", LABELS, ["signed"], "label")
    coverage, leak, blame = text.split("tiny · policy default · ")[1:]
    assert [line.split() for line in coverage.splitlines() if "paragraph" in line] == [["paragraph", ".975", ".000"]]
    assert [line.split()[0] for line in leak.splitlines()[4:6]] == ["cookie", "share"]
    assert "share " not in blame.split("─\n")[1]
    assert max(map(len, text.splitlines())) <= 80
    assert "| cookie | .250 | 1.000 |" in render("markdown", LABELS, ["signed"], "label")
    assert "bad\\|one" in render("markdown", LABELS, ["signed"], "label")
    assert (
        render("csv", LABELS, [], "label").splitlines()[3] == "good,tiny,default,cookie,clutter,2,40,,0.250000,0.998000"
    )


def test_many_runners_are_laid_out_as_many_at_a_time_as_a_terminal_has_room_for() -> None:
    many = pd.concat([LABELS[LABELS["runner"] == "good"].assign(runner=f"runner-number-{i}") for i in range(14)])
    for width, times in ((80, 4), (None, 1)):
        text = render("text", many, [], "label", width)
        assert max(map(len, text.splitlines())) <= (width or 250)
        assert text.count("paragraph") == times


@pytest.mark.parametrize(("name", "begins"), [("map.svg", b"<svg"), ("map.PNG", b"\x89PNG")])
def test_a_heat_map_is_drawn(name: str, begins: bytes, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    pictures.write(tmp_path / name, pictures.heatmap, LABELS, ["signed"])
    drawn = (tmp_path / name).read_bytes()
    assert drawn.startswith(begins)
    if name.endswith("svg"):
        for text in (b"paragraph", b"cookie", b"bad|one", b"0.97", b"0.25", b"signed"):
            assert text in drawn


def test_a_name_breaks_no_picture(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    nasty = "=1\n<script>&\x00\x1b|%"
    pictures.write(tmp_path / "map.svg", pictures.heatmap, LABELS.replace("good", nasty), [nasty])
    drawn = ET.fromstring((tmp_path / "map.svg").read_text("utf-8"))  # noqa: S314  # ours
    assert sum((each.text or "").startswith("=1 <script>") for each in drawn.iter()) > 1
    assert not [each for each in drawn.iter() if "script" in each.tag]


def test_a_heat_map_that_cannot_be_drawn_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match=r"written as \.svg, \.png or \.json"):
        pictures.write(tmp_path / "map.gif", pictures.heatmap, LABELS, [])

    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named '{name}'", name=name)

    monkeypatch.setattr(pictures, "import_module", missing)
    with pytest.raises(UsageError, match=r"plots need vl_convert; install them: pip install 'boilerbench\[plots\]'"):
        pictures.write(tmp_path / "map.svg", pictures.heatmap, LABELS, [])
