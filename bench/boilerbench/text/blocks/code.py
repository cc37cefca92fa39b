"""The lines of a block of code, as its element has them."""

from __future__ import annotations

import re
from typing import Any

_LINES = frozenset(("br", "div", "li", "p", "tr"))
_GUTTER = re.compile(r"\s*(\d+)[ \t|.:]?")
_TAB = 4


def lines_of(element: Any) -> tuple[str, ...]:
    """The lines of a `pre` that are not blank, without the indent that all have and without numbers before all."""
    lines = [line.expandtabs(_TAB).rstrip() for line in _text(element).replace("\xa0", " ").splitlines()]
    lines = [line for line in _without_gutter(lines) if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    return tuple(line[indent:] for line in lines)


def _text(element: Any) -> str:
    from lxml import etree

    parts: list[str] = []

    def new_line() -> None:
        if parts and not "".join(parts[-1:]).endswith("\n"):
            parts.append("\n")

    for event, each in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        named = isinstance(each.tag, str)
        if event == "start":
            if each.tag in _LINES and each.tag != "br":
                new_line()
            parts.append(each.text or "")
            continue
        if named and each.tag == "br":
            parts.append("\n")
        elif named and each.tag in _LINES:
            new_line()
        if each is not element:
            parts.append(each.tail or "")
    return "".join(parts)


def _without_gutter(lines: list[str]) -> list[str]:
    """Drop numbers where every line begins with the one that follows its neighbour's."""
    there = [line for line in lines if line.strip()]
    found = [_GUTTER.match(line) for line in there]
    numbers = [int(each[1]) for each in found if each]
    if len(numbers) != len(there) or len(there) < 2:  # noqa: PLR2004  one number is a line
        return lines
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return lines
    return [line[each.end() :] for line, each in zip(there, found, strict=True) if each]
