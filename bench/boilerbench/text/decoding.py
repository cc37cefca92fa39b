"""How the bytes of a page become characters, as in a browser, and what no file can hold becomes U+FFFD."""

import re

from boilerbench.text import installed

_VERSION = 1
_NAMES = (
    "utf-8 utf-16 utf-16-le utf-16-be gb18030 big5hkscs euc_jp iso2022_jp cp932 cp949 koi8-r koi8-u cp866 cp874 "
    "mac-roman mac-cyrillic cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-3 "
    "iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16"
)
_ENCODINGS = frozenset(_NAMES.split())
"""Python's names of the encodings that the Encoding Standard (WHATWG) has, as w3lib resolves their labels."""
_BROWSER_NAMES = {"cp932": "shift_jis", "cp949": "euc-kr", "cp874": "windows-874", "big5hkscs": "big5"}


def version() -> str:
    """Name what decodes a page, here and in libraries. Where it is another, characters may be.

    `_VERSION` is raised whenever our own part may give other characters.
    """
    return f"decode {_VERSION} {installed('w3lib', 'charset-normalizer')}"


def codec_of(label: str) -> str | None:
    """Return Python's codec for the label of an encoding of the web; None where no browser knows it.

    Python also has codecs that are no encodings of text (`hex`, `zip`), or none that pages are in (`idna`, `utf-7`).
    """
    from w3lib.encoding import http_content_type_encoding

    codec = http_content_type_encoding(f"text/html; charset={label}")
    return codec if codec in _ENCODINGS else None


def decode(html: bytes, charset: str | None = None) -> str:
    """Decode a page: byte order mark, charset declared by the transport, meta or XML declaration, then detection.

    The order and the aliases browsers use are w3lib's; what states an unknown encoding states none. Detection takes
    valid UTF-8 for UTF-8 and leaves the rest to charset-normalizer. Undecodable bytes become U+FFFD; nothing raises.
    """
    from w3lib.encoding import html_body_declared_encoding, html_to_unicode

    codec, source = _encoding(html, charset)
    states = source != "detection" or html_body_declared_encoding(html)  # it may state a codec that only Python knows
    return str(html_to_unicode(f"text/html; charset={codec}" if states else None, html, codec)[1])


def declared_charset(html: bytes, charset: str | None = None) -> tuple[str, str]:
    """Name the charset that `decode` reads a page in, as browsers call it, and what says so.

    That is `byte order mark`, `transport`, `page` (a meta element or an XML declaration) or `detection`.
    """
    codec, source = _encoding(html, charset)
    name = codec.replace("_", "-")
    return _BROWSER_NAMES.get(name, re.sub(r"^cp(?=125\d$)", "windows-", name).replace("iso8859", "iso-8859")), source


def _encoding(html: bytes, charset: str | None) -> tuple[str, str]:
    """Python's codec for a page, and what says so."""
    from w3lib.encoding import html_body_declared_encoding, read_bom

    if mark := read_bom(html)[0]:
        return mark, "byte order mark"
    if charset and (codec := codec_of(charset)):
        return codec, "transport"
    if (codec := html_body_declared_encoding(html)) in _ENCODINGS:
        return str(codec), "page"
    return _detected(html), "detection"


def _detected(html: bytes) -> str:
    if is_utf8(html):
        return "utf-8"
    from charset_normalizer import from_bytes

    match = from_bytes(html).best()
    return match.encoding if match else "windows-1252"


def is_utf8(html: bytes) -> bool:
    """Whether bytes are valid UTF-8."""
    try:
        html.decode()
    except UnicodeDecodeError:
        return False
    return True


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which no file format can hold, by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
