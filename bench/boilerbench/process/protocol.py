"""The runner protocol: JSON Lines over pipes. Standard library only: the worker loads it inside a runner's environment.

child:    {"protocol": 1, "name": …, "version": …}         once, when it is ready
{"protocol": 1, "error": …}                       instead, when it can never be
harness:  {"id": 7, "url": …, "html": …}                    or "html_b64" and "charset" where the runner wants bytes
child:    {"id": 7, "text": …, "seconds": …, "cpu": …, "peak": …}   text null: nothing found; peak in bytes, optional
   beside that, optional: "title": …, "author": [name, …] or one name, "date": …, "language": …     null: it has none
{"id": 7, "error": …}                             the page failed, the child goes on
child:    {"files": [path, …]}    at any time: absolute paths of what it has read, or missed, outside its runner
{"unseen": why}                       what it reads, it cannot tell: nothing is kept
harness closes the pipe: the child leaves.

A child whose hello has "framed": true gets every page behind its line, as bytes: JSON takes longest over long strings.
harness:  {"id": 7, "url": …, "bytes": 1234, "text": true}   and so many bytes: of UTF-8, or such as "charset" says
One whose hello has "replaces": true, too, gets pages in UTF-8 as they were served, not decoded and encoded again.
harness:  {"id": 7, "url": …, "bytes": 1234, "text": true, "replace": true}      what is no UTF-8 in them is U+FFFD
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, BinaryIO, NamedTuple

PROTOCOL = 1
NOTICES = frozenset({"files", "unseen"})
"""The keys of a line that answers nothing."""
MAX_LINE = 256 * 1024 * 1024
"""Bytes of the longest line a harness takes from a child."""
MAX_TEXT = 20_000_000
"""Characters of the longest text a worker passes on: ten times the largest page seen in any public set."""
METADATA = ("title", "author", "date", "language")
"""What a reply may say of a page beside its text."""
MAX_METADATA, MAX_NAMES = 100_000, 1_000
"""Characters of all of that together, and names of authors."""


class Utf8(NamedTuple):
    """A page that is given to a runner as text, and was served in UTF-8, but for bytes that are none."""

    content: bytes

    def __str__(self) -> str:
        return self.content.decode("utf-8", "replace")


def encode(message: dict[str, Any]) -> bytes:
    """One message as one line. Escaped to ASCII, so that lone surrogates survive and no library can misread it."""
    return json.dumps(message).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """The message in a line; `ValueError` for anything but a JSON object."""
    try:
        message = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(message, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  # one error for everything that is no message
    return message


def request(
    number: int, url: str | None, html: str | bytes | Utf8, charset: str = "utf-8", *, framed: bool = False
) -> list[bytes]:
    """The request for one page, as text or as bytes in a charset: its line, and behind that the page if framed."""
    about = {"id": number, "url": url} | ({"charset": charset} if isinstance(html, bytes) else {})
    if framed:
        about |= {"replace": True} if isinstance(html, Utf8) else {}
        content = _bytes_of(html)
        return [encode({**about, "bytes": len(content), "text": not isinstance(html, bytes)}), content]
    page = {"html_b64": base64.b64encode(html).decode()} if isinstance(html, bytes) else {"html": str(html)}
    return [encode(about | page)]


def _bytes_of(html: str | bytes | Utf8) -> bytes:
    if isinstance(html, Utf8):
        return html.content
    return html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html


def html_of(message: dict[str, Any], requests: BinaryIO) -> str | bytes:
    """The page of a request whose line has just been read."""
    if "bytes" in message:
        page = requests.read(message["bytes"])
        return page.decode("utf-8", "replace" if "replace" in message else "surrogatepass") if message["text"] else page
    if "html_b64" in message:
        return base64.b64decode(message["html_b64"])
    return str(message["html"])


def parted(found: Any) -> tuple[str | None, dict[str, Any]]:
    """Part what `extract` returned into the text and `metadata_of` its page: a text, None, or a mapping of both.

    `TypeError` or `ValueError` for anything else.
    """
    about = found if isinstance(found, Mapping) else {"text": found}
    known = ("text", *METADATA)
    if stranger := next((str(key) for key in about if key not in known), None):
        raise ValueError(f"there is no key '{stranger}'; there are {', '.join(known)}")
    text = about.get("text")
    if not (text is None or isinstance(text, str)):
        raise TypeError(f"extract() returned {type(text).__name__}, not str or None")
    return text, metadata_of(about)


def metadata_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a mapping, such as a reply, says of its page: texts, and a list of authors' names.

    None becomes the empty text, or no name. `ValueError` for what is neither a text nor None, and for too much.
    """
    of = {"author": _names}
    found: dict[str, Any] = {field: of.get(field, _text)(field, said[field]) for field in METADATA if field in said}
    names = found.get("author", ())
    if len(names) > MAX_NAMES:
        raise ValueError(f"'author' has {len(names):,} names, more than {MAX_NAMES:,}")
    size = sum(map(len, names)) + sum(len(value) for field, value in found.items() if field != "author")
    if size > MAX_METADATA:
        raise ValueError(f"{', '.join(found)} have {size:,} characters, more than {MAX_METADATA:,}")
    return found


def _names(field: str, said: Any) -> list[str]:
    names = said if isinstance(said, (list, tuple)) else [said]
    return [_text(field, name) for name in names if said is not None]


def _text(field: str, said: Any) -> str:
    if isinstance(said, str):
        return said
    if said is None:
        return ""
    raise ValueError(f"'{field}' is {type(said).__name__}, not a text")
