"""Run folders: the only code that opens result files. Each file has a schema number and is written atomically."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count, starmap, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from msgspec.structs import replace

from boilerbench import places
from boilerbench.errors import BadRunFolderError, NewerSchemaError, UsageError
from boilerbench.files import typed
from boilerbench.model import FIELDS, Extraction, Format
from boilerbench.storage import holding, temporary
from boilerbench.storage.manifest import SCHEMA, Manifest
from boilerbench.storage.run_folder.columns import (
    EXTRACTION,
    PAGE,
    PageRow,
    arrow_schema,
    arrow_table,
    extraction_of,
    values_of,
)
from boilerbench.storage.run_folder.parquet_file import WRITTEN, in_pandas, legible, marked, only, opened
from boilerbench.storage.whole_files import read_json, replacing

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


ROWS_IN_PART = 1024
"""How many extractions are held in memory at once, of as many pages as that is for all runners."""
IN_FILES = ("pages", "extractions")
"""The tables that are folders, of a file for some pages each, so that a run can be of any size and can go on."""
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
    """A folder, here or at a URL, with manifest.json, leaderboard.json and .csv, pages, extractions, scores and more.

    A table is a file, or a folder of files that hold some pages each (`IN_FILES`, and all of an older run are files).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._manifest: Manifest | None = None

    @classmethod
    def create(cls, path: Path) -> RunFolder:
        """A folder to write a run into: a new one, or one that holds a run. `UsageError` where it cannot be written."""
        remote = places.is_remote(path)
        try:
            if not remote:
                path.mkdir(parents=True, exist_ok=True)
            for home in [Path(tempfile.gettempdir()), *([] if remote else [path])]:
                temporary.sweep(home)
            there = any(not temporary.is_ours(each) for each in places.inside(path))
            if there and not places.is_file(path / "manifest.json"):
                raise UsageError(f"{path}: not empty and not a run folder; name another with --out")
            if remote:
                places.require_writable(path)
            else:
                with tempfile.TemporaryFile(dir=path):
                    pass
        except OSError as cause:
            raise UsageError(f"{path}: cannot be written: {cause.strerror}; name another with --out") from None
        return cls(path)

    @contextmanager
    def held(self) -> Iterator[RunFolder]:
        """Hold it for a block against other processes that would write into it; `UsageError` where one does.

        A URL cannot be held: nothing keeps others out.
        """
        if places.is_remote(self.path):
            yield self
            return
        if not self.path.is_dir():
            self.manifest()
        with holding.held(self.path):
            yield self

    def write_manifest(self, manifest: Manifest) -> None:
        """Write what was asked, with what, on what."""
        self.write_text("manifest.json", json.dumps(manifest.as_json(), indent=1, ensure_ascii=False) + "\n")
        self._manifest = manifest

    def begin(self, manifest: Manifest) -> None:
        """Begin a run here: what was there goes, unless it is the same run, ended before its last page."""
        if places.is_file(self.path / "manifest.json"):
            with suppress(BadRunFolderError, NewerSchemaError):
                there = self.manifest()
                if not there.whole and there.asked == manifest.asked:
                    return
        self.write_manifest(replace(manifest, runners={}))  # what is left of the old run is none, also where this ends
        self.forget_leaderboard()
        for file in self._all(".parquet"):
            places.remove(file)
        self.write_manifest(manifest)

    def manifest(self) -> Manifest:
        """The manifest, read once; `BadRunFolderError` where there is none."""
        if self._manifest is None:
            file = self.path / "manifest.json"
            if not places.is_file(file):
                raise BadRunFolderError(f"{self.path}: not a run folder (no manifest.json)")
            self._manifest = typed(Manifest, read_json(file, SCHEMA), file, BadRunFolderError)
        return self._manifest

    def add(self, number: int, pages: Iterable[PageRow], parts: Iterable[Part]) -> None:
        """Write some more pages of the run, as its file of that number, and their extractions, a row group for each.

        The pages are there first: who finds the extractions finds them.
        """
        self._write_rows(f"pages.parquet/{number:05}", list(pages), PAGE)
        self.put_parts(number, parts)

    def put_parts(self, number: int, parts: Iterable[Part]) -> None:
        """Write the extractions of the file of that number."""
        from pyarrow import parquet

        types = {**dict.fromkeys(("set", "runner", "page"), "string"), **EXTRACTION}
        schema = marked(arrow_schema(types))

        with (
            replacing(self.path / f"extractions.parquet/{number:05}.parquet") as stream,
            parquet.ParquetWriter(stream, schema, use_dictionary=_REPEATED, **WRITTEN) as writer,
        ):
            for part in parts:
                rows = [
                    (part.set, runner, page, *values_of(extraction))
                    for runner, pages in part.answers.items()
                    for page, extraction in pages.items()
                ]
                writer.write_table(arrow_table(rows, types))

    @property
    def done(self) -> int:
        """How many files of pages the run has whole, from the first on."""
        return len(self._there("extractions"))

    def write_timing(self, rows: Sequence[tuple[str, str, str, int, float, float | None]]) -> None:
        """Write what was timed: set, runner, page, round, wall and CPU seconds."""
        columns = ("set", "runner", "page", "round", "wall", "cpu")
        types = ("string", "string", "string", "int64", "float64", "float64")
        self._write_rows("timing", rows, dict(zip(columns, types, strict=True)))

    def parts(self, columns: Sequence[str] = tuple(EXTRACTION)) -> Iterator[Part]:
        """The extractions as they were written, one part in memory at a time; of each the named fields alone."""
        for number in range(len(self._files("extractions"))):
            yield from self.parts_of(number, columns)

    def parts_of(self, number: int, columns: Sequence[str] = tuple(EXTRACTION)) -> Iterator[Part]:
        """The extractions in the file of that number, also of a run under way."""
        for group in _groups(self._there("extractions")[number], ["set", "runner", "page", *columns]):
            found: dict[str, dict[str, dict[str, Extraction]]] = {}
            with legible(self.path / "extractions.parquet"):
                rows = group.to_pylist()
                if "format" in columns and "format" not in group.column_names:
                    _say_formats(rows, self.manifest())
                for row in rows:
                    name, runner, page = (row.pop(key) for key in ("set", "runner", "page"))
                    found.setdefault(name, {}).setdefault(runner, {})[page] = extraction_of(row)
            yield from starmap(Part, found.items())

    def said(self) -> dict[str, set[str]]:
        """The fields of metadata that each runner says of any page."""
        from pyarrow import compute

        found: dict[str, set[str]] = {}
        for file in self._files("extractions"):
            for group in _groups(file, ["runner", *FIELDS]):
                for field in {*FIELDS}.intersection(group.column_names):
                    for runner in compute.unique(group["runner"].filter(compute.is_valid(group[field]))).to_pylist():
                        found.setdefault(runner, set()).add(field)
        return found

    def pages(self, columns: Sequence[str], files: int | None = None) -> Iterator[tuple[Any, ...]]:
        """Some columns of the pages' table, row by row, in the order of the run; of a run under way its first files."""
        for file in self._files("pages") if files is None else self._there("pages")[:files]:
            for group in _groups(file, columns):
                yield from zip(*(group[name].to_pylist() for name in columns), strict=True)

    def each_file(self, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        """Change a table file by file, so that never all of it is in memory."""
        for file in self._files(name):
            with opened(file) as found:
                table = in_pandas(found.read())
            home = "" if file.parent == self.path else f"{name}.parquet/"
            self.write_table(f"{home}{file.stem}", change(table))

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        """Write a table as Parquet, with its schema number in the file's metadata."""
        import pyarrow as pa

        self._write_arrow(name, pa.Table.from_pandas(table, preserve_index=False))

    @contextmanager
    def rewriting(
        self, name: str, keep: Callable[[pd.DataFrame], pd.Series[bool]]
    ) -> Iterator[Callable[[pd.DataFrame], None]]:
        """Write a table anew in a block: of the rows that are there those to keep, then those that it is given.

        All have the same columns. Nothing changes where the block fails, or gives no table.
        """
        import pyarrow as pa
        from pyarrow import parquet

        with ExitStack() as stack:
            writer: parquet.ParquetWriter | None = None

            def put(table: pd.DataFrame) -> None:
                """Write some rows; before the first, those to keep."""
                nonlocal writer
                if writer is None:
                    schema = marked(pa.Schema.from_pandas(table, preserve_index=False))
                    stream = stack.enter_context(replacing(self.path / f"{name}.parquet"))
                    writer = stack.enter_context(parquet.ParquetWriter(stream, schema, **WRITTEN))
                    for file in self._files(name) if self.has(name) else ():
                        for group in _groups(file, schema.names):
                            there = in_pandas(group)
                            if len(kept := there[keep(there)]):
                                put(kept)
                writer.write_table(pa.Table.from_pandas(table, writer.schema, preserve_index=False))

            yield put

    def _write_rows(self, name: str, rows: Sequence[tuple[Any, ...]], types: Mapping[str, str]) -> None:
        self._write_arrow(name, arrow_table(rows, types))

    def _write_arrow(self, name: str, arrow: pa.Table) -> None:
        from pyarrow import parquet

        with replacing(self.path / f"{name}.parquet") as stream:
            parquet.write_table(arrow.replace_schema_metadata(marked(arrow.schema).metadata), stream, **WRITTEN)

    def table(
        self, name: str, columns: list[str] | None = None, where: Mapping[str, Collection[str]] | None = None
    ) -> pd.DataFrame:
        """A table of the run such as `scores`, or some columns of it. `BadRunFolderError` where it cannot be read.

        `where` names columns and the values that rows are wanted of: the others are never all in memory.
        """
        import pyarrow as pa

        tables = []
        for file in self._files(name):
            with opened(file) as found:
                batches = [only(batch, where) for batch in found.iter_batches(columns=columns)] if where else []
                tables.append(pa.Table.from_batches(batches) if batches else found.read(columns))
        with legible(self.path / f"{name}.parquet"):
            return in_pandas(pa.concat_tables(tables, promote_options="permissive"))

    def columns(self, name: str) -> list[str]:
        """The columns of a table of the run; of several files those of the last, which is changed last."""
        with opened(self._files(name)[-1]) as file:
            return list(file.schema_arrow.names)

    def has(self, name: str) -> bool:
        """Whether that table was written."""
        return places.exists(self.path / f"{name}.parquet")

    def write_text(self, name: str, text: str) -> None:
        """Write a file that is made from the others, such as leaderboard.csv."""
        with replacing(self.path / name) as stream:
            stream.write(text.encode())

    def forget_leaderboard(self) -> None:
        """Remove the leaderboard before the scores that it was made from change."""
        for file in self._all("leaderboard."):
            places.remove(file)

    def _files(self, name: str) -> list[Path]:
        """The files of a table: itself, or those of the folder that it is.

        `BadRunFolderError` where there is none.
        """
        found = self._there(name)
        if found and (self.manifest().whole or name not in IN_FILES):
            return found
        lacks = "it was ended before its last page" if found else f"{name}.parquet is missing"
        raise BadRunFolderError(f"{self.path}: the run is not whole ({lacks}); make it again, finished pages are kept")

    def _there(self, name: str) -> list[Path]:
        place = self.path / f"{name}.parquet"
        if places.is_file(place):
            return [place]
        there = {each.name: each for each in places.inside(place)}
        return [there[name] for name in takewhile(there.__contains__, (f"{number:05}.parquet" for number in count()))]

    def _all(self, part: str) -> list[Path]:
        return [each for each in places.inside(self.path) if part in each.name and not temporary.is_ours(each)]


def _groups(file: Path, columns: Sequence[str]) -> Iterator[pa.Table]:
    with opened(file) as found:
        for number in range(found.num_row_groups):
            yield found.read_row_group(number, list(columns))


def _say_formats(rows: Sequence[dict[str, Any]], manifest: Manifest) -> None:
    """Say the format of extractions of an older run: as the manifest does, else by what a runner returned elsewhere."""
    answers = {row["runner"]: row["answer"].lstrip() for row in rows if row.get("answer")}
    for row in rows:
        entry, answer = manifest.runners.get(row["runner"]), row.get("answer") or answers.get(row["runner"])
        told = "text" if answer is None else "html" if answer.startswith("<") else "markdown"
        row["format"] = entry.format if entry and entry.format in get_args(Format) else told
