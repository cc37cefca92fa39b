"""Paths of this machine, and URLs where a path may stand: those that fsspec knows, as paths by universal_pathlib.

What is asked of a URL here raises `UnreachableError` where it fails.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import IO, Any, cast

from boilerbench.errors import UnreachableError, UsageError

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
    """Whether there is a file. A URL on the web is one, as there are no folders that can be told from files."""
    return "*" not in str(path) if is_web(path) else _kind(path) == "file"


def is_dir(path: Path) -> bool:
    """Whether there is a folder."""
    return _kind(path) == "directory"


def exists(path: Path) -> bool:
    """Whether there is anything."""
    return bool(_kind(path))


def _kind(path: Path) -> str:
    if not is_remote(path):
        return "file" if path.is_file() else "directory" if path.is_dir() else ""
    with _reaching(path) as there:
        try:
            return str(there.fs.info(there.path)["type"])
        except FileNotFoundError:  # `is_file` of a backend takes whatever goes wrong for a no
            return ""


def inside(folder: Path) -> list[Path]:
    """What is in a folder, in order; nothing where there is none."""
    if not is_remote(folder):
        return sorted(folder.iterdir()) if folder.is_dir() else []
    with _reaching(folder) as there:
        try:
            found = there.fs.ls(there.path, detail=False)
        except FileNotFoundError:
            return []
        return [folder / name for name in sorted(path.rstrip("/").rpartition("/")[2] for path in found)]


def glob(pattern: Path) -> list[Path]:
    """The files that a URL with wildcards means, in order."""
    with _reaching(pattern) as there:
        found = there.fs.glob(there.path, detail=True)
        return [there.with_segments(path) for path, about in sorted(found.items()) if about["type"] == "file"]


def opened(file: Path) -> IO[bytes]:
    """Open a file to read."""
    if not is_remote(file):
        return file.open("rb")
    with _reaching(file) as there:
        return io.BufferedReader(_Remote(file, there.open("rb")), _BUFFER)


def put(local: Path, file: Path) -> None:
    """Copy a file of this machine to a URL, where object stores show it whole or not at all."""
    with _reaching(file) as there:
        from upath.implementations.cloud import CloudPath

        if not isinstance(there, CloudPath):  # which has no folders to be made
            there.parent.mkdir(parents=True, exist_ok=True)
        there.fs.put_file(str(local), there.path)


def require_writable(folder: Path) -> None:
    """Raise `UnreachableError` where nothing can be written into a folder that is a URL, or nothing removed from it."""
    with _reaching(folder) as there:
        probe = there / "writable"
        probe.fs.pipe_file(probe.path, b"")
        probe.fs.rm(probe.path)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it."""
    if is_remote(path):
        with _reaching(path) as there:
            there.fs.rm(there.path, recursive=True)
    elif path.is_dir():
        rmtree(path)
    else:
        path.unlink()


def reason(cause: BaseException) -> str:
    """The first line of what a library says, or the kind of its error."""
    if isinstance(cause, FileNotFoundError):
        return reason(cause.__cause__) if cause.__cause__ else "it does not exist"
    said = next(iter(str(cause).strip().splitlines()), "")
    return said if " " in said else f"{type(cause).__name__} {said}".strip()


@contextmanager
def _reaching(path: Path) -> Iterator[Any]:
    """Give a URL's path to a block; whatever its backend's own library raises is an `UnreachableError`."""
    try:
        yield path
    except UsageError:
        raise
    except Exception as cause:
        raise UnreachableError(path, reason(cause)) from cause


class _Remote(io.RawIOBase):
    """An open file of a backend."""

    def __init__(self, file: Path, stream: IO[bytes]) -> None:
        self._file, self._stream = file, stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)
        with _reaching(self._file):
            content = self._stream.read(len(room))
        room[: len(content)] = content
        return len(content)

    def seek(self, offset: int, whence: int = 0) -> int:
        with _reaching(self._file):
            return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def close(self) -> None:
        self._stream.close()
        super().close()
