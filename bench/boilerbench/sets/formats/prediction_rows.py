"""Predictions made elsewhere in plain layouts: JSON, JSON Lines, Parquet.

SYSTEM.json is an object of texts by page id; SYSTEM.jsonl and SYSTEM.parquet have `id` and `text` per row, and `format`
where it is not text; one file or a folder of them. A text of null is an empty extraction. `title`, `author` (a name, or
a list of them), `date` and `language` may stand beside it; null says that there is none.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from boilerbench.errors import BadOutputsError
from boilerbench.files import typed
from boilerbench.model import FIELDS, Format, Metadata
from boilerbench.process.protocol import metadata_of
from boilerbench.sets.formats import parquet_rows
from boilerbench.sets.formats.layout import Prediction, Predictions, json_lines, read_json

SUFFIXES = (".json", ".jsonl", ".ndjson", ".parquet")


class _Row(msgspec.Struct):
    id: str | int
    text: str | None
    format: Format | None = None
    title: str | msgspec.UnsetType | None = msgspec.UNSET
    author: str | list[str] | msgspec.UnsetType | None = msgspec.UNSET
    date: str | msgspec.UnsetType | None = msgspec.UNSET
    language: str | msgspec.UnsetType | None = msgspec.UNSET

    def prediction(self, place: str) -> Prediction:
        """Make a prediction of it."""
        try:
            about = metadata_of({field: v for field in FIELDS if (v := getattr(self, field)) is not msgspec.UNSET})
        except ValueError as cause:
            raise BadOutputsError(f"{place}: {cause}") from None
        return Prediction(self.text or "", self.format, Metadata.of(about))


def outputs(file: Path) -> Predictions:
    """Read a system's predictions. Raises `BadOutputsError`, which names the file and, of JSON Lines, the line."""
    suffix = file.suffix.lower()
    if suffix == ".json":
        rows: Iterable[tuple[str, _Row]] = _json_outputs(file)
    elif suffix in (".jsonl", ".ndjson"):
        rows = ((place, row) for place, _, row in json_lines(file, _Row, BadOutputsError))
    elif suffix == ".parquet":
        rows = _parquet_outputs(file)
    else:
        raise BadOutputsError(f"{file}: expected {', '.join(SUFFIXES)}, or a folder of such files")
    for place, row in rows:
        if row.id == "":
            raise BadOutputsError(f"{place}: 'id' is empty")
        yield place, str(row.id), row.prediction(place)


def _json_outputs(file: Path) -> Iterator[tuple[str, _Row]]:
    for page, said in read_json(file, dict[str, Any], BadOutputsError).items():
        place, values = f"{file}: page {page}", said if isinstance(said, dict) else {"text": said}
        yield place, typed(_Row, {**values, "id": page}, place, BadOutputsError)


def _parquet_outputs(file: Path) -> Iterator[tuple[str, _Row]]:
    with parquet_rows.Source(file, BadOutputsError) as source:
        names = source.columns()
        if lacking := [name for name in ("id", "text") if name not in names]:
            raise BadOutputsError(f"{file}: needs the column {lacking[0]}; it has {', '.join(sorted(names))}")
        for place, values in source.rows(_Row.__struct_fields__):
            yield place, typed(_Row, values, place, BadOutputsError)
