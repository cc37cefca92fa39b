"""The front matter of a gold page's source: TOML in a leading comment, and what would go wrong with it in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.files import parse_toml, typed
from boilerbench.sets.formats.layout import SNIPPETS

_FRONT = re.compile(r"\A<!--\n(.*?)\n-->\n", re.DOTALL)

PageType = Literal[
    "news", "blog", "forum", "qa", "product", "collection", "documentation", "recipe", "listing", "service",
    "encyclopedic", "legal", "interview", "wall",
]  # fmt: skip
"""Kinds of pages; `wall` is one without a body: a login or consent wall, an error."""


class Front(msgspec.Struct, rename=SNIPPETS):
    """The keys that the builder reads; what else there is, the template has to read."""

    url: str
    site: str
    language: str
    page_type: PageType
    encoding: str
    title: str
    note: str
    charset: str | None = None
    authors: list[str] = []
    published: str | None = None
    misdeclared: bool = False
    with_snippets: list[str] = []
    without_snippets: list[str] = []
    classes: Literal["hashed", "plain"] = "hashed"
    licence: str | None = None
    phrases: dict[str, dict[str, Any]] = {}


_READ = Front.__struct_encode_fields__
_OPTIONAL = frozenset(_READ[7:-1])


def read(file: Path) -> tuple[dict[str, Any], str]:
    """Part a source into its front matter and its template, whose lines keep their numbers.

    Raises `BadSetError` for what cannot be read, and for what nobody would notice: a key that nothing reads or that a
    table took, and a `<` in a value, since values are printed into pages as they are.
    """
    try:
        source = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSetError(f"byte {error.start} is not UTF-8: sources are, whatever the page's 'encoding'") from None
    found = _FRONT.match(source)
    if not found:
        raise BadSetError("no front matter; a source begins with '<!--', TOML, '-->', each on lines of their own")
    try:
        front = parse_toml(found[1])
    except ValueError as error:
        raise BadSetError(f"front matter is not TOML: {error}") from None
    template = source[found.end() :]
    typed(Front, front, "front matter", BadSetError)
    for key in front:
        if key in ("id", "dir"):
            raise BadSetError(f"front matter: 'page.{key}' is given by the builder; take another name")
        if key not in _READ and not re.search(rf"\b{re.escape(key)}\b", template):
            raise BadSetError(f"front matter: nothing reads '{key}', neither the builder nor this template")
    for path, value in _leaves(front):
        table, _, key = path.rpartition(".")
        if table and key in _OPTIONAL:
            raise BadSetError(f"front matter: '{key}' stands in the table '{table}'; put it above the first table")
        if path not in ("note", "with", "without") and isinstance(value, str) and "<" in value:
            raise BadSetError(f"front matter: '<' in '{path}': write &lt;, or put what is markup into the template")
    return front, "\n" * found[0].count("\n") + template


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Give everything that is neither table nor list, with its keys joined by dots."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)
    else:
        yield path, value
