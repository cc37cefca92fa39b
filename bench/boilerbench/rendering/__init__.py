"""What was measured, as a string or a picture: takes tables, signatures and comparisons, and gives text to print.

Each kind of table is laid out once for reading (`layouts`), each format is written once for all of them.

Not here: figures are not computed, and nothing is read but the run folder that `site` shows.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING

from boilerbench.errors import UnknownNameError

if TYPE_CHECKING:
    import pandas as pd

    from boilerbench.ranking.export import Rows

FORMATS = ("text", "markdown", "csv", "json", "latex", "html", "junit")
"""What a leaderboard can be written in; a format's libraries are imported when it is used."""

TABLE_FORMATS = FORMATS[:4]
"""What every other table can be written in."""


def render(
    form: str, table: pd.DataFrame | Rows, signatures: list[str], kind: str = "leaderboard", width: int | None = None
) -> str:
    """Write a table in a format. `kind` is one of `LAYOUTS`.

    A leaderboard may be given as rows, too. `width` is that of the terminal that text is for.
    Raises `UnknownNameError` for a format that this kind of table is not written in.
    """
    about, known = ("", FORMATS) if kind == "leaderboard" else (f" of a table by {kind}", TABLE_FORMATS)
    if form not in known:
        raise UnknownNameError(f"format{about}", form, list(known))
    from boilerbench.ranking import export

    if form in ("csv", "json"):
        return export.to_csv(table) if form == "csv" else export.to_json(table, signatures)
    if form == "junit":
        from boilerbench.rendering.junit import to_junit

        return to_junit(export.rows(table), signatures)
    from boilerbench.rendering.layouts import LAYOUTS

    document = LAYOUTS[kind](export.rows(table) if kind == "leaderboard" else table, signatures)
    if form == "latex":
        from boilerbench.rendering.latex.side_by_side import side_by_side

        document = replace(document, blocks=chain(side_by_side(export.rows(table)), document.blocks))
    laid_out = document.lined()
    if form == "text":
        from boilerbench.rendering import text

        return text.write(laid_out, width)
    return str(import_module(f"{__name__}.{form}").write(laid_out))
