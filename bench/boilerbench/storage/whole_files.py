"""Files of ours that are put in place whole or not at all, and whose schema number is asked before they are read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from boilerbench import files, places
from boilerbench.errors import BadRunFolderError, BoilerbenchError, NewerSchemaError, UnreachableError, UsageError
from boilerbench.storage import temporary


@contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """Put a file in place whole, as a block fills it, or leave what was there. `BoilerbenchError` where it cannot."""
    try:
        with _uploading(file) if places.is_remote(file) else _replacing(file) as stream:
            yield stream
    except OSError as cause:
        raise BoilerbenchError(f"{file}: cannot be written: {cause.strerror}") from cause


@contextmanager
def _uploading(file: Path) -> Iterator[IO[bytes]]:
    with temporary.Folder() as folder:
        local = Path(folder) / file.name
        with local.open("wb") as stream:
            yield stream
        places.put(local, file)


@contextmanager
def _replacing(file: Path) -> Iterator[IO[bytes]]:
    file.parent.mkdir(exist_ok=True)
    handle, partial = temporary.file(file)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        partial.chmod(0o644)
        partial.replace(file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write_text(file: Path, text: str) -> None:
    """Write a file whole, or leave what was there; `UsageError` where it cannot be written."""
    write_bytes(file, text.encode())


def write_bytes(file: Path, content: bytes) -> None:
    """Write as `write_text` does."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with _replacing(file) as stream:
            stream.write(content)
    except OSError as cause:
        raise UsageError(f"{file}: cannot be written: {cause.strerror}") from None


def read_json(file: Path, newest: int) -> dict[str, Any]:
    """Read an object whose schema number is `newest` at most, such as leaderboard.json. Raises `BadRunFolderError`."""
    try:
        with places.opened(file) as stream:
            found = files.parse_json(stream.read())
    except UnreachableError:
        raise
    except OSError as cause:
        raise BadRunFolderError(f"{file}: cannot be read: {cause.strerror}") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise BadRunFolderError(f"{file}: damaged: not JSON; make it again, finished pages are kept") from None
    except ValueError as cause:
        raise BadRunFolderError(f"{file}: {cause}") from None
    if not isinstance(found, dict) or type(found.get("schema")) is not int:
        raise BadRunFolderError(f"{file}: has no schema number; not written by boilerbench")
    check_schema(file, found["schema"], newest)
    return found


def check_schema(file: Path, schema: int, newest: int) -> None:
    """Refuse a file that is newer than what is known here, or not ours."""
    if schema > newest:
        raise NewerSchemaError(file, schema, newest)
    if schema < 1:
        raise BadRunFolderError(f"{file}: has no schema number; not written by boilerbench")
