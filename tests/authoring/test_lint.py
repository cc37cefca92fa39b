from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from boilerbench.authoring import lint
from boilerbench.authoring.lint import RULES, check
from boilerbench.authoring.lint.rendered import Rendered, out_of_order
from boilerbench.cli.commands.sets import command
from boilerbench.errors import BadSetError, GateFailedError
from boilerbench.files import shipped
from boilerbench.sets import overlap

if TYPE_CHECKING:
    from pathlib import Path

STORY = "The harbour office opened at seven and the first boat left an hour later with all its usual passengers."
SOUND = {"segments": [{"label": "paragraph", "text": STORY}], "licence": "CC0-1.0"}


def page(folder: Path, name: str, html: str | bytes, **gold: object) -> None:
    target = folder / "pages" / name
    target.mkdir(parents=True)
    (target / "page.html").write_bytes(html if isinstance(html, bytes) else html.encode())
    (target / "gold.json").write_text(json.dumps({"schema": 1, "encoding": "utf-8", **SOUND, **gold}))


def segment(text: str, label: str = "paragraph", **more: str) -> dict[str, str]:
    return {"label": label, "text": text, **more}


def words(*numbers: int) -> str:
    return " ".join(f"word{number}" for number in numbers)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """One page per rule that breaks that rule alone, and one page with nothing wrong."""
    (tmp_path / "set.toml").write_text('name = "faulty"\n')
    page(tmp_path, "sound", f"<p>{STORY}</p>")
    page(tmp_path, "schema", "<p>x</p>", segments="none")
    two = "<p>A pilot boat.</p><p>A tug.</p>"
    page(tmp_path, "unknown-label", two, segments=[segment("A pilot boat."), segment("A tug.", "blurb")])
    page(tmp_path, "empty", "<p>x</p>", segments=[])
    page(tmp_path, "licence", "<p>Fog.</p>", segments=[segment("Fog.")], licence=None)
    page(tmp_path, "charset", "<p>Café.</p>".encode("latin-1"), segments=[segment("Caf")])
    page(tmp_path, "marks", '<p data-gold="paragraph">Low tide.</p>', segments=[segment("Low tide.")])
    page(tmp_path, "occurs", '<p>A net.</p><img alt="A hook.">', segments=[segment("A net."), segment("A hook.")])
    three = [segment(text) for text in ("A rope of hemp.", "A bell.", "A lamp.")]
    page(tmp_path, "order", "<p>A bell.</p><p>A rope of hemp.</p><p>A lamp.</p>", segments=three)
    page(tmp_path, "with", "<p>A mast.</p><p>News</p>", segments=[segment("A mast.")], **{"with": ["News"]})
    page(tmp_path, "without", "<p>A sail.</p>", segments=[segment("A sail.")], without=["sail"])
    long, alike = words(*range(40)), words(*range(41))
    for name, text in (("a-body", long), ("near-duplicate", alike)):
        page(tmp_path, name, f"<p>{text}</p>", segments=[segment(text)])
    page(tmp_path, "duplicate", f"<h1>X</h1><p>{long}</p>", segments=[segment(long)])
    return tmp_path


def test_every_rule_finds_its_page_and_no_other(faulty: Path) -> None:
    found = {(fault.page, fault.rule) for fault in check(f"native:{faulty}").faults}
    assert found == {(rule, rule) for rule in RULES}


def test_a_fault_is_a_line_that_names_set_page_rule_and_reason(faulty: Path) -> None:
    lines = check(f"native:{faulty}").lines()
    assert "faulty/unknown-label: unknown-label: 'blurb'" in lines
    assert "faulty/empty: empty: segment 0 (body) has no text" in lines
    assert "faulty/licence: licence: neither the page nor the set names one" in lines
    assert "faulty/charset: charset: byte 6 is not utf-8, the encoding gold names" in lines
    assert "faulty/marks: marks: 'data-gold', 1 times" in lines
    hook = "paragraph 'A hook.' is not in the page's text, but in its attribute: say \"where\""
    assert f"faulty/occurs: occurs: {hook}" in lines
    assert "faulty/order: order: paragraph 'A bell.' stands elsewhere in the page's text, or less often" in lines
    assert "faulty/with: with: with 'News' is not in the body" in lines
    assert "faulty/without: without: without 'sail' is in the body" in lines
    assert "faulty/duplicate: duplicate: the same body as a-body" in lines
    assert "faulty/near-duplicate: near-duplicate: 97% of all 4-grams shared with a-body" in lines


def test_the_command_prints_faults_counts_them_by_rule_and_fails(faulty: Path) -> None:
    result = CliRunner().invoke(command, ["check", f"native:{faulty}"])
    assert isinstance(result.exception, GateFailedError)
    assert result.exception.exit_code == 1
    assert len(result.stdout.splitlines()) == 13
    for rule in RULES:
        assert rule in result.stderr


@pytest.mark.parametrize("name", ["goldset", "goldset-hard"])
def test_our_own_sets_are_clean(name: str) -> None:
    assert check(name).lines() == []
    assert CliRunner().invoke(command, ["check", name]).exit_code == 0


def test_a_set_whose_licence_nobody_names_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "set.toml").write_text('name = "bare"\n')
    for name in "ab":
        page(tmp_path, name, f"<p>{STORY * ord(name)}</p>", segments=[segment(name)], licence=None)
    licences = [line for line in check(f"native:{tmp_path}").lines() if "licence" in line]
    assert licences == ["bare: licence: neither the set nor any of its pages names one"]


def test_a_segment_in_an_unseen_place_is_looked_for_there(tmp_path: Path) -> None:
    (tmp_path / "set.toml").write_text('name = "unseen"\nlicence = "CC0-1.0"\n')
    html = (
        '<img alt="A heron."><script type="application/ld+json">{"articleBody": "<p>Two \\u201cterns\\u201d.</p>"}'
        "</script><noscript><p>A coot.</p></noscript><template><i>A rail.</i></template><p hidden>A gull.</p>"
    )
    texts = {
        "attribute": "A heron.",
        "json": "Two “terns”.",
        "noscript": "A coot.",
        "template": "A rail.",
        "hidden": "A gull.",
    }
    page(tmp_path, "sound", html, segments=[segment(text, where=where) for where, text in texts.items()])
    wrong = [segment("A heron.", where="json"), segment("Two “terns”.", where="attribute")]
    page(tmp_path, "wrong", html, segments=wrong)
    assert [(fault.page, fault.rule) for fault in check(f"native:{tmp_path}").faults] == [
        ("wrong", "occurs"),
        ("wrong", "occurs"),
        ("wrong", "duplicate"),
    ]


@pytest.mark.parametrize("value", ["<!-- no text -->", "\\ud83d<i>", "<!DOCTYPE html>", "</p>"])
def test_a_text_in_json_that_is_no_html_is_no_hindrance(value: str) -> None:
    html = f'<script>{{"a": "{value}", "b": "<b>Terns</b>"}}</script>'
    assert Rendered(html.encode(), None, None).places_of("Terns") == ["json", "hidden"]


def test_equal_pages_are_told_once_whatever_their_names(tmp_path: Path) -> None:
    (tmp_path / "set.toml").write_text('name = "twins"\nlicence = "CC0-1.0"\n')
    for name in ("page 1", "page 2"):
        page(tmp_path, name, f"<p>{STORY}</p>", segments=[segment(STORY)])
    assert check(f"native:{tmp_path}").lines() == ["twins/page 2: duplicate: the same bytes as page 1"]


def test_snippets_alone_are_looked_for_in_the_page(tmp_path: Path) -> None:
    (tmp_path / "set.toml").write_text('name = "snippets"\nlicence = "CC0-1.0"\n')
    page(tmp_path, "one", "<p>Ebb and flow</p>", segments=[], **{"with": ["Ebb and", "Springtide"]})
    assert check(f"native:{tmp_path}").lines() == ["snippets/one: with: with 'Springtide' is not in the page"]


def test_one_body_may_differ_from_the_page_in_a_tenth_of_its_words_and_not_more(tmp_path: Path) -> None:
    (tmp_path / "set.toml").write_text('name = "coarse"\nlicence = "CC0-1.0"\n')
    html = f"<p>{words(*range(200))}</p>"
    page(tmp_path, "near", html, segments=[segment(words(*range(190), 300), "body")])
    page(tmp_path, "far", html + " ", segments=[segment(words(*range(90), *range(300, 312)), "body")])
    page(tmp_path, "turned", html + "  ", segments=[segment(words(*range(120, 190), *range(80)), "body")])
    assert check(f"native:{tmp_path}").lines() == [
        "coarse/far: occurs: 88% of the body's 4-grams are in the page's text, less than 90%",
        "coarse/turned: order: 53% of the body's unique 4-grams are in the page's order, less than 90%",
    ]


@pytest.mark.parametrize(
    ("html", "charset", "what"),
    [
        (
            "<p>Ωμέγα και άλφα</p>".encode(),
            "iso-8859-7",
            "the bytes are UTF-8, though iso-8859-7 is declared (transport)",
        ),
        ('<meta charset="utf-8">éééé'.encode("latin-1"), None, "4 characters cannot be read as utf-8 (page)"),
        ("<p>éééé</p>".encode("latin-1"), "iso-8859-1", ""),
    ],
)
def test_without_an_encoding_in_gold_the_declared_one_must_fit_the_bytes(
    html: bytes, charset: str | None, what: str
) -> None:
    assert Rendered(html, charset, None).misread == what


@pytest.mark.parametrize("encoding", ["hex", "undefined", "idna", "utf-8-sig", "klingon"])
def test_an_encoding_in_gold_that_no_page_can_be_in_is_told(encoding: str) -> None:
    rendered = Rendered(f'<meta charset="{encoding}"><p>caf\u00e9'.encode(), encoding, encoding)
    assert (rendered.misread, rendered.text) == (f"unknown encoding '{encoding}'", "caf\u00e9")


def test_only_what_does_not_fit_into_the_heaviest_chain_is_out_of_order() -> None:
    assert out_of_order(["b", "aa", "b", "cc"], "b aa b cc") == []
    assert out_of_order(["1", "long text", "other"], "long text other 1") == [0]
    assert out_of_order(["cc", "aa", "bb"], "aa bb cc") == [0]
    assert out_of_order(["aab", "aba"], "aaba") != []


def test_zyte_is_checked_within_its_time(data: Path) -> None:
    report = check(f"zyte:{data / 'zyte-aeb'}")
    assert report.pages == 181
    assert report.counts() == dict.fromkeys(RULES, 0)


def test_every_rule_is_documented() -> None:
    text = (shipped("goldset").parent / "docs" / "labels.md").read_text(encoding="utf-8")
    assert [rule for rule in RULES if f"| `{rule}` |" not in text] == []
    for share in (lint.OCCURS, lint.IN_ORDER, overlap.ALIKE):
        assert f"{share:.0%}".replace("%", " %") in text


@pytest.mark.parametrize("html", [b"", b" \n", b"\0"])
def test_an_empty_page_has_no_text_in_any_place(html: bytes) -> None:
    page = Rendered(html, None, None)
    assert (page.has("x", None), page.has("x", "json"), page.places_of("x")) == (False, False, [])


def test_a_page_nested_too_deeply_is_refused_in_every_place() -> None:
    for where in (None, "json"):
        with pytest.raises(BadSetError, match="the page cannot be read"):
            Rendered(b"<div>" * 3_000 + b"x", None, None).has("x", where)
