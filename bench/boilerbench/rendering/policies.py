"""Ranks under each policy side by side, as a string."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boilerbench.errors import UnknownNameError
from boilerbench.ranking import export
from boilerbench.rendering.cells import ranks, score

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from boilerbench.rendering.grid import Block

FORMATS = ("text", "markdown", "csv", "json")


def render(form: str, table: pd.DataFrame, signatures: list[str]) -> str:
    """Write a table by policy (`sensitivity.COLUMNS`) in a format, or raise `UnknownNameError`."""
    if form in ("csv", "json"):
        return (export.to_csv if form == "csv" else export.to_json)(table, signatures)
    if form not in FORMATS:
        raise UnknownNameError("format of a table by policy", form, list(FORMATS))
    from boilerbench.rendering import grid

    notes = [*_verdicts(table), "", *signatures]
    return (grid.to_text if form == "text" else grid.to_markdown)(blocks(table), notes)


def blocks(table: pd.DataFrame) -> Iterator[Block]:
    """Yield a block for each set and metric: runners down, policies across, place and rank range and F1 in a cell."""
    for (name, metric), rows in table.groupby(["set", "metric"], sort=False):
        policies = list(dict.fromkeys(rows["policy"]))
        cells = {(row["runner"], row["policy"]): _cell(row) for row in rows.to_dict("records")}
        runners = list(dict.fromkeys(rows["runner"]))
        lines = [[runner, *(cells[runner, policy] for policy in policies)] for runner in runners]
        yield f"{name} · {metric} · place (rank range) F1 under each policy", [["runner", *policies], *lines]


def _cell(row: Mapping[object, object]) -> str:
    return f"{row['place']} ({ranks(row['rank_low'], row['rank_high'])}) {score(row['f1'])}"


def _verdicts(table: pd.DataFrame) -> Iterator[str]:
    for (name, metric), rows in table.groupby(["set", "metric"], sort=False):
        moved = rows[rows["moves"]].groupby("runner", sort=False)
        if not len(moved):
            yield f"{name} · {metric}: no place depends on the policy."
            continue
        places = ", ".join(map(str, sorted({place for _, each in moved for place in each["place"]})))
        who = "; ".join(f"{runner} {_span(each)}" for runner, each in moved)
        yield f"{name} · {metric}: places {places} depend on the policy: {who}."
        firm = list(dict.fromkeys(rows[rows["beyond_noise"]]["runner"]))
        yield f"  Beyond noise (rank ranges that do not overlap): {', '.join(firm) or 'none'}."


def _span(rows: pd.DataFrame) -> str:
    low, high = rows["place"].min(), rows["place"].max()
    return f"{low}-{high}"
