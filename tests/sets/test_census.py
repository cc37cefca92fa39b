from __future__ import annotations

import pytest
from click.testing import CliRunner

from boilerbench.cli.commands.sets import command
from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets.census import take
from boilerbench.text.decoding import declared_charset


def goldset(*bodies: str, html: bytes = b"<p>x</p>") -> GoldSet:
    entries = tuple(
        (
            Page(f"p{index}", lambda: html, charset="utf-8", language="en", page_type="news"),
            Gold((Segment("paragraph", body), Segment("cookie", "Accept all cookies"))),
        )
        for index, body in enumerate(bodies)
    )
    return GoldSet("tiny", "native:tiny", entries)


def test_pages_are_counted_by_what_they_are() -> None:
    found = take(goldset("a", "a b")).counters
    assert found["page type"] == {"news": 2}
    assert found["language"] == {"en": 2}
    assert found["charset"] == {"utf-8": 2}
    assert found["charset's source"] == {"transport": 2}
    assert found["label"] == {"paragraph": 2, "cookie": 2}


def test_body_lengths_are_words_under_the_default_policy_of_pages_that_have_a_body() -> None:
    found = take(goldset("a b", "a b c d", "a b c d e f", "", "a b c d e f g h"))
    assert found.words == (2, 4, 5, 6, 8)
    assert found.without_body == 1
    assert take(goldset("")).words == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("html", "charset", "found"),
    [
        (b"\xef\xbb\xbfx", "koi8-r", ("utf-8", "byte order mark")),
        (b'<meta charset="utf-8">', "Windows-1251", ("windows-1251", "transport")),
        (b'<meta charset="shift_jis">', None, ("shift_jis", "page")),
        (b'<meta charset="euc-kr">', "nonsense", ("euc-kr", "page")),
        (b'<meta charset="iso-8859-2">', None, ("iso-8859-2", "page")),
        ("<p>é</p>".encode(), None, ("utf-8", "detection")),
    ],
)
def test_a_charset_is_named_as_browsers_do_with_what_declares_it(
    html: bytes, charset: str | None, found: tuple[str, str]
) -> None:
    assert declared_charset(html, charset) == found


def test_show_prints_every_count() -> None:
    shown = CliRunner().invoke(command, ["show", "goldset"]).stdout
    for what in ("page type", "language", "charset", "charset's source", "label"):
        assert f"by {what}: " in shown
    assert "body words: least" in shown
    assert "pages without a body:" in shown
