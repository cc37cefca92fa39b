"""One's own pages, and predictions made elsewhere, in plain layouts: JSON, JSON Lines, Parquet, or pairs of files.

Rows of pages have id, url, html, text; optional site, language, page_type, segments, with, without. Their `path` is a
file, a folder, a glob, or several of these with commas between. Only gold is kept in memory: the HTML of a page is read
from its row when the page is asked for it. In JSON Lines it is text; in Parquet it may be text or bytes.

Predictions are SYSTEM.json, an object of texts by page id, or SYSTEM.jsonl or SYSTEM.parquet, with `id` and `text` per
row, and `format` where it is not text; one file or a folder of them. A text of null is an empty extraction.
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from boilerbench.errors import BadOutputsError, BadSetError, UsageError
from boilerbench.files import typed
from boilerbench.labels import Role, load_policy, taxonomy
from boilerbench.model import Entry, Format, Gold, GoldSet, Page, Segment, Stream
from boilerbench.sets.formats import several
from boilerbench.sets.formats.layout import (
    SNIPPETS,
    Texts,
    body,
    by_stem,
    files_of,
    html_at,
    json_lines,
    read_json,
    read_text,
    snippets,
    unread,
)
from boilerbench.sets.naming import name_of

SUFFIXES = (".json", ".jsonl", ".ndjson", ".parquet")
"""Of predictions."""

ROWS, PAGES = 1024, 64
"""Rows of Parquet read at once without their HTML, and with it."""

_COLUMNS = ("id", "url", "site", "text", "language", "page_type", "segments", "with", "without")
_NO_GOLD = ("gold", "snippets")
"""What gold may be called elsewhere: such a key is no gold here, and is refused where it says something."""

_WORD = re.compile(r"\w+")


class _Row(msgspec.Struct, rename=SNIPPETS):
    """A page in rows: `html` as it stands in JSON Lines, empty in Parquet; and one of the kinds of gold at least."""

    id: str | int
    html: str
    text: str | None = None
    segments: list[Segment] | None = None
    with_snippets: list[str] | None = None
    without_snippets: list[str] | None = None
    url: str | None = None
    language: str | None = None
    page_type: str | None = None
    site: str | None = None
    gold: Any = None
    snippets: Any = None


class _Prediction(msgspec.Struct):
    id: str | int
    text: str | None
    format: Format | None = None


@several
def read_jsonl(path: Path) -> GoldSet:
    """Read every line of every file; `html` is text, so the page is UTF-8 whatever it says itself."""
    suffixes = (".jsonl", ".ndjson")
    files = files_of(path, *suffixes)

    def rows() -> Iterator[tuple[str, Entry]]:
        for file in files:
            for place, offset, row in json_lines(file, _Row, BadSetError):
                yield place, _entry(place, row, partial(html_at, file, offset), "utf-8")

    return GoldSet(name_of(path), f"jsonl:{path}", Stream(lambda: _once(rows())), notes=unread(path, *suffixes))


@several
def read_parquet(path: Path) -> GoldSet:
    """Read every row of every file."""
    files = files_of(path, ".parquet")
    entries = Stream(lambda: _once(entry for file in files for entry in _parquet_entries(file)))
    return GoldSet(name_of(path), f"parquet:{path}", entries, notes=unread(path, ".parquet"))


def read_pairs(path: Path) -> GoldSet:
    """Read NAME.html (or .htm) with NAME.txt; an empty text says that there is no body, a missing one is refused."""
    if not path.is_dir():
        raise BadSetError(f"{path}: expected a folder of NAME.html with NAME.txt")
    pages, texts = by_stem(path, ".html", ".htm"), by_stem(path, ".txt")
    for name in sorted(set(pages) ^ set(texts)):
        here, lacks = (pages[name], f"{name}.txt") if name in pages else (texts[name], f"{name}.html")
        raise BadSetError(f"{here}: {lacks} is missing")
    for page in sorted(path.rglob("*.htm*")):
        if page.parent != path and (page.with_suffix(".txt").is_file() or not pages):  # else what a browser saved
            raise BadSetError(f"{page}: lies in a folder of {path}; pairs are in the folder itself, one set per folder")

    def entries() -> Iterator[Entry]:
        for name in sorted(pages):
            yield Page(name, pages[name].read_bytes, file=pages[name]), body(read_text(texts[name]))

    return GoldSet(name_of(path), f"pairs:{path}", Stream(entries))


def outputs(file: Path) -> Texts:
    """Read a system's predictions. Raises `BadOutputsError`, which names the file and, of JSON Lines, the line."""
    suffix = file.suffix.lower()
    if suffix == ".json":
        rows: Iterable[tuple[str, _Prediction]] = _json_outputs(file)
    elif suffix in (".jsonl", ".ndjson"):
        rows = ((place, row) for place, _, row in json_lines(file, _Prediction, BadOutputsError))
    elif suffix == ".parquet":
        rows = _parquet_outputs(file)
    else:
        raise BadOutputsError(f"{file}: expected {', '.join(SUFFIXES)}, or a folder of such files")
    for place, row in rows:
        if row.id == "":
            raise BadOutputsError(f"{place}: 'id' is empty")
        yield place, str(row.id), row.text, row.format


def _json_outputs(file: Path) -> Iterator[tuple[str, _Prediction]]:
    for page, said in read_json(file, dict[str, Any], BadOutputsError).items():
        place, values = f"{file}: page {page}", said if isinstance(said, dict) else {"text": said}
        yield place, typed(_Prediction, {**values, "id": page}, place, BadOutputsError)


def _once(found: Iterable[tuple[str, Entry]]) -> Iterator[Entry]:
    """Drop the places of rows, having refused one whose page was there already."""
    places: dict[str, str] = {}
    for place, entry in found:
        if (first := places.setdefault(entry[0].id, place)) != place:
            raise BadSetError(f"{place}: page {entry[0].id} is there more than once, first at {first}")
        yield entry


def _entry(place: str, row: _Row, read: Callable[[], bytes], charset: str | None) -> Entry:
    """Make a page with gold of a row."""
    if row.id == "":
        raise BadSetError(f"{place}: 'id' is empty")
    kinds = "text, segments, with, without"
    for name in _NO_GOLD:
        if getattr(row, name) is not None:
            raise BadSetError(f"{place}: '{name}' is not read; gold is one of {kinds}")
    if row.text is None and row.segments is None and row.with_snippets is None and row.without_snippets is None:
        raise BadSetError(f"{place}: needs gold: one of {kinds}")
    for index, segment in enumerate(row.segments or ()):
        if segment.label not in taxonomy():
            raise BadSetError(f"{place}: segment {index}: unknown label '{segment.label}'")
    gold = Gold(tuple(row.segments or ()))
    if not gold.segments and row.text is not None:
        gold = body(row.text)
    elif row.text and row.text.strip() and not _agree(row.text, gold):
        raise BadSetError(f"{place}: 'text' and 'segments' say different things; leave out the one that is wrong")
    page = Page(str(row.id), read, row.url, charset, row.language, row.page_type, row.site)
    return page, Gold(gold.segments, snippets(row.with_snippets), snippets(row.without_snippets))


def _agree(text: str, gold: Gold) -> bool:
    """Whether a text has, in order, the words of all segments that are body by default, and of others or not."""
    default, words, at = load_policy("default"), _WORD.findall(text), 0
    for segment in gold.segments:
        own = _WORD.findall(segment.text)
        if words[at : at + len(own)] == own:
            at += len(own)
        elif default.role(segment.label) is Role.BODY:
            return False
    return at == len(words)


def _parquet_entries(file: Path) -> Iterator[tuple[str, Entry]]:
    source = _open(file, BadSetError)
    names = set(source.schema_arrow.names)
    if not {"id", "html"} <= names:
        raise BadSetError(f"{file}: needs the columns id and html; it has {', '.join(sorted(names))}")
    html = _Html(file)
    charset = None if "binary" in str(source.schema_arrow.field("html").type) else "utf-8"
    batches = source.iter_batches(ROWS, columns=[name for name in (*_COLUMNS, *_NO_GOLD) if name in names])
    try:
        for number, values in enumerate(chain.from_iterable(batch.to_pylist() for batch in batches)):
            place = f"{file}: row {number}"
            row = typed(_Row, {**values, "html": ""}, place, BadSetError)
            yield place, _entry(place, row, partial(html.of, number), charset)
    except BadSetError:
        raise
    except (OSError, ValueError) as cause:  # of values, such as texts that are no UTF-8
        raise BadSetError(f"{file}: cannot be read as Parquet: {cause}") from None


class _Html:
    """The HTML column of a file. Pages are mostly asked for in order, so the last batch is kept."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._group = -1
        self._batches: Iterator[Any] = iter(())
        self._start = self._next = 0
        self._kept: Any = None

    def of(self, row: int) -> bytes:
        """Return the HTML of a row of the file."""
        with self._lock:
            if not self._start <= row < self._next:
                self._seek(row)
            html = self._kept[row - self._start].as_py()
        if not isinstance(html, str | bytes):
            raise BadSetError(f"{self._file}: row {row}: 'html' must be a text or bytes")
        return html if isinstance(html, bytes) else html.encode("utf-8", "replace")

    def _seek(self, row: int) -> None:
        source = _open(self._file, BadSetError)
        first = group = 0
        while row >= first + source.metadata.row_group(group).num_rows:
            first += source.metadata.row_group(group).num_rows
            group += 1
        if group != self._group or row < self._start:
            self._batches = source.iter_batches(PAGES, row_groups=[group], columns=["html"])
            self._group, self._next = group, first
        while row >= self._next:
            self._kept = next(self._batches).column(0)
            self._start, self._next = self._next, self._next + len(self._kept)


def _open(file: Path, refuse: type[UsageError]) -> Any:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(file)
    except (OSError, pa.ArrowInvalid) as cause:
        raise refuse(f"{file}: cannot be read as Parquet: {cause}") from None


def _parquet_outputs(file: Path) -> Iterator[tuple[str, _Prediction]]:
    source = _open(file, BadOutputsError)
    names = source.schema_arrow.names
    if lacking := [name for name in ("id", "text") if name not in names]:
        raise BadOutputsError(f"{file}: needs the column {lacking[0]}; it has {', '.join(sorted(names))}")
    batches = source.iter_batches(ROWS, columns=[name for name in ("id", "text", "format") if name in names])
    try:
        for number, values in enumerate(chain.from_iterable(batch.to_pylist() for batch in batches)):
            place = f"{file}: row {number}"
            yield place, typed(_Prediction, values, place, BadOutputsError)
    except BadOutputsError:
        raise
    except (OSError, ValueError) as cause:  # of values, such as texts that are no UTF-8
        raise BadOutputsError(f"{file}: cannot be read as Parquet: {cause}") from None
