"""How large what others have made may be, so that a small file cannot ask for all memory: more is one line."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from boilerbench.errors import BadSetError, UsageError
from boilerbench.model import Page
from boilerbench.sets.archives import DENSEST, SLACK

PAGE = 64 * 2**20
"""Bytes of a page, unpacked, and of a text: twelve times the largest in any public set."""
LINE = 4 * PAGE
"""Bytes of a line of JSON: a page in escapes, and its gold."""
JSON = 8 * PAGE
"""Bytes of a JSON file, which is decoded as a whole."""


def read(file: Path, most: int, refuse: type[UsageError]) -> bytes:
    """Read a file, or raise `refuse` in one line."""
    try:
        with file.open("rb") as stream:
            return _within(stream.read(most + 1), file, most, refuse)
    except OSError as cause:
        raise refuse(f"{file}: cannot be read: {cause.strerror or cause}") from None


def unpack(file: Path) -> bytes:
    """Read a page that is kept compressed by gzip."""
    packed = read(file, PAGE, BadSetError)
    with suppress(zlib.error):  # at once, which takes a third less; what is no single member is left to the library
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        content = member.decompress(packed, PAGE)
        if member.eof and not member.unused_data:
            return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            return _within(stream.read(PAGE + 1), file, PAGE, BadSetError)
    except (OSError, EOFError, zlib.error) as cause:
        raise BadSetError(f"{file}: cannot be unpacked: {cause}") from None


def bounded(page: Page, spec: str) -> Callable[[], bytes]:
    """Return what reads a page as the set does, unless it is too large or cannot be read."""

    def read() -> bytes:
        name = page.file or f"set '{spec}', page {page.id}"
        try:
            if page.file and page.file.stat().st_size > PAGE:
                raise _too_large(name, PAGE, BadSetError)
            return _within(page.read(), name, PAGE, BadSetError)
        except OSError as cause:
            raise BadSetError(f"{name}: cannot be read: {cause.strerror or cause}") from None

    return read


def lines(stream: IO[bytes], file: Path, refuse: type[UsageError]) -> Iterator[bytes]:
    """The lines of an open file."""
    number = 0
    while line := stream.readline(LINE + 1):
        number += 1
        yield _within(line, f"{file}:{number}", LINE, refuse)


def require_modest(unpacked: int, file: Path, refuse: type[UsageError]) -> None:
    """Refuse a file that says it unpacks to more bytes than it can hold."""
    if unpacked > (most := DENSEST * file.stat().st_size + SLACK):
        raise refuse(f"{file}: unpacks to {unpacked >> 20} MB, more than {most >> 20} MB, too much for its size")


def _within(content: bytes, name: object, most: int, refuse: type[UsageError]) -> bytes:
    if len(content) > most:
        raise _too_large(name, most, refuse)
    return content


def _too_large(name: object, most: int, refuse: type[UsageError]) -> UsageError:
    return refuse(f"{name}: larger than {most >> 20} MB, the most that is read")
