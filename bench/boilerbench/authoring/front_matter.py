"""The front matter of a gold page's source: TOML in a leading comment, and what would go wrong with it in silence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from boilerbench.errors import BadSetError

PAGE_TYPES = (
    *("news", "blog", "forum", "qa", "product", "documentation", "recipe", "listing", "service"),
    *("encyclopedic", "legal", "interview", "wall"),
)
"""Kinds of pages; `wall` is one without a body: a login or consent wall, an error."""

_FRONT = re.compile(r"\A<!--\n(.*?)\n-->\n", re.DOTALL)
_NEEDED = ("url", "site", "language", "page_type", "encoding", "title", "note")
_OPTIONAL = ("charset", "misdeclared", "with", "without", "classes", "licence")
_READ = frozenset({*_NEEDED, *_OPTIONAL, "phrases"})
_GIVEN = frozenset({"id", "dir"})
_CHOICES = {"page_type": PAGE_TYPES, "classes": ("hashed", "plain"), "misdeclared": (True, False)}
_NEVER_PRINTED = frozenset({"note", "with", "without"})


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
        front = tomllib.loads(found[1])
    except tomllib.TOMLDecodeError as error:
        raise BadSetError(f"front matter is not TOML: {error}") from None
    template = source[found.end() :]
    _check_keys(front, template)
    _check_values(front)
    return front, "\n" * found[0].count("\n") + template


def _check_keys(front: dict[str, Any], template: str) -> None:
    missing = [key for key in _NEEDED if not isinstance(front.get(key), str)]
    if missing:
        raise BadSetError(f"front matter lacks {', '.join(missing)}")
    for key in front:
        if key in _GIVEN:
            raise BadSetError(f"front matter: 'page.{key}' is given by the builder; take another name")
        if key not in _READ and not re.search(rf"\b{re.escape(key)}\b", template):
            raise BadSetError(f"front matter: nothing reads '{key}', neither the builder nor this template")


def _check_values(front: dict[str, Any]) -> None:
    for key, known in _CHOICES.items():
        if front.get(key, known[0]) not in known:
            raise BadSetError(f"front matter: unknown {key} {front[key]!r}; known: {', '.join(map(str, known))}")
    for path, value in _leaves(front):
        table, _, key = path.rpartition(".")
        if table and key in _OPTIONAL:
            raise BadSetError(f"front matter: '{key}' stands in the table '{table}'; put it above the first table")
        if path not in _NEVER_PRINTED and isinstance(value, str) and "<" in value:
            raise BadSetError(f"front matter: '<' in '{path}': write &lt;, or put what is markup into the template")


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
