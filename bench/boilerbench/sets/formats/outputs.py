"""Predictions in plain layouts: SYSTEM.json, SYSTEM.jsonl or SYSTEM.parquet, one file or a folder of them.

JSON is one object of texts by page id; JSON Lines has one object with `id` and `text` per line; Parquet has the columns
`id` and `text`. A text of null is an empty answer.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from boilerbench.errors import BadOutputsError
from boilerbench.sets.formats.files import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from boilerbench.model import GoldSet

SUFFIXES = (".json", ".jsonl", ".parquet")


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


def json_lines(file: Path) -> Iterator[tuple[int, Any]]:
    """Decode a file of JSON Lines; yield each line's number, from 1 on, and what it holds. Blank lines are skipped."""
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, _decoded(file, number, line)
    except OSError as cause:
        raise BadOutputsError(f"{file}: cannot be read: {cause.strerror or cause}") from None


def texts_of(file: Path, entries: Iterator[tuple[int, Any]], page: str, text: str) -> dict[str, str]:
    """Collect texts by page id from numbered objects with those two keys."""
    found: dict[str, str] = {}
    for number, entry in entries:
        key, value = (entry.get(page), entry.get(text, 0)) if isinstance(entry, dict) else (None, None)
        if not isinstance(key, str) or not isinstance(value, str | None):
            raise BadOutputsError(f"{file}:{number}: expected an object with a text '{page}' and a text '{text}'")
        if key in found:
            raise BadOutputsError(f"{file}:{number}: page {key} is there more than once")
        found[key] = value or ""
    return found


def _texts(file: Path) -> dict[str, str]:
    if file.suffix == ".jsonl":
        return texts_of(file, json_lines(file), "id", "text")
    if file.suffix == ".parquet":
        return texts_of(file, _rows(file), "id", "text")
    found = read_json(file, BadOutputsError)
    if not isinstance(found, dict) or not all(isinstance(text, str | None) for text in found.values()):
        raise BadOutputsError(f"{file}: expected an object of texts by page id")
    return {page: text or "" for page, text in found.items()}


def _rows(file: Path) -> Iterator[tuple[int, Any]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(file, columns=["id", "text"])
    except (OSError, pa.ArrowException) as cause:
        raise BadOutputsError(f"{file}: cannot be read as Parquet: {str(cause).splitlines()[0]}") from None
    if table.column_names != ["id", "text"]:
        raise BadOutputsError(f"{file}: needs the columns 'id' and 'text'")
    yield from enumerate(table.to_pylist(), 1)


def _decoded(file: Path, number: int, line: bytes) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as cause:
        raise BadOutputsError(f"{file}:{number}:{cause.colno}: not JSON: {cause.msg}") from None
    except (ValueError, RecursionError) as cause:
        raise BadOutputsError(f"{file}:{number}: not JSON: {cause}") from None
