"""The table by label as a string: labels down, runners across, for reading; one row each for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boilerbench.errors import UnknownNameError
from boilerbench.ranking import export
from boilerbench.rendering.cells import score

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from boilerbench.rendering.grid import Block

FORMATS = ("text", "markdown", "csv", "json")

LEAST_BLAME = 0.005
"""For reading, labels that explain a smaller share of every runner's false words are left out of the block on blame."""

COLUMNS = {
    "coverage": "coverage: share of the label's words that came",
    "leak": "leak: share of the label's words that got through",
    "blame": "blame: share of the false words that the label explains",
}
"""The columns that are shown, each as a block of its own, with what stands above it."""


def render(form: str, table: pd.DataFrame, signatures: list[str]) -> str:
    """Write a table by label (`diagnosis.TABLE_COLUMNS`) in a format, or raise `UnknownNameError`."""
    if form in ("csv", "json"):
        return (export.to_csv if form == "csv" else export.to_json)(table, signatures)
    if form not in FORMATS:
        raise UnknownNameError("format of a table by label", form, list(FORMATS))
    from boilerbench.rendering import grid

    return (grid.to_text if form == "text" else grid.to_markdown)(blocks(table), signatures)


def blocks(table: pd.DataFrame) -> Iterator[Block]:
    """Yield a block for each set, policy and column."""
    for (name, policy), rows in table.groupby(["set", "policy"], sort=False):
        runners = list(dict.fromkeys(rows["runner"]))
        for column, meaning in COLUMNS.items():
            values = rows.pivot_table(index="label", columns="runner", values=column, sort=False)
            if column == "blame":
                values = values[values.max(axis=1) >= LEAST_BLAME]
            lines = values.reindex(columns=runners).to_numpy(float).tolist()
            if lines:
                cells = [[str(label), *map(score, line)] for label, line in zip(values.index, lines, strict=True)]
                yield f"{name} · policy {policy} · {meaning}", [["label", *runners], *cells]
