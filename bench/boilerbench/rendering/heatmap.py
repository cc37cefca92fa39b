"""The table by label as a picture: runners across, labels down, the darker the more came or got through."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from boilerbench.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

SUFFIXES = (".svg", ".png")

_PANELS: dict[str, tuple[str, list[str]]] = {
    "coverage": ("Coverage: share of the label's words that came", ["#f2f9f0", "#00582a"]),
    "leak": ("Leak: share of the label's words that got through", ["#fff6ec", "#a33403"]),
}
_CELL = {"width": 64, "height": 17}
_LIGHT_FROM = 0.5
_PIXELS_PER_INCH = 144


def require(file: Path) -> None:
    """Raise `UsageError` where the file's suffix is not known, or a package that draws is missing."""
    if file.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{file}: a plot is written as {' or '.join(SUFFIXES)}")
    try:
        for name in ("altair", "vl_convert"):
            import_module(name)
    except ImportError as cause:
        raise UsageError(f"plots need {cause.name}; install them: pip install 'boilerbench[plots]'") from None


def write(table: pd.DataFrame, signatures: list[str], file: Path) -> None:
    """Draw a table by label (`diagnosis.TABLE_COLUMNS`) into an SVG or PNG file. Raises as `require` does."""
    require(file)
    save(chart(table, signatures), file)


def save(picture: Any, file: Path) -> None:
    """Write an Altair chart as the file's suffix says. `UsageError` where it cannot be written."""
    form = file.suffix.lower().removeprefix(".")
    try:
        if form == "svg":
            picture.save(str(file), format="svg")
        else:
            picture.save(str(file), format="png", ppi=_PIXELS_PER_INCH)
    except OSError as cause:
        raise UsageError(f"{file}: cannot be written: {cause.strerror or cause}") from None


def chart(table: pd.DataFrame, signatures: list[str]) -> Any:
    """The picture as an Altair chart: coverage beside leak, a row per set and policy, signed below the title."""
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
    base = alt.Chart(cells).encode(
        x=alt.X(
            "runner:N",
            sort=list(dict.fromkeys(part["runner"])),
            title=None,
            axis=alt.Axis(orient="top", labelAngle=-35),
        ),
        y=alt.Y("label:N", sort=list(dict.fromkeys(part["label"])), title=None),
    )
    shade = alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=shades), legend=None)
    ink = alt.condition(alt.datum["share"] > _LIGHT_FROM, alt.value("white"), alt.value("#333"))
    shown = base.mark_rect(stroke="white").encode(color=shade) + base.mark_text(fontSize=10).encode(
        text=alt.Text("share:Q", format=".2f"), color=ink
    )
    width, height = (_CELL[side] * cells[by].nunique() for side, by in (("width", "runner"), ("height", "label")))
    return shown.properties(title=title, width=width, height=height)
