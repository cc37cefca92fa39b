"""The layout of Readability.js's tests: test-pages/NAME with source.html, expected.html and expected-metadata.json.

Gold is one `body`, what the harness's own converter makes of expected.html. The project's tests read every page as
UTF-8 and give all of them one made-up URL, so here the charset is stated and there is no URL.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets.formats.files import read_json
from boilerbench.sets.formats.layout import existing, read_text, text_of
from boilerbench.text.convert import to_text


def read(path: Path) -> GoldSet:
    """Read a folder of pages, or one that has it as test-pages or test/test-pages."""
    places = (path / "test" / "test-pages", path / "test-pages", path)
    home = next(place for place in places if place.is_dir())
    entries = tuple(_entry(file.parent) for file in sorted(home.glob("*/expected.html")))
    return GoldSet("readability", f"readability:{path}", entries, "", "Apache-2.0", "mozilla/readability")


def _entry(folder: Path) -> tuple[Page, Gold]:
    html = existing(folder / "source.html", "expected.html")
    about = folder / "expected-metadata.json"
    found = read_json(about, BadSetError) if about.is_file() else {}
    if not isinstance(found, dict):
        raise BadSetError(f"{about}: expected an object")
    language = (text_of(str(about), found, "lang") or "").replace("_", "-").split("-")[0].lower() or None
    body = to_text(read_text(folder / "expected.html"), "html")
    page = Page(folder.name, partial(Path.read_bytes, html), charset="utf-8", language=language)
    return page, Gold((Segment("body", body),))
