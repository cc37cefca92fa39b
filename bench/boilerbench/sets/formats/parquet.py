"""One's own pages as Parquet, with the columns of `jsonl`; `html` may be text or bytes.

`path` is a file, a folder of .parquet files, a glob, or several of these with commas between. Rows are read in batches
without their HTML; that is read when a page is asked for it.
"""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from boilerbench.errors import BadSetError
from boilerbench.files import typed
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.sets.formats import several
from boilerbench.sets.formats.layout import Row, encoded, entry_of, files_of

ROWS, PAGES = 1024, 64
"""Rows read at once without their HTML, and with it."""

_COLUMNS = ("id", "url", "site", "text", "language", "page_type", "segments", "with", "without")


@several
def read(path: Path) -> GoldSet:
    """Read every row of every file."""
    entries = tuple(entry for file in files_of(path, ".parquet") for entry in _entries(file))
    return GoldSet(path.stem, f"parquet:{path}", entries)


def _entries(file: Path) -> Iterator[tuple[Page, Gold]]:
    source = _open(file)
    names = set(source.schema_arrow.names)
    if not {"id", "html"} <= names:
        raise BadSetError(f"{file}: needs the columns id and html; it has {', '.join(sorted(names))}")
    html = _Html(file)
    charset = "utf-8" if str(source.schema_arrow.field("html").type) in ("string", "large_string") else None
    number = 0
    try:
        for batch in source.iter_batches(ROWS, columns=[name for name in _COLUMNS if name in names]):
            for values in batch.to_pylist():
                place = f"{file}: row {number}"
                yield entry_of(place, typed(Row, values, place, BadSetError), partial(html.of, number), charset)
                number += 1
    except BadSetError:
        raise
    except (OSError, ValueError) as cause:  # of values, such as texts that are no UTF-8
        raise BadSetError(f"{file}: cannot be read as Parquet: {cause}") from None


class _Html:
    """The HTML column of a file. Pages are mostly asked for in order, so the last batch is kept."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._group = -1
        self._batches: Iterator[Any] = iter(())
        self._start = self._next = 0
        self._kept: Any = None

    def of(self, row: int) -> bytes:
        """Return the HTML of a row of the file."""
        with self._lock:
            if not self._start <= row < self._next:
                self._seek(row)
            html = self._kept[row - self._start].as_py()
        if not isinstance(html, str | bytes):
            raise BadSetError(f"{self._file}: row {row}: 'html' must be a text or bytes")
        return html if isinstance(html, bytes) else encoded(html)

    def _seek(self, row: int) -> None:
        source = _open(self._file)
        first = group = 0
        while row >= first + source.metadata.row_group(group).num_rows:
            first += source.metadata.row_group(group).num_rows
            group += 1
        if group != self._group or row < self._start:
            self._batches = source.iter_batches(PAGES, row_groups=[group], columns=["html"])
            self._group, self._next = group, first
        while row >= self._next:
            self._kept = next(self._batches).column(0)
            self._start, self._next = self._next, self._next + len(self._kept)


def _open(file: Path) -> Any:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(file)
    except (OSError, pa.ArrowInvalid) as cause:
        raise BadSetError(f"{file}: cannot be read as Parquet: {cause}") from None
