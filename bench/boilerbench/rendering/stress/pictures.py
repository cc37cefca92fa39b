"""Scores of damaged pages as a picture: a heat map of runners and families, and their curves."""

from __future__ import annotations

import pandas as pd

from boilerbench.rendering.pictures import Spec, axis, below, beside, named, numbered_cells, of
from boilerbench.rendering.stress import at_most

_SHADES = ["#a33403", "#fdae6b", "#ffffff", "#00582a"]
_STOPS = [-20, -5, 0, 20]


def draw(table: pd.DataFrame, signatures: list[str]) -> Spec:
    """Draw `curves.COLUMNS` of one metric and policy: for each set a heat map, and beside it F1 by dose, per family."""
    rows = [beside([_heat_map(part), _curves(part)], str(name)) for name, part in table.groupby("set", sort=False)]
    return below(rows, "What damage costs", signatures)


def _heat_map(table: pd.DataFrame) -> Spec:
    """Points lost at the greatest dose: the redder the more."""
    found = at_most(table)
    families, runners = list(dict.fromkeys(table["family"])), list(dict.fromkeys(found["runner"]))
    shade = {"domain": _STOPS, "range": _SHADES, "clamp": True}
    return {
        "title": "Points of F1 lost at the greatest dose",
        "width": 56 * len(families),
        "height": 17 * len(runners),
        "data": of(found.assign(lost=100 * found["difference"]), "runner", "family", "p", "lost"),
        "encoding": {
            "x": named("family", families, axis={"orient": "top", "labelAngle": -35}),
            "y": named("runner", runners, axis={"labelLimit": 220}),
        },
        "layer": numbered_cells("lost", "+.1f", shade, f"datum.lost < {(_STOPS[0] + _STOPS[1]) / 2}"),
    }


def _curves(table: pd.DataFrame) -> Spec:
    """F1 by dose, from the pages as they were on: a line per runner, a picture per family."""
    points = table[table["stressor"] == ""]
    clean = points.drop_duplicates(["runner", "family"]).assign(dose=0, f1=lambda rows: rows["clean"])
    lines = {
        "width": 150,
        "height": 150,
        "mark": {"type": "line", "point": True, "strokeWidth": 1},
        "encoding": {
            "x": axis("dose", "ordinal", "dose"),
            "y": axis("f1", "quantitative", "F1", scale={"zero": False}),
            "color": axis("runner", "nominal"),
        },
    }
    return {
        "data": of(pd.concat([clean, points]), "runner", "family", "dose", "f1"),
        "facet": named("family", points["family"]),
        "columns": 3,
        "spec": lines,
    }
