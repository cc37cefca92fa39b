"""One Parquet file of a run folder: written so that damage is seen, and read so that it is said in a line.

Pages of a file have checksums of Parquet's own. Its footer has none: a name there that lost a letter would be a column
that is not there, as those are that an older boilerbench did not write. So the footer says once more which there are.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boilerbench import places
from boilerbench.errors import BadRunFolderError, BoilerbenchError
from boilerbench.storage.manifest import SCHEMA
from boilerbench.storage.whole_files import check_schema

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

WRITTEN: dict[str, Any] = {"compression": "zstd", "write_page_checksum": True}
"""How every file is written."""
_SCHEMA, _COLUMNS = b"boilerbench.schema", b"boilerbench.columns"


def marked(schema: pa.Schema) -> pa.Schema:
    """Say the number of our schema and the names of the columns, and not what pandas would rename columns by."""
    return schema.with_metadata({_SCHEMA: str(SCHEMA), _COLUMNS: json.dumps(schema.names)})


def _renamed(schema: pa.Schema) -> bool:
    """Whether a column has another name than it was written with: one is missing, and one there that was not."""
    found, written = set(schema.names), json.loads((schema.metadata or {}).get(_COLUMNS, "[]"))
    return bool(written) and bool(found.difference(written)) and not found.issuperset(written)


@contextmanager
def opened(file: Path) -> Iterator[ParquetFile]:
    """Open a file, here or at a URL, for a block that only reads it. `BadRunFolderError` where it is damaged."""
    from pyarrow import parquet

    source = places.opened(file) if places.is_remote(file) else nullcontext(file)
    with legible(file), source as here, parquet.ParquetFile(here, page_checksum_verification=True) as found:
        check_schema(file, int((found.schema_arrow.metadata or {}).get(_SCHEMA, b"0")), SCHEMA)
        if _renamed(found.schema_arrow):
            raise _damaged(file)
        yield found


@contextmanager
def legible(file: Path) -> Iterator[None]:
    """Say of a file that a block reads that it is damaged, by whatever pyarrow and pandas raise for such a one."""
    import pyarrow as pa

    try:
        yield
    except BoilerbenchError:
        raise
    except (OSError, pa.ArrowException, ValueError, TypeError, LookupError):
        raise _damaged(file) from None


def _damaged(file: Path) -> BadRunFolderError:
    return BadRunFolderError(f"{file}: damaged; make the run again, finished pages are kept")


def in_pandas(table: pa.Table) -> pd.DataFrame:
    """A table as a data frame, whose columns have the names that Parquet gives them."""
    found: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    return found


def only(batch: pa.RecordBatch, where: Mapping[str, Collection[str]]) -> pa.RecordBatch:
    """The rows whose columns have one of the values that `where` names."""
    import pyarrow as pa
    from pyarrow import compute

    for column, values in where.items():
        batch = batch.filter(compute.is_in(batch.column(column), pa.array(list(values), "string")))
    return batch
