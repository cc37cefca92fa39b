"""Scores of damaged pages as a picture, by Altair: a heat map of runners and families, and their curves."""

from __future__ import annotations

from typing import Any

import pandas as pd

from boilerbench.rendering.stress import at_most

_SHADES = ["#a33403", "#fdae6b", "#ffffff", "#00582a"]
_STOPS = [-20, -5, 0, 20]


def draw(table: pd.DataFrame, signatures: list[str]) -> Any:
    """Draw `curves.COLUMNS` of one metric and policy: for each set a heat map, and beside it F1 by dose, per family."""
    import altair as alt

    rows = [
        alt.hconcat(_heat_map(part), _curves(part), title=alt.TitleParams(str(name), anchor="start")).resolve_scale(
            color="independent"
        )
        for name, part in table.groupby("set", sort=False)
    ]
    title = alt.TitleParams("What damage costs", subtitle=signatures, anchor="start")
    return alt.vconcat(*rows, title=title).configure_view(stroke=None)


def _heat_map(table: pd.DataFrame) -> Any:
    """Points lost at the greatest dose: the redder the more."""
    import altair as alt

    found = at_most(table)
    cells = found[["runner", "family", "p"]].assign(lost=100 * found["difference"])
    families, runners = list(dict.fromkeys(table["family"])), list(dict.fromkeys(found["runner"]))
    base = alt.Chart(cells).encode(
        x=alt.X("family:N", sort=families, title=None, axis=alt.Axis(orient="top", labelAngle=-35)),
        y=alt.Y("runner:N", sort=runners, title=None, axis=alt.Axis(labelLimit=220)),
    )
    shade = alt.Color("lost:Q", scale=alt.Scale(domain=_STOPS, range=_SHADES, clamp=True), legend=None)
    ink = alt.condition(alt.datum["lost"] < (_STOPS[0] + _STOPS[1]) / 2, alt.value("white"), alt.value("#333"))
    shown = base.mark_rect(stroke="white").encode(color=shade) + base.mark_text(fontSize=10).encode(
        text=alt.Text("lost:Q", format="+.1f"), color=ink
    )
    title = "Points of F1 lost at the greatest dose"
    return shown.properties(title=title, width=56 * len(families), height=17 * len(runners))


def _curves(table: pd.DataFrame) -> Any:
    """F1 by dose, from the pages as they were on: a line per runner, a picture per family."""
    import altair as alt

    points = table[table["stressor"] == ""]
    clean = points.drop_duplicates(["runner", "family"]).assign(dose=0, f1=lambda rows: rows["clean"])
    base = alt.Chart(pd.concat([clean, points])[["runner", "family", "dose", "f1"]])
    lines = base.mark_line(point=True, strokeWidth=1).encode(
        x=alt.X("dose:O", title="dose"),
        y=alt.Y("f1:Q", title="F1", scale=alt.Scale(zero=False)),
        color=alt.Color("runner:N", title=None),
    )
    families = list(dict.fromkeys(points["family"]))
    return lines.properties(width=150, height=150).facet(alt.Facet("family:N", sort=families, title=None), columns=3)
