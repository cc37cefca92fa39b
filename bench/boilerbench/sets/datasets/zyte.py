"""The layout of scrapinghub/article-extraction-benchmark: ground-truth.json, html/ID.html.gz, output/SYSTEM.json."""

from __future__ import annotations

import gzip
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

from boilerbench.errors import BadOutputsError, BadSetError
from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets.formats.files import read_json

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> GoldSet:
    """Read the set: one `body` segment per page, the text of its `articleBody`."""
    file = path / "ground-truth.json"
    truth = read_json(file, BadSetError)
    if not isinstance(truth, dict) or not truth:
        raise BadSetError(f"{file}: expected an object of pages by id")
    entries = tuple(_entry(path, file, key, truth[key]) for key in sorted(truth))
    return GoldSet("zyte", f"zyte:{path}", entries, "", "MIT", "scrapinghub/article-extraction-benchmark")


def _entry(path: Path, file: Path, key: str, value: Any) -> tuple[Page, Gold]:
    html = path / "html" / f"{key}.html.gz"
    if not html.is_file():
        raise BadSetError(f"{html}: missing, though {file.name} has gold for it")
    body = value.get("articleBody") if isinstance(value, dict) else None
    if not isinstance(body, str):
        raise BadSetError(f"{file}: page {key}: expected an object with a text 'articleBody'")
    return Page(key, partial(unpack, html), value.get("url")), Gold((Segment("body", body),))


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
    found = read_json(file, BadOutputsError)
    if isinstance(found, dict):
        found = found.get("output", found)
    if not isinstance(found, dict):
        raise BadOutputsError(f"{file}: expected an object of predictions by page id")
    texts = {key: value.get("articleBody") if isinstance(value, dict) else value for key, value in found.items()}
    for key, text in texts.items():
        if not isinstance(text, str | None):
            raise BadOutputsError(f"{file}: page {key}: expected an object with a text 'articleBody'")
    return {key: text or "" for key, text in texts.items()}
