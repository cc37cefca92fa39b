"""What holds of structure whatever the document: the perfect answer is 1, and each damage costs what it says."""

from __future__ import annotations

from bisect import bisect_left
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

import boilerbench

if TYPE_CHECKING:
    from boilerbench.scoring.score import TextScore

Rows: TypeAlias = list[list[str]]
Nest: TypeAlias = "list[tuple[str, Nest]]"

KINDS = ("headings", "lists", "tables", "code", "links", "formulas")
DIGITS = st.lists(st.sampled_from("01234567"), min_size=3, max_size=3).map("".join)
"""Texts that are equal or not at all alike: digits have to be the same."""
TEXTS = st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=3).map(" ".join)
HEADINGS = st.lists(st.tuples(st.integers(1, 5), TEXTS), max_size=6)
NESTS = st.recursive(
    st.lists(st.tuples(TEXTS, st.just([])), max_size=3),
    lambda inner: st.lists(st.tuples(TEXTS, inner), max_size=3),
    max_leaves=8,
)
LINES = st.lists(st.tuples(st.integers(0, 3), TEXTS), min_size=1, max_size=5)


def grids(cells: st.SearchStrategy[str]) -> st.SearchStrategy[Rows]:
    shapes = st.tuples(st.integers(2, 5), st.integers(2, 4))
    return shapes.flatmap(
        lambda shape: st.lists(
            st.lists(cells, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
        )
    )


def distinct(rows: int, columns: int, prefix: str = "") -> Rows:
    return [[f"{prefix}{row}-{column}" for column in range(columns)] for row in range(rows)]


def html_table(rows: Rows) -> str:
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def html_list(nest: Nest) -> str:
    return f"<ul>{''.join(f'<li>{text}{html_list(inner)}</li>' for text, inner in nest)}</ul>" if nest else ""


def markdown_list(nest: Nest, indent: str = "") -> str:
    return "".join(f"{indent}- {text}\n{markdown_list(inner, indent + '  ')}" for text, inner in nest)


def html_code(lines: list[tuple[int, str]]) -> str:
    return f"<pre>{chr(10).join('    ' * indent + text for indent, text in lines)}</pre>"


def html_headings(headings: list[tuple[int, str]], offset: int = 0) -> str:
    return "".join(f"<h{level + offset}>{text}</h{level + offset}>" for level, text in headings)


def scored(metric: str, gold: str, answer: str, form: str = "html") -> TextScore:
    return boilerbench.score(gold, answer, metric, gold_format="html", prediction_format=form)


def counts(found: TextScore) -> tuple[float, float, float]:
    return found.tp, found.fp, found.fn


@given(headings=HEADINGS, nest=NESTS, grid=grids(TEXTS), lines=LINES, tex=st.text("xy+_", min_size=1, max_size=4))
def test_gold_against_itself_is_1(
    headings: list[tuple[int, str]], nest: Nest, grid: Rows, lines: list[tuple[int, str]], tex: str
) -> None:
    parts = [html_headings(headings), html_list(nest), html_table(grid), html_code(lines), f"<p>\\({tex}\\)"]
    page = "".join(parts) + '<p><a href="https://e.org/">a b</a>'
    for kind in KINDS:
        found = scored(kind, page, page)
        assert (found.fp, found.fn) == (0, 0), kind
        assert found.f1 == 1 or found.tp == 0
        assert all(right == of for right, of in found.beside.values()), kind


@given(nest=NESTS, grid=grids(TEXTS))
def test_markdown_says_the_same_as_html(nest: Nest, grid: Rows) -> None:
    head, *rows = (f"| {' | '.join(row)} |\n" for row in grid)
    markdown = f"{markdown_list(nest)}\n{head}|{'---|' * len(grid[0])}\n{''.join(rows)}"
    for kind in ("lists", "tables"):
        found = scored(kind, html_list(nest) + html_table(grid), markdown, "markdown")
        assert (found.fp, found.fn) == (0, 0)
        assert all(right == of for right, of in found.beside.values())


@given(headings=HEADINGS)
def test_an_offset_of_all_levels_changes_nothing(headings: list[tuple[int, str]]) -> None:
    gold = html_headings(headings)
    found = scored("headings", gold, html_headings(headings, 1))
    assert (counts(found), found.beside) == (counts(same := scored("headings", gold, gold)), same.beside)


@given(order=st.permutations(range(5)), columns=st.integers(2, 4))
def test_rows_in_another_order_cost_those_out_of_order(order: list[int], columns: int) -> None:
    rows = distinct(5, columns)
    ends: list[int] = []
    for each in order:  # of rows that all differ, the longest increasing run stays
        ends[bisect_left(ends, each) : bisect_left(ends, each) + 1] = [each]
    found = scored("tables", html_table(rows), html_table([rows[each] for each in order]))
    wrong = columns * (5 - len(ends))
    assert counts(found) == (5 * columns - wrong, wrong, wrong)


@pytest.mark.parametrize(("first", "second"), [*product((2, 3, 5), (2, 4))])
def test_two_tables_made_one_cost_the_smaller(first: int, second: int) -> None:
    tables = distinct(first, 3, "a"), distinct(second, 3, "b")
    found = scored("tables", "".join(map(html_table, tables)), html_table([*tables[0], *tables[1]]))
    most, least = sorted((3 * first, 3 * second), reverse=True)
    assert counts(found) == (most, least, least)


@given(grid=grids(DIGITS), row=st.integers(0, 4), column=st.integers(0, 3))
def test_a_wrong_cell_costs_one_on_each_side(grid: Rows, row: int, column: int) -> None:
    row, column = row % len(grid), column % len(grid[0])
    wrong = [list(each) for each in grid]
    wrong[row][column] = "999"
    assert counts(scored("tables", html_table(grid), html_table(wrong))) == (len(grid) * len(grid[0]) - 1, 1, 1)


@given(lines=LINES, more=LINES)
def test_a_block_of_code_in_two_parts_loses_the_block_and_no_line(
    lines: list[tuple[int, str]], more: list[tuple[int, str]]
) -> None:
    first, second = [(0, "start"), *lines], [(0, "go on"), *more]  # so that each part begins without an indent
    found = scored("code", html_code([*first, *second]), html_code(first) + html_code(second))
    assert counts(found) == (len(first) + len(second), 0, 0)
    assert found.beside == {"blocks": (0, 1), "indent": (len(first) + len(second),) * 2}


@given(texts=st.lists(DIGITS, min_size=2, max_size=8, unique=True), lost=st.integers(0, 7))
def test_what_is_lost_costs_itself(texts: list[str], lost: int) -> None:
    lost %= len(texts)
    left = texts[:lost] + texts[lost + 1 :]
    for metric, tag in (("lists", "li"), ("headings", "h2"), ("code", "pre")):
        whole, rest = ("".join(f"<{tag}>x {text}</{tag}>" for text in each) for each in (texts, left))
        assert counts(scored(metric, whole, rest)) == (len(left), 0, 1)
        assert counts(scored(metric, rest, whole)) == (len(left), 1, 0)


@given(nest=NESTS)
def test_a_flat_list_keeps_its_items_and_loses_all_nesting(nest: Nest) -> None:
    def texts(nest: Nest) -> list[str]:
        return [each for text, inner in nest for each in (text, *texts(inner))]

    found = scored("lists", html_list(nest), html_list([(text, []) for text in texts(nest)]))
    assert (found.fp, found.fn) == (0, 0)
    assert found.beside["nested"] == (0, len(texts(nest)) - len(nest))
