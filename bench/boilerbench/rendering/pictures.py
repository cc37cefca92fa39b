"""Tables as pictures: what comes and leaks by label, a leaderboard with its intervals, a history, sets.

Each is a specification in Vega-Lite, a plain dictionary that holds what it shows. It is kept as it is, or drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from boilerbench.errors import UsageError
from boilerbench.ranking import export
from boilerbench.rendering.cells import counted
from boilerbench.storage.whole_files import write_bytes
from boilerbench.text.lines import line

Spec: TypeAlias = dict[str, Any]
"""A view in Vega-Lite, or a part of one."""

SUFFIXES = (".svg", ".png", ".json")

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_PANELS: dict[str, tuple[str, list[str]]] = {
    "coverage": ("Coverage: share of the label's words that came", ["#f2f9f0", "#00582a"]),
    "leak": ("Leak: share of the label's words that got through", ["#fff6ec", "#a33403"]),
}
_LIGHT_FROM = 0.5


def require(file: Path) -> None:
    """Raise `UsageError` where the file's suffix is not known, or the package that draws is missing."""
    if file.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{file}: a plot is written as {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}")
    if file.suffix.lower() == ".json":
        return
    try:
        import_module("vl_convert")
    except ImportError as cause:
        raise UsageError(f"plots need {cause.name}; install them: pip install 'boilerbench[plots]'") from None


def write(file: Path, draw: Callable[..., Spec], *given: object) -> None:
    """Write the picture that a function such as those of this module makes of what it is given: as SVG, PNG or JSON.

    Raises as `require` does, and `UsageError` where the file cannot be written.
    """
    require(file)
    text = specified(draw, *given)
    match file.suffix.lower():
        case ".json":
            drawn = text.encode()
        case ".svg":
            drawn = import_module("vl_convert").vegalite_to_svg(text).encode()
        case _:
            drawn = import_module("vl_convert").vegalite_to_png(text, scale=1, ppi=144)
    write_bytes(file, drawn)


def write_both(file: Path, draw: Callable[..., Spec], *given: object) -> None:
    """Write a picture as `write` does, and beside it what it is drawn from, as NAME.vl.json."""
    for each in (file, file.with_suffix(".vl.json")):
        write(each, draw, *given)


def specified(draw: Callable[..., Spec], *given: object) -> str:
    """Write the specification of a picture, as JSON that says the same each time."""
    return export.written({"$schema": _SCHEMA} | draw(*map(_visible, given)))


def _visible(given: Any) -> Any:
    """Tables and signatures with each text a visible line, as XML holds no control characters."""
    if isinstance(given, pd.DataFrame):
        return given.map(lambda cell: line(cell) if isinstance(cell, str) else cell)
    return [*map(line, given)]


def of(table: pd.DataFrame, *columns: str) -> Spec:
    """The data of a picture: some columns of a table."""
    return {"values": export.rows(table[list(columns)])}


def axis(field: str, kind: str, title: str | None = None, **more: Any) -> Spec:
    """Where a field stands: its title and, beside, what else Vega-Lite takes of it."""
    return {"field": field, "type": kind, "title": title, **more}


def named(field: str, order: Iterable[str], **more: Any) -> Spec:
    """Where names stand, in an order."""
    return axis(field, "nominal", sort=list(dict.fromkeys(order)), **more)


def numbered_cells(field: str, form: str, shade: Spec, white: str) -> list[Spec]:
    """The layers of a heat map: cells in shades, and in each its number, white where the expression holds."""
    ink = {"condition": {"test": white, "value": "white"}, "value": "#333"}
    colour = {"field": field, "type": "quantitative", "scale": shade, "legend": None}
    number = {"field": field, "type": "quantitative", "format": form}
    return [
        {"mark": {"type": "rect", "stroke": "white"}, "encoding": {"color": colour}},
        {"mark": {"type": "text", "fontSize": 10}, "encoding": {"text": number, "color": ink}},
    ]


def beside(views: Sequence[Spec], title: str) -> Spec:
    """Views side by side, each with shades of its own."""
    independent = {"scale": {"color": "independent"}}
    return {"title": {"text": title, "anchor": "start"}, "hconcat": [*views], "resolve": independent}


def below(rows: Sequence[Spec], title: str = "", signatures: Sequence[str] = ()) -> Spec:
    """Views one below the other, without frames; above them a title, and what signs them."""
    head = {"title": {"text": title, "subtitle": [*signatures], "anchor": "start"}} if title else {}
    return {**head, "vconcat": [*rows], "config": {"view": {"stroke": None}}}


def heatmap(table: pd.DataFrame, signatures: list[str]) -> Spec:
    """Draw a table by label (`diagnosis.TABLE_COLUMNS`): runners across, labels down, the darker the more.

    Coverage stands beside leak, a row per set and policy, signed below the title.
    """
    rows = [
        beside([_panel(part, column) for column in _PANELS if part[column].notna().any()], f"{name}, policy {policy}")
        for (name, policy), part in table.groupby(["set", "policy"], sort=False)
    ]
    return below(rows, "What comes and what leaks, by label", signatures)


def _panel(table: pd.DataFrame, column: str) -> Spec:
    title, shades = _PANELS[column]
    part = table[table[column].notna()].assign(share=table[column])
    shade = {"domain": [0, 1], "range": shades}
    return {
        "title": title,
        "width": 64 * part["runner"].nunique(),
        "height": 17 * part["label"].nunique(),
        "data": of(part, "label", "runner", "share", "pages", "words"),
        "encoding": {
            "x": named("runner", part["runner"], axis={"orient": "top", "labelAngle": -35}),
            "y": named("label", part["label"]),
        },
        "layer": numbered_cells("share", ".2f", shade, f"datum.share > {_LIGHT_FROM}"),
    }


def scores(table: pd.DataFrame) -> Spec:
    """Draw one leaderboard, best first: a dot for F1, a line for its 95 % interval."""
    known, about = table[table["f1"].notna()], table.iloc[0]
    name = (known["runner"] + " " + known["version"].fillna("")).str.strip()
    parts = [about["set"], about["metric"], f"policy {about['policy']}"]
    ends = {"x": axis("f1_low", "quantitative", "F1"), "x2": {"field": "f1_high"}}
    return {
        "title": " · ".join(parts if pd.isna(about["pages"]) else [*parts, counted(int(about["pages"]), "page")]),
        "width": 480,
        "height": 22 * len(known),
        "data": of(known.assign(name=name), "name", "f1", "f1_low", "f1_high"),
        "encoding": {"y": named("name", name, axis={"labelLimit": 300})},
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.5}, "encoding": ends},
            {
                "mark": {"type": "circle", "size": 70, "opacity": 1},
                "encoding": {"x": axis("f1", "quantitative", "F1", scale={"domain": [0, 1]})},
            },
        ],
    }


def leaderboards(table: pd.DataFrame) -> Spec:
    """Draw every leaderboard of a table that has a score, one below the other."""
    parts = [part for _, part in table.groupby(["set", "metric", "policy"], sort=False) if part["f1"].notna().any()]
    return below([*map(scores, parts)])


def history(table: pd.DataFrame) -> Spec:
    """Draw a history (`history.COLUMNS`): for each set and runner the score with its interval, version by version."""
    rows = []
    for (name, fingerprint, runner), part in table.groupby(["set", "fingerprint", "runner"], sort=False):
        again = part.duplicated("version", keep=False)
        labels = part["version"].where(~again, part["version"] + " " + part["started"].str[:16])
        score = axis("f1", "quantitative", "F1", scale={"zero": False})
        ends = {"y": {"field": "f1_low", "type": "quantitative"}, "y2": {"field": "f1_high"}}
        rows.append(
            {
                "title": f"{runner} · {name} ({fingerprint}) · {part['metric'].iloc[0]}",
                "width": max(200, 45 * len(part)),
                "height": 160,
                "data": of(part.assign(label=labels), "label", "started", "f1", "f1_low", "f1_high"),
                "encoding": {"x": axis("label", "ordinal", sort=labels.tolist(), axis={"labelAngle": -35})},
                "layer": [
                    {"mark": {"type": "rule", "opacity": 0.5}, "encoding": ends},
                    {"mark": {"type": "line", "point": True}, "encoding": {"y": score}},
                ],
            }
        )
    return below(rows)


def profile(table: pd.DataFrame) -> Spec:
    """Draw profiles of sets (`profile.COLUMNS`), a panel per feature: the middle eight tenths, the half, the median."""
    panels = []
    for feature, part in table.groupby("feature", sort=False):
        scale = {"type": "symlog"} if part["p90"].max() > 1 else {"domain": [0, 1]}
        p10, p25, median = (axis(name, "quantitative", scale=scale) for name in ("p10", "p25", "median"))
        panels.append(
            {
                "title": feature,
                "width": 260,
                "height": 24 * len(part),
                "data": of(part, "set", "p10", "p25", "median", "p75", "p90"),
                "encoding": {
                    "y": named("set", part["set"]),
                    "color": {"field": "set", "type": "nominal", "legend": None},
                },
                "layer": [
                    {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": {"x": p10, "x2": {"field": "p90"}}},
                    {
                        "mark": {"type": "bar", "height": 10, "opacity": 0.5},
                        "encoding": {"x": p25, "x2": {"field": "p75"}},
                    },
                    {"mark": {"type": "tick", "thickness": 3, "size": 16}, "encoding": {"x": median}},
                ],
            }
        )
    return {"concat": panels, "columns": 3, "config": {"view": {"stroke": None}}}
