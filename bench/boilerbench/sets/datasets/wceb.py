"""The combined layout of WCEB (chatnoir-eu/web-content-extraction-benchmark): ground-truth/SET.jsonl, html/SET/ID.html.

Its authors decoded every page and wrote it as UTF-8, so that is the charset whatever the page says. Gold is one `body`.
Published outputs (chatnoir-eu's, and those of its extended edition) are SYSTEM.jsonl, one `{page_id, plaintext}` per
line, where a page's id is the SHA-256 of its HTML.
"""

from pathlib import Path

import msgspec

from boilerbench.errors import BadOutputsError, BadSetError
from boilerbench.model import Page
from boilerbench.sets.formats.layout import Entries, Prediction, Predictions, body, existing, json_lines, published

SUFFIXES = (".jsonl",)


class _Page(msgspec.Struct):
    page_id: str
    plaintext: str
    url: str | None = None


class _Prediction(msgspec.Struct):
    page_id: str
    plaintext: str | None


@published("wceb", "chatnoir-eu/web-content-extraction-benchmark")
def read(path: Path) -> Entries:
    """Read all eight sets, or the one whose .jsonl file `path` is; a page of an earlier set again is SET-ID."""
    homes = (path, path / "combined", path / "datasets" / "combined")
    home = next((home for home in homes if (home / "ground-truth").is_dir()), path)
    files = [path] if path.is_file() else sorted((home / "ground-truth").glob("*.jsonl"))
    seen: set[str] = set()
    for file in files:
        for place, _, row in json_lines(file, _Page, BadSetError):
            key = row.page_id
            if not key or key != Path(key).name:
                raise BadSetError(f"{place}: 'page_id' must be the name of a page, not '{key}'")
            html = existing(place, file.parents[1] / "html" / file.stem / f"{key}.html")
            name = f"{file.stem}-{key}" if key in seen else key
            seen.add(name)
            yield Page(name, html.read_bytes, row.url, "utf-8", file=html), body(row.plaintext)


def outputs(file: Path) -> Predictions:
    """Read published outputs. A `plaintext` of null is empty."""
    for place, _, row in json_lines(file, _Prediction, BadOutputsError):
        yield place, row.page_id, Prediction(row.plaintext or "")
