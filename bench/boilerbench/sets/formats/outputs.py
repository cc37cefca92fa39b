"""Predictions in plain layouts: SYSTEM.json, SYSTEM.jsonl or SYSTEM.parquet, one file or a folder of them.

JSON is one object of texts by page id; JSON Lines has one object with `id` and `text` per line; Parquet has the columns
`id` and `text`. A text of null is an empty extraction.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from boilerbench.errors import BadOutputsError
from boilerbench.files import typed
from boilerbench.model import GoldSet
from boilerbench.sets.formats.layout import json_lines, read_json

SUFFIXES = (".json", ".jsonl", ".parquet")


class _Row(msgspec.Struct):
    id: str
    text: str | None


def read_outputs(path: Path) -> dict[str, dict[str, str]]:
    """Read text by page id, by system. Raises `BadOutputsError`, which names the file and, of JSON Lines, the line."""
    files = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES) if path.is_dir() else [path]
    if not files or files[0].suffix not in SUFFIXES:
        raise BadOutputsError(f"{path}: expected {', '.join(SUFFIXES)}, or a folder of such files")
    found: dict[str, dict[str, str]] = {}
    for file in files:
        if file.stem in found:
            raise BadOutputsError(f"{file}: another file is of system '{file.stem}', too")
        found[file.stem] = _texts(file)
    return found


def by_page(goldset: GoldSet, systems: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Give predictions the set's page ids where theirs are the SHA-256 of the HTML, as WCEB's are."""
    keys = {key for texts in systems.values() for key in texts}
    if not keys or keys & {page.id for page in goldset.pages} or any(len(key) != 64 for key in keys):  # noqa: PLR2004  hexadecimal digits of SHA-256
        return {system: dict(texts) for system, texts in systems.items()}
    ids = {hashlib.sha256(page.read()).hexdigest(): page.id for page in goldset.pages}
    return {system: {ids.get(key, key): text for key, text in texts.items()} for system, texts in systems.items()}


def texts_of(rows: Iterable[tuple[str, str, str | None]]) -> dict[str, str]:
    """Collect texts by page id from rows of a place, a page and a text."""
    found: dict[str, str] = {}
    for place, page, text in rows:
        if page in found:
            raise BadOutputsError(f"{place}: page {page} is there more than once")
        found[page] = text or ""
    return found


def _texts(file: Path) -> dict[str, str]:
    if file.suffix == ".json":
        found = read_json(file, dict[str, str | None], BadOutputsError)
        return {page: text or "" for page, text in found.items()}
    rows = _rows(file) if file.suffix == ".parquet" else json_lines(file, _Row, BadOutputsError)
    return texts_of((place, row.id, row.text) for place, _, row in rows)


def _rows(file: Path) -> Iterator[tuple[str, int, _Row]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(file, columns=["id", "text"])
    except (OSError, pa.ArrowException) as cause:
        raise BadOutputsError(f"{file}: cannot be read as Parquet: {str(cause).splitlines()[0]}") from None
    for number, row in enumerate(table.to_pylist(), 1):
        yield f"{file}:{number}", number, typed(_Row, row, f"{file}:{number}", BadOutputsError)
