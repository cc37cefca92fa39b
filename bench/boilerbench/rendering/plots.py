"""A leaderboard as a picture: each runner's score with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_ROW = 22


def scores(table: pd.DataFrame) -> Any:
    """Draw one leaderboard as an Altair chart, best first: a dot for F1, a line for its 95 % interval."""
    import altair as alt

    known = table[table["f1"].notna()]
    name = known["runner"] + " " + known["version"].fillna("")
    base = alt.Chart(known[["f1", "f1_low", "f1_high"]].assign(name=name.str.strip())).encode(
        y=alt.Y("name:N", sort=name.str.strip().tolist(), title=None, axis=alt.Axis(labelLimit=300))
    )
    axis = alt.X("f1:Q", title="F1", scale=alt.Scale(domain=[0, 1]))
    lines = base.mark_rule(strokeWidth=2, opacity=0.5).encode(x=alt.X("f1_low:Q", title="F1"), x2="f1_high:Q")
    about = known.iloc[0]
    title = f"{about['set']} · {about['metric']} · policy {about['policy']} · {about['pages']} pages"
    picture = lines + base.mark_circle(size=70, opacity=1).encode(x=axis)
    return picture.properties(title=title, width=480, height=_ROW * len(known))
