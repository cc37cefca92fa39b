"""Unpack an archive that somebody else made: all of it or nothing, and nothing outside the folder."""

from __future__ import annotations

import lzma
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from bench.errors import BadSetError

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 8 * 2**30
"""Bytes: an archive that unpacks to more is refused."""

DENSEST, SLACK = 200, 2**26
"""An archive that unpacks to more than so many times its size, and so many bytes, is refused."""

MOST_FILES = 500_000

_CHUNK = 2**20
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError)


@contextmanager
def staged(source: Path, beside: Path) -> Iterator[Path]:
    """Give a folder with what `source`, a folder or an archive, holds; one folder around everything is left out.

    An archive is unpacked into a folder next to `beside`, on the same disk, that is gone at the end unless it was
    moved away. Raises `BadSetError` for an archive that is cut off, links, climbs out, or is larger than it may be.
    """
    if source.is_dir():
        yield source
        return
    beside.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{beside.name}-", dir=beside.parent))
    try:
        _unpack(source, folder)
        inside = list(folder.iterdir())
        yield inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(archive: Path, folder: Path) -> None:
    most = min(LARGEST, DENSEST * archive.stat().st_size + SLACK)
    try:
        room = files = 0
        for name, stream in _members(archive):
            files += 1
            if files > MOST_FILES:
                raise BadSetError(f"{archive}: more than {MOST_FILES} files in it")
            target = folder.joinpath(*_parts(archive, name))
            target.parent.mkdir(parents=True, exist_ok=True)
            with stream, target.open("xb") as out:
                while chunk := stream.read(_CHUNK):
                    room += len(chunk)
                    if room > most:
                        raise BadSetError(f"{archive}: unpacks to more than {most >> 20} MB, too much for its size")
                    out.write(chunk)
    except _BROKEN as cause:
        why = str(cause).partition("\n")[0].rstrip(":") or type(cause).__name__
        raise BadSetError(f"{archive}: cannot be unpacked: {why}") from None
    if not files:
        raise BadSetError(f"{archive}: nothing in it")


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Each plain file of a tar or zip archive; folders are left out, everything else is refused."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            for info in packed.infolist():
                kind = stat.S_IFMT(info.external_attr >> 16)
                if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                    raise BadSetError(f"{archive}: {info.filename} is a link or a device")
                if not info.is_dir():
                    yield info.filename, packed.open(info)
        return
    with tarfile.open(archive, "r:*") as tar:
        for member in tar:
            if member.isfile():
                stream = tar.extractfile(member)
                if stream is not None:
                    yield member.name, stream
            elif not member.isdir():
                raise BadSetError(f"{archive}: {member.name} is a link or a device")


def _parts(archive: Path, name: str) -> tuple[str, ...]:
    """The steps of a name inside an archive, or a refusal where it leads anywhere else."""
    path = PurePosixPath(name.replace("\\", "/"))
    parts = tuple(part for part in path.parts if part != ".")
    if path.is_absolute() or not parts or ".." in parts or ":" in parts[0] or "\0" in name:
        raise BadSetError(f"{archive}: {name!r} leads out of the archive")
    return parts
