"""The bytes of a set's pages, read and unpacked once a command: kept in memory, and on disk where they are many."""

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from io import FileIO

IN_MEMORY = 8 * 2**20
"""Bytes of the pages of a window that are kept in memory, as they are."""


@dataclass(frozen=True)
class Passing:
    """What reads a page whose bytes have come with its row, and cannot be asked for again without all before it."""

    content: bytes

    def __call__(self) -> bytes:
        """Give them."""
        return self.content


class Spool:
    """Bytes that are kept: in memory as long as there is room, then in an unnamed file. Several threads may use it."""

    def __init__(self, room: int | None = None) -> None:
        self._lock = threading.Lock()
        self._room = IN_MEMORY if room is None else room

    def once(self, read: Callable[[], bytes]) -> Callable[[], bytes]:
        """Return what reads the page that `read` reads, and calls that the first time alone."""
        lock = threading.Lock()
        again: Callable[[], bytes] | None = None

        def once() -> bytes:
            """Read what is kept, or else the page."""
            nonlocal again, read
            with lock:
                if again:
                    return again()
                content = read()
                again = self.keep(content)
                read = again or read  # so that bytes which came with a row do not stay in memory, too
                return content

        return once

    def keep(self, content: bytes) -> Callable[[], bytes] | None:
        """Keep bytes, and return what gives them back; None where the disk has no room for them."""
        with self._lock:
            if len(content) <= self._room:
                self._room -= len(content)
                return lambda: content
            try:
                start = self._file.seek(0, 2)
                return partial(self._at, start, len(content)) if self._file.write(content) == len(content) else None
            except OSError:
                return None

    def _at(self, start: int, size: int) -> bytes:
        with self._lock:
            self._file.seek(start)
            return self._file.read(size)

    @cached_property
    def _file(self) -> FileIO:
        from tempfile import TemporaryFile

        file: FileIO = TemporaryFile(buffering=0)  # noqa: SIM115  # it lasts as long as the pages
        weakref.finalize(self, file.close)
        return file
