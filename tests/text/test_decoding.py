from __future__ import annotations

import encodings
import pkgutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerbench.text.decoding import codec_of, declared_charset, decode, without_surrogates

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
