"""A small set of each layout that one's own pages can have, to start from: every file is written by `new`.

The layouts are the formats that `--set` reads, and of `pairs` two.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from boilerbench.errors import UsageError

_TEXT = "The ferry leaves on Sunday at nine, and comes back on Monday.\n\nBring a coat."
_URL = "https://ferry.example/timetable"
_PAGE = (
    '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Timetable</title></head>\n<body>\n'
    '<nav><a href="/">Home</a> <a href="/news">News</a></nav>\n<article><p>{}</p>\n<p>{}</p></article>\n'
    "<footer>We use cookies.</footer>\n</body>\n</html>\n"
).format(*_TEXT.split("\n\n"))
_OPEN = _PAGE.replace("Sunday at nine", "Tuesday at ten")
"""A page without gold."""

_ROW = {"url": _URL, "language": "en", "page_type": "service", "text": _TEXT}
_GOLD = {"schema": 1, "url": _URL, "language": "en", "segments": [{"label": "body", "text": _TEXT}]}
_MHTML = (
    f"Snapshot-Content-Location: {_URL}\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="----example"\r\n\r\n------example\r\n'
    "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n------example--\r\n"
)

LAYOUTS: Mapping[str, Mapping[str, str]] = {
    "pairs": {"timetable.html": _PAGE, "timetable.txt": _TEXT, "without-gold.html": _OPEN},
    "folders": {"html/timetable.html": _PAGE, "html/without-gold.html": _OPEN, "text/timetable.txt": _TEXT},
    "jsonl": {
        "pages.jsonl": "".join(
            json.dumps(row) + "\n"
            for row in ({"id": "timetable", **_ROW, "html": _PAGE}, {"id": "without-gold", "html": _OPEN})
        )
    },
    "csv": {
        "pages.csv": "path,url,language,type,text\n"
        f'timetable.html,{_URL},en,service,"{_TEXT}"\nwithout-gold.html,,,,\n',
        "timetable.html": _PAGE,
        "without-gold.html": _OPEN,
    },
    "saved": {
        "timetable.mhtml": _MHTML.format(_PAGE),
        "timetable.txt": _TEXT,
        "without-gold.html": f"<!-- saved from url=({len(_URL):04}){_URL} -->\n{_OPEN}",
    },
    "native": {
        "set.toml": 'name = "example"\nversion = "1"\nlicence = "CC0-1.0"\n',
        "pages/timetable/page.html": _PAGE,
        "pages/timetable/gold.json": json.dumps(_GOLD, indent=1) + "\n",
        "pages/without-gold/page.html": _OPEN,
    },
}
"""The files of each: one page with gold, one without."""


def new(folder: Path, layout: str) -> str:
    """Write a small set into a folder that is new or empty; what names it on the command line.

    `layout` is one of `LAYOUTS`. Raises `UsageError` where the folder is neither.
    """
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise UsageError(f"{folder}: is not empty; name a new folder")
        for name, text in LAYOUTS[layout].items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
    except OSError as cause:
        raise UsageError(f"{folder}: cannot be written: {cause.strerror}; name another folder") from None
    return f"{'pairs' if layout == 'folders' else layout}:{folder}"
