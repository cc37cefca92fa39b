"""Paths of this machine, and URLs where a path may stand: those that fsspec knows, as paths by universal_pathlib."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from boilerbench.errors import UsageError

_URL = re.compile(r"[a-zA-Z][\w+.-]*:(:|//)")
_PASSWORD = re.compile(r"://[^/@]*:[^/@]*@")
_BUFFER = 2**18
"""Bytes that are asked of a backend at once, which keeps larger blocks itself."""


def is_url(written: str) -> bool:
    """Whether what stands for a path is a URL."""
    return bool(_URL.match(written))


def place(written: str) -> Path:
    """Return a path, or of a URL what behaves like one. `UsageError` where nothing here knows such URLs."""
    if not is_url(written):
        return Path(written)
    if found := re.fullmatch("(?:file|local)://(.*)", written):
        return Path(found[1])
    if _PASSWORD.search(written):
        said = _PASSWORD.sub("://…@", written)
        raise UsageError(f"{said}: has a password, which run folders would show; give it as its backend wants it")
    try:
        from upath import UPath
    except ImportError:
        raise UsageError(f"{written}: URLs need universal_pathlib; install boilerbench[remote]") from None
    try:
        with warnings.catch_warnings(action="ignore"):  # of backends that it has no tests for
            return cast("Path", UPath(written))
    except ValueError as cause:
        raise UsageError(f"{written}: {reason(cause)}") from None


def is_remote(path: object) -> bool:
    """Whether a path is what `place` makes of a URL of somewhere else."""
    return not isinstance(path, Path)


def is_web(path: object) -> bool:
    """Whether a path is of a web server, where folders mostly cannot be listed."""
    return str(path).startswith(("http://", "https://"))


def require_local(written: object, what: str) -> None:
    """Raise `UsageError` for a URL of somewhere else where only a path of this machine will do."""
    if is_url(str(written)):
        raise UsageError(f"{written}: {what} has to be on this machine; it cannot be a URL")


def is_file(path: Path) -> bool:
    """Whether a URL is that of a file, as on the web all are.

    Raises what its backend raises, which its own `is_file` takes for a no.
    """
    there: Any = path
    if is_web(path):
        return "*" not in there.path
    try:
        return bool(there.fs.info(there.path)["type"] == "file")
    except FileNotFoundError:
        return False


def glob(pattern: Path) -> list[Path]:
    """The files that a URL with wildcards means, in order. Raises what its backend raises."""
    there: Any = pattern
    found = there.fs.glob(there.path, detail=True)
    return [there.with_segments(path) for path, about in sorted(found.items()) if about["type"] == "file"]


def opened(file: Path) -> IO[bytes]:
    """Open a file to read; whatever a backend raises is an `OSError` that says why."""
    if not is_remote(file):
        return file.open("rb")
    with _as_os_error():
        return io.BufferedReader(_Remote(file.open("rb")), _BUFFER)


@contextmanager
def reaching(name: object, refuse: type[UsageError]) -> Iterator[None]:
    """Raise `refuse` in one line where what a block asks of a URL's backend fails."""
    try:
        with _as_os_error():
            yield
    except OSError as cause:
        raise refuse(f"{name}: cannot be reached: {cause.strerror}") from None


def reason(cause: BaseException) -> str:
    """The first line of what a library says, or the kind of its error."""
    if isinstance(cause, FileNotFoundError):
        return reason(cause.__cause__) if cause.__cause__ else "it does not exist"
    return next(iter(str(cause).strip().splitlines()), type(cause).__name__)


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Make an `OSError` of everything, since each backend raises exceptions of its own library."""
    try:
        yield
    except UsageError:
        raise
    except Exception as cause:
        raise OSError(0, reason(cause)) from cause


class _Remote(io.RawIOBase):
    """A file of a backend that raises `OSError` alone."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)
        with _as_os_error():
            content = self._stream.read(len(room))
        room[: len(content)] = content
        return len(content)

    def seek(self, offset: int, whence: int = 0) -> int:
        with _as_os_error():
            return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def close(self) -> None:
        self._stream.close()
        super().close()
