"""The layout of trafilatura's evaluation: evaldata.json, with pages in cache/ and eval/ beside it.

Gold is snippets alone, without segments. An author's `comments`, `title` and the like are not read.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.sets.formats.files import read_json
from boilerbench.sets.formats.layout import text_of, texts_of


def read(path: Path) -> GoldSet:
    """Read evaldata.json: pages by URL; a page's id is its file name without `.html`."""
    places = [path, path / "evaldata.json", path / "tests" / "evaldata.json"]
    file = next((place for place in places if place.is_file()), places[1])
    found = read_json(file, BadSetError)
    if not isinstance(found, dict):
        raise BadSetError(f"{file}: expected an object of pages by URL")
    entries = tuple(_entry(file, url, found[url]) for url in sorted(found))
    return GoldSet("snippets", f"snippets:{path}", entries, "", "Apache-2.0", "adbar/trafilatura")


def _entry(file: Path, url: str, value: Any) -> tuple[Page, Gold]:
    place = f"{file}: page {url}"
    name = text_of(place, value, "file") if isinstance(value, dict) else None
    if not name or name != Path(name).name:
        raise BadSetError(f"{place}: expected an object with 'file', the name of a page")
    html = next(
        (file.parent / folder / name for folder in ("cache", "eval") if (file.parent / folder / name).is_file()), None
    )
    if html is None:
        raise BadSetError(f"{place}: {name} is neither in cache nor in eval")
    snippets = (texts_of(place, value, key) for key in ("with", "without"))
    return Page(name.removesuffix(".html"), partial(Path.read_bytes, html), url), Gold((), *snippets)
