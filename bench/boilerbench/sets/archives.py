"""Fetch and unpack the archive of a public set, which somebody else made.

A download is resumed when the connection breaks. A server that sends no rest of a file (GitHub makes its archives when
they are asked for), or whose file has changed since, answers with the whole, and the download begins anew. Unpacked is
all that is wanted or nothing, and nothing outside the folder.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from tarfile import TarError
from typing import IO, TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urljoin, urlsplit
from zipfile import BadZipFile

from boilerbench.errors import BadSetError, BoilerbenchError, UsageError
from boilerbench.files import SETS_VARIABLE, require_content
from boilerbench.storage import temporary

if TYPE_CHECKING:
    import requests

LARGEST = 8 * 2**30
"""Bytes: an archive that is larger, or unpacks to more, is refused."""

DENSEST, SLACK = 200, 2**26
"""An archive that unpacks to more than so many times its size, and so many bytes, is refused."""

MOST_FILES = 500_000

TRIES = 3

_CHUNK = 2**20
_PIECE = 2**16
"""Bytes read at once from a disk, and from a connection."""

_PATIENCE = 30
"""Seconds without a byte after which a connection counts as broken."""

_REDIRECTS = 5
_ALSO = {"github.com": ("codeload.github.com", "raw.githubusercontent.com", "media.githubusercontent.com")}
"""Hosts that one is sent on to by those that archives lie on, beside themselves."""

MIRROR_VARIABLE = "BOILERBENCH_MIRROR"
"""Names a folder that holds the archives, for a machine that reaches no other."""

_BROKEN = (TarError, BadZipFile, zlib.error, LZMAError, EOFError, OSError, RuntimeError, ValueError)

_Member: TypeAlias = tuple[str, int, Callable[[], IO[bytes] | None] | None]
"""A file of an archive: its name, its size, and what opens it; nothing does where it is a link or a device."""


@contextmanager
def scratch(target: Path) -> Iterator[Path]:
    """Give a fresh folder beside `target`, on its disk; at the end it goes, with all that was not moved away.

    Raises `UsageError` where the disk cannot be written.
    """
    home = target.parent
    try:
        home.mkdir(parents=True, exist_ok=True)
        with temporary.Folder(home, target.name) as folder:
            yield Path(folder)
    except OSError as cause:
        why = cause.strerror or str(cause)
        raise UsageError(f"{home}: cannot be written: {why}; {SETS_VARIABLE} names another folder") from None


def fetch(url: str, sha256: str, folder: Path, tell: Callable[[int, int], None]) -> Path:
    """Download into `folder`, or find in the user's mirror.

    `tell` is given the bytes so far, 0 when it begins anew, and in all, 0 if unknown. Raises `BoilerbenchError` where
    nothing comes, `BadSetError` where it has not the SHA-256 that is asked for, if one is.
    """
    import requests

    if mirror := os.environ.get(MIRROR_VARIABLE):
        return _mirrored(Path(mirror), url, sha256)
    version = ""
    with (folder / "archive").open("ab+") as out:
        for left in reversed(range(TRIES)):
            asked = {"Accept-Encoding": "identity"}  # a rest is counted in the bytes that are sent
            if out.tell() and version:
                asked |= {"Range": f"bytes={out.tell()}-", "If-Range": version}
            try:
                with _answer(url, asked) as response:
                    if response.status_code in (HTTPStatus.OK, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE):
                        out.seek(0)
                        out.truncate()
                        version = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
                    response.raise_for_status()
                    _receive(response, out, tell)
                break
            except requests.RequestException as cause:
                if not left:
                    why = f"no connection, or it broke off, {TRIES} times ({type(cause).__name__})"
                    if cause.response is not None:
                        why = f"{cause.response.status_code} {cause.response.reason}"
                    raise BoilerbenchError(f"{url}: cannot be downloaded: {why}") from None
            time.sleep(TRIES - left)
    return _checked(folder / "archive", url, sha256)


def _mirrored(mirror: Path, url: str, sha256: str) -> Path:
    """Find what would be downloaded in a folder that holds it by host and path, as `wget -x` lays it out."""
    address = urlsplit(url)
    file = mirror / address.netloc.replace(":", "_") / PurePosixPath(address.path).relative_to("/")
    if not file.is_file():
        raise BoilerbenchError(f"{file}: is not there, and {MIRROR_VARIABLE} says to download nothing; it is {url}")
    return _checked(file, str(file), sha256)


def _checked(file: Path, called: str, sha256: str) -> Path:
    with file.open("rb") as content:
        if sha256 and hashlib.file_digest(content, "sha256").hexdigest() != sha256:
            raise BadSetError(f"{called}: not the archive that is expected: its SHA-256 is not {sha256}")
    return file


def _answer(url: str, headers: Mapping[str, str]) -> requests.Response:
    """Ask a server, and where it sends one on within its own house; `BadSetError` where that is somebody else's."""
    import requests

    for _ in range(_REDIRECTS):
        response = requests.get(url, headers=headers, stream=True, timeout=_PATIENCE, allow_redirects=False)
        if not response.is_redirect:
            return response
        response.close()
        onward = urljoin(url, response.headers["Location"])
        here, there = urlsplit(url), urlsplit(onward)
        if there.netloc != here.netloc and not (there.scheme == "https" and there.netloc in _ALSO.get(here.netloc, ())):
            raise BadSetError(f"{url}: sends one on to another host, {there.netloc}, which is refused")
        url = onward
    raise BadSetError(f"{url}: sends one on and on")


def _receive(response: Any, out: IO[bytes], tell: Callable[[int, int], None]) -> None:
    """Append what a server sends, and stop a download that does not end."""
    to_come = int(response.headers.get("Content-Length", 0))
    total = to_come and out.tell() + to_come
    tell(out.tell(), total)
    for piece in response.iter_content(_PIECE):
        out.write(piece)
        if out.tell() > LARGEST:
            raise BadSetError(f"the download is larger than {LARGEST >> 20} MB")
        tell(out.tell(), total)


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
    require_content(archive, BadSetError)
    folder.mkdir()
    try:
        if not (_extract(archive, folder, within) or (within and _extract(archive, folder, ""))):
            raise BadSetError("nothing in it")
    except _BROKEN as cause:
        why = str(cause).partition("\n")[0].rstrip(":") or type(cause).__name__
        raise BadSetError(f"cannot be unpacked: {why}") from None


def _extract(archive: Path, folder: Path, within: str) -> int:
    """Write what lies in `within`, and return how many files that is; bytes passed over count as unpacked.

    No more bytes come out of a file than its entry states, in a tar as in a zip.
    """
    most = min(LARGEST, DENSEST * archive.stat().st_size + SLACK)
    wanted = tuple(PurePosixPath(within).parts)
    room = written = 0
    for number, (name, size, opened) in enumerate(_members(archive), 1):
        if number > MOST_FILES:
            raise BadSetError(f"more than {MOST_FILES} files in it")
        path = PurePosixPath(name.replace("\\", "/"))
        parts = tuple(part for part in path.parts if part != ".")
        if path.is_absolute() or not parts or ".." in parts or ":" in parts[0] or "\0" in name:
            raise BadSetError(f"{name!r} leads out of the archive")
        room += size
        if room > most:
            raise BadSetError(f"unpacks to more than {most >> 20} MB, too much for its size")
        if wanted not in (parts[: len(wanted)], parts[1 : 1 + len(wanted)]):
            continue
        if opened is None or (source := opened()) is None:
            raise BadSetError(f"{name} is a link or a device")
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with source, target.open("xb") as out:
            shutil.copyfileobj(source, out, _CHUNK)
        written += 1
    return written


def _members(archive: Path) -> Iterator[_Member]:
    """Everything in a tar or zip archive but its folders."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            for info in packed.infolist():
                plain = stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG)
                if not info.is_dir():
                    yield info.filename, info.file_size, partial(packed.open, info) if plain else None
        return
    with tarfile.open(archive, "r:*") as tar:
        for entry in tar:
            if not entry.isdir():
                yield entry.name, entry.size, partial(tar.extractfile, entry) if entry.isfile() else None
        for _ in range(LARGEST // _CHUNK):  # a compressed file has its checksum at its end
            if not (tar.fileobj and tar.fileobj.read(_CHUNK)):
                return
