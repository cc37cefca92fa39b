"""Run folders: the only code that opens result files. Each file has a schema number and is written atomically."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from boilerbench.errors import BadRunFolderError, BoilerbenchError, NewerSchemaError, UsageError
from boilerbench.files import typed
from boilerbench.model import Extraction, GoldSet, Status
from boilerbench.storage.manifest import SCHEMA, Manifest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile


ROWS_IN_PART = 1024
"""How many extractions are held in memory at once, of as many pages as that is for all runners."""
_KEY = b"boilerbench.schema"
_EXTRACTION = {
    **dict.fromkeys(("status", "text", "answer"), "string"),
    "wall": "float64",
    "cpu": "float64",
    "peak": "int64",
    **dict.fromkeys(("error", "stderr"), "string"),
}
"""Columns of an extraction, and the Arrow types they are kept in."""
_REPEATED = ["set", "runner", "page", "status"]
"""Columns that take a dictionary; to look for equal texts takes longer than to write them."""


@dataclass(frozen=True)
class Part:
    """The extractions of some pages of a set by all runners of a run: `answers` by runner and page."""

    set: str
    answers: Mapping[str, Mapping[str, Extraction]]

    @property
    def pages(self) -> list[str]:
        """The ids of its pages."""
        return list(next(iter(self.answers.values()), ()))


class RunFolder:
    """A folder with manifest.json, leaderboard.json and .csv, pages, extractions, scores and more as Parquet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._manifest: Manifest | None = None

    @classmethod
    def create(cls, path: Path) -> RunFolder:
        """A folder to write a run into: a new one, or one that holds a run. `UsageError` where it cannot be written."""
        try:
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()) and not (path / "manifest.json").is_file():
                raise UsageError(f"{path}: not empty and not a run folder; name another with --out")
            with tempfile.TemporaryFile(dir=path):
                pass
        except OSError as cause:
            raise UsageError(f"{path}: cannot be written: {cause.strerror}; name another with --out") from None
        return cls(path)

    def write_manifest(self, manifest: Manifest) -> None:
        """Write what was asked, with what, on what."""
        self.write_text("manifest.json", json.dumps(manifest.as_json(), indent=1, ensure_ascii=False) + "\n")
        self._manifest = manifest

    def manifest(self) -> Manifest:
        """The manifest, read once; `BadRunFolderError` where there is none."""
        if self._manifest is None:
            file = self.path / "manifest.json"
            if not file.is_file():
                raise BadRunFolderError(f"{self.path}: not a run folder (no manifest.json)")
            self._manifest = typed(Manifest, read_json(file, SCHEMA), file, BadRunFolderError)
        return self._manifest

    def write_pages(self, goldsets: Sequence[GoldSet]) -> None:
        """Write what is known of each page, without its text: what scores are sliced and clustered by."""
        names = ("id", "url", "site", "charset", "language", "page_type", "digest")
        rows = [
            (goldset.name, *(getattr(page, name) for name in names), gold.digest)
            for goldset in goldsets
            for page, gold in goldset.entries
        ]
        self._write_rows("pages", rows, dict.fromkeys(["set", "page", *names[1:], "gold"], "string"))

    def write_extractions(self, parts: Iterable[Part]) -> None:
        """Write extractions, a row each, part by part as they come; a row group for each."""
        import pyarrow as pa
        from pyarrow import parquet

        types = {**dict.fromkeys(("set", "runner", "page"), "string"), **_EXTRACTION}
        schema = pa.schema(list(types.items()), {_KEY: str(SCHEMA)})

        def write(stream: IO[bytes]) -> None:
            with parquet.ParquetWriter(stream, schema, compression="zstd", use_dictionary=_REPEATED) as writer:
                for part in parts:
                    rows = [
                        (part.set, runner, page, *(getattr(extraction, column) for column in _EXTRACTION))
                        for runner, pages in part.answers.items()
                        for page, extraction in pages.items()
                    ]
                    writer.write_table(_arrow_table(rows, types))

        self._put("extractions.parquet", write)

    def write_timing(self, rows: Sequence[tuple[str, str, str, int, float, float | None]]) -> None:
        """Write what was timed: set, runner, page, round, wall and CPU seconds."""
        columns = ("set", "runner", "page", "round", "wall", "cpu")
        types = ("string", "string", "string", "int64", "float64", "float64")
        self._write_rows("timing", rows, dict(zip(columns, types, strict=True)))

    def parts(self, columns: Sequence[str] = tuple(_EXTRACTION)) -> Iterator[Part]:
        """The extractions as they were written, one part in memory at a time; of each the named fields alone."""
        with self._opened("extractions") as file:
            for number in range(file.num_row_groups):
                found: dict[str, dict[str, dict[str, Extraction]]] = {}
                for row in file.read_row_group(number, ["set", "runner", "page", *columns]).to_pylist():
                    name, runner, page = (row.pop(key) for key in ("set", "runner", "page"))
                    row["status"] = Status(row["status"])
                    found.setdefault(name, {}).setdefault(runner, {})[page] = Extraction(**row)
                yield from starmap(Part, found.items())

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        """Write a table as Parquet, with its schema number in the file's metadata."""
        import pyarrow as pa

        self._write_arrow(name, pa.Table.from_pandas(table, preserve_index=False))

    def _write_rows(self, name: str, rows: Sequence[tuple[Any, ...]], types: Mapping[str, str]) -> None:
        self._write_arrow(name, _arrow_table(rows, types))

    def _write_arrow(self, name: str, arrow: pa.Table) -> None:
        from pyarrow import parquet

        arrow = arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), _KEY: str(SCHEMA)})
        self._put(f"{name}.parquet", lambda stream: parquet.write_table(arrow, stream, compression="zstd"))

    def table(
        self, name: str, columns: list[str] | None = None, where: Mapping[str, Collection[str]] | None = None
    ) -> pd.DataFrame:
        """A table of the run such as `scores`, or some columns of it. `BadRunFolderError` where it cannot be read.

        `where` names columns and the values that rows are wanted of: the others are never all in memory.
        """
        with self._opened(name) as file:
            if where is None:
                arrow = file.read(columns)
            else:
                import pyarrow as pa

                batches = [_only(batch, where) for batch in file.iter_batches(columns=columns)]
                arrow = pa.Table.from_batches(batches) if batches else file.read(columns)
        table: pd.DataFrame = arrow.to_pandas()
        return table

    def columns(self, name: str) -> list[str]:
        """The columns of a table of the run."""
        with self._opened(name) as file:
            return list(file.schema_arrow.names)

    def has(self, name: str) -> bool:
        """Whether that table was written."""
        return (self.path / f"{name}.parquet").is_file()

    def write_text(self, name: str, text: str) -> None:
        """Write a file that is made from the others, such as leaderboard.csv."""
        self._put(name, lambda stream: stream.write(text.encode()))

    @contextmanager
    def _opened(self, name: str) -> Iterator[ParquetFile]:
        """Open a table for a block that only reads it."""
        import pyarrow as pa
        from pyarrow import parquet

        file = self.path / f"{name}.parquet"
        self.manifest()
        try:
            with parquet.ParquetFile(file) as found:
                _check(file, int((found.schema_arrow.metadata or {}).get(_KEY, b"0")))
                yield found
        except FileNotFoundError:
            raise BadRunFolderError(
                f"{self.path}: the run is not whole ({file.name} is missing); make it again, finished pages are kept"
            ) from None
        except (OSError, pa.ArrowException):
            raise BadRunFolderError(f"{file}: damaged; make the run again, finished pages are kept") from None

    def _put(self, name: str, write: Callable[[IO[bytes]], object]) -> None:
        try:
            _replace(self.path / name, write)
        except OSError as cause:
            raise BoilerbenchError(f"{self.path / name}: cannot be written: {cause.strerror}") from cause


def read_json(file: Path, newest: int) -> dict[str, Any]:
    """Read an object whose schema number is `newest` at most, such as leaderboard.json. Raises `BadRunFolderError`."""
    try:
        found = json.loads(file.read_bytes())
    except OSError as cause:
        raise BadRunFolderError(f"{file}: cannot be read: {cause.strerror}") from None
    except ValueError:
        raise BadRunFolderError(f"{file}: damaged: not JSON; make it again, finished pages are kept") from None
    if not isinstance(found, dict) or not isinstance(found.get("schema"), int):
        raise BadRunFolderError(f"{file}: has no schema number; not written by boilerbench")
    _check(file, found["schema"], newest)
    return found


def write_text(file: Path, text: str) -> None:
    """Write a file whole, or leave what was there; `UsageError` where it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _replace(file, lambda stream: stream.write(text.encode()))
    except OSError as cause:
        raise UsageError(f"{file}: cannot be written: {cause.strerror}") from None


def _replace(file: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Put the file in place whole, as `write` fills it, or leave what was there."""
    handle, partial = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            write(stream)
        Path(partial).chmod(0o644)
        Path(partial).replace(file)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def _check(file: Path, schema: int, newest: int = SCHEMA) -> None:
    if schema > newest:
        raise NewerSchemaError(file, schema, newest)
    if schema < 1:
        raise BadRunFolderError(f"{file}: has no schema number; not written by boilerbench")


def _only(batch: pa.RecordBatch, where: Mapping[str, Collection[str]]) -> pa.RecordBatch:
    import pyarrow as pa
    from pyarrow import compute

    for column, values in where.items():
        batch = batch.filter(compute.is_in(batch.column(column), pa.array(list(values), "string")))
    return batch


def _arrow_table(rows: Sequence[tuple[Any, ...]], types: Mapping[str, str]) -> pa.Table:
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(column, type_) for column, type_ in zip(columns, types.values(), strict=True)]
    return pa.Table.from_arrays(arrays, names=list(types))
