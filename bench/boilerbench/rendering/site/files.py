"""The files of a site: data as scripts, for a page opened from a file cannot fetch, and a folder put in place whole."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from boilerbench.errors import UsageError
from boilerbench.storage import whole_folders

MARK = Path("data") / "site.js"
"""The file that tells a site from other folders."""

_ESCAPED = "<>&\u2028\u2029"


def script(key: str, value: object) -> bytes:
    """A script that registers a value under a key. Its text says the same wherever it is put: in a file or in HTML.

    A float that is no number is null, and half a character a question mark.
    """
    try:
        text = msgspec.json.encode([key, value])
    except UnicodeEncodeError:
        text = json.dumps([key, value], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    for sign in _ESCAPED:
        text = text.replace(sign.encode(), f"\\u{ord(sign):04x}".encode())
    return b"boilerbench.put(...%b);\n" % text


def write_data(site: Path, key: str, value: object) -> None:
    """Write a value where the site's scripts look for it: `data/KEY.js`."""
    file = site / "data" / f"{key}.js"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(script(key, value))


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Give a new folder that takes the place of `out` once everything in it was written.

    Raises `UsageError` where `out` holds something else than a site, or cannot be written.
    """
    out = out.absolute()
    if out.exists() and not (out / MARK).is_file() and not (out.is_dir() and not any(out.iterdir())):
        raise UsageError(f"{out}: not empty and not a site; name another with --out")
    try:
        with whole_folders.replacing(out) as new:
            yield new
    except OSError as cause:
        raise UsageError(f"{out}: cannot be written: {cause.strerror}; name another with --out") from None
