"""Gold that stands in a copy of the page: elements marked by a class or an attribute, read into labelled text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from boilerbench.model import Segment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_INLINE_NAMES = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q s samp small span strike "
    "strong sub sup time tt u var wbr"
)
_INLINE = frozenset(_INLINE_NAMES.split())
_SKIPPED = frozenset({"script", "style", "noscript", "template", "head"})


def segments(file: Path, label_of: Callable[[Any], str | None]) -> tuple[Segment, ...]:
    """Read the marked text of a page in document order, a line per block; neighbours of one label are one segment.

    `label_of` gives an element's label: None takes that of the element around it, an empty one says no gold.
    """
    found: list[tuple[str, list[str]]] = []
    for label, text in _runs(file, label_of):
        if found and (found[-1][0] == label or not text.strip()):
            found[-1][1].append(text)
        else:
            found.append((label, [text]))
    tidied = ((label, _tidy("".join(texts))) for label, texts in found if label)
    return tuple(Segment(label, text) for label, text in tidied if text)


def _runs(file: Path, label_of: Callable[[Any], str | None]) -> list[tuple[str, str]]:
    """Every stretch of text with its label, without recursion: pages may nest deeper than Python may."""
    from lxml import etree

    from boilerbench.text.decoding import decode

    html = decode(file.read_bytes())
    if not html.strip():
        return []
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    runs: list[tuple[str, str]] = []
    labels, skipped = [""], 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")) if root is not None else ():
        tag = element.tag if isinstance(element.tag, str) else ""
        edge = "" if tag in _INLINE or not tag else "\n"
        if event == "start":
            own = label_of(element)
            labels.append(labels[-1] if own is None else own)
            skipped += tag in _SKIPPED
            text = element.text
        else:
            skipped -= tag in _SKIPPED
            if tag:
                labels.pop()
            text = element.tail
        runs.append((labels[-1], edge + ("" if skipped else re.sub(r"\s+", " ", text or ""))))
    return runs


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
