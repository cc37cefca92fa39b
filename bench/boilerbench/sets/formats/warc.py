"""Pages of a crawl, WARC or WARC.gz: the successful HTML responses, with the gold that lies beside it, if any does."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any

from boilerbench import places
from boilerbench.errors import BadSetError
from boilerbench.files import require_content, typed
from boilerbench.model import Entry, Gold, GoldSet, Page, Stream
from boilerbench.sets.formats import several
from boilerbench.sets.formats.bodies import UndecodableError, codings_of, decoded
from boilerbench.sets.formats.layout import files_of, json_lines, unread
from boilerbench.sets.formats.rows import Row, entry_of
from boilerbench.sets.naming import apart, name_of
from boilerbench.sets.spool import Passing

HTML = ("text/html", "application/xhtml+xml")
_TAIL = 2**16
"""Bytes behind the last record that are looked at: there may be blank lines."""
_INSIDE = (AttributeError, UnicodeError, LookupError)
"""What comes from inside warcio for a damaged record."""
_GOLD = "*.gold.jsonl"
SUFFIXES = (".warc", ".warc.gz", ".warc.zst")


@several
def read(path: Path) -> GoldSet:
    """Read a file, a folder, a glob, or several with commas between; a page's id is its file and its offset in it.

    A response whose body cannot be decoded is left out. Gold are rows without `html` in files NAME.gold.jsonl of the
    same folders, of which each names a page by its id, its record's, or its URL.
    """
    files = files_of(path, *SUFFIXES)
    names = apart([file.name.removesuffix(".gz").removesuffix(".warc") for file in files], files)
    left_out: dict[str, str] = {}

    def entries() -> Iterator[Entry]:
        golds = dict(_golds(files))
        for each in zip(files, names, strict=True):
            for page, record in _pages(*each, left_out):
                key = next((key for key in (page.id, record, page.url) if key in golds), None)
                yield (page, Gold(())) if key is None else _with_gold(page, *golds.pop(key))
        for key, (place, _) in golds.items():
            raise BadSetError(f"{place}: there is no page {key} in {path}, or another row has its gold")

    return GoldSet(name_of(path), f"warc:{path}", Stream(entries), notes=unread(path, *SUFFIXES), left_out=left_out)


def _golds(files: Sequence[Path]) -> Iterator[tuple[str, tuple[str, Row]]]:
    """The rows beside some files: what each names a page by, with its place and itself."""
    places: dict[str, str] = {}
    for file in _beside(files):
        for place, _, values in json_lines(file, dict[str, Any], BadSetError):
            key = str(values.get("id") or values.get("url") or "")
            if not key:
                raise BadSetError(f"{place}: needs 'id' or 'url', which say of which page it is")
            if (first := places.setdefault(key, place)) != place:
                raise BadSetError(f"{place}: page {key} is there more than once, first at {first}")
            yield key, (place, typed(Row, {**values, "id": key, "html": ""}, place, BadSetError))


def _beside(files: Sequence[Path]) -> list[Path]:
    """The files of gold in the folders of crawls, in order; none on the web, where they cannot be listed."""
    folders = {str(crawl.parent): crawl.parent for crawl in files if not places.is_web(crawl)}
    golds = [places.glob(each / _GOLD) if places.is_remote(each) else each.glob(_GOLD) for each in folders.values()]
    return sorted(chain.from_iterable(golds), key=str)


def _with_gold(page: Page, place: str, row: Row) -> Entry:
    about, gold = entry_of(place, row, page.read, page.charset)
    return replace(about, id=page.id, url=page.url), gold


def _pages(file: Path, name: str, left_out: dict[str, str]) -> Iterator[tuple[Page, str]]:
    """Read a file's pages with their records' ids, and add to `left_out` what is left out, with why."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        raise BadSetError("reading WARC needs warcio; install boilerbench[warc]") from None
    require_content(file, BadSetError)
    if file.suffix == ".zst":
        raise BadSetError(f"{file}: WARC compressed by Zstandard is not read; unpack it first: unzstd {file.name}")
    pages = 0
    try:
        with places.opened(file) as stream:
            records = ArchiveIterator(stream)
            records.INC_RECORD = ""  # which it prints to stderr
            for record in _whole(stream, records):
                if record.rec_type == "conversion":
                    raise BadSetError(
                        f"{file}: is a WET, text without the HTML of its pages; read the WARC that it is of"
                    )
                http = record.http_headers
                if record.rec_type != "response" or http is None or http.get_statuscode() != "200":
                    continue
                declared = (http.get_header("Content-Type") or "").lower()
                if declared.split(";")[0].strip() not in HTML:
                    continue
                charset = declared.partition("charset=")[2].split(";")[0].strip("\"' ") or None
                url, why = record.rec_headers.get_header("WARC-Target-URI"), ""
                html = b""
                try:
                    html = _html_of(record)
                except UndecodableError as cause:
                    why = str(cause)
                offset = records.get_record_offset()  # which reads what is left of the record
                if why:
                    left_out[f"{name}-{offset}"] = why
                else:
                    here = partial(_html_at, file, offset)
                    page = Page(f"{name}-{offset}", Passing(html) if places.is_remote(file) else here, url, charset)
                    pages += 1
                    yield page, record.rec_headers.get_header("WARC-Record-ID") or ""
    except (OSError, EOFError, zlib.error, *_INSIDE, ArchiveLoadFailed) as cause:
        why = "cut off or damaged" if isinstance(cause, _INSIDE) else places.reason(cause)
        raise BadSetError(f"{file}: cannot be read as WARC: {why}; {pages} pages were read before") from None


def _html_at(file: Path, offset: int) -> bytes:
    from warcio.archiveiterator import ArchiveIterator

    with file.open("rb") as stream:
        stream.seek(offset)
        return _html_of(next(iter(ArchiveIterator(stream))))


def _whole(stream: IO[bytes], records: Any) -> Iterator[Any]:
    """The records of a file; `EOFError` where that ends in one, which warcio takes for the end."""
    last, end = None, 0
    for record in records:
        yield record
        last, end = record, records.get_record_offset() + records.get_record_length()
    stream.seek(end)
    if (last and _left(last, unknown=1)) or stream.read(_TAIL).strip(b"\r\n\0"):
        raise EOFError("cut off")


def _left(record: Any, unknown: int = 0) -> int:
    """How many bytes a record lacks, once it was read to its end; `unknown` where it does not say its length."""
    return int(getattr(record.raw_stream, "limit", unknown))


def _html_of(record: Any) -> bytes:
    """Decode a response ourselves: warcio knows no Zstandard, raises for Brotli, and dechunks by the header's case."""
    body = bytes(record.raw_stream.read())
    if _left(record):
        raise UndecodableError("cut off")
    return decoded(body, codings_of(record.http_headers.headers))
