"""The combined layout of WCEB (chatnoir-eu/web-content-extraction-benchmark): ground-truth/SET.jsonl, html/SET/ID.html.

Its authors decoded every page and wrote it as UTF-8, so that is the charset whatever the page says. Gold is one `body`.
Published outputs (chatnoir-eu's, and those of its extended edition) are SYSTEM.jsonl, one `{page_id, plaintext}` per
line, where a page's id is the SHA-256 of its HTML.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from boilerbench.errors import BadOutputsError, BadSetError
from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets.formats.layout import existing, json_lines, text_of
from boilerbench.sets.formats.outputs import json_lines as numbered
from boilerbench.sets.formats.outputs import texts_of

TRUTH = "ground-truth"


def read(path: Path) -> GoldSet:
    """Read all eight sets, or the one whose .jsonl file `path` is; a page of an earlier set again is SET-ID."""
    homes = (path, path / "combined", path / "datasets" / "combined")
    home = next((home for home in homes if (home / TRUTH).is_dir()), path)
    files = [path] if path.is_file() else sorted((home / TRUTH).glob("*.jsonl"))
    seen: set[str] = set()
    entries = tuple(entry for file in files for entry in _entries(file, seen))
    return GoldSet("wceb", f"wceb:{path}", entries, "", "", "chatnoir-eu/web-content-extraction-benchmark")


def _entries(file: Path, seen: set[str]) -> list[tuple[Page, Gold]]:
    found = []
    for place, _, row in json_lines(file):
        key, body = text_of(place, row, "page_id"), text_of(place, row, "plaintext")
        if not key or body is None or key != Path(key).name:
            raise BadSetError(f"{place}: needs 'page_id' and 'plaintext'")
        html = existing(file.parents[1] / "html" / file.stem / f"{key}.html", place)
        name = f"{file.stem}-{key}" if key in seen else key
        seen.add(name)
        page = Page(name, partial(Path.read_bytes, html), text_of(place, row, "url"), "utf-8")
        found.append((page, Gold((Segment("body", body),))))
    return found


def read_outputs(path: Path) -> dict[str, dict[str, str]]:
    """Read text by page id, by system; from one file or a folder of them. A null is an empty extraction."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise BadOutputsError(f"{path}: no .jsonl file in it")
    return {file.stem: texts_of(file, numbered(file), "page_id", "plaintext") for file in files}
