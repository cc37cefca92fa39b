"""One's own pages as JSON Lines: id, url, html, text; optional site, language, page_type, segments, with, without.

`path` is a file, a folder of .jsonl files, a glob, or several of these with commas between. Only gold is kept in
memory: the HTML of a page is read again from its line.
"""

from functools import partial
from pathlib import Path

from boilerbench.errors import BadSetError
from boilerbench.model import GoldSet
from boilerbench.sets.formats import several
from boilerbench.sets.formats.layout import Row, entry_of, files_of, html_at, json_lines


class _Row(Row):
    """A line; its HTML has to be there."""

    html: str


@several
def read(path: Path) -> GoldSet:
    """Read every line of every file; `html` is text, so the page is UTF-8 whatever it says itself."""
    entries = tuple(
        entry_of(place, row, partial(html_at, file, offset), "utf-8")
        for file in files_of(path, ".jsonl", ".ndjson")
        for place, offset, row in json_lines(file, _Row, BadSetError)
    )
    return GoldSet(path.stem, f"jsonl:{path}", entries)
