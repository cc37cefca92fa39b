from __future__ import annotations

import pytest

from boilerbench.text.decoding import decode, without_surrogates


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
