"""Parquet of others: rows of a file, and pages that are one of its columns. What is damaged is refused in one line.

Damaged files can end the process that reads them, and small ones unpack to all memory. So each row group is read aside
before it is read here, once for a process and a file; not what lies at a URL.
"""

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from boilerbench import places
from boilerbench.errors import BadSetError, UsageError
from boilerbench.files import require_content
from boilerbench.places import reason
from boilerbench.process.child import Limits
from boilerbench.process.session import Aside
from boilerbench.sets import limits
from boilerbench.sets.formats import parquet_trial
from boilerbench.sets.formats.parquet_trial import PAGES, ROWS

_LIMITS = Limits(seconds=600)
_tried: dict[tuple[str, str, int, int], int] = {}
"""Of what was read aside, by file, row group, size and time of the last change, the bytes that the file unpacks to."""


class Source:
    """A file whose rows are read, or refused by an error of this kind. Within a `with`, one process tries all of it."""

    def __init__(self, file: Path, refuse: type[UsageError]) -> None:
        self._file, self._refuse, self._trial = file, refuse, _Trial(file, refuse)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._trial.close()

    def columns(self) -> dict[str, str]:
        """Return the types of the columns by their names."""
        with _reading(self._file, self._refuse):
            self._trial.begin()
            return {each.name: str(each.type) for each in _opened(self._file).schema_arrow}

    def rows(self, names: Collection[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Return the place and the values of every row in those of the named columns that there are."""
        number = 0
        with _reading(self._file, self._refuse):
            self._trial.begin()
            source = _opened(self._file)
            there = [name for name in names if name in source.schema_arrow.names]
            for group in range(source.metadata.num_row_groups):
                self._trial.read(str(group))
                for batch in source.iter_batches(ROWS, row_groups=[group], columns=there):
                    for values in batch.to_pylist():
                        yield f"{self._file}: row {number}", values
                        number += 1


class Html:
    """The column of a file that has pages. They are mostly asked for in order, so the last batch is kept."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._group = -1
        self._batches: Iterator[Any] = iter(())
        self._start = self._next = 0
        self._kept: Any = None

    def of(self, row: int) -> bytes:
        """Return the page of a row of the file."""
        with self._lock, _reading(f"{self._file}: row {row}", BadSetError):
            if not self._start <= row < self._next:
                self._seek(row)
            html = self._kept[row - self._start].as_py()
        if not isinstance(html, str | bytes):
            raise BadSetError(f"{self._file}: row {row}: 'html' must be a text or bytes")
        return html if isinstance(html, bytes) else html.encode("utf-8", "replace")

    def _seek(self, row: int) -> None:
        source = _opened(self._file)
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


class _Trial:
    """A process that reads a file first."""

    def __init__(self, file: Path, refuse: type[UsageError]) -> None:
        require_content(file, refuse)
        self._file, self._refuse = file, refuse
        self._real = "" if places.is_remote(file) else str(file.resolve())
        self._aside = Aside(parquet_trial.__file__, _LIMITS, shown=filter(None, [self._real]))

    def close(self) -> None:
        """End the process, if there is one."""
        self._aside.close()

    def begin(self) -> None:
        """Read what the file says of itself, and refuse one that unpacks to too much for its size."""
        limits.require_modest(self.read(""), self._file, self._refuse)

    def read(self, group: str) -> int:
        """Read a row group, or none. Raises `FailedAsideError`, also where that ended the process."""
        if places.is_remote(self._file):
            return parquet_trial.unpacked(_opened(self._file).metadata)
        about = self._file.stat()
        key = (str(self._file), group, about.st_size, about.st_mtime_ns)
        if key not in _tried:
            _tried[key] = int(self._aside.ask(self._real, group))
        return _tried[key]


def _opened(file: Path) -> Any:
    from pyarrow import parquet

    return (
        parquet.ParquetFile(places.opened(file), pre_buffer=True)
        if places.is_remote(file)
        else parquet.ParquetFile(file)
    )


@contextmanager
def _reading(place: object, refuse: type[UsageError]) -> Iterator[None]:
    """Refuse what pyarrow cannot read. What it raises for a damaged file is of any kind, `StopIteration` included."""
    try:
        yield
    except UsageError:
        raise
    except Exception as cause:  # noqa: BLE001
        raise refuse(f"{place}: cannot be read as Parquet: {reason(cause)}") from None
