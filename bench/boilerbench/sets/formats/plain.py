"""One's own pages in plain layouts: JSON Lines, Parquet, CSV, or pairs of files.

Rows of pages have the keys of `rows.Row`. Their `path` is a file, a folder, a glob, or several of these with commas
between. Only gold is kept in memory: the HTML of a page is read from its row when the page is asked for it. In JSON
Lines it is text; in Parquet it may be text or bytes.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from os.path import isfile, realpath
from pathlib import Path
from typing import Any

from boilerbench.errors import BadSetError
from boilerbench.files import require_content, typed
from boilerbench.model import Entry, Gold, GoldSet, Page, Stream
from boilerbench.places import is_remote
from boilerbench.sets import limits
from boilerbench.sets.formats import parquet_rows, several
from boilerbench.sets.formats.layout import (
    body,
    by_stem,
    converting,
    files_of,
    html_at,
    json_lines,
    markup_of,
    read_json,
    read_text,
    some,
    unread,
)
from boilerbench.sets.formats.rows import COLUMNS, Row, entry_of
from boilerbench.sets.naming import name_of
from boilerbench.sets.spool import Passing
from boilerbench.text.convert import to_text

HTML = (".html", ".htm")
_BESIDE = ("text", "txt", "json", "md")
"""Folders of gold beside html/."""

_CSV_NAMES = {"type": "page_type"}
_CSV_LAYOUT = (
    "expected a first line 'path,url,language,type,text', and rows such as 'html/a.html,https://a.example/,en,,Text'"
)

_NO_BODY = re.compile(r"body:\s*none", re.IGNORECASE)
"""All that a file says whose page has no body."""


@several
def read_jsonl(path: Path) -> GoldSet:
    """Read every line of every file; `html` is text, so the page is UTF-8 whatever it says itself."""
    suffixes = (".jsonl", ".ndjson")
    files = files_of(path, *suffixes)

    def rows() -> Iterator[tuple[str, Entry]]:
        for file in files:
            for place, offset, row in json_lines(file, Row, BadSetError):
                here = partial(html_at, file, offset)
                read = Passing(row.html.encode("utf-8", "replace")) if is_remote(file) else here
                yield place, entry_of(place, row, read, "utf-8")

    return GoldSet(name_of(path), f"jsonl:{path}", Stream(lambda: _once(rows())), notes=unread(path, *suffixes))


@several
def read_parquet(path: Path) -> GoldSet:
    """Read every row of every file."""
    files = files_of(path, ".parquet")
    entries = Stream(lambda: _once(entry for file in files for entry in _parquet_entries(file)))
    return GoldSet(name_of(path), f"parquet:{path}", entries, notes=unread(path, ".parquet"))


def read_pairs(path: Path) -> GoldSet:
    """Read NAME.html (or .htm) with NAME.txt, .md or .json, side by side, or in html/ and in text/, txt/ or json/.

    A page beside which there is nothing has no gold. A .json has the keys of a row.
    """
    if not path.is_dir():
        raise BadSetError(f"{path}: expected a folder of NAME.html with NAME.txt, or of html/ and text/")
    pages, golds = _side_by_side(path)
    notes: tuple[str, ...] = ()
    if (path / "html").is_dir() and not (golds and pages) and (parted := by_stem(path / "html", *HTML)):
        if pages:
            raise BadSetError(f"{path}: has pages in itself, and in html; one set per folder")
        notes = (f"its own .txt files are not read: {some(sorted(golds))}",) if golds else ()
        pages, golds = parted, _beside(path)
    elif astray := next((each for each in sorted(path.rglob("*.htm*")) if _astray(each, path, pages)), None):
        raise BadSetError(f"{astray}: lies in a folder of {path}; pairs are in the folder itself, one set per folder")
    for name in sorted(golds.keys() - pages.keys()):
        raise BadSetError(f"{golds[name]}: {name}.html is missing")

    def entries() -> Iterator[Entry]:
        for name, html in sorted(pages.items()):
            page = Page(name, html.read_bytes, file=html)
            yield with_gold(page, golds[name]) if name in golds else (page, Gold(()))

    return GoldSet(name_of(path), f"pairs:{path}", Stream(entries), notes=notes)


def _side_by_side(path: Path) -> tuple[dict[str, Path], dict[str, Path]]:
    """The pages of a folder, and gold by their names; a .txt is gold whatever its name."""
    pages, golds = by_stem(path, *HTML), by_stem(path, ".txt")
    for suffix in (".md", ".json"):
        golds = {name: file for name, file in by_stem(path, suffix).items() if name in pages} | golds
    return pages, golds


def _beside(path: Path) -> dict[str, Path]:
    """The gold of the pages in html/, in the one folder beside it that is named for such."""
    found = [path / name for name in _BESIDE if (path / name).is_dir()]
    if len(found) > 1:
        raise BadSetError(f"{path}: has {' and '.join(each.name for each in found)}; which of them has the gold?")
    return by_stem(found[0], ".txt", ".md", ".json") if found else {}


def _astray(page: Path, path: Path, pages: Collection[str]) -> bool:
    """Whether a page lies in a folder, and is not what a browser saved beside another."""
    return page.parent != path and (page.with_suffix(".txt").is_file() or not pages)


def with_gold(page: Page, file: Path) -> Entry:
    """Read the gold in a file of its own: text, Markdown, or a row."""
    if file.suffix.lower() == ".json":
        values = {**read_json(file, dict[str, Any], BadSetError), "id": page.id, "html": ""}
        about, gold = entry_of(str(file), typed(Row, values, file, BadSetError), page.read, page.charset)
        return replace(about, url=about.url or page.url, file=page.file, around=page.around), gold
    text = read_text(file)
    if _NO_BODY.fullmatch(text.strip()):
        return page, body("")
    if not text.strip():
        raise BadSetError(
            f"{file}: is empty; write the page's text into it, 'body: none' where the page has no body, or delete it"
        )
    with converting(file):
        if file.suffix.lower() == ".txt":
            return page, body(text)
        return page, replace(body(to_text(text, "markdown")), markup=markup_of(text, "markdown"))


def read_csv(path: Path) -> GoldSet:
    """Read .csv files (UTF-8) whose rows name HTML files by `path`, below the folder that the .csv is in.

    Columns beside it are the keys of a row, `type` for `page_type`; an empty cell says nothing.
    """
    files = files_of(path, ".csv")
    entries = Stream(lambda: _once(entry for file in files for entry in _csv_entries(file)))
    return GoldSet(name_of(path), f"csv:{path}", entries, notes=unread(path, ".csv"))


def _csv_entries(file: Path) -> Iterator[tuple[str, Entry]]:
    for place, cells in _csv_rows(file):
        said = {_CSV_NAMES.get(name, name): cell for name, cell in cells.items() if cell}
        named = said.pop("path", "")
        html = Path(realpath(file.parent / named.replace("\0", "")))
        if not html.is_relative_to(realpath(file.parent)) or not isfile(html):  # noqa: PTH113  # which raises for no name
            raise BadSetError(f"{place}: path '{named}' is no file below {file.parent}; {_CSV_LAYOUT}")
        row = typed(Row, {"id": named, **said, "html": ""}, place, BadSetError)
        if row.text and _NO_BODY.fullmatch(row.text.strip()):
            row.text = ""
        page, gold = entry_of(place, row, html.read_bytes, None)
        yield place, (replace(page, file=html), gold)


def _csv_rows(file: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a file by their column's names, each with its place."""
    csv.field_size_limit(limits.PAGE)
    number = 1
    require_content(file, BadSetError)
    try:
        with file.open("rb") as stream:
            lines = (line.decode().removeprefix("\ufeff") for line in limits.lines(stream, file, BadSetError))
            reader = csv.DictReader(lines, restkey="", strict=True)
            if "path" not in (reader.fieldnames or ()):
                raise BadSetError(f"{file}: has no column 'path'; {_CSV_LAYOUT}")
            for row in reader:
                number = reader.line_num
                if "" in row:
                    raise BadSetError(f"{file}:{number}: has more cells than the first line has names")
                yield f"{file}:{number}", row
    except (csv.Error, UnicodeDecodeError) as cause:
        raise BadSetError(f"{file}: cannot be read as CSV in UTF-8 behind line {number}: {cause}") from None
    except OSError as cause:
        raise BadSetError(f"{file}: cannot be read: {cause.strerror or cause}") from None


def _once(found: Iterable[tuple[str, Entry]]) -> Iterator[Entry]:
    """Drop the places of rows, having refused one whose page was there already."""
    places: dict[str, str] = {}
    for place, entry in found:
        if (first := places.setdefault(entry[0].id, place)) != place:
            raise BadSetError(f"{place}: page {entry[0].id} is there more than once, first at {first}")
        yield entry


def _parquet_entries(file: Path) -> Iterator[tuple[str, Entry]]:
    with parquet_rows.Source(file, BadSetError) as source:
        types = source.columns()
        if not {"id", "html"} <= types.keys():
            raise BadSetError(f"{file}: needs the columns id and html; it has {', '.join(sorted(types))}")
        html = parquet_rows.Html(file)
        charset = None if "binary" in types["html"] else "utf-8"
        for number, (place, values) in enumerate(source.rows(COLUMNS)):
            row = typed(Row, {**values, "html": ""}, place, BadSetError)
            yield place, entry_of(place, row, partial(html.of, number), charset)
