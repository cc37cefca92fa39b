"""The layout of trafilatura's evaluation: evaldata.json, with pages in cache/ and eval/ beside it.

Gold is snippets alone, without segments. An author's `comments`, `title` and the like are not read.
"""

from pathlib import Path
from typing import Any

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.files import typed
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.sets.formats.layout import SNIPPETS, read_json, snippets


class _Page(msgspec.Struct, rename=SNIPPETS):
    file: str
    with_snippets: list[str] | None = None
    without_snippets: list[str] | None = None


def read(path: Path) -> GoldSet:
    """Read evaldata.json: pages by URL; a page's id is its file name without `.html`."""
    places = [path, path / "evaldata.json", path / "tests" / "evaldata.json"]
    file = next((place for place in places if place.is_file()), places[1])
    found = read_json(file, dict[str, Any], BadSetError)
    entries = tuple(_entry(file, url, found[url]) for url in sorted(found))
    return GoldSet("snippets", f"snippets:{path}", entries, "", "Apache-2.0", "adbar/trafilatura")


def _entry(file: Path, url: str, value: object) -> tuple[Page, Gold]:
    place = f"{file}: page {url}"
    about = typed(_Page, value, place, BadSetError)
    if not about.file or about.file != Path(about.file).name:
        raise BadSetError(f"{place}: 'file' must be the name of a page, not '{about.file}'")
    for html in (file.parent / folder / about.file for folder in ("cache", "eval")):
        if html.is_file():
            gold = Gold((), snippets(about.with_snippets), snippets(about.without_snippets))
            return Page(about.file.removesuffix(".html"), html.read_bytes, url), gold
    raise BadSetError(f"{place}: {about.file} is neither in cache nor in eval")
