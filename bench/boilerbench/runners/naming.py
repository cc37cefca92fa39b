"""Reads what a runner is asked for by: `NAME[:VARIANT][,OPTION=VALUE …][@ORIGIN]`.

The first option follows `:` where there is no variant. Everything behind `@` is the origin, since a URL may hold `:`
and `@` itself.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from boilerbench.errors import UsageError

FORM = "NAME[:VARIANT][,OPTION=VALUE,…][@VERSION, @PATH or @git+URL]"
_NAME = re.compile(r"[\w-]+(?=[:@]|$)|.+?\.py(?=[:@]|$)|[^:@]*")
_VARIANT = re.compile(r":([^,=@]+)(?=[,@]|$)")
_OPTION = re.compile(r"[:,](\w+)=")
_VALUES = re.compile(r"(\w+)=(?=.)")
_WORD = re.compile(r'[^\s,:@"\[\]{}]+')
_LITERALS = json.JSONDecoder(parse_constant=str)
_PYTHON = {"True": "true", "False": "false", "None": "null"}


class Asked(NamedTuple):
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
        options[key[1]], position = _value(label, key[1], key.end(), f"runner '{label}'")
        mark = ","
    rest = label[position:]
    if not label[:end] or rest[:1] not in ("", "@") or rest == "@":
        raise UsageError(f"runner '{label}': cannot be read from '{rest}' on; write {FORM}")
    return Asked(label[:end], variant[1] if variant else None, options, rest[1:])


def written(asked: Asked) -> str:
    """Write the label that `parse` takes apart so."""
    options = ",".join(f"{key}={value_written(value)}" for key, value in asked.options.items())
    behind = ",".join(filter(None, [asked.variant, options]))
    return asked.name + (f":{behind}" if behind else "") + (f"@{asked.origin}" if asked.origin else "")


def value_written(value: object) -> str:
    """Write the value of an option: JSON, or a bare word for a string that is read as one."""
    if isinstance(value, str):
        with suppress(UsageError):
            if values(f"x={value}") == ("x", [value]):
                return value
    return json.dumps(value)


def values(text: str) -> tuple[str, list[object]]:
    """Take `OPTION=VALUE,…` apart: an option, and values of it. `UsageError` says what is wrong."""
    key = _VALUES.match(text)
    if not key:
        raise UsageError(f"option '{text}': write NAME=VALUE,…")
    found, position = list[object](), key.end() - 1
    while position < len(text):
        if found and text[position] != ",":
            raise UsageError(f"option '{text}': cannot be read from '{text[position:]}' on; write NAME=VALUE,…")
        value, position = _value(text, key[1], position + 1, f"option '{text}'")
        found.append(value)
    return key[1], found


def _value(text: str, key: str, start: int, where: str) -> tuple[object, int]:
    value, end = None, -1
    with suppress(ValueError):
        value, end = _LITERALS.raw_decode(text, start)
    if end < 0 or text[end : end + 1] not in ("", ",", "@"):
        word = _WORD.match(text, start)
        if word is None:
            raise UsageError(f"{where}: option '{key}' has no value that can be read: write JSON, or a word")
        value, end = word[0], word.end()
    if isinstance(value, str) and value in _PYTHON:
        raise UsageError(f"{where}: write {key}={_PYTHON[value]}, as in JSON")
    return value, end
