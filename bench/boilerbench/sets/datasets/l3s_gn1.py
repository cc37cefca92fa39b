"""The layout of L3S-GN1 (Kohlschütter, Fankhauser and Nejdl, WSDM 2010): original/UUID.html with annotated/UUID.html.

In the annotated copy, spans of class x-nc-sel1 to x-nc-sel5 hold the headline, the full text, what supplements it,
related content and readers' comments; x-nc-sel0 and everything else is not content, and has no segment here.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from boilerbench.model import Gold, GoldSet, Page
from boilerbench.sets.formats.annotated import segments
from boilerbench.sets.formats.layout import existing, folder_of, read_text

LABELS = {"0": "", "1": "title", "2": "body", "3": "aside", "4": "related", "5": "comment"}
"""Our label for the digit of a class; an empty one is no gold."""

_CLASS = re.compile(r"\bx-nc-sel([0-5])\b")
_MAPPED = re.compile(r"<urn:uuid:([^>]+)>\s+(\S+)")


def read(path: Path) -> GoldSet:
    """Read the folder; URLs come from url-mapping.txt where it is there."""
    original, annotated = folder_of(path, "original"), folder_of(path, "annotated")
    mapping = path / "url-mapping.txt"
    urls = dict(_MAPPED.findall(read_text(mapping))) if mapping.is_file() else {}
    entries = []
    for file in sorted(annotated.glob("*.html")):
        html = existing(original / file.name, f"{annotated.name}/{file.name}")
        page = Page(file.stem, partial(Path.read_bytes, html), urls.get(file.stem))
        entries.append((page, Gold(segments(file, _label))))
    return GoldSet("l3s-gn1", f"l3s-gn1:{path}", tuple(entries), "", "", "L3S-GN1-20100130203947-00001")


def _label(element: Any) -> str | None:
    found = _CLASS.search(element.get("class", ""))
    return LABELS[found[1]] if found else None
