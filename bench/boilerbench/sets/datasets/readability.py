"""The layout of Readability.js's tests: test-pages/NAME with source.html, expected.html and expected-metadata.json.

Gold is one `body`, what the harness's own converter makes of expected.html. The project's tests read every page as
UTF-8 and give all of them one made-up URL, so here the charset is stated and there is no URL.
"""

from pathlib import Path

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.model import Page
from boilerbench.sets.formats.layout import Entries, body, existing, published, read_json, read_text
from boilerbench.text.convert import to_text


class _About(msgspec.Struct):
    lang: str | None = None


@published("readability", "mozilla/readability", "Apache-2.0")
def read(path: Path) -> Entries:
    """Read a folder of pages, or one that has it as test-pages or test/test-pages."""
    places = (path / "test" / "test-pages", path / "test-pages", path)
    home = next(place for place in places if place.is_dir())
    for expected in sorted(home.glob("*/expected.html")):
        html, file = (expected.with_name(name) for name in ("source.html", "expected-metadata.json"))
        about = read_json(file, _About, BadSetError) if file.is_file() else _About()
        language = (about.lang or "").replace("_", "-").split("-")[0].lower() or None
        page = Page(html.parent.name, existing(expected.name, html).read_bytes, None, "utf-8", language)
        yield page, body(to_text(read_text(expected), "html"))
