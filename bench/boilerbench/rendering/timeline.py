"""The history of scores as a string or a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boilerbench.ranking import export
from boilerbench.rendering import heatmap
from boilerbench.rendering.cells import interval, score
from boilerbench.rendering.comparison.phrases import points

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from boilerbench.rendering.grid import Block

FORMATS = ("text", "markdown", "csv", "json")

_HEADER = ["version", "date", "F1", "95 %", "pt", "failed"]


def render(form: str, table: pd.DataFrame) -> str:
    """Write a history (`history.COLUMNS`) in one of `FORMATS`."""
    if form in ("csv", "json"):
        return (export.to_csv if form == "csv" else export.to_json)(table, [])
    from boilerbench.rendering import grid

    return (grid.to_text if form == "text" else grid.to_markdown)(_blocks(table), [])


def _blocks(table: pd.DataFrame) -> Iterator[Block]:
    """Yield a block for each set and runner: a line per result."""
    for key, rows in table.groupby(["set", "fingerprint", "policy", "metric", "runner"], sort=False):
        name, fingerprint, policy, metric, runner = map(str, key)
        heading = f"{runner} · {name} ({fingerprint}) · {metric} · policy {policy}"
        yield heading, [_HEADER, *(_cells(row) for row in rows.to_dict("records"))]


def _cells(row: dict[Any, Any]) -> list[str]:
    cells = [row["version"] or "-", row["started"][:10] or "-", score(row["f1"]), interval(row), points(row["change"])]
    return [*cells, str(row["failed"])]


def write(table: pd.DataFrame, file: Path) -> None:
    """Draw a history into an SVG or PNG file. Raises as `heatmap.require` does."""
    heatmap.require(file)
    heatmap.save(chart(table), file)


def chart(table: pd.DataFrame) -> Any:
    """The picture as an Altair chart: for each set and runner the score with its interval, version by version."""
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
