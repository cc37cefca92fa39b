from __future__ import annotations

import encodings
import html
import pkgutil
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerbench.text.decoding import codec_of, declared_charset, decode, self_describing, without_surrogates

CODECS = sorted({module.name for module in pkgutil.iter_modules(encodings.__path__)} | set(encodings.aliases.aliases))
NO_ENCODINGS = [name for name in CODECS if codec_of(name) is None]
STATED = {
    "meta": '<meta charset="{}">',
    "pragma": '<meta http-equiv="Content-Type" content="text/html; charset={}">',
    "XML declaration": '<?xml version="1.0" encoding="{}"?>',
}


@pytest.mark.parametrize(
    ("html", "declared", "text"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", "iso-8859-1", "café"),
        (b"<meta charset=utf-8>caf\xe9", "iso-8859-1", "<meta charset=utf-8>café"),
        (b"<meta charset=iso-8859-1>caf\xe9", None, "<meta charset=iso-8859-1>café"),
        (b"caf\xc3\xa9", None, "café"),
        (
            "Привет, как твои дела? Это страница, где пишут про лодки и про большое море, также про паромы.".encode(
                "cp1251"
            ),
            None,
            "Привет, как твои дела? Это страница, где пишут про лодки и про большое море, также про паромы.",
        ),
        (b"", None, ""),
    ],
)
def test_a_page_is_decoded_by_mark_then_transport_then_meta_then_detection(
    html: bytes, declared: str | None, text: str
) -> None:
    assert decode(html, declared) == text


def test_undecodable_bytes_never_raise() -> None:
    assert "\ufffd" in decode(b"<meta charset=utf-8>caf\xe9")
    assert isinstance(decode(bytes(range(256))), str)


def test_lone_surrogates_become_the_replacement_character() -> None:
    assert without_surrogates("a\ud800b") == "a\ufffdb"
    assert without_surrogates("plain 😀") == "plain 😀"


@pytest.mark.parametrize(
    "label",
    [
        *("undefined", "hex", "base64", "rot13", "zip", "bz2", "uu", "quopri", "idna", "punycode", "unicode_escape"),
        *(
            "raw_unicode_escape",
            "mbcs",
            "oem",
            "utf_8_sig",
            "utf-7",
            "utf-32",
            "cp437",
            "nonsense",
            "",
            "a b",
            "\0",
            "\ud800",
        ),
    ],
)
def test_a_codec_that_is_no_encoding_of_the_web_is_none(label: str) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("latin1", "cp1252"),
        ("ascii", "cp1252"),
        ("gb2312", "gb18030"),
        ("Shift_JIS", "cp932"),
        ("hebrew", "iso8859-8"),
        ("ibm866", "cp866"),
        ("macintosh", "mac-roman"),
        ("iso-8859-8-i", "iso8859-8"),
        ("x-gbk", "gb18030"),
        ("windows-949", "cp949"),
        ("x-cp1250", "cp1250"),
        ("unicode20utf8", "utf-8"),
        (" utf8\n", "utf-8"),
    ],
)
def test_a_label_means_what_it_means_to_a_browser(label: str, codec: str) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize("html", ["<p>one café", "<p>one"])
def test_what_states_no_encoding_of_the_web_is_as_if_it_stated_none(html: str) -> None:
    assert {"hex", "zlib_codec", "idna", "undefined", "unicode_escape", "utf_7"} <= set(NO_ENCODINGS)
    for raw in (html.encode(), html.encode("cp1252")):
        text, named = decode(raw), declared_charset(raw)
        assert named[1] == "detection"
        for label in NO_ENCODINGS:
            assert (decode(raw, label), declared_charset(raw, label)) == (text, named)
    for label in NO_ENCODINGS:
        for form in STATED.values():
            page = form.format(label) + html
            assert (decode(page.encode()), declared_charset(page.encode())) == (page, ("utf-8", "detection"))
            stated = form.format(label).encode() + html.encode("koi8-r", "ignore")
            assert declared_charset(stated, "koi8-r") == ("koi8-r", "transport")


@given(st.binary(), st.none() | st.text() | st.sampled_from(CODECS), st.sampled_from([*STATED]), st.text())
def test_nothing_that_a_page_states_raises(raw: bytes, charset: str | None, form: str, label: str) -> None:
    page = STATED[form].format(label).encode("utf-8", "replace") + raw
    assert isinstance(decode(page, charset), str)
    assert declared_charset(page, charset)[1] in ("byte order mark", "transport", "page", "detection")


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta charset="utf-16">', "utf-8"),
        ('<meta http-equiv=content-type content="text/html; charset=UTF-16BE">', "utf-8"),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-8"),
        ('<meta charset="x-user-defined">', "windows-1252"),
        ("<!-- <meta charset=koi8-r> --><meta charset=windows-1251>", "windows-1251"),
        ("<meta charset=nonsense><meta charset=windows-1251>", "windows-1251"),
        ('<p title="<meta charset=koi8-r>"><meta charset=windows-1251>', "windows-1251"),
        ("<script>'<meta charset=koi8-r>'</script><meta charset=windows-1251>", "windows-1251"),
        ("<meta name=x content=\"charset=koi8-r\"><META CHARSET = 'windows-1251' />", "windows-1251"),
        ('<meta content="text/html; charset = windows-1251; x" http-equiv="Content-Type">', "windows-1251"),
        ('<?xml version="1.0" encoding="koi8-r"?><meta charset=windows-1251>', "windows-1251"),
        ("<?xml version='1.0' encoding='windows-1251'?>", "windows-1251"),
        (f"<style>{'x' * 5_000}</style><meta charset=windows-1251>", "windows-1251"),
    ],
)
def test_a_page_states_its_encoding_as_to_a_browser(head: str, name: str) -> None:
    assert declared_charset(head.encode() + b"<body>") == (name, "page")


def test_what_a_page_states_in_its_body_or_in_no_meta_element_does_not_count() -> None:
    for page in (b"<body><meta charset=koi8-r>", b'<metadata charset="koi8-r">', b'<meta content="charset=koi8-r">'):
        assert declared_charset(page) == ("utf-8", "detection")


def test_utf_16_is_read_by_its_mark_or_by_its_zeros() -> None:
    for codec, name in (("utf-16-le", "utf-16le"), ("utf-16-be", "utf-16be")):
        assert decode("\ufeff<p>é漢".encode(codec)) == "<p>é漢"
        assert declared_charset("<p>é漢".encode(codec)) == (name, "detection")
        assert decode("<p>é漢".encode(codec), codec) == "<p>é漢"
        assert decode("\r\n <p>é漢".encode(codec)) == "\r\n <p>é漢"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Das Café öffnet früh".encode() + b" \xff.", "Das Café öffnet früh \ufffd."),
        ("Кафе закрыто до утра".encode()[:-1], "Кафе закрыто до утр\ufffd"),
        ("Un café coupé".encode()[:-1], "Un café coup\ufffd"),
        ("One café and a stray".encode() + b" \x96 dash", "One café and a stray \ufffd dash"),
        ("Das Café öffnet früh".encode("cp1252"), "Das Café öffnet früh"),
        ("Un café coupé".encode("cp1252"), "Un café coupé"),
    ],
)
def test_an_odd_byte_makes_nothing_else_of_utf_8(raw: bytes, text: str) -> None:
    assert decode(raw) == text


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        (b"\xad\xa1\xad\xea \xfc\xe2 \xb4\xc1", "euc-jp", "①㈱ 髙 漢"),
        (b"\x1b$B4A-!;z\x1b(Babc", "iso-2022-jp", "漢①字abc"),
        (b"a\x80b", "gb2312", "a€b"),
        (b"\x81\x93", "latin1", "\x81“"),
        (b"a\xad", "euc-jp", "a\ufffd"),
    ],
)
def test_what_pythons_codecs_lack_is_read_as_in_a_browser(raw: bytes, charset: str, text: str) -> None:
    assert decode(raw, charset) == text


META = b"<meta charset=windows-1251>"


@pytest.mark.parametrize(
    ("html", "charset", "expected"),
    [
        (META + "маяк".encode("cp1251"), None, META + "маяк".encode("cp1251")),
        (META + "маяк é".encode(), "utf-8", META + "маяк &#233;".encode("cp1251")),
        ("маяк".encode("cp1251"), "windows-1251", b"\xef\xbb\xbf" + "маяк".encode()),
        ("маяк".encode(), "utf-8", "маяк".encode()),
        (b"\xef\xbb\xbf" + META + "маяк".encode(), "koi8-r", b"\xef\xbb\xbf" + META + "маяк".encode()),
        (META + b"\x04", "utf-16le", b"\xef\xbb\xbf" + (META + b"\x04").decode("utf-16le").encode()),
    ],
)
def test_bytes_for_a_runner_say_of_themselves_what_they_are(html: bytes, charset: str | None, expected: bytes) -> None:
    given = self_describing(html, charset)
    assert given == expected
    assert decode(given).replace("&#233;", "é") == decode(html, charset)


@given(st.binary(), st.none() | st.sampled_from(["utf-8", "koi8-r", "euc-jp", "utf-16le", "gbk"]), st.booleans())
def test_bytes_for_a_runner_read_without_a_charset_as_the_page_reads_with_it(
    raw: bytes, charset: str | None, states: bool
) -> None:
    def said(text: str) -> str:
        """A reference to a C1 control is one to what windows-1252 has in its place: HTML cannot say the control."""
        return html.unescape(re.sub("[\x80-\x9f]", lambda found: f"&#{ord(found[0])};", text))

    page = (META if states else b"") + raw
    assert said(decode(self_describing(page, charset))) == said(decode(page, charset))
