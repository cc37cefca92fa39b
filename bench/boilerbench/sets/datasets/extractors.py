"""Layouts of the tests that extractors come with.

Trafilatura's evaluation: evaldata.json, with pages in cache/ and eval/ beside it. Gold is snippets, without segments,
and title, author and date, of which what is empty was not annotated. `comments`, `tags` and the like are not read.

Readability.js's tests: test-pages/NAME with source.html, expected.html and expected-metadata.json. Gold is one `body`,
what the harness's own converter makes of expected.html; the metadata are what Readability.js finds, and no gold. The
project's tests read every page as UTF-8 and give all of them one made-up URL, so here the charset is stated and there
is no URL.

Newspaper's tests: tests/data/html/NAME.html, or NAME_article.html, with text/NAME.txt, read as UTF-8; what has no
other is left out. Gold is what that library should give.
"""

from os.path import isfile  # Path.is_file raises for a name that no file can have
from pathlib import Path
from typing import Any

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.files import typed
from boilerbench.model import Gold, Page
from boilerbench.sets.formats.layout import (
    SNIPPETS,
    Entries,
    Noted,
    annotated,
    body,
    by_stem,
    converting,
    existing,
    folder_of,
    published,
    read_json,
    read_text,
    snippets,
    some,
)
from boilerbench.text.convert import to_text


class _Page(msgspec.Struct, rename=SNIPPETS):
    file: str
    with_snippets: list[str] | None = None
    without_snippets: list[str] | None = None
    title: str | None = None
    author: str | list[str] | None = None
    date: str | None = None


class _About(msgspec.Struct):
    lang: str | None = None


@published("snippets", "adbar/trafilatura", "Apache-2.0")
def read_snippets(path: Path) -> Entries:
    """Read evaldata.json: pages by URL; a page's id is its file name without `.html`."""
    places = [path, path / "evaldata.json", path / "tests" / "evaldata.json"]
    file = next((place for place in places if place.is_file()), places[1])
    for url, value in sorted(read_json(file, dict[str, Any], BadSetError).items()):
        place = f"{file}: page {url}"
        about = typed(_Page, value, place, BadSetError)
        if not about.file or about.file != Path(about.file).name:
            raise BadSetError(f"{place}: 'file' must be the name of a page, not '{about.file}'")
        homes = (file.parent / folder / about.file for folder in ("cache", "eval"))
        html = next(filter(isfile, homes), None)
        if not html:
            raise BadSetError(f"{place}: {about.file} is neither in cache nor in eval")
        said = annotated(about.title, about.author, about.date)
        gold = Gold((), snippets(about.with_snippets), snippets(about.without_snippets), metadata=said)
        yield Page(about.file.removesuffix(".html"), html.read_bytes, url, file=html), gold


@published("readability", "mozilla/readability", "Apache-2.0")
def read_readability(path: Path) -> Entries:
    """Read a folder of pages, or one that has it as test-pages or test/test-pages."""
    places = (path / "test" / "test-pages", path / "test-pages", path)
    home = next((place for place in places if place.is_dir()), path)
    for expected in sorted(home.glob("*/expected.html")):
        html, file = (expected.with_name(name) for name in ("source.html", "expected-metadata.json"))
        about = read_json(file, _About, BadSetError) if file.is_file() else _About()
        language = (about.lang or "").replace("_", "-").split("-")[0].lower() or None
        page = Page(html.parent.name, existing(expected.name, html).read_bytes, None, "utf-8", language, file=html)
        text = read_text(expected)
        with converting(expected):
            gold = body(to_text(text, "html"))
        yield page, gold


@published("newspaper", "codelucas/newspaper", "MIT")
def read_newspaper(path: Path) -> Noted:
    """Read html/ and text/, in `path` or its folder tests/data."""
    home = path / "tests" / "data" if (path / "tests" / "data").is_dir() else path
    pages = {name.replace("_article", ""): file for name, file in by_stem(folder_of(home, "html"), ".html").items()}
    golds = by_stem(folder_of(home, "text"), ".txt")
    for name in sorted(golds.keys() & pages.keys()):
        yield Page(name, pages[name].read_bytes, None, "utf-8", file=pages[name]), body(read_text(golds[name]))
    alone = [
        f"{len(each)} {what}: {some(sorted(each))}"
        for what, each in (
            ("pages without a text", pages.keys() - golds.keys()),
            ("texts without a page", golds.keys() - pages.keys()),
        )
        if each
    ]
    return (f"not read: {'; '.join(alone)}",) if alone else ()
