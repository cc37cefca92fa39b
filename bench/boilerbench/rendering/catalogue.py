"""The runners of an installation, for a terminal."""

from collections.abc import Iterable

from boilerbench.rendering.cells import Block, Document
from boilerbench.rendering.text import write
from boilerbench.runners.catalogue import Entry

_HEADERS = ("runner", "version", "language", "environment", "what it is", "licence", "home page")


def to_text(entries: Iterable[Entry], width: int | None) -> str:
    """Write a row per runner."""
    rows = []
    for each in entries:
        variants = f"variants: {', '.join(each.variants)}" if each.variants else ""
        about = " · ".join(filter(None, (each.summary, variants)))
        rows.append([each.name, each.version, each.language, each.environment, about, each.licence, each.home])
    left = tuple(range(len(_HEADERS)))
    return write(Document([Block("", _HEADERS, rows, left, spare=(6, 5, 2, 3, 1), prose=4)]).lined(), width)
