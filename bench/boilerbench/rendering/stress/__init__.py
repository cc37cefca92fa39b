"""How scores of damaged pages are laid out for reading: takes what `stress` computes, and gives blocks and pictures.

Not here: nothing is computed, but for which dose is the greatest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from boilerbench.ranking import export, stats
from boilerbench.rendering.cells import NOTHING, Block, points, score, whole

if TYPE_CHECKING:
    import pandas as pd

NOTES = (
    "1 to 5: F1 of damaged pages less that of the same pages as they were, in points; * significant (Holm).",
    "95 %: interval at the greatest dose; breaks: the first dose whose loss is significant.",
)
"""What is to be known of the blocks of curves."""

_OF_SET = ["set", "metric", "policy"]


def blocks(table: pd.DataFrame) -> Iterator[Block]:
    """Yield for each set a heat map, where there are several runners, and a block of curves for each runner."""
    for (name, metric, policy), rows in table.groupby(_OF_SET, sort=False):
        if len(set(rows["runner"])) > 1:
            yield _heat_map(f"{name} · {metric} · policy {policy}", at_most(rows))
        yield from _curves(rows)


def at_most(table: pd.DataFrame) -> pd.DataFrame:
    """The points of families at the greatest dose of each; the runners that lose least first."""
    found = table[table["stressor"] == ""]
    found = found[found["dose"] == found.groupby([*_OF_SET, "runner", "family"])["dose"].transform("max")]
    lost = found.groupby("runner")["difference"].transform("mean")
    return found.assign(_lost=lost).sort_values(["_lost", "runner"], ascending=[False, True], kind="stable")


def _heat_map(about: str, table: pd.DataFrame) -> Block:
    """Runners down, families across: what the greatest dose costs."""
    families = list(dict.fromkeys(table.sort_index()["family"]))
    cells: dict[str, dict[str, str]] = {}
    for row in export.rows(table):
        cells.setdefault(row["runner"], {})[row["family"]] = _changed(row)
    rows = [[runner, *(found.get(family, NOTHING) for family in families)] for runner, found in cells.items()]
    dose = " or ".join(map(str, sorted(set(table["dose"]))))
    return Block(f"{about} · points lost at dose {dose}, by family", ["runner", *families], rows)


def _curves(table: pd.DataFrame) -> Iterator[Block]:
    """Yield a block for each runner: families and stressors down, doses across."""
    for (name, metric, policy, runner), rows in table.groupby(["set", "metric", "policy", "runner"], sort=False):
        doses = sorted(set(rows["dose"]))
        headers = ["stressor", "pages", "clean", *map(str, doses), "95 %", "breaks"]
        cells: list[list[str]] = []
        for (family, stressor), points_of in rows.groupby(["family", "stressor"], sort=False):
            by_dose = {row["dose"]: row for row in export.rows(points_of)}
            last = by_dose[max(by_dose)]
            changes = [_changed(by_dose[dose]) if dose in by_dose else NOTHING for dose in doses]
            most = max(row["pages"] for row in by_dose.values())
            about = [f"  {stressor}" if stressor else str(family), whole(most), score(last["clean"])]
            ends = NOTHING if last["low"] is None else f"{points(last['low'])} to {points(last['high'])}"
            cells.append([*about, *changes, ends, whole(last["breaking"])])
        heading = f"{runner} · {name} · {metric} · policy {policy} · points lost by dose"
        if untested := int(rows["p"].isna().sum()):
            few = f"too few sites ({rows['sites'].max()}) for so many tests"
            heading += f" · {untested} of {len(rows)} points not tested: {few}"
        yield Block(heading, headers, cells, spare=(len(headers) - 2, 1))


def _changed(row: Mapping[str, Any]) -> str:
    """A change in points, with a star where it is significant."""
    significant = row["p"] is not None and row["p"] < 1 - stats.LEVEL
    return points(row["difference"]) + ("*" if significant else " ")


def worst(table: pd.DataFrame) -> Iterator[Block]:
    """Yield a block for each set: of each runner and family the page that lost most, and its words."""
    headers = ["runner", "family", "page", "clean", "F1", "pt", "words"]
    for name, rows in table.groupby("set", sort=False):
        cells = []
        for row in export.rows(rows):
            words = "; ".join(f"{kind}: {row[kind]}" for kind in ("status", "lost", "let_in") if row[kind])
            figures = [score(row["clean"]), score(row["f1"]), points(row["difference"])]
            cells.append([row["runner"], row["family"], row["page"], *figures, words.replace("let_in", "let in")])
        yield Block(f"{name} · the page that lost most", headers, cells, (0, 1, 2, 6), prose=6)
