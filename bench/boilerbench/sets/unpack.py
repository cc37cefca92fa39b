"""Unpack an archive that somebody else made: all that is wanted or nothing, and nothing outside the folder."""

import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from tarfile import TarError
from typing import IO, NamedTuple
from zipfile import BadZipFile

from boilerbench.errors import BadSetError, UsageError
from boilerbench.files import SETS_VARIABLE

LARGEST = 8 * 2**30
"""Bytes: an archive that is larger, or unpacks to more, is refused."""

DENSEST, SLACK = 200, 2**26
"""An archive that unpacks to more than so many times its size, and so many bytes, is refused."""

MOST_FILES = 500_000

_CHUNK = 2**20
_BROKEN = (TarError, BadZipFile, zlib.error, LZMAError, EOFError, OSError, RuntimeError, ValueError)


class _Member(NamedTuple):
    """A file of an archive; without `open` it is a link or a device."""

    name: str
    size: int
    open: Callable[[], IO[bytes] | None] | None


@contextmanager
def scratch(target: Path) -> Iterator[Path]:
    """Give a fresh folder beside `target`, on its disk; at the end it goes, with all that was not moved away.

    Raises `UsageError` where the disk cannot be written.
    """
    folder = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        yield folder
    except OSError as cause:
        why = cause.strerror or str(cause)
        raise UsageError(f"{target.parent}: cannot be written: {why}; {SETS_VARIABLE} names another folder") from None
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def inner(folder: Path, within: str) -> Path:
    """Find a set in what an archive held: one folder around everything, then `within`; each only where it is there."""
    inside = list(folder.iterdir())
    top = inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
    return top / within if (top / within).is_dir() else top


def unpack(archive: Path, folder: Path, within: str = "") -> None:
    """Unpack a tar or zip archive into `folder`, which it makes.

    Where the archive has a folder `within`, at its top or in a folder around everything, the rest is left out. Raises
    `BadSetError`, which does not name the archive, for one that is cut off, climbs out, has links in what is wanted, or
    is larger than it may be.
    """
    folder.mkdir()
    try:
        if not (_extract(archive, folder, within) or (within and _extract(archive, folder, ""))):
            raise BadSetError("nothing in it")
    except _BROKEN as cause:
        why = str(cause).partition("\n")[0].rstrip(":") or type(cause).__name__
        raise BadSetError(f"cannot be unpacked: {why}") from None


def _extract(archive: Path, folder: Path, within: str) -> int:
    """Write what lies in `within`, and return how many files that is; bytes passed over count as unpacked."""
    most = min(LARGEST, DENSEST * archive.stat().st_size + SLACK)
    wanted = tuple(PurePosixPath(within).parts)
    room = written = 0
    for number, member in enumerate(_members(archive), 1):
        if number > MOST_FILES:
            raise BadSetError(f"more than {MOST_FILES} files in it")
        parts = _parts(member.name)
        inside = wanted in (parts[: len(wanted)], parts[1 : 1 + len(wanted)])
        for size in _copy(member, folder.joinpath(*parts)) if inside else (member.size,):
            room += size
            if room > most:
                raise BadSetError(f"unpacks to more than {most >> 20} MB, too much for its size")
        written += inside
    return written


def _copy(member: _Member, target: Path) -> Iterator[int]:
    """Write a file piece by piece, and say how large each piece is."""
    if member.open is None or (source := member.open()) is None:
        raise BadSetError(f"{member.name} is a link or a device")
    target.parent.mkdir(parents=True, exist_ok=True)
    with source as stream, target.open("xb") as out:
        while chunk := stream.read(_CHUNK):
            yield out.write(chunk)


def _members(archive: Path) -> Iterator[_Member]:
    """Everything in a tar or zip archive but its folders."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            for info in packed.infolist():
                plain = stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)
                if not info.is_dir():
                    yield _Member(info.filename, info.file_size, partial(packed.open, info) if plain else None)
        return
    with tarfile.open(archive, "r:*") as tar:
        for entry in tar:
            if not entry.isdir():
                yield _Member(entry.name, entry.size, partial(tar.extractfile, entry) if entry.isfile() else None)
        for _ in range(LARGEST // _CHUNK):  # a compressed file has its checksum at its end
            if not (tar.fileobj and tar.fileobj.read(_CHUNK)):
                return


def _parts(name: str) -> tuple[str, ...]:
    """The steps of a name inside an archive, or a refusal where it leads anywhere else."""
    path = PurePosixPath(name.replace("\\", "/"))
    parts = tuple(part for part in path.parts if part != ".")
    if path.is_absolute() or not parts or ".." in parts or ":" in parts[0] or "\0" in name:
        raise BadSetError(f"{name!r} leads out of the archive")
    return parts
