"""Pages that people saved from a browser: MHTML, SingleFile, or a page with a folder NAME_files beside it.

Gold lies beside a page as in `pairs`. The address is what the browser wrote into the file.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from functools import partial
from pathlib import Path

from boilerbench.errors import BadSetError
from boilerbench.model import Entry, Gold, GoldSet, Page, Stream
from boilerbench.sets.formats.layout import by_stem, content_of
from boilerbench.sets.formats.plain import HTML, with_gold
from boilerbench.sets.naming import name_of

_ARCHIVES = (".mhtml", ".mht")
_LAYOUT = (
    "expected a folder of NAME.mhtml, or of NAME.html as a browser saved it, with NAME.txt beside where there is gold"
)
_HEAD = 2**14
_PARTS = 4096
"""Lines that may begin a part of an MHTML file: each costs the parser time."""
_LONG_TYPE = re.compile(rb"^content-type:(?:[^\r\n]|\r?\n[ \t]){8192}", re.IGNORECASE | re.MULTILINE)
"""A type whose parameters take the parser time, which grows with the square of their number."""
_TYPES = ("text/html", "application/xhtml+xml")
_MARKS = (
    re.compile(rb"<!--\s*Page saved with SingleFile\s+url:\s*(https?://\S+)", re.IGNORECASE),
    re.compile(rb"<!--\s*saved from url=\(\d{1,8}\)(https?://\S+)", re.IGNORECASE),
)
"""What SingleFile, and Chromium and Internet Explorer, write where the page begins."""


def read(path: Path) -> GoldSet:
    """Read the pages of a folder; gold is NAME.txt, NAME.md or NAME.json, as `pairs` has it."""
    if not path.is_dir():
        raise BadSetError(f"{path}: {_LAYOUT}")
    pages, golds = by_stem(path, *HTML, *_ARCHIVES), by_stem(path, ".txt", ".md", ".json")
    if not pages:
        raise BadSetError(f"{path}: no page in it; {_LAYOUT}")
    if alone := sorted(golds.keys() - pages.keys()):
        raise BadSetError(f"{golds[alone[0]]}: has no page beside it; {_LAYOUT}")

    def entries() -> Iterator[Entry]:
        for name, file in sorted(pages.items()):
            page = _of_archive(name, file) if file.suffix.lower() in _ARCHIVES else _of_html(name, file)
            yield with_gold(page, golds[name]) if name in golds else (page, Gold(()))

    return GoldSet(name_of(path), f"saved:{path}", Stream(entries))


def _of_html(name: str, file: Path) -> Page:
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    found = next(filter(None, (mark.search(head) for mark in _MARKS)), None)
    return Page(name, file.read_bytes, _address(found[1].decode("utf-8", "replace")) if found else None, file=file)


def _of_archive(name: str, file: Path) -> Page:
    whole = _parsed(file)
    part = _page_of(whole, file)
    url = whole.get("Snapshot-Content-Location") or part.get("Content-Location") or whole.get("Content-Location")
    return Page(name, partial(_html_of, file), _address(str(url or "")), part.get_content_charset(), around=file)


def _address(url: str) -> str | None:
    return url if url.startswith(("http://", "https://")) else None


def _html_of(file: Path) -> bytes:
    part = _page_of(_parsed(file), file)
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise BadSetError(f"{file}: its HTML cannot be decoded")
    return content


def _parsed(file: Path) -> Message:
    content = content_of(file)
    if content.count(b"\n--") > _PARTS:
        raise BadSetError(f"{file}: is no MHTML that can be read: it has more than {_PARTS} parts")
    if _LONG_TYPE.search(content):
        raise BadSetError(f"{file}: is no MHTML that can be read: a Content-Type of more than 8 KB")
    try:
        return message_from_bytes(content)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as cause:
        raise BadSetError(f"{file}: is no MHTML that can be read: {type(cause).__name__}") from None


def _page_of(whole: Message, file: Path) -> Message:
    """The part that is the page: the first that is HTML."""
    try:
        found = next((part for part in whole.walk() if part.get_content_type() in _TYPES), None)
    except RecursionError:
        found = None
    if found is None:
        raise BadSetError(
            f"{file}: has no HTML in it; MHTML is what a browser saves as 'single file', with a part text/html"
        )
    return found
