"""Pages of a crawl, WARC or WARC.gz: the successful HTML responses. There is no gold: they can be run, not scored."""

import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from boilerbench.errors import BadSetError
from boilerbench.files import require_content
from boilerbench.model import Entry, Gold, GoldSet, Page, Stream
from boilerbench.sets.formats import several
from boilerbench.sets.formats.bodies import UndecodableError, codings_of, decoded
from boilerbench.sets.formats.layout import files_of, unread
from boilerbench.sets.naming import apart, name_of

HTML = ("text/html", "application/xhtml+xml")
SUFFIXES = (".warc", ".warc.gz", ".warc.zst")


@several
def read(path: Path) -> GoldSet:
    """Read a file, a folder, a glob, or several with commas between; a page's id is its file and its offset in it.

    A response whose body cannot be decoded is left out.
    """
    files = files_of(path, *SUFFIXES)
    names = apart([file.name.removesuffix(".gz").removesuffix(".warc") for file in files], files)
    left_out: dict[str, str] = {}

    def entries() -> Iterator[Entry]:
        for each in zip(files, names, strict=True):
            for page in _pages(*each, left_out):
                yield page, Gold(())

    return GoldSet(name_of(path), f"warc:{path}", Stream(entries), notes=unread(path, *SUFFIXES), left_out=left_out)


def _pages(file: Path, name: str, left_out: dict[str, str]) -> Iterator[Page]:
    """Read a file's pages, and add to `left_out` what is left out, with why."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        raise BadSetError("reading WARC needs warcio; install boilerbench[warc]") from None
    require_content(file, BadSetError)
    if file.suffix == ".zst":
        raise BadSetError(f"{file}: WARC compressed by Zstandard is not read; unpack it first: unzstd {file.name}")
    try:
        with file.open("rb") as stream:
            records = ArchiveIterator(stream)
            for record in records:
                http = record.http_headers
                if record.rec_type != "response" or http is None or http.get_statuscode() != "200":
                    continue
                declared = (http.get_header("Content-Type") or "").lower()
                if declared.split(";")[0].strip() not in HTML:
                    continue
                charset = declared.partition("charset=")[2].split(";")[0].strip("\"' ") or None
                url, why = record.rec_headers.get_header("WARC-Target-URI"), ""
                try:
                    _html_of(record)
                except UndecodableError as cause:
                    why = str(cause)
                offset = records.get_record_offset()  # which reads what is left of the record
                if why:
                    left_out[f"{name}-{offset}"] = why
                else:
                    yield Page(f"{name}-{offset}", partial(_html_at, file, offset), url, charset)
    except (OSError, EOFError, zlib.error, ArchiveLoadFailed) as cause:
        why = next(iter(str(cause).strip().splitlines()), type(cause).__name__)
        raise BadSetError(f"{file}: cannot be read as WARC: {why}") from None


def _html_at(file: Path, offset: int) -> bytes:
    from warcio.archiveiterator import ArchiveIterator

    with file.open("rb") as stream:
        stream.seek(offset)
        return _html_of(next(iter(ArchiveIterator(stream))))


def _html_of(record: Any) -> bytes:
    """Decode a response ourselves: warcio knows no Zstandard, raises for Brotli, and dechunks by the header's case."""
    body = bytes(record.raw_stream.read())
    if getattr(record.raw_stream, "limit", 0):
        raise UndecodableError("cut off")
    return decoded(body, codings_of(record.http_headers.headers))
