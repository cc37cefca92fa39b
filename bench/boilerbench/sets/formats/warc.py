"""Pages of a crawl, WARC or WARC.gz: the successful HTML responses. There is no gold: they can be run, not scored."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.sets.formats import several
from boilerbench.sets.formats.layout import files_of

HTML = ("text/html", "application/xhtml+xml")


@several
def read(path: Path) -> GoldSet:
    """Read a file, a folder, a glob, or several with commas between; a page's id is its file and its offset in it."""
    files = files_of(path, ".warc", ".warc.gz")
    entries = tuple((page, Gold(())) for file in files for page in _pages(file))
    return GoldSet(path.name.split(".")[0], f"warc:{path}", entries)


def _pages(file: Path) -> Iterator[Page]:
    opened, fault = _warcio()
    try:
        with file.open("rb") as stream:
            records = opened(stream)
            for record in records:
                if not _is_page(record):
                    continue
                offset, charset = records.get_record_offset(), _charset(record)
                url = record.rec_headers.get_header("WARC-Target-URI")
                yield Page(f"{file.name.split('.')[0]}-{offset}", partial(_html_at, file, offset), url, charset)
    except (OSError, EOFError, fault) as cause:
        raise BadSetError(f"{file}: cannot be read as WARC: {cause}") from None


def _is_page(record: Any) -> bool:
    if record.rec_type != "response" or record.http_headers is None:
        return False
    kind = (record.http_headers.get_header("Content-Type") or "").split(";")[0].strip().lower()
    return kind in HTML and record.http_headers.get_statuscode() == "200"


def _charset(record: Any) -> str | None:
    _, _, named = (record.http_headers.get_header("Content-Type") or "").lower().partition("charset=")
    return named.split(";")[0].strip("\"' ") or None


def _html_at(file: Path, offset: int) -> bytes:
    opened, _ = _warcio()
    with file.open("rb") as stream:
        stream.seek(offset)
        return bytes(next(iter(opened(stream))).content_stream().read())


def _warcio() -> tuple[Any, type[Exception]]:
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        raise BadSetError("reading WARC needs warcio; install boilerbench[warc]") from None
    return ArchiveIterator, ArchiveLoadFailed
