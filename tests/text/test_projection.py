"""A page's own elements, as far as a text stands in them."""

from __future__ import annotations

import pytest

from boilerbench.text import blocks
from boilerbench.text.blocks import Heading
from boilerbench.text.blocks.projection import projected

PAGE = """<!doctype html><html><head><title>x</title></head><body>
<nav><ul><li>Boats</li><li>Locks and gates</li></ul></nav>
<main><h1>The canal reopens</h1><p>After two winters the <b>canal</b> is full again.</p>
<h2>Boats</h2><ul><li>Barges up to forty tons<li>Rowing boats</ul>
<div><h3>Read also: the old mill</h3></div>
<table><tr><th>Lock<th>Rise</tr><tr><td>Upper<td>2 m</tr><tr><td>Lower<td>—</tr></table>
<pre>open(gate)\n  wait()</pre><p>See <a href="/plan">the plan</a>.</p></main>
<footer><h2>Boats</h2></footer><script>The canal reopens</script></body></html>"""
TEXT = """After two winters the canal is full again.
Boats
Barges up to forty tons
Rowing boats
Lock Rise Upper 2 m Lower —
open(gate) wait()
See the plan."""


def test_elements_with_text_of_the_gold_stay_and_all_others_go() -> None:
    found = blocks.read(projected(PAGE, TEXT, "https://e.org/canal?a&b"), "html")
    assert found.headings == (Heading(2, "boats"),)
    assert [each.text for each in found.items] == ["barges up to forty tons", "rowing boats"]
    assert [(cell.row, cell.column, cell.text) for cell in found.tables[0].cells] == [
        (0, 0, "lock"), (0, 1, "rise"), (1, 0, "upper"), (1, 1, "2 m"), (2, 0, "lower"), (2, 1, "—"),
    ]  # fmt: skip
    assert [each.lines for each in found.codes] == [("open(gate)", "  wait()")]
    assert [(each.anchor, each.target) for each in found.links] == [("the plan", "/plan")]
    assert (found.title, found.base) == ("", "https://e.org/canal?a&b")


def test_a_text_that_does_not_stand_in_the_page_has_no_elements() -> None:
    assert projected(PAGE, "Nothing of this is said there") == projected("", TEXT) == projected(PAGE, "") == ""


def test_a_heading_with_a_handle_is_found_without_it() -> None:
    page = "<main><h2>Basic use<a href='#use'>¶</a></h2><p>Call it once, and then again.</p></main>"
    assert blocks.read(projected(page, "Basic use\nCall it once, and then again."), "html").headings


def test_what_is_there_twice_stays_as_often_as_the_text_has_it() -> None:
    copy = "<h2>Four words in heading</h2><p>Then some text goes on here.</p>"
    found = blocks.read(projected(copy * 2, "Four words in heading Then some text goes on here."), "html")
    assert len(found.headings) == 1


@pytest.mark.parametrize("html", ["<div>" * 3_000 + "canal", "\0", "<frameset><frame src=x></frameset>"])
def test_a_hostile_page_is_refused_or_has_nothing(html: str) -> None:
    try:
        assert projected(html, "canal boats") == ""
    except ValueError as cause:
        assert "depth" in str(cause)  # noqa: PT017  refused or empty


def test_code_keeps_its_white_space_and_its_signs() -> None:
    lines = "if ready:<span>\n</span><span>    </span><b>go</b>()<br>}<br><div>end()</div>"
    found = blocks.read(
        projected(f"<p>Some words before it.</p><pre>{lines}</pre>", "Some words before it. if ready go end"), "html"
    )
    assert [each.lines for each in found.codes] == [("if ready:", "    go()", "}", "end()")]


def test_items_and_tables_of_which_the_text_has_a_part_are_none() -> None:
    page = (
        "<ul><li>By someone, two years ago, from afar, on a phone<p>A comment of some words.</p></li>"
        "<li>An item that is there as a whole</li></ul>"
        "<table><tr><th>Not there<th>Nor this one</tr><tr><td>Some words<td>lost</tr>"
        "<tr><td>and more<td>of it</tr></table>"
    )
    found = blocks.read(
        projected(page, "A comment of some words. An item that is there as a whole. Some words"), "html"
    )
    assert [each.text for each in found.items] == ["an item that is there as a whole"]
    assert found.tables == ()


def test_a_table_that_lays_out_stays_one_without_what_is_in_it() -> None:
    inner = "<table><tr><td>9</table>"
    page = f"<table><tr><td>One thing here<td>{inner}</tr><tr><td>Two things here<td>and there</tr></table>"
    assert blocks.read(projected(page, "One thing here Two things here and there"), "html").tables == ()
