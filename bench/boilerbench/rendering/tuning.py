"""How settings that were tried are laid out for reading, and what they say in words: nothing is computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from boilerbench.ranking import export, stats
from boilerbench.rendering.cells import NOTHING, Block, counted, p_value, points, score, whole

if TYPE_CHECKING:
    import pandas as pd

    from boilerbench.ranking.export import Rows

SHOWN = 10
"""Settings that are shown beside the default, and beside those that were chosen in a fold."""

_HEADERS = ["setting", "F1", "pt", "95 %", "p", "folds", "failed"]
_OF_SET = ["set", "metric", "policy"]


def blocks(table: pd.DataFrame) -> Iterator[Block]:
    """Yield a block for each set: the runner as it was tuned, its default, and the settings that score best."""
    for (name, metric, policy), rows in table.groupby(_OF_SET, sort=False):
        tuned, default, *others = export.rows(rows)
        sizes = f"{counted(tuned['pages'], 'page')}, {tuned['sites']} sites in {tuned['folds']} folds"
        heading = f"{tuned['runner']} · {name} · {metric} · policy {policy} · {len(others) + 1} settings · {sizes}"
        cells = []
        for row in (tuned, default, *_shown(others)):
            ends = NOTHING if row["low"] is None else f"{points(row['low'])} to {points(row['high'])}"
            figures = [score(row["f1"]), points(row["gain"]), ends, p_value(row["p"])]
            cells.append([row["setting"], *figures, whole(row["chosen"]), whole(row["failed"])])
        yield Block(heading, _HEADERS, cells, prose=0, verdict=[*sentences([tuned, default, *others])])


def sentences(rows: Rows) -> Iterator[str]:
    """Say what became of F1 where pages were held out, and what it would have seemed to be."""
    tuned, default, *others = rows
    moved = f"F1 changes by {points(tuned['gain'])} points on pages held out"
    if tuned["p"] is None:
        yield f"Not tested, as there are too few sites ({tuned['sites']}): tuned on others, {moved}."
    elif default["chosen"] == default["folds"]:
        yield "Not significant: the default is chosen in every fold, so that tuning changes nothing."
    else:
        significant, p = tuned["p"] < 1 - stats.LEVEL, p_value(tuned["p"])
        ends = f"95 % {points(tuned['low'])} to {points(tuned['high'])}"
        least = points(tuned["detectable"]).removeprefix("+")
        shows = "" if significant or least == NOTHING else f"; smallest detectable difference {least}"
        said = f"{'S' if significant else 'Not s'}ignificant (p {p if p.startswith('<') else f'= {p}'})"
        yield f"{said}: tuned on others, {moved} ({ends}{shows})."
    best = max((default, *others), key=lambda row: row["f1"] or 0.0)
    if best["gain"] is None or best["gain"] <= stats.TIE:
        yield "Over all pages, no setting scores above the default."
    else:
        more = points(best["gain"] - tuned["gain"])
        yield (
            f"Over all pages, by which it is chosen, {best['setting']} gains {points(best['gain'])}: optimistic by "
            f"{more}."
        )


def notes(table: pd.DataFrame) -> Iterator[str]:
    """Say what the columns are, and how many settings are left out."""
    yield "pt: F1 less the default's, in points; folds: in how many a setting was chosen; failed: pages, counted as 0."
    for name, rows in table.groupby("set", sort=False):
        others = export.rows(rows)[2:]
        if left := len(others) - len(_shown(others)):
            yield f"{name}: {counted(left, 'setting')} that score less, and were chosen in no fold, are not shown."


def _shown(others: Rows) -> Rows:
    return [row for number, row in enumerate(others) if number < SHOWN or row["chosen"]]
