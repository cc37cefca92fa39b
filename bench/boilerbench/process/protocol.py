"""The runner protocol: JSON Lines over pipes. Standard library only: the worker loads it inside a runner's environment.

child:    {"protocol": 1, "name": …, "version": …}         once, when it is ready
{"protocol": 1, "error": …}                       instead, when it can never be
harness:  {"id": 7, "url": …, "html": …}                    or "html_b64" and "charset" where the runner wants bytes
child:    {"id": 7, "text": …, "seconds": …, "cpu": …, "peak": …}   text null: nothing found; peak in bytes, optional
{"id": 7, "error": …}                             the page failed, the child goes on
child:    {"files": [path, …]}    at any time: absolute paths of what it has read, or missed, outside its runner
{"unseen": why}                       what it reads, it cannot tell: nothing is kept
harness closes the pipe: the child leaves.

A child whose hello has "framed": true gets every page behind its line, as bytes: JSON takes longest over long strings.
harness:  {"id": 7, "url": …, "bytes": 1234, "text": true}   and so many bytes: of UTF-8, or such as "charset" says
"""

from __future__ import annotations

import base64
import json
from typing import Any, BinaryIO

PROTOCOL = 1
NOTICES = frozenset({"files", "unseen"})
"""The keys of a line that answers nothing."""
MAX_LINE = 256 * 1024 * 1024
"""Bytes of the longest line a harness takes from a child."""
MAX_TEXT = 20_000_000
"""Characters of the longest text a worker passes on: ten times the largest page seen in any public set."""


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


def request(number: int, url: str | None, html: str | bytes, charset: str = "utf-8", *, framed: bool = False) -> bytes:
    """The request for one page, as text or as bytes in a charset."""
    about = {"id": number, "url": url} | ({} if isinstance(html, str) else {"charset": charset})
    if framed:
        content = html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html
        return encode({**about, "bytes": len(content), "text": isinstance(html, str)}) + content
    page = {"html": html} if isinstance(html, str) else {"html_b64": base64.b64encode(html).decode()}
    return encode(about | page)


def html_of(message: dict[str, Any], requests: BinaryIO) -> str | bytes:
    """The page of a request whose line has just been read."""
    if "bytes" in message:
        page = requests.read(message["bytes"])
        return page.decode("utf-8", "surrogatepass") if message["text"] else page
    if "html_b64" in message:
        return base64.b64decode(message["html_b64"])
    return str(message["html"])
