"""A leaderboard as a string, in the format of that name. Each is a function of the table and the lines that sign it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from boilerbench.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

_PLACES = {
    "text": "boilerbench.rendering.text:to_text",
    "markdown": "boilerbench.rendering.markdown:to_markdown",
    "csv": "boilerbench.ranking.export:to_csv",
    "json": "boilerbench.ranking.export:to_json",
    "latex": "boilerbench.rendering.latex:to_latex",
    "html": "boilerbench.rendering.html:to_html",
    "junit": "boilerbench.rendering.junit:to_junit",
}


def _late(place: str) -> Callable[[pd.DataFrame, list[str]], str]:
    module, _, name = place.partition(":")

    def write(table: pd.DataFrame, signatures: list[str]) -> str:
        return str(getattr(import_module(module), name)(table, signatures))

    return write


FORMATS: dict[str, Callable[[pd.DataFrame, list[str]], str]] = {name: _late(place) for name, place in _PLACES.items()}
"""The formats by name; a format's libraries are imported when it is used."""


def render(form: str, table: pd.DataFrame, signatures: list[str]) -> str:
    """Write a leaderboard in a format, or raise `UnknownNameError`."""
    if form not in FORMATS:
        raise UnknownNameError("format", form, list(FORMATS))
    return FORMATS[form](table, signatures)
