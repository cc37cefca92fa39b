"""The layout of trafilatura's evaluation: evaldata.json, with pages in cache/ and eval/ beside it.

Gold is snippets alone, without segments. An author's `comments`, `title` and the like are not read.
"""

from pathlib import Path
from typing import Any

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.files import typed
from boilerbench.model import Gold, Page
from boilerbench.sets.formats.layout import SNIPPETS, Entries, published, read_json, snippets


class _Page(msgspec.Struct, rename=SNIPPETS):
    file: str
    with_snippets: list[str] | None = None
    without_snippets: list[str] | None = None


@published("snippets", "adbar/trafilatura", "Apache-2.0")
def read(path: Path) -> Entries:
    """Read evaldata.json: pages by URL; a page's id is its file name without `.html`."""
    places = [path, path / "evaldata.json", path / "tests" / "evaldata.json"]
    file = next((place for place in places if place.is_file()), places[1])
    for url, value in sorted(read_json(file, dict[str, Any], BadSetError).items()):
        place = f"{file}: page {url}"
        about = typed(_Page, value, place, BadSetError)
        if not about.file or about.file != Path(about.file).name:
            raise BadSetError(f"{place}: 'file' must be the name of a page, not '{about.file}'")
        homes = (file.parent / folder / about.file for folder in ("cache", "eval"))
        html = next(filter(Path.is_file, homes), None)
        if not html:
            raise BadSetError(f"{place}: {about.file} is neither in cache nor in eval")
        gold = Gold((), snippets(about.with_snippets), snippets(about.without_snippets))
        yield Page(about.file.removesuffix(".html"), html.read_bytes, url), gold
