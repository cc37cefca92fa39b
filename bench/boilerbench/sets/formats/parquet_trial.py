"""What a process does that reads Parquet of others before the harness does: a runner by its protocol."""

from typing import Any

ROWS, PAGES = 1024, 64
"""Rows read at once without their HTML, and with it."""


def extract(html: str, url: str) -> str:
    """Read a row group, by its number, of the file at a path as the harness will; of no number, what it says of itself.

    Returns how many bytes it unpacks to, by that. Raises whatever pyarrow raises.
    """
    from pyarrow import parquet

    source = parquet.ParquetFile(url)
    names = [each.name for each in source.schema_arrow if str(each.type)]
    for columns, rows in ((names, ROWS), (["html"], PAGES)) if html else ():
        for batch in source.iter_batches(rows, row_groups=[int(html)], columns=columns):
            batch.validate(full=True)
    return str(unpacked(source.metadata))


def unpacked(about: Any) -> int:
    """Return how many bytes a file says it unpacks to."""
    groups = [about.row_group(group) for group in range(about.num_row_groups)]
    return sum(
        abs(group.column(column).total_uncompressed_size) for group in groups for column in range(about.num_columns)
    )
