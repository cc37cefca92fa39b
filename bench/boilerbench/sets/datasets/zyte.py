"""The layout of scrapinghub/article-extraction-benchmark: ground-truth.json, html/ID.html.gz, output/SYSTEM.json."""

import gzip
import zlib
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from boilerbench.errors import BadOutputsError, BadSetError
from boilerbench.files import typed
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.sets.formats.layout import body, existing, read_json


class _Page(msgspec.Struct, rename={"text": "articleBody"}):
    text: str
    url: str | None = None


class _Prediction(msgspec.Struct, rename={"text": "articleBody"}):
    text: str | None = None


def read(path: Path) -> GoldSet:
    """Read the set: one `body` segment per page, the text of its `articleBody`."""
    file = path / "ground-truth.json"
    truth = read_json(file, dict[str, Any], BadSetError)
    entries = tuple(_entry(file, key, truth[key]) for key in sorted(truth))
    return GoldSet("zyte", f"zyte:{path}", entries, "", "MIT", "scrapinghub/article-extraction-benchmark")


def _entry(file: Path, key: str, value: object) -> tuple[Page, Gold]:
    html = existing(file.parent / "html" / f"{key}.html.gz", file.name)
    page = typed(_Page, value, f"{file}: page {key}", BadSetError)
    return Page(key, partial(unpack, html), page.url), body(page.text)


def unpack(html: Path) -> bytes:
    """Read a page that is kept compressed by gzip."""
    try:
        return gzip.decompress(html.read_bytes())
    except (OSError, EOFError, zlib.error) as cause:
        raise BadSetError(f"{html}: cannot be unpacked: {cause}") from None


def read_outputs(path: Path) -> dict[str, dict[str, str]]:
    """Read published outputs: text by page id, by system; from one file or a folder of them.

    The object of pages may stand alone or under `output`, beside a `version`.
    """
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise BadOutputsError(f"{path}: no .json file in it")
    return {file.stem: _outputs(file) for file in files}


def _outputs(file: Path) -> dict[str, str]:
    found = read_json(file, dict[str, Any], BadOutputsError)
    pages = typed(dict[str, Any], found.get("output", found), file, BadOutputsError)
    named = {key: page if isinstance(page, dict) else {"articleBody": page} for key, page in pages.items()}
    found = {key: typed(_Prediction, page, f"{file}: page {key}", BadOutputsError) for key, page in named.items()}
    return {key: prediction.text or "" for key, prediction in found.items()}
