"""Rows of pages and extractions in a run folder: their columns, the Arrow types these are kept in, and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from boilerbench.model import FIELDS, TRAITS, Extraction, Metadata, Page, Status

if TYPE_CHECKING:
    import pyarrow as pa

_NAMES = "list of strings"
EXTRACTION = {
    **dict.fromkeys(("status", "text", "answer"), "string"),
    "wall": "float64",
    "cpu": "float64",
    "peak": "int64",
    **dict.fromkeys(("error", "stderr", "format"), "string"),
    **dict.fromkeys(FIELDS, "string"),
    "author": _NAMES,
}
"""Columns of an extraction, and the types they are kept in; an older run has neither its format nor its metadata."""
PAGE = dict.fromkeys(
    ("set", "page", "url", "site", "charset", "language", "page_type", "digest", "gold", *TRAITS), "string"
)
"""Columns of a page, and the types they are kept in."""


PageRow: TypeAlias = tuple[str | None, ...]
"""What is known of a page without its text, as `row_of` gives it: what scores are sliced and clustered by."""


def row_of(goldset: str, page: Page, gold: str) -> PageRow:
    """What is written of a page of a set, whose gold has that digest."""
    about = (page.url, page.site, page.charset, page.language, page.page_type)
    return (goldset, page.id, *about, page.digest, gold, *map(page.traits.get, TRAITS))


def values_of(extraction: Extraction) -> tuple[Any, ...]:
    """What is written of an extraction, in order of `EXTRACTION`."""
    about = extraction.metadata
    return tuple(getattr(about if column in FIELDS else extraction, column) for column in EXTRACTION)


def extraction_of(row: Mapping[str, Any]) -> Extraction:
    """Make an extraction of some of its columns, its status among them."""
    rest = {column: value for column, value in row.items() if column not in FIELDS}
    return Extraction(**{**rest, "status": Status(rest["status"])}, metadata=Metadata.of(row))


def arrow_schema(types: Mapping[str, str]) -> pa.Schema:
    """Columns with their types in Arrow."""
    import pyarrow as pa

    return pa.schema([(name, _arrow_type(kind)) for name, kind in types.items()])


def arrow_table(rows: Sequence[tuple[Any, ...]], types: Mapping[str, str]) -> pa.Table:
    """Make rows a table."""
    import pyarrow as pa

    values = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(column, kind) for column, kind in zip(values, arrow_schema(types).types, strict=True)]
    return pa.Table.from_arrays(arrays, names=list(types))


def _arrow_type(kind: str) -> pa.DataType:
    import pyarrow as pa

    return pa.list_(pa.string()) if kind == _NAMES else pa.type_for_alias(kind)
