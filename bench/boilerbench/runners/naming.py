"""Reads what a runner is asked for by: `NAME[:VARIANT][,OPTION=VALUE …][@ORIGIN]`.

The first option follows `:` where there is no variant. Everything behind `@` is the origin, since a URL may hold `:`
and `@` itself.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from boilerbench.errors import UsageError

FORM = "NAME[:VARIANT][,OPTION=VALUE,…][@VERSION, @PATH or @git+URL]"
_NAME = re.compile(r"[\w-]+(?=[:@]|$)|.+?\.py(?=[:@]|$)|[^:@]*")
_VARIANT = re.compile(r":([^,=@]+)(?=[,@]|$)")
_OPTION = re.compile(r"[:,](\w+)=")
_WORD = re.compile(r'[^\s,:@"\[\]{}]+')
_LITERALS = json.JSONDecoder(parse_constant=str)
_PYTHON = {"True": "true", "False": "false", "None": "null"}


@dataclass(frozen=True)
class Asked:
    """A runner as it was asked for; `origin` is empty for the version that is locked."""

    name: str
    variant: str | None
    options: Mapping[str, object]
    origin: str


def parse(label: str) -> Asked:
    """Take a label apart. Values of options are JSON, or a bare word for a string. `UsageError` says what is wrong."""
    name = _NAME.match(label)
    end = name.end() if name else 0
    variant = _VARIANT.match(label, end)
    position, mark = (variant.end(), ",") if variant else (end, ":")
    options: dict[str, object] = {}
    while label[position : position + 1] == mark and (key := _OPTION.match(label, position)):
        if key[1] in options:
            raise UsageError(f"runner '{label}': option '{key[1]}' is given twice")
        options[key[1]], position = _value(label, key[1], key.end())
        mark = ","
    rest = label[position:]
    if not label[:end] or rest[:1] not in ("", "@") or rest == "@":
        raise UsageError(f"runner '{label}': cannot be read from '{rest}' on; write {FORM}")
    return Asked(label[:end], variant[1] if variant else None, options, rest[1:])


def _value(label: str, key: str, start: int) -> tuple[object, int]:
    value, end = None, -1
    with suppress(ValueError):
        value, end = _LITERALS.raw_decode(label, start)
    if end < 0 or label[end : end + 1] not in ("", ",", "@"):
        word = _WORD.match(label, start)
        if word is None:
            raise UsageError(f"runner '{label}': option '{key}' has no value that can be read: write JSON, or a word")
        value, end = word[0], word.end()
    if isinstance(value, str) and value in _PYTHON:
        raise UsageError(f"runner '{label}': write {key}={_PYTHON[value]}, as in JSON")
    return value, end
