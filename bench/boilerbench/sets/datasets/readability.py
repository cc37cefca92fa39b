"""The layout of Readability.js's tests: test-pages/NAME with source.html, expected.html and expected-metadata.json.

Gold is one `body`, what the harness's own converter makes of expected.html. The project's tests read every page as
UTF-8 and give all of them one made-up URL, so here the charset is stated and there is no URL.
"""

from pathlib import Path

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.sets.formats.layout import body, existing, read_json, read_text
from boilerbench.text.convert import to_text


class _About(msgspec.Struct):
    lang: str | None = None


def read(path: Path) -> GoldSet:
    """Read a folder of pages, or one that has it as test-pages or test/test-pages."""
    places = (path / "test" / "test-pages", path / "test-pages", path)
    home = next(place for place in places if place.is_dir())
    entries = tuple(_entry(file.parent) for file in sorted(home.glob("*/expected.html")))
    return GoldSet("readability", f"readability:{path}", entries, "", "Apache-2.0", "mozilla/readability")


def _entry(folder: Path) -> tuple[Page, Gold]:
    html, file = existing(folder / "source.html", "expected.html"), folder / "expected-metadata.json"
    about = read_json(file, _About, BadSetError) if file.is_file() else _About()
    language = (about.lang or "").replace("_", "-").split("-")[0].lower() or None
    page = Page(folder.name, html.read_bytes, charset="utf-8", language=language)
    return page, body(to_text(read_text(folder / "expected.html"), "html"))
