"""Download the archive of a public set, with pooch: resumed when a connection breaks, checked where it can be.

A server that sends no rest of a file (GitHub makes its archives when they are asked for), or whose file has changed
since, answers with the whole, and the download begins anew.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any

from boilerbench.errors import BadSetError, BoilerbenchError
from boilerbench.sets.unpack import LARGEST

TRIES = 3

_NAME, _PART = "archive", "part"
_CHUNK = 2**16


def fetch(url: str, sha256: str, folder: Path, tell: Callable[[int, int], None]) -> Path:
    """Download into `folder`. `tell` is given the bytes so far, 0 when it begins anew, and in all, 0 if unknown.

    Raises `BoilerbenchError` where nothing comes, `BadSetError` where it has not the SHA-256 that is asked for, if
    one is.
    """
    import pooch

    pooch.get_logger().setLevel("ERROR")
    source = pooch.create(
        path=folder,
        base_url="",
        registry={_NAME: f"sha256:{sha256}" if sha256 else None},
        urls={_NAME: url},
        retry_if_failed=TRIES - 1,
    )
    try:
        return Path(source.fetch(_NAME, downloader=_Resuming(folder / _PART, tell)))
    except OSError as cause:
        if cause.errno is not None:
            raise
        raise BoilerbenchError(f"{url}: cannot be downloaded: {_why(cause)}") from None
    except ValueError:
        raise BadSetError(f"{url}: not the archive that is expected: its SHA-256 is not {sha256}") from None


def _why(cause: OSError) -> str:
    """Say in a few words what requests says in many; its errors carry the answer where there was one."""
    response = getattr(cause, "response", None)
    if response is not None:
        return f"{response.status_code} {response.reason}"
    return f"no connection, or it broke off, {TRIES} times ({type(cause).__name__})"


class _Resuming:
    """What pooch takes for a downloader: keeps what came before a connection broke, and asks for the rest."""

    def __init__(self, part: Path, tell: Callable[[int, int], None]) -> None:
        self._part, self._tell, self._version = part, tell, ""

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        """Make one attempt."""
        import pooch

        with self._part.open("ab") as out:
            asked = {"Accept-Encoding": "identity"}  # a rest is counted in the bytes that are sent
            if out.tell() and self._version:
                asked |= {"Range": f"bytes={out.tell()}-", "If-Range": self._version}
            hooks = {"response": partial(self._begin, out)}
            pooch.HTTPDownloader(_Meter(out, self._tell), _CHUNK, headers=asked, hooks=hooks)(url, out, None)
        self._part.replace(output_file)

    def _begin(self, out: IO[bytes], response: Any, **_settings: object) -> None:
        """Forget what came before where the whole is sent, or where there is no such rest."""
        if response.status_code in (HTTPStatus.OK, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE):
            out.seek(0)
            out.truncate()
            self._version = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""


class _Meter:
    """What pooch takes for a progress bar."""

    def __init__(self, out: IO[bytes], tell: Callable[[int, int], None]) -> None:
        self._out, self._tell, self._total = out, tell, 0

    @property
    def total(self) -> int:
        """Bytes in all; setting it to those to come begins an attempt."""
        return self._total

    @total.setter
    def total(self, size: int) -> None:
        self._total = size and self._out.tell() + size
        self.update(0)

    def update(self, _size: int) -> None:
        """Tell what is there, and stop a download that does not end."""
        if self._out.tell() > LARGEST:
            raise BadSetError(f"the download is larger than {LARGEST >> 20} MB")
        self._tell(self._out.tell(), self._total)

    def reset(self) -> None:
        """What is there stays."""

    def close(self) -> None:
        """Nothing is held open."""
