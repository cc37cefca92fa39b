"""Pages of a crawl, WARC or WARC.gz: the successful HTML responses. There is no gold: they can be run, not scored."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

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
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        raise BadSetError("reading WARC needs warcio; install boilerbench[warc]") from None
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
                url, offset = record.rec_headers.get_header("WARC-Target-URI"), records.get_record_offset()
                yield Page(f"{file.name.split('.')[0]}-{offset}", partial(_html_at, file, offset), url, charset)
    except (OSError, EOFError, ArchiveLoadFailed) as cause:
        raise BadSetError(f"{file}: cannot be read as WARC: {cause}") from None


def _html_at(file: Path, offset: int) -> bytes:
    from warcio.archiveiterator import ArchiveIterator

    with file.open("rb") as stream:
        stream.seek(offset)
        return bytes(next(iter(ArchiveIterator(stream))).content_stream().read())
