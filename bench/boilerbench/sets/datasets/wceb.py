"""The combined layout of WCEB (chatnoir-eu/web-content-extraction-benchmark): ground-truth/SET.jsonl, html/SET/ID.html.

Its authors decoded every page and wrote it as UTF-8, so that is the charset whatever the page says. Gold is one `body`.
Published outputs (chatnoir-eu's, and those of its extended edition) are SYSTEM.jsonl, one `{page_id, plaintext}` per
line, where a page's id is the SHA-256 of its HTML.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from boilerbench.errors import BadOutputsError, BadSetError
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.sets.formats.layout import body, existing, json_lines
from boilerbench.sets.formats.outputs import texts_of

TRUTH = "ground-truth"


class _Page(msgspec.Struct):
    page_id: str
    plaintext: str
    url: str | None = None


class _Prediction(msgspec.Struct):
    page_id: str
    plaintext: str | None


def read(path: Path) -> GoldSet:
    """Read all eight sets, or the one whose .jsonl file `path` is; a page of an earlier set again is SET-ID."""
    homes = (path, path / "combined", path / "datasets" / "combined")
    home = next((home for home in homes if (home / TRUTH).is_dir()), path)
    files = [path] if path.is_file() else sorted((home / TRUTH).glob("*.jsonl"))
    seen: set[str] = set()
    entries = tuple(entry for file in files for entry in _entries(file, seen))
    return GoldSet("wceb", f"wceb:{path}", entries, "", "", "chatnoir-eu/web-content-extraction-benchmark")


def _entries(file: Path, seen: set[str]) -> Iterator[tuple[Page, Gold]]:
    for place, _, row in json_lines(file, _Page, BadSetError):
        key = row.page_id
        if not key or key != Path(key).name:
            raise BadSetError(f"{place}: 'page_id' must be the name of a page, not '{key}'")
        html = existing(file.parents[1] / "html" / file.stem / f"{key}.html", place)
        name = f"{file.stem}-{key}" if key in seen else key
        seen.add(name)
        yield Page(name, html.read_bytes, row.url, "utf-8"), body(row.plaintext)


def read_outputs(path: Path) -> dict[str, dict[str, str]]:
    """Read text by page id, by system; from one file or a folder of them. A `plaintext` of null is empty."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise BadOutputsError(f"{path}: no .jsonl file in it")
    found = {file.stem: json_lines(file, _Prediction, BadOutputsError) for file in files}
    return {
        system: texts_of((place, row.page_id, row.plaintext) for place, _, row in rows)
        for system, rows in found.items()
    }
