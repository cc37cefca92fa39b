"""Blocks of documents: the same from HTML and from Markdown, and whatever is in them."""

from __future__ import annotations

import pytest

from boilerbench.text import blocks
from boilerbench.text.blocks import Blocks, Cell, Code, Formula, Heading, Item, Link, Table

SAME = {
    "html": (
        "<h2>A <em>b</em></h2><ul><li>one<ol><li>two</li></ol></li></ul><pre><code>  x = 1\n\n    y\n</code></pre>"
        '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td></td></tr></table><p><a href="https://e.org/">z</a> $q$'
    ),
    "markdown": (
        "## A *b*\n\n- one\n  1. two\n\n```\n  x = 1\n\n    y\n```\n\n"
        "| a | b |\n|---|---|\n| 1 | |\n\n[z](https://e.org/) $q$"
    ),
}
BLOCKS = Blocks(
    (Heading(2, "a b"),),
    (Item("one", "one", ordered=False, parent=-1), Item("two", "two", ordered=True, parent=0)),
    (Table(2, 2, (Cell(0, 0, 1, 1, "a"), Cell(0, 1, 1, 1, "b"), Cell(1, 0, 1, 1, "1"))),),
    (Code(("x = 1", "  y")),),
    (Link("z", "https://e.org/"),),
    (Formula("q"),),
)


@pytest.mark.parametrize("form", SAME)
def test_both_routes_find_the_same(form: str) -> None:
    assert blocks.read(SAME[form], form) == BLOCKS


@pytest.mark.parametrize("form", ["html", "markdown", "markdown-no-html"])
def test_nothing_has_no_blocks(form: str) -> None:
    assert blocks.read("", form) == blocks.read(" \0", form) == Blocks()


def test_tags_in_markdown_count_unless_they_are_text() -> None:
    assert blocks.read("<h2>A</h2>", "markdown").headings == (Heading(2, "a"),)
    assert blocks.read("<h2>A</h2>", "markdown-no-html") == Blocks()


def test_what_no_reader_sees_is_no_text() -> None:
    found = blocks.read("<h1>A<script>b</script><!-- c --><style>d</style> e</h1>", "html")
    assert found.headings == (Heading(1, "a e"),)


def test_a_list_in_a_cell_is_a_list_and_text_of_the_cell() -> None:
    found = blocks.read("<table><tr><th>a<th>b<tr><td><ul><li>c<li>d</ul><td>e</table>", "html")
    assert [each.text for each in found.items] == ["c", "d"]
    assert [each.text for each in found.tables[0].cells] == ["a", "b", "c d", "e"]


@pytest.mark.parametrize(
    ("html", "cells"),
    [
        ("<tr><th rowspan=2>a<th>b<tr><td>c", [(0, 0, "a"), (0, 1, "b"), (1, 1, "c")]),
        ("<tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e",
         [(0, 0, "a"), (0, 2, "b"), (1, 0, "c"), (1, 1, "d"), (1, 2, "e")]),
        ("<tr><td rowspan=9>a<td>b<td>c<tr><td rowspan=x>d<td>e",
         [(0, 0, "a"), (0, 1, "b"), (0, 2, "c"), (1, 1, "d"), (1, 2, "e")]),
    ],
)  # fmt: skip
def test_cells_stand_where_a_browser_puts_them(html: str, cells: list[tuple[int, int, str]]) -> None:
    [table] = blocks.read(f"<table>{html}</table>", "html").tables
    assert [(each.row, each.column, each.text) for each in table.cells] == cells
    assert all(each.row + each.rows <= table.rows for each in table.cells)


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>a<tr><td>b<tr><td>c</table>",
        "<table><tr><td>a<td>b<td>c</table>",
        "<table><tr><td>a<td>b<tr><td><td></table>",
        "<table><tr><td><h2>a</h2><td>b<tr><td>c<td>d</table>",
        "<table><tr><td><form>a</form><td>b<tr><td>c<td>d</table>",
    ],
)
def test_what_lays_out_is_no_table(html: str) -> None:
    assert blocks.read(html, "html").tables == ()


def test_blocks_under_labels_alone_are_seen_where_that_is_asked_for() -> None:
    html = (
        '<h1 data-gold="title">A</h1><h2 data-gold="heading">B</h2><h2 data-gold="footer">C</h2><h2>D</h2>'
        '<ul><li data-gold="list">x</li><li data-gold="navigation">y</li></ul>'
        '<table><tr data-gold="table"><td>1<td>2</tr><tr data-gold="table"><td>3<td>4</tr></table>'
        '<pre><code data-gold="code">z</code></pre>'
    )
    sight = dict.fromkeys(("heading", "list", "table", "code"), False) | {"title": True}
    found = blocks.read(html, "html", sight)
    assert found.headings == (Heading(1, "a", optional=True), Heading(2, "b"))
    assert [each.text for each in found.items] == ["x"]
    assert [each.text for each in found.tables[0].cells] == ["1", "2", "3", "4"]
    assert not found.tables[0].optional
    assert found.codes == (Code(("z",)),)


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>" * 3_000 + "x",
        "<table>" + "<tr><td colspan=1000>a<td rowspan=60000>b" * 2_000 + "</table>",
        "> " * 3_000 + "x",
    ],
)
def test_what_is_too_deep_or_too_large_is_refused_at_once(html: str) -> None:
    with pytest.raises((ValueError, RecursionError), match=r"deep|depth|more than 1,000,000 places"):
        blocks.read(html, "html" if html.startswith("<") else "markdown")


@pytest.mark.parametrize("text", ["\\(a " * 20_000, "$a " * 20_000, "\\[a " * 20_000])
def test_formulas_without_an_end_are_text(text: str) -> None:
    assert blocks.read(text, "markdown") == Blocks()


def test_mathml_of_any_depth_is_read() -> None:
    deep = f"<math>{'<mrow>' * 1_000}<mi>x</mi>{'</mrow>' * 1_000}</math><h2>A</h2>"
    assert blocks.read(deep, "html").headings == (Heading(2, "a"),)
    fraction = "<math><mfrac><mn>1</mn><msup><mi>x</mi><mn>2</mn></msup></mfrac></math>"
    assert blocks.read(fraction, "html").formulas == (Formula(r"\frac{1}{x^2}"),)


def test_a_heading_has_no_handle() -> None:
    for html in ("A b <a href=#a>¶</a>", "A b<span>[<a href=/edit>edit</a>]</span>", "<a href=#a>#</a> A b"):
        assert blocks.read(f"<h2>{html}</h2>", "html").headings == (Heading(2, "a b"),)
