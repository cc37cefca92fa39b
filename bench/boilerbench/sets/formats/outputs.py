"""Predictions in plain layouts: SYSTEM.json, SYSTEM.jsonl or SYSTEM.parquet, one file or a folder of them.

JSON is one object of texts by page id; JSON Lines has one object with `id` and `text` per line; Parquet has the columns
`id` and `text`. A text of null is an empty extraction.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec

from boilerbench.errors import BadOutputsError
from boilerbench.files import typed
from boilerbench.model import GoldSet
from boilerbench.sets.formats.layout import json_lines, read_json

SUFFIXES = (".json", ".jsonl", ".parquet")

Texts: TypeAlias = Iterator[tuple[str, str, str | None]]
"""Of each prediction its place, the page's id, and the text, or nothing."""


class _Row(msgspec.Struct):
    id: str
    text: str | None


def outputs(file: Path) -> Texts:
    """Read a system's predictions. Raises `BadOutputsError`, which names the file and, of JSON Lines, the line."""
    if file.suffix not in SUFFIXES:
        raise BadOutputsError(f"{file}: expected {', '.join(SUFFIXES)}, or a folder of such files")
    if file.suffix == ".json":
        for page, text in read_json(file, dict[str, str | None], BadOutputsError).items():
            yield str(file), page, text
    else:
        for place, _, row in _rows(file) if file.suffix == ".parquet" else json_lines(file, _Row, BadOutputsError):
            yield place, row.id, row.text


def by_page(goldset: GoldSet, systems: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Give predictions the set's page ids where theirs are the SHA-256 of the HTML, as WCEB's are."""
    keys = {key for texts in systems.values() for key in texts}
    if not keys or keys & {page.id for page in goldset.pages} or any(len(key) != 64 for key in keys):  # noqa: PLR2004  hexadecimal digits of SHA-256
        return {system: dict(texts) for system, texts in systems.items()}
    ids = {hashlib.sha256(page.read()).hexdigest(): page.id for page in goldset.pages}
    return {system: {ids.get(key, key): text for key, text in texts.items()} for system, texts in systems.items()}


def _rows(file: Path) -> Iterator[tuple[str, int, _Row]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(file, columns=["id", "text"])
    except (OSError, pa.ArrowException) as cause:
        raise BadOutputsError(f"{file}: cannot be read as Parquet: {str(cause).splitlines()[0]}") from None
    for number, row in enumerate(table.to_pylist(), 1):
        yield f"{file}:{number}", number, typed(_Row, row, f"{file}:{number}", BadOutputsError)
