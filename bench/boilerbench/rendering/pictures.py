"""Tables as pictures, by Altair: what comes and leaks by label, a leaderboard with its intervals, a history, sets."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from boilerbench.errors import UsageError
from boilerbench.rendering.cells import counted
from boilerbench.text.lines import line

SUFFIXES = (".svg", ".png")

_PANELS: dict[str, tuple[str, list[str]]] = {
    "coverage": ("Coverage: share of the label's words that came", ["#f2f9f0", "#00582a"]),
    "leak": ("Leak: share of the label's words that got through", ["#fff6ec", "#a33403"]),
}
_LIGHT_FROM = 0.5


def require(file: Path) -> None:
    """Raise `UsageError` where the file's suffix is not known, or a package that draws is missing."""
    if file.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{file}: a plot is written as {' or '.join(SUFFIXES)}")
    try:
        for name in ("altair", "vl_convert"):
            import_module(name)
    except ImportError as cause:
        raise UsageError(f"plots need {cause.name}; install them: pip install 'boilerbench[plots]'") from None


def write(file: Path, draw: Callable[..., Any], *given: object) -> None:
    """Write the picture that a function of this module draws of what it is given, as SVG or PNG.

    Raises as `require` does, and `UsageError` where the file cannot be written.
    """
    require(file)
    form = file.suffix.lower().removeprefix(".")
    try:
        draw(*map(_visible, given)).save(str(file), format=form, **({"ppi": 144} if form == "png" else {}))
    except OSError as cause:
        raise UsageError(f"{file}: cannot be written: {cause.strerror or cause}") from None


def _visible(given: Any) -> Any:
    """Tables and signatures with each text a visible line, as XML holds no control characters."""
    if isinstance(given, pd.DataFrame):
        return given.map(lambda cell: line(cell) if isinstance(cell, str) else cell)
    return [*map(line, given)]


def heatmap(table: pd.DataFrame, signatures: list[str]) -> Any:
    """Draw a table by label (`diagnosis.TABLE_COLUMNS`): runners across, labels down, the darker the more.

    Coverage stands beside leak, a row per set and policy, signed below the title.
    """
    import altair as alt

    rows = [
        alt.hconcat(
            *(_panel(part, column) for column in _PANELS if part[column].notna().any()),
            title=alt.TitleParams(f"{name}, policy {policy}", anchor="start"),
        ).resolve_scale(color="independent")
        for (name, policy), part in table.groupby(["set", "policy"], sort=False)
    ]
    title = alt.TitleParams("What comes and what leaks, by label", subtitle=signatures, anchor="start")
    return alt.vconcat(*rows, title=title).configure_view(stroke=None)


def _panel(table: pd.DataFrame, column: str) -> Any:
    import altair as alt

    title, shades = _PANELS[column]
    part = table[table[column].notna()]
    cells = part[["label", "runner", column, "pages", "words"]].rename(columns={column: "share"})
    across = alt.Axis(orient="top", labelAngle=-35)
    base = alt.Chart(cells).encode(
        x=alt.X("runner:N", sort=list(dict.fromkeys(part["runner"])), title=None, axis=across),
        y=alt.Y("label:N", sort=list(dict.fromkeys(part["label"])), title=None),
    )
    shade = alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=shades), legend=None)
    ink = alt.condition(alt.datum["share"] > _LIGHT_FROM, alt.value("white"), alt.value("#333"))
    shown = base.mark_rect(stroke="white").encode(color=shade) + base.mark_text(fontSize=10).encode(
        text=alt.Text("share:Q", format=".2f"), color=ink
    )
    return shown.properties(title=title, width=64 * cells["runner"].nunique(), height=17 * cells["label"].nunique())


def scores(table: pd.DataFrame) -> Any:
    """Draw one leaderboard, best first: a dot for F1, a line for its 95 % interval."""
    import altair as alt

    known, about = table[table["f1"].notna()], table.iloc[0]
    name = known["runner"] + " " + known["version"].fillna("")
    base = alt.Chart(known[["f1", "f1_low", "f1_high"]].assign(name=name.str.strip())).encode(
        y=alt.Y("name:N", sort=name.str.strip().tolist(), title=None, axis=alt.Axis(labelLimit=300))
    )
    axis = alt.X("f1:Q", title="F1", scale=alt.Scale(domain=[0, 1]))
    lines = base.mark_rule(strokeWidth=2, opacity=0.5).encode(x=alt.X("f1_low:Q", title="F1"), x2="f1_high:Q")
    parts = [about["set"], about["metric"], f"policy {about['policy']}"]
    title = " · ".join(parts if pd.isna(about["pages"]) else [*parts, counted(int(about["pages"]), "page")])
    picture = lines + base.mark_circle(size=70, opacity=1).encode(x=axis)
    return picture.properties(title=title, width=480, height=22 * len(known))


def history(table: pd.DataFrame) -> Any:
    """Draw a history (`history.COLUMNS`): for each set and runner the score with its interval, version by version."""
    import altair as alt

    rows = []
    for (name, fingerprint, runner), part in table.groupby(["set", "fingerprint", "runner"], sort=False):
        again = part.duplicated("version", keep=False)
        labels = part["version"].where(~again, part["version"] + " " + part["started"].str[:16])
        base = alt.Chart(part.assign(label=labels)).encode(
            x=alt.X("label:O", sort=labels.tolist(), title=None, axis=alt.Axis(labelAngle=-35))
        )
        line = base.mark_line(point=True).encode(y=alt.Y("f1:Q", title="F1", scale=alt.Scale(zero=False)))
        bars = base.mark_rule(opacity=0.5).encode(y="f1_low:Q", y2="f1_high:Q")
        title = f"{runner} · {name} ({fingerprint}) · {part['metric'].iloc[0]}"
        rows.append((bars + line).properties(title=title, width=max(200, 45 * len(part)), height=160))
    return alt.vconcat(*rows).configure_view(stroke=None)


def profile(table: pd.DataFrame) -> Any:
    """Draw profiles of sets (`profile.COLUMNS`), a panel per feature: the middle eight tenths, the half, the median."""
    import altair as alt

    panels = []
    for feature, part in table.groupby("feature", sort=False):
        scale = alt.Scale(type="symlog") if part["p90"].max() > 1 else alt.Scale(domain=[0, 1])
        p10, p25, median = (alt.X(f"{name}:Q", scale=scale, title=None) for name in ("p10", "p25", "median"))
        base = alt.Chart(part).encode(
            y=alt.Y("set:N", sort=part["set"].tolist(), title=None), color=alt.Color("set:N", legend=None)
        )
        tenths = base.mark_rule(strokeWidth=2).encode(x=p10, x2="p90:Q")
        half = base.mark_bar(height=10, opacity=0.5).encode(x=p25, x2="p75:Q")
        middle = base.mark_tick(thickness=3, size=16).encode(x=median)
        panels.append((tenths + half + middle).properties(title=feature, width=260, height=24 * len(part)))
    return alt.concat(*panels, columns=3).configure_view(stroke=None)
