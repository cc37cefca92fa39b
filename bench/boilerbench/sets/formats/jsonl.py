"""One's own pages as JSON Lines: id, url, html, text; optional language, page_type, segments, with, without.

`path` is a file, a folder of .jsonl files, a glob, or several of these with commas between. Only gold is kept in
memory: the HTML of a page is read again from its line.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.sets.formats import several
from boilerbench.sets.formats.layout import entry_of, files_of, html_at, json_lines

if TYPE_CHECKING:
    from pathlib import Path


@several
def read(path: Path) -> GoldSet:
    """Read every line of every file; `html` is text, so the page is UTF-8 whatever it says itself."""
    entries = tuple(entry for file in files_of(path, ".jsonl", ".ndjson") for entry in _entries(file))
    return GoldSet(path.stem, f"jsonl:{path}", entries)


def _entries(file: Path) -> list[tuple[Page, Gold]]:
    found = []
    for place, offset, row in json_lines(file):
        if not isinstance(row.get("html"), str):
            raise BadSetError(f"{place}: needs 'html', a text")
        found.append(entry_of(place, row, partial(html_at, file, offset), "utf-8"))
    return found
