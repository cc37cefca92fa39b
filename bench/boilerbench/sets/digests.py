"""What pages in files of their own are known to be, so that they need not be read and unpacked to be recognised."""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from boilerbench.model import Page
    from boilerbench.storage.cache import Cache

_SETTLED = 2 * 10**9
"""Nanoseconds after its last change from which on a file that changes again has another time, on any file system."""


def recognise(pages: Iterable[Page], cache: Cache) -> None:
    """Let pages know their digests where their files are as they were, by path, size, times and number.

    The others are read, and what they are is kept.
    """
    stamped = [(page, stamp) for page in pages if (stamp := _stamp(page))]
    known = cache.digests([stamp for _, stamp in stamped])
    new = {}
    for page, stamp in stamped:
        if stamp in known:
            page.recognise(known[stamp])
        elif page.digest and _stamp(page) == stamp:
            new[stamp] = page.digest
    cache.put_digests(new)


def _stamp(page: Page) -> str | None:
    """What tells a page's file from what it was, and what its digest has beside; None where that is not known."""
    if page.file is None:
        return None
    try:
        about = page.file.stat()
    except OSError:
        return None
    if time.time_ns() - max(about.st_mtime_ns, about.st_ctime_ns) < _SETTLED:
        return None
    times = (about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino)
    what = [str(page.file.absolute()), *times, page.url, page.charset]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()
