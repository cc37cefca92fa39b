"""Our own layout: set.toml, and per page pages/ID/page.html with pages/ID/gold.json (see gold.schema.json)."""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path
from typing import Any

from boilerbench.errors import BadSetError, NewerSchemaError
from boilerbench.labels import taxonomy
from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets.formats.files import read_json

SCHEMA = 1
"""The newest schema of gold.json known here."""

WHERE = ("attribute", "json", "noscript", "template", "hidden")
"""Places a segment can stand that a reader does not see; absent for visible text."""

_TEXTS = ("url", "site", "language", "page_type", "charset", "encoding", "licence", "note")
_LISTS = ("segments", "with", "without")


def read(path: Path) -> GoldSet:
    """Read a folder of pages. The HTML itself is read when a page is asked for it."""
    about = read_about(path / "set.toml")
    folders = sorted(folder for folder in (path / "pages").glob("*") if folder.is_dir())
    entries = tuple(_entry(folder) for folder in folders)
    return GoldSet(about["name"], f"native:{path}", entries, about["version"], about["licence"], about["source"])


def read_gold(file: Path) -> dict[str, Any]:
    """Read one gold.json as it stands, `where` of segments included; raise `BadSetError` if it breaks the schema."""
    gold = read_json(file, BadSetError)
    check_gold(file, gold)
    return dict(gold)


def check_gold(file: Path, gold: object) -> None:
    """Raise `BadSetError` where the content of a gold.json breaks the schema; `file` is named in it."""
    if not isinstance(gold, dict):
        raise BadSetError(f"{file}: expected an object")
    _check_schema(file, gold.get("schema"))
    _check_keys(file, gold)
    for index, segment in enumerate(gold.get("segments", [])):
        _check_segment(f"{file}: segment {index}", segment)
    for key in ("with", "without"):
        if not all(isinstance(snippet, str) and snippet.strip() for snippet in gold.get(key, [])):
            raise BadSetError(f"{file}: '{key}' must be a list of texts")


def read_about(file: Path) -> dict[str, str]:
    """Read set.toml: name, version, licence and source of a set, empty where it does not say."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as cause:
        raise BadSetError(f"{file}: cannot be read: {cause.strerror or cause}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise BadSetError(f"{file}: not TOML: {cause}") from None
    about = {key: found.get(key, "") for key in ("name", "version", "licence", "source")}
    for key, value in about.items():
        if not isinstance(value, str):
            raise BadSetError(f"{file}: '{key}' must be a text")
    if not about["name"]:
        raise BadSetError(f"{file}: needs a name")
    return about


def _entry(folder: Path) -> tuple[Page, Gold]:
    html, file = folder / "page.html", folder / "gold.json"
    for needed in (html, file):
        if not needed.is_file():
            raise BadSetError(f"{needed}: missing")
    gold = read_gold(file)
    page = Page(
        folder.name,
        partial(Path.read_bytes, html),
        gold.get("url"),
        gold.get("charset"),
        gold.get("language"),
        gold.get("page_type"),
        gold.get("site"),
    )
    segments = tuple(Segment(entry["label"], entry["text"]) for entry in gold.get("segments", []))
    return page, Gold(segments, tuple(gold.get("with", [])), tuple(gold.get("without", [])))


def _check_schema(file: Path, schema: object) -> None:
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise BadSetError(f"{file}: needs 'schema', a whole number from 1 on")
    if schema > SCHEMA:
        raise NewerSchemaError(file, schema, SCHEMA)


def _check_keys(file: Path, gold: dict[str, Any]) -> None:
    unknown = sorted(set(gold) - {"schema", *_TEXTS, *_LISTS})
    if unknown:
        raise BadSetError(f"{file}: unknown key '{unknown[0]}'")
    for key in _TEXTS:
        if not isinstance(gold.get(key), str | None):
            raise BadSetError(f"{file}: '{key}' must be a text or null")
    for key in _LISTS:
        if not isinstance(gold.get(key, []), list):
            raise BadSetError(f"{file}: '{key}' must be a list")
    if not any(key in gold for key in _LISTS):
        raise BadSetError(f"{file}: needs at least one of {', '.join(_LISTS)}")


def _check_segment(place: str, segment: object) -> None:
    if not isinstance(segment, dict) or not all(isinstance(segment.get(key), str) for key in ("label", "text")):
        raise BadSetError(f"{place}: expected an object with the texts 'label' and 'text'")
    unknown = sorted(set(segment) - {"label", "text", "where"})
    if unknown:
        raise BadSetError(f"{place}: unknown key '{unknown[0]}'")
    if segment["label"] not in taxonomy():
        raise BadSetError(f"{place}: unknown label '{segment['label']}'")
    if segment.get("where", WHERE[0]) not in WHERE:
        raise BadSetError(f"{place}: unknown where '{segment['where']}'; known: {', '.join(WHERE)}")
    if not segment["text"].strip():
        raise BadSetError(f"{place}: empty text")
