"""The layout of GoogleTrends-2017, BoilerNet's set (Leonhardt, Anand and Khosla, WWW 2020): raw_html and prepared_html.

In prepared_html every text stands in an element with `__boilernet_label`, 1 for content. That is one `body`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets.formats.annotated import segments
from boilerbench.sets.formats.layout import existing, folder_of


def read(path: Path) -> GoldSet:
    """Read the folder; the body is all text labelled 1, in order."""
    raw, prepared = folder_of(path, "raw_html"), folder_of(path, "prepared_html")
    entries = []
    for file in sorted(prepared.glob("*.html")):
        html = existing(raw / file.name, f"{prepared.name}/{file.name}")
        body = "\n".join(segment.text for segment in segments(file, _label))
        entries.append((Page(file.stem, partial(Path.read_bytes, html)), Gold((Segment("body", body),))))
    return GoldSet("google-trends", f"google-trends:{path}", tuple(entries), "", "", "mrjleo/boilernet")


def _label(element: Any) -> str | None:
    found = element.get("__boilernet_label")
    return None if found is None else "body" if found == "1" else ""
