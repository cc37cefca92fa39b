"""Fetch the archive of a public set: resumed when a connection breaks, checked where it can be.

A server that sends no rest of a file (GitHub makes its archives when they are asked for), or whose file has changed
since, answers with the whole, and the download begins anew.
"""

import hashlib
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any

from boilerbench.errors import BadSetError, BoilerbenchError
from boilerbench.sets.unpack import LARGEST

TRIES = 3

_CHUNK = 2**16
_PATIENCE = 30
"""Seconds without a byte after which a connection counts as broken."""


def fetch(url: str, sha256: str, folder: Path, tell: Callable[[int, int], None]) -> Path:
    """Download into `folder`. `tell` is given the bytes so far, 0 when it begins anew, and in all, 0 if unknown.

    Raises `BoilerbenchError` where nothing comes, `BadSetError` where it has not the SHA-256 that is asked for, if
    one is.
    """
    import requests

    version = ""
    with (folder / "archive").open("ab+") as out:
        for left in reversed(range(TRIES)):
            asked = {"Accept-Encoding": "identity"}  # a rest is counted in the bytes that are sent
            if out.tell() and version:
                asked |= {"Range": f"bytes={out.tell()}-", "If-Range": version}
            try:
                with requests.get(url, headers=asked, stream=True, timeout=_PATIENCE) as response:
                    if response.status_code in (HTTPStatus.OK, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE):
                        out.seek(0)
                        out.truncate()
                        version = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
                    response.raise_for_status()
                    _receive(response, out, tell)
                break
            except requests.RequestException as cause:
                if not left:
                    raise BoilerbenchError(f"{url}: cannot be downloaded: {_why(cause)}") from None
            time.sleep(TRIES - left)
        out.seek(0)
        if sha256 and hashlib.file_digest(out, "sha256").hexdigest() != sha256:
            raise BadSetError(f"{url}: not the archive that is expected: its SHA-256 is not {sha256}")
    return folder / "archive"


def _receive(response: Any, out: IO[bytes], tell: Callable[[int, int], None]) -> None:
    """Append what a server sends, and stop a download that does not end."""
    to_come = int(response.headers.get("Content-Length", 0))
    total = to_come and out.tell() + to_come
    tell(out.tell(), total)
    for piece in response.iter_content(_CHUNK):
        out.write(piece)
        if out.tell() > LARGEST:
            raise BadSetError(f"the download is larger than {LARGEST >> 20} MB")
        tell(out.tell(), total)


def _why(cause: Any) -> str:
    """Say in a few words what requests says in many; its errors carry the answer where there was one."""
    if cause.response is not None:
        return f"{cause.response.status_code} {cause.response.reason}"
    return f"no connection, or it broke off, {TRIES} times ({type(cause).__name__})"
