"""From the body of an HTTP response, as it was sent, to a page: transfer and content codings are taken off (RFC 9110).

What is known of each coding is its own library's; here are the limits, and what is to be done with a body that is not
what its header says.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from boilerbench.sets.archives import DENSEST, SLACK
from boilerbench.text.decoding import codec_of

_PIECE = 256
"""Bytes decompressed at once: a few of Zstandard's can make 128 KB each."""

_AT_ONCE = 2**20
"""Bytes of Brotli's that come out at once."""

_ZSTD = (b"\x28\xb5\x2f\xfd", *(bytes((0x50 + kind, 0x2A, 0x4D, 0x18)) for kind in range(16)))
"""What a frame begins with, and one to be skipped."""

_CHUNK = re.compile(rb"[ \t]*([0-9a-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n", re.IGNORECASE)
_LINE_END = re.compile(rb"\r?\n?")
_PLAIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|[a-z]+[\s>])", re.IGNORECASE)


class UndecodableError(ValueError):
    """A body that cannot be decoded; says in a few words why."""


def codings_of(headers: Iterable[tuple[str, str]]) -> list[str]:
    """List the codings that a response's headers name, in the order in which they were applied."""
    given = [(name.lower(), value.lower()) for name, value in headers]
    wanted = ("content-encoding", "transfer-encoding")
    values = ",".join(value for kind in wanted for name, value in given if name == kind)
    return [coding for each in values.split(",") if (coding := each.strip()) not in ("", "identity", "none")]


def decoded(body: bytes, codings: Sequence[str]) -> bytes:
    """Take the codings off, the last one first. Raises `UndecodableError`, which names the one that is in the way.

    A body that is HTML where it should be compressed was decoded by the crawler, which kept the header.
    """
    for coding in reversed(codings):
        if not body or codec_of(coding):  # servers name a charset here
            continue
        decode = _DECODERS.get(coding)
        if decode is None:
            raise UndecodableError(f"{coding}: not known")
        try:
            body = decode(body, DENSEST * len(body) + SLACK)
        except ImportError as cause:
            raise UndecodableError(f"{coding}: needs {cause.name}; install boilerbench[warc]") from None
        except Exception as cause:  # noqa: BLE001  each library has exceptions of its own
            if _PLAIN.match(body):
                continue
            why = cause if isinstance(cause, UndecodableError) else "damaged"
            raise UndecodableError(f"{coding}: {why}") from None
    return body


def _dechunked(body: bytes, _most: int) -> bytes:
    """Join chunks; what a broken connection left is what a browser shows, and a body that is not in chunks is whole."""
    out, at = bytearray(), 0
    while head := _CHUNK.match(body, at):
        end = head.end() + int(head[1], 16)
        out += body[head.end() : end]
        ended = _LINE_END.match(body, end)
        at = ended.end() if ended else end
        if end == head.end() or at >= len(body):
            return bytes(out)
    if at:
        raise UndecodableError("damaged")
    return body


def _members(body: bytes, most: int, new: Callable[[], Any], marks: tuple[bytes, ...] = ()) -> bytes:
    """Decompress a member, and those after it that begin with a mark; what else follows is no part of the page.

    `new` makes a decoder like zlib's `decompressobj`.
    """
    out, at = bytearray(), 0
    while not at or body.startswith(marks, at):
        decoder = new()
        while not decoder.eof:
            piece = body[at : at + _PIECE]
            if not piece:
                raise UndecodableError("cut off")
            out += decoder.decompress(piece)
            at += len(piece)
            if len(out) > most:
                raise UndecodableError(f"unpacks to more than {most >> 20} MB")
        at -= len(decoder.unused_data)
    return bytes(out)


def _deflate(body: bytes, most: int) -> bytes:
    """Decompress what the standard calls deflate, or what some servers do: the same without its frame."""
    try:
        return _members(body, most, zlib.decompressobj)
    except zlib.error:
        return _members(body, most, partial(zlib.decompressobj, -zlib.MAX_WBITS))


def _brotli(body: bytes, most: int) -> bytes:
    import brotli

    decoder, out, given = brotli.Decompressor(), bytearray(), body
    while not decoder.is_finished():
        piece = decoder.process(given, output_buffer_limit=_AT_ONCE)
        if not (piece or given):
            raise UndecodableError("cut off")
        out += piece
        given = b""
        if len(out) > most:
            raise UndecodableError(f"unpacks to more than {most >> 20} MB")
    return bytes(out)


def _zstd(body: bytes, most: int) -> bytes:
    import zstandard

    return _members(body, most, zstandard.ZstdDecompressor().decompressobj, _ZSTD)


_gzip = partial(_members, new=partial(zlib.decompressobj, zlib.MAX_WBITS | 16), marks=(b"\x1f\x8b",))
_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "br": _brotli,
    "chunked": _dechunked,
    "deflate": _deflate,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "zstd": _zstd,
}
