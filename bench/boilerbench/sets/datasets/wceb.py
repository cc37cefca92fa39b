"""The combined layout of WCEB (chatnoir-eu/web-content-extraction-benchmark): ground-truth/SET.jsonl, html/SET/ID.html.

Its authors decoded every page and wrote it as UTF-8, so that is the charset whatever the page says. Gold is one `body`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets.formats.layout import existing, json_lines, text_of

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
