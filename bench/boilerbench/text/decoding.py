"""How the bytes of a page become characters, as in a browser, and what no file can hold becomes U+FFFD."""

from __future__ import annotations

import re

_BROWSER_NAMES = {"cp932": "shift_jis", "cp949": "euc-kr", "cp874": "windows-874", "big5hkscs": "big5"}


def decode(html: bytes, charset: str | None = None) -> str:
    """Decode a page: byte order mark, charset declared by the transport, meta or XML declaration, then detection.

    The order and the aliases browsers use are w3lib's. Detection takes valid UTF-8 for UTF-8 and leaves the rest to
    charset-normalizer. Undecodable bytes become U+FFFD; nothing raises.
    """
    from w3lib.encoding import html_to_unicode

    header = f"text/html; charset={charset}" if charset else None
    return str(html_to_unicode(header, html, "utf-8", _detect)[1])


def _detect(html: bytes) -> str:
    try:
        html.decode()
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        match = from_bytes(html).best()
        return match.encoding if match else "windows-1252"
    return "utf-8"


def declared_charset(html: bytes, charset: str | None = None) -> tuple[str, str]:
    """Name the charset that `decode` reads a page in, as browsers call it, and what says so.

    That is `byte order mark`, `transport`, `page` (a meta element or an XML declaration) or `detection`.
    """
    from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

    said = {
        "byte order mark": read_bom(html)[0],
        "transport": resolve_encoding(charset) if charset else None,
        "page": html_body_declared_encoding(html),
    }
    source = next((source for source, codec in said.items() if codec), "detection")
    codec = str(said.get(source) or _detect(html)).replace("_", "-")
    return _BROWSER_NAMES.get(codec, re.sub(r"^cp(?=125\d$)", "windows-", codec).replace("iso8859", "iso-8859")), source


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which no file format can hold, by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
