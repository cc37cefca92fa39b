"""What readers share: finding files and folders, decoding gold texts, JSON Lines by offset, rows made into pages."""

from __future__ import annotations

import codecs
import glob
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boilerbench.errors import BadSetError
from boilerbench.labels import taxonomy
from boilerbench.model import Gold, Page, Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def folder_of(path: Path, *names: str) -> Path:
    """Return the first of the named folders that `path` has."""
    for name in names:
        if (path / name).is_dir():
            return path / name
    raise BadSetError(f"{path}: needs a folder {' or '.join(names)}")


def files_of(path: Path, *suffixes: str) -> list[Path]:
    """Return the files a path means: itself, those of a folder by suffix, a glob, or several with commas between."""
    found: list[Path] = []
    for part in [str(path)] if path.exists() else str(path).split(","):
        here = Path(part)
        if here.is_dir():
            new = sorted(file for file in here.iterdir() if file.name.endswith(suffixes) and file.is_file())
        else:
            new = [here] if here.is_file() else sorted(map(Path, glob.glob(part, recursive=True)))  # noqa: PTH207  the pattern may be absolute
        if not new:
            raise BadSetError(f"{part}: no such file, and no {' or '.join(suffixes)} file in it")
        found += new
    return found


def existing(file: Path, needed_by: str) -> Path:
    """Return a file that has to be there."""
    if not file.is_file():
        raise BadSetError(f"{file}: missing, though {needed_by} has gold for it")
    return file


def read_text(file: Path) -> str:
    """Decode a gold text: byte order mark, else UTF-8, else windows-1252; line ends become one line feed."""
    try:
        raw = file.read_bytes()
    except OSError as cause:
        raise BadSetError(f"{file}: cannot be read: {cause.strerror or cause}") from None
    encoding = next((name for bom, name in _BOMS.items() if raw.startswith(bom)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("windows-1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def json_lines(file: Path) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Read objects one by one: the place as `file:line`, its offset in bytes, the object. Blank lines are left out."""
    offset = 0
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{file}:{number}", offset, _decode(f"{file}:{number}", line)
                offset += len(line)
    except OSError as cause:
        raise BadSetError(f"{file}: cannot be read: {cause.strerror or cause}") from None


def line_at(file: Path, offset: int) -> dict[str, Any]:
    """Read the object of the line that starts at an offset."""
    with file.open("rb") as lines:
        lines.seek(offset)
        return _decode(f"{file} at byte {offset}", lines.readline())


def html_at(file: Path, offset: int) -> bytes:
    """Read `html` of the line that starts at an offset, as UTF-8."""
    return encoded(line_at(file, offset)["html"])


def encoded(html: str | bytes) -> bytes:
    """HTML as UTF-8; a lone surrogate, which no encoding has, becomes a question mark."""
    return html if isinstance(html, bytes) else html.encode("utf-8", "replace")


def text_of(place: str, row: dict[str, Any], key: str) -> str | None:
    """Return an optional text of a row."""
    value = row.get(key)
    if not isinstance(value, str | None):
        raise BadSetError(f"{place}: '{key}' must be a text")
    return value


def texts_of(place: str, row: dict[str, Any], key: str) -> tuple[str, ...]:
    """Return an optional list of texts of a row; blank ones, which occur in everything, are left out."""
    values = row.get(key) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise BadSetError(f"{place}: '{key}' must be a list of texts")
    return tuple(value for value in values if value.strip())


def entry_of(place: str, row: dict[str, Any], read: Callable[[], bytes], charset: str | None) -> tuple[Page, Gold]:
    """Make a page with gold of a row: `id`, and `text`, `segments` (label, text), `with` or `without`."""
    key = row.get("id")
    if not isinstance(key, str | int) or isinstance(key, bool) or key == "":
        raise BadSetError(f"{place}: needs an 'id'")
    if all(row.get(name) is None for name in ("text", "segments", "with", "without")):
        raise BadSetError(f"{place}: needs gold: one of text, segments, with, without")
    url, language, page_type, site = (text_of(place, row, name) for name in ("url", "language", "page_type", "site"))
    page = Page(str(key), read, url, charset, language, page_type, site)
    return page, Gold(_segments(place, row), texts_of(place, row, "with"), texts_of(place, row, "without"))


def _segments(place: str, row: dict[str, Any]) -> tuple[Segment, ...]:
    given = row.get("segments")
    if given is None:
        text = text_of(place, row, "text")
        return () if text is None else (Segment("body", text),)
    if not isinstance(given, list):
        raise BadSetError(f"{place}: 'segments' must be a list")
    for index, segment in enumerate(given):
        if not isinstance(segment, dict) or not all(isinstance(segment.get(key), str) for key in ("label", "text")):
            raise BadSetError(f"{place}: segment {index}: expected an object with the texts 'label' and 'text'")
        if segment["label"] not in taxonomy():
            raise BadSetError(f"{place}: segment {index}: unknown label '{segment['label']}'")
    return tuple(Segment(segment["label"], segment["text"]) for segment in given)


def _decode(place: str, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as cause:
        raise BadSetError(f"{place}: not JSON: {cause.msg}, column {cause.colno}") from None
    except (ValueError, RecursionError) as cause:
        raise BadSetError(f"{place}: not JSON: {cause}") from None
    if not isinstance(found, dict):
        raise BadSetError(f"{place}: expected an object")
    return found
