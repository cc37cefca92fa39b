"""How the bytes of a page become characters, as in a browser, and what no file can hold becomes U+FFFD.

Labels, encodings and the order in which they are believed are those of the Encoding Standard and of the HTML Standard
(WHATWG). What those leave to the browser is detected: UTF-8 with odd bytes is UTF-8, the rest charset-normalizer says.
"""

import codecs
import re
from functools import cache

from boilerbench.text import installed

_VERSION = 3
_NO_ENCODING = "replacement"
"""What the standard calls encodings that browsers refuse; here, such a label is as good as none."""
_DECODERS = {"gbk": "gb18030", "x-user-defined": "cp1252"}
"""Encodings whose decoder is another one's."""
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16le", codecs.BOM_UTF16_BE: "utf-16be"}
_UNMARKED_UTF16 = re.compile(rb"(?:[\t\n\f\r ]\0)*(?P<little><\0)|(?:\0[\t\n\f\r ])*\0<")
_STATED = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}
"""What a page means that states an encoding in which nobody could have read the statement."""
_DETECTABLE = (
    *("gb18030", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr", "koi8-r", "koi8-u", "ibm866", "macintosh"),
    *("x-mac-cyrillic", "windows-874", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254"),
    *("windows-1255", "windows-1256", "windows-1257", "windows-1258", "iso-8859-2", "iso-8859-5", "iso-8859-7"),
)
_HEAD = 65_536
"""Bytes of a page that may state its encoding. Browsers begin anew where a statement comes after the first 1,024."""
_TAG = re.compile(
    rb"""<!--.*?(?:-->|\Z) | <(script|style)\b.*?(?:</\1|\Z) | <(?P<body>body)\b
    | <(?:(?P<meta>meta)(?=[\s/])|/?[a-z])(?P<attributes>(?:[^>"']|"[^"]*"|'[^']*')*)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(rb"""([^\s=/>"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_IN_CONTENT = re.compile(rb"""charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))""", re.IGNORECASE)
_IN_XML = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]*)""")
_ODD_BYTES_AT_MOST = 0.5
"""Undecodable sequences per character beyond ASCII in what is UTF-8 all the same; other encodings have .87 and more.

One is let pass beside any: a page with a single accent may be cut, too."""
_C1 = range(0x80, 0xA0)
_JAPANESE = ("euc_jp", "iso2022_jp")


def version() -> str:
    """Name what decodes a page, here and in libraries. Where it is another, characters may be.

    `_VERSION` is raised whenever our own part may give other characters.
    """
    return f"decode {_VERSION} {installed('webencodings', 'charset-normalizer')}"


def codec_of(label: str) -> str | None:
    """Return Python's codec for the label of an encoding of the web; None where no browser knows it.

    Python also has codecs that are no encodings of text (`hex`, `zip`), or none that pages are in (`idna`, `utf-7`).
    """
    name = _encoding_of(label)
    return name and _codec(name)


def decode(html: bytes, charset: str | None = None) -> str:
    """Decode a page: byte order mark, charset declared by the transport, meta or XML declaration, then detection.

    What states an unknown encoding states none. Undecodable bytes become U+FFFD; nothing raises.
    """
    name = declared_charset(html, charset)[0]
    return _unmarked(html).decode(_codec(name), "boilerbench.browser")


def served_as_utf8(html: bytes, charset: str | None = None) -> bytes | None:
    """Return the bytes of which UTF-8, with U+FFFD for what is none, is all that `decode` makes; None for others."""
    return _unmarked(html) if declared_charset(html, charset)[0] == "utf-8" else None


def _unmarked(html: bytes) -> bytes:
    return html[next((len(mark) for mark in _MARKS if html.startswith(mark)), 0) :]


def declared_charset(html: bytes, charset: str | None = None) -> tuple[str, str]:
    """Name the charset that `decode` reads a page in, as browsers call it, and what says so.

    That is `byte order mark`, `transport`, `page` (a meta element or an XML declaration) or `detection`.
    """
    if marked := next((name for mark, name in _MARKS.items() if html.startswith(mark)), None):
        return marked, "byte order mark"
    if charset and (name := _encoding_of(charset)):
        return name, "transport"
    if name := _stated(html):
        return name, "page"
    return _detected(html), "detection"


def self_describing(html: bytes, charset: str | None = None) -> bytes:
    """Return a page as bytes that say of themselves what `decode` reads them as.

    As they were served, where they do. Else in the encoding that the page states, in which it once must have been; what
    that cannot hold becomes character references. A page that states none is made UTF-8 with a byte order mark.
    """
    (name, source), (own, said_by) = declared_charset(html, charset), declared_charset(html)
    if source != "transport" or (own == name and (said_by != "detection" or name == "utf-8")):
        return html
    text = decode(html, charset)
    if stated := _stated(html):
        encoded = text.encode(_codec(stated), "xmlcharrefreplace")
        if _stated(encoded) == stated:  # not where what states it was read as something else
            return encoded
    return codecs.BOM_UTF8 + text.encode()


def _encoding_of(label: str) -> str | None:
    import webencodings

    try:
        found = webencodings.lookup(label)
    except UnicodeEncodeError:  # a lone surrogate
        return None
    return found.name if found and found.name != _NO_ENCODING else None


def _codec(name: str) -> str:
    import webencodings

    return _DECODERS.get(name) or str(webencodings.lookup(name).codec_info.name)


def _stated(html: bytes) -> str | None:
    """The encoding that a page's own head states, by the HTML Standard's prescan; an XML declaration comes last."""
    head = html[:_HEAD]
    for tag in _TAG.finditer(head):
        if tag["body"]:
            break
        if tag["meta"] and (label := _label_in(tag["attributes"])) and (name := _encoding_of(label.decode("latin-1"))):
            return _STATED.get(name, name)
    xml = _IN_XML.match(head)
    name = _encoding_of(xml[1].decode("latin-1")) if xml else None
    return name and _STATED.get(name, name)


def _label_in(attributes: bytes) -> bytes | None:
    """The label of an encoding that a meta element states, in its own attribute or as what a header would say."""
    found = {name.lower(): a or b or c for name, a, b, c in reversed(_ATTRIBUTE.findall(attributes))}
    if b"charset" in found or found.get(b"http-equiv", b"").lower() != b"content-type":
        return found.get(b"charset")
    stated = _IN_CONTENT.search(found.get(b"content", b""))
    return stated and (stated[1] or stated[2] or stated[3])


def _detected(html: bytes) -> str:
    """The encoding that bytes look like which nobody states, windows-1252 if they look like none."""
    if unmarked := _UNMARKED_UTF16.match(html):
        return "utf-16le" if unmarked["little"] else "utf-16be"
    if _is_utf8_but_for_odd_bytes(html):
        return "utf-8"
    from charset_normalizer import from_bytes

    codecs_of = {_codec(name): name for name in _DETECTABLE}
    match = from_bytes(html, cp_isolation=list(codecs_of)).best()
    return codecs_of[codecs.lookup(match.encoding).name] if match else "windows-1252"


def _is_utf8_but_for_odd_bytes(html: bytes) -> bool:
    if is_utf8(html):
        return True
    text = html.decode("utf-8", "replace")
    odd = text.count("\ufffd") - html.count("\ufffd".encode())
    beyond_ascii = len(text) - len(html.translate(None, bytes(range(128, 256)))) - odd
    return odd <= max(beyond_ascii > 0, _ODD_BYTES_AT_MOST * beyond_ascii)


def is_utf8(html: bytes) -> bool:
    """Whether bytes are valid UTF-8."""
    try:
        html.decode()
    except UnicodeDecodeError:
        return False
    return True


def _as_a_browser(error: UnicodeError) -> tuple[str, int]:
    """What browsers decode and Python's codecs do not: C1 controls, gb18030's short euro sign, the rows of NEC and IBM.

    Python's codecs for EUC-JP and ISO-2022-JP know JIS X 0208 alone; Microsoft's Shift_JIS has the other rows, too.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair, after = error.object[error.start : error.start + 2], error.start + 1
    if error.encoding == "charmap" and pair[0] in _C1:
        return chr(pair[0]), after
    if error.encoding == "gb18030" and pair.startswith(b"\x80"):
        return "€", after
    character = _beyond_jis().get(bytes(byte | 0x80 for byte in pair)) if error.encoding in _JAPANESE else None
    if character:
        return character, error.start + 2
    return "\ufffd", error.end


@cache
def _beyond_jis() -> dict[bytes, str]:
    """What Microsoft's Shift_JIS has in the rows that JIS X 0208 leaves empty, by their bytes in EUC-JP."""
    leads, trails = [*range(0x81, 0xA0), *range(0xE0, 0xF0)], [*range(0x40, 0x7F), *range(0x80, 0xFD)]
    found = (bytes([lead, trail]).decode("cp932", "ignore") for lead in leads for trail in trails)
    return {bytes([0xA1 + row, 0xA1 + cell]): next(found) for row in range(94) for cell in range(94)}


codecs.register_error("boilerbench.browser", _as_a_browser)


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which no file format can hold, by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
