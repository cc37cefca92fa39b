"""A comparison as a string, in the format of that name: a function of what was compared and how the gates came out."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # they load pandas
    from boilerbench.comparison.difference import Comparison
    from boilerbench.comparison.gates import Outcome

FORMATS = ("text", "markdown", "json", "csv", "junit", "github")

FILES = {
    "markdown": "comparison.md",
    "json": "comparison.json",
    "csv": "comparison.csv",
    "junit": "comparison.xml",
    "badge": "badge.svg",
    "shields": "badge.json",
}
"""The formats that are kept as files, and what these are called."""

_MODULES = {"json": "tabular", "csv": "tabular", "junit": "ci", "github": "ci", "shields": "badge"}


def render(form: str, comparisons: Sequence[Comparison], outcomes: Sequence[Outcome], width: int | None = None) -> str:
    """Write a comparison in one of `FORMATS` or `FILES`; its libraries are imported when it is used.

    `width` is that of the terminal that text is for.
    """
    if form == "text":
        from boilerbench.rendering.comparison import text

        return text.to_text(comparisons, outcomes, width)
    module = import_module(f"{__name__}.{_MODULES.get(form, form)}")
    return str(getattr(module, f"to_{form}")(comparisons, outcomes))
