"""Pictures as what they are drawn from: the numbers of their tables, every name of a field one of the data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from boilerbench.comparison import history
from boilerbench.ranking import diagnosis, leaderboard
from boilerbench.rendering import pictures
from boilerbench.rendering.stress import pictures as stress
from boilerbench.sets import profile
from boilerbench.stress import curves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BOARD = leaderboard.read(
    [
        {"runner": runner, "version": version, "set": name, "policy": "default", "metric": "words", "pages": 2}
        | {"f1": f1, "f1_low": low, "f1_high": high}
        for name, runner, version, f1, low, high in (
            ("tiny", "good", "2.0", 0.9, 0.8, 0.95),
            ("tiny", "bad", "", 0.25, None, None),
            ("tiny", "none", "1", None, None, None),
            ("other", "good", "2.0", 0.5, 0.4, 0.6),
        )
    ]
)
ONE = {"set": "tiny", "policy": "default", "metric": "words", "fingerprint": "0123", "runner": "good"}
HISTORY = pd.DataFrame(
    [
        ONE | {"version": version, "started": f"2026-01-0{day}T00:00", "f1": f1, "f1_low": f1 / 2, "f1_high": 1.0}
        for day, version, f1 in ((1, "1.0", 0.5), (2, "1.1", 0.75), (3, "1.1", 0.25))
    ],
    columns=[*history.COLUMNS],
)
LABELS = pd.DataFrame(
    [
        ("good", "tiny", "default", "paragraph", "body", 2, 200, 0.975, None, None),
        ("good", "tiny", "default", "cookie", "clutter", 2, 40, None, 0.25, 1.0),
    ],
    columns=[*diagnosis.TABLE_COLUMNS],
)
PROFILE = pd.DataFrame(
    [("tiny", "links", 0.1, 0.2, 0.3, 0.4, 0.5), ("tiny", "words", 10.0, 20.0, 30.0, 40.0, 50.0)],
    columns=["set", "feature", "p10", "p25", "median", "p75", "p90"],
).reindex(columns=[*profile.COLUMNS])
CURVES = pd.DataFrame(
    [
        ONE | {"family": "hiding", "stressor": "", "dose": dose, "clean": 0.75, "f1": f1, "difference": f1 - 0.75}
        for dose, f1 in ((1, 0.5), (5, 0.25))
    ],
    columns=[*curves.COLUMNS],
)
PICTURES: dict[str, tuple[Callable[..., pictures.Spec], tuple[Any, ...]]] = {
    "leaderboard": (pictures.scores, (BOARD[BOARD["set"] == "tiny"],)),
    "leaderboards": (pictures.leaderboards, (BOARD,)),
    "history": (pictures.history, (HISTORY,)),
    "labels": (pictures.heatmap, (LABELS, ["signed"])),
    "profile": (pictures.profile, (PROFILE,)),
    "stress": (stress.draw, (CURVES, ["signed"])),
}


def spec(name: str) -> pictures.Spec:
    draw, given = PICTURES[name]
    return dict(json.loads(pictures.specified(draw, *given)))


def parts(view: Any) -> Iterator[dict[str, Any]]:
    """Every part of a specification but its data."""
    if isinstance(view, dict):
        yield view
        for key, each in view.items():
            yield from parts(each) if key != "data" else ()
    elif isinstance(view, list):
        for each in view:
            yield from parts(each)


def data(name: str) -> list[list[dict[str, Any]]]:
    return [part["data"]["values"] for part in parts(spec(name)) if "data" in part]


def test_a_leaderboard_plots_its_scores_and_intervals_best_first() -> None:
    rows = [{"name": "good 2.0", "f1": 0.9, "f1_low": 0.8, "f1_high": 0.95}]
    rows += [{"name": "bad", "f1": 0.25, "f1_low": None, "f1_high": None}]
    assert data("leaderboard") == [rows]
    assert spec("leaderboard")["encoding"]["y"]["sort"] == ["good 2.0", "bad"]
    assert data("leaderboards") == [rows, [{"name": "good 2.0", "f1": 0.5, "f1_low": 0.4, "f1_high": 0.6}]]
    assert [view["title"] for view in spec("leaderboards")["vconcat"]] == [
        "tiny · words · policy default · 2 pages",
        "other · words · policy default · 2 pages",
    ]


def test_a_history_plots_every_result_and_tells_those_of_one_version_apart() -> None:
    (points,) = data("history")
    assert [(each["label"], each["f1"]) for each in points] == [
        ("1.0", 0.5),
        ("1.1 2026-01-02T00:00", 0.75),
        ("1.1 2026-01-03T00:00", 0.25),
    ]


def test_a_heat_map_plots_coverage_beside_leaks() -> None:
    coverage, leak = data("labels")
    assert coverage == [{"label": "paragraph", "runner": "good", "share": 0.975, "pages": 2, "words": 200}]
    assert leak == [{"label": "cookie", "runner": "good", "share": 0.25, "pages": 2, "words": 40}]
    assert spec("labels")["title"]["subtitle"] == ["signed"]


def test_a_profile_plots_a_panel_per_feature() -> None:
    shares, counts = data("profile")
    assert shares == [{"set": "tiny", "p10": 0.1, "p25": 0.2, "median": 0.3, "p75": 0.4, "p90": 0.5}]
    assert counts[0]["median"] == 30


def test_stress_plots_what_is_lost_at_the_greatest_dose_and_curves_from_clean_pages_on() -> None:
    (lost,), points = data("stress")
    assert (lost["family"], lost["lost"]) == ("hiding", -50)
    assert [(each["dose"], each["f1"]) for each in points] == [(0, 0.75), (1, 0.5), (5, 0.25)]


@pytest.mark.parametrize("name", PICTURES)
def test_every_field_of_a_picture_is_in_its_data(name: str) -> None:
    def look(view: dict[str, Any], known: set[str]) -> None:
        known = known | {key for row in view.get("data", {}).get("values", ()) for key in row}
        assert view.get("field", "") in known | {""}
        for key, each in view.items():
            if key != "data":
                for part in each if isinstance(each, list) else [each]:
                    if isinstance(part, dict):
                        look(part, known)

    look(spec(name), set())


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_from_what_is_written_beside_it(name: str, tmp_path: Path) -> None:
    vl_convert = pytest.importorskip("vl_convert")
    draw, given = PICTURES[name]
    for form in ("svg", "vl.json"):
        pictures.write(tmp_path / f"picture.{form}", draw, *given)
    written = json.loads((tmp_path / "picture.vl.json").read_text("utf-8"))
    drawn = (tmp_path / "picture.svg").read_text("utf-8")
    assert vl_convert.vegalite_to_svg(written) == drawn
    assert "good" in drawn or name == "profile"
