"""Download the archive of a public set, with pooch: tried again when a connection breaks, checked where it can be.

An attempt that broke off is begun anew: pooch keeps no part of a file, and GitHub, which makes its archives when they
are asked for, sends no part of one either.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bench.errors import BadSetError, BenchError
from bench.sets.unpack import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable

TRIES = 3

_NAME = "archive"
_CHUNK = 2**16


def fetch(url: str, sha256: str, folder: Path, tell: Callable[[int, int], None]) -> Path:
    """Download into `folder`. `tell` is given the bytes so far, 0 when an attempt begins, and in all, 0 if unknown.

    Raises `BenchError` where nothing comes, `BadSetError` where it has not the SHA-256 that is asked for, if one is.
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
        return Path(source.fetch(_NAME, downloader=pooch.HTTPDownloader(_Meter(tell), chunk_size=_CHUNK)))
    except OSError as cause:
        if cause.errno is not None:
            raise
        raise BenchError(f"{url}: cannot be downloaded: {_why(cause)}") from None
    except ValueError:
        raise BadSetError(f"{url}: not the archive that is expected: its SHA-256 is not {sha256}") from None


def _why(cause: OSError) -> str:
    """Say in a few words what requests says in many; its errors carry the answer where there was one."""
    response = getattr(cause, "response", None)
    if response is not None:
        return f"{response.status_code} {response.reason}"
    return f"no connection, or it broke off, {TRIES} times ({type(cause).__name__})"


class _Meter:
    """What pooch takes for a progress bar."""

    def __init__(self, tell: Callable[[int, int], None]) -> None:
        self._tell, self._total, self._done = tell, 0, 0

    @property
    def total(self) -> int:
        """Bytes to come; setting it begins an attempt."""
        return self._total

    @total.setter
    def total(self, size: int) -> None:
        self._total, self._done = size, 0
        self._tell(0, size)

    def update(self, size: int) -> None:
        """Count bytes, and stop a download that does not end."""
        self._done += size
        if self._done > LARGEST:
            raise BadSetError(f"the download is larger than {LARGEST >> 20} MB")
        self._tell(self._done, self._total)

    def reset(self) -> None:
        """Begin to count anew: pooch then counts the whole at once."""
        self._done = 0

    def close(self) -> None:
        """Nothing is held open."""
