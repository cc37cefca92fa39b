"""`teds` and `wmb-*`: computed by hand, and against their authors' own code where that is to be had."""

from __future__ import annotations

import math
import os
import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import boilerbench
from benchmarks.structure import damaged, html_of
from boilerbench import metrics, sets
from boilerbench.errors import UsageError
from boilerbench.labels import load_policy
from boilerbench.metrics.structure import teds
from boilerbench.model import Extraction, Gold, Markup, Status
from boilerbench.text import blocks
from boilerbench.text.decoding import decode
from tests.metrics.test_structure_properties import Rows, grids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

POLICY = load_policy("default")


def html(*rows: str, cell: str = "td") -> str:
    """A table of rows whose cells stand between commas."""
    cells = ["".join(f"<{cell}>{each}</{cell}>" for each in row.split(",")) for row in rows]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


TWO = html("year,sum", "1999,1000")
THREE = html("a,b", "c,d", "e,f")


@pytest.mark.parametrize(
    ("gold", "answer", "figures"),
    [
        (TWO, TWO, 1),
        (TWO, TWO.replace("1000", "1001"), 1 - 1 / 4 / 7),
        (TWO, TWO.replace("<td>sum", "<td colspan=2>sum"), 1 - 1 / 7),
        (TWO, TWO.replace("sum", "<b>sum</b>"), 1 - 2 / 5 / 7),
        (TWO, TWO.replace("<tr>", "<tr><!-- a row -->").replace("sum", "\n sum <!-- of all -->\n"), 1),
        (TWO.replace("sum", "the sum"), TWO.replace("sum", "the \n\t sum"), 1),
        (TWO, TWO.replace("sum", "<b> the</b> sum"), 1 - 6 / 9 / 7),
        (TWO, TWO.replace("<td>sum", "<td colspan=wide>sum"), 1),
        (THREE, html("a,b", "e,f"), 1 - 3 / 10),
        (html("a,b", "c,d", cell="th"), html("e,f", "g,h", cell="th"), 1),
        (html("a,b", "c,d"), html("a,b", "c,d", cell="th"), 1 - 4 / 7),
        (TWO, "| year | sum |\n|---|---|\n| 1999 | 1000 |", 1 - 4 / 9),
        (TWO, "<p>year sum", (0, 0, 0)),
        (f"{TWO}{THREE}", f"{THREE}{TWO}", 1),
        (f"{TWO}{THREE}", THREE, (1, 1 / 2, 2 / 3)),
        (THREE, f"{TWO}{THREE}{TWO}", (1 / 3, 1, 1 / 2)),
        (f"<table><tr><td>{TWO}</td></tr></table>", TWO, 1),
    ],
)
def test_teds_is_as_by_hand(gold: str, answer: str, figures: Any) -> None:
    pytest.importorskip("apted")
    form = "html" if answer.startswith("<") else "markdown"
    found = boilerbench.score(gold, answer, "teds", gold_format="html", prediction_format=form)
    expected = figures if isinstance(figures, tuple) else (figures,) * 3
    assert (found.precision, found.recall, found.f1) == pytest.approx(expected)
    assert found.exact == (figures == 1)


def test_tables_that_are_optional_count_on_neither_side_and_clutter_is_no_gold() -> None:
    pytest.importorskip("apted")
    source = f'<div data-gold="body">{TWO}</div><div data-gold="title">{THREE}</div><div data-gold="nav">{THREE}</div>'
    metric, gold = metrics.get("teds"), Gold((), markup=Markup("html", source))
    seen = [metric.view.of(Extraction(Status.OK, answer=each, format="html")) for each in (TWO, TWO + THREE)]
    counts = metric.count(metric.reference(gold, POLICY), seen)
    assert (counts.tp.tolist(), counts.fp.tolist(), counts.fn.tolist()) == ([1, 1], [0, 0], [0, 0])


def test_a_page_with_a_large_table_leaves_the_mean_and_a_much_larger_one_counts_as_none() -> None:
    pytest.importorskip("apted")
    large, larger = html(*["a,b,c"] * 126), html(*["a,b,c"] * 7000)
    for gold, answer, f1 in ((large, large, math.nan), (html(*["a,b,c"] * 124), larger, 0)):
        found = boilerbench.score(gold, answer, "teds", gold_format="html", prediction_format="html")
        assert found.f1 == pytest.approx(f1, nan_ok=True)


def test_elements_nested_too_deeply_are_no_table() -> None:
    pytest.importorskip("apted")
    deep = html("x,y", "z,w", cell="th").replace("x", "<i>" * 2_000 + "x")
    assert boilerbench.score(TWO, deep, "teds", gold_format="html", prediction_format="html").f1 == 0


def certified() -> Callable[[str, str], float]:
    """TEDS of table-recognition-metric, of an answer and its gold."""
    return pytest.importorskip("table_recognition_metric").TEDS()  # type: ignore[no-any-return]


@given(gold=grids(st.text("abc1 ", max_size=3)), answer=grids(st.text("abc1 ", max_size=3)))
def test_teds_of_any_tables_is_what_the_package_gives(gold: Rows, answer: Rows) -> None:
    theirs = certified()
    sides = [list(teds.data_tables(html_of(rows), "html")) for rows in (gold, answer)]
    if all(sides):
        ours = teds.similarity(*(teds._Table.of(side[0]) for side in sides))  # noqa: SLF001
        assert ours == pytest.approx(theirs(*(as_theirs(side[0]) for side in sides[::-1])), abs=1e-12)


def as_theirs(table: Any) -> str:
    from lxml import etree

    return f"<html><body>{etree.tostring(table, encoding='unicode', method='html', with_tail=False)}</body></html>"


def tables_of_pages(data: Path) -> Iterator[Any]:
    """The tables of WCXB's pages, as they are written there."""
    for page in sets.load(f"wcxb:{data / 'wcxb'}").pages:
        yield from teds.data_tables(decode(page.read(), page.charset), "html")


def test_teds_of_300_pairs_of_real_tables_is_what_the_package_gives(data: Path) -> None:
    theirs, pairs = certified(), []
    small = (each for each in tables_of_pages(data) if len(list(each.iter())) <= 60)
    for number, table in enumerate(islice(small, 300)):
        [found] = blocks.read(as_theirs(table), "html").tables
        rows = [[""] * found.columns for _ in range(found.rows)]
        for cell in found.cells:
            rows[cell.row][cell.column] = cell.text
        worse = (teds.data_tables(html_of(damaged(rows, how)), "html") for how in (number % 3, 1))
        pairs.append((table, next(each for some in worse for each in some)))
    assert len(pairs) == 300
    for gold, answer in pairs:
        ours = teds.similarity(teds._Table.of(gold), teds._Table.of(answer))  # noqa: SLF001
        assert ours == pytest.approx(theirs(as_theirs(answer), as_theirs(gold)), abs=1e-12)


CODE = "a\n```py\nx = 1\ny\n```\nb\n\n    if x:\n\ty()\n\nc"
TABLE = "| a | | b |\n|---|---|---|\n| 1 | 2 | |"


@pytest.mark.parametrize(
    ("metric", "gold", "answer", "f1"),
    [
        ("wmb-code", CODE, CODE, 1),
        ("wmb-code", CODE, "```\nx = 1\ny\nif x:\ny()\n```", 1),
        ("wmb-code", "```\nabcd\n```", "```\nabxd\n```", 3 / 4),
        ("wmb-code", "```\nabcd\n```", "abcd", 0),
        ("wmb-code", "```\nabcd\n```", "", 0),
        ("wmb-code", "abcd", "abcd", math.nan),
        ("wmb-code", "a\n\n    - b\n    - c\n", "", math.nan),
        ("wmb-code", "a\n\n    b\n    for $5\n", "", math.nan),
        ("wmb-code", "a\n\n    b\n", "", math.nan),
        ("wmb-formula", "$a+b$ \\(c\\) `$d$`", "a \\(c\\) $a + b$", 1 - 2 / 7),
        ("wmb-formula", "$$ab$$", "$ab$", 1),
        ("wmb-formula", "$c$ $$ab$$", "$$ab$$ $c$", 1),
        ("wmb-formula", "from $5 to $10", "from five to ten", 0),
        ("wmb-table", TABLE, "| a | b |\n|---|---|\n| 1 | 2 |", 1),
        ("wmb-table", TABLE, "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", 1),
        ("wmb-table", "a|b", "c", math.nan),
        ("wmb-table", TABLE, "a 1 b 2", 0),
        ("wmb-teds", TABLE, TABLE, 1),
        ("wmb-teds", TABLE, TABLE.replace("1", "3"), 1 - 3 / 39 / 7),
        ("wmb-teds", TABLE, "a 1 b 2", 0),
        ("wmb-teds", "a 1 b 2", "a 1 b 2", math.nan),
        ("wmb-teds", TABLE, "<table><tr><th></th><td></td></tr></table>", 1 - 1 / 7),
    ],
)
def test_parts_of_markdown_are_compared_as_by_hand(metric: str, gold: str, answer: str, f1: float) -> None:
    if metric in ("wmb-table", "wmb-teds"):
        pytest.importorskip("bs4")
    found = boilerbench.score(gold, answer, metric, gold_format="markdown", prediction_format="markdown")
    assert found.f1 == pytest.approx(f1, nan_ok=True)
    assert math.isnan(found.precision)


def test_html_is_no_markdown_to_wmb_and_a_failure_is_0() -> None:
    metric, gold = metrics.get("wmb-code"), Gold((), markup=Markup("markdown", "```\na\n```"))
    failed = Extraction(Status.ERROR, format="markdown")
    assert metric.view.of(Extraction(Status.OK, "a", "<pre>a</pre>", format="html")) is None
    assert metric.view.of(Extraction(Status.OK, "```\na\n```")) == metric.reference(gold, POLICY) == "a"
    assert metric.count("a", [metric.view.of(failed)]).tp.tolist() == [0]
    assert not metric.measures(Gold((), markup=Markup("html", "<pre>a</pre>")), POLICY)
    with pytest.raises(UsageError, match="does not measure html; say what gold is in: gold_format='text' or"):
        boilerbench.score("<p>", "a", "wmb-code", gold_format="html")


@pytest.mark.parametrize(("metric", "module"), [("teds", "apted"), ("wmb-table", "bs4"), ("wmb-teds", "bs4")])
def test_a_package_that_is_missing_is_named(metric: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError, match=rf"metric '{metric}' needs {module}; .*pip install 'boilerbench\[metrics\]'"):
        metrics.get(metric).require()


@pytest.fixture(scope="module")
def webmainbench() -> Iterator[Any]:
    """The calculator of WebMainBench's own metrics, from $BOILERBENCH_PEERS/WebMainBench."""
    folder = Path(os.environ.get("BOILERBENCH_PEERS", "")) / "WebMainBench" / "webmainbench"
    if not os.environ.get("BOILERBENCH_PEERS") or not (folder / "metrics").is_dir():
        pytest.skip("no WebMainBench (BOILERBENCH_PEERS names the folder of such checkouts)")
    for name in ("jieba", "bs4", "apted"):
        pytest.importorskip(name)
    before = dict(sys.modules)
    package = module_from_spec(ModuleSpec("webmainbench", None, is_package=True))  # without its extractors
    package.__path__ = [str(folder)]
    settings, openai = ModuleType("webmainbench.config"), ModuleType("openai")
    settings.LLM_CONFIG, settings.METRICS_DEBUG = {"use_llm": False}, False  # type: ignore[attr-defined]
    openai.OpenAI = object  # type: ignore[attr-defined]
    sys.modules |= {"webmainbench": package, "webmainbench.config": settings, "openai": openai}
    from webmainbench.metrics.calculator import MetricCalculator  # type: ignore[import-not-found]

    yield MetricCalculator()
    for name in sys.modules.keys() - before.keys():
        if name.startswith("webmainbench"):
            del sys.modules[name]


THEIRS = {"wmb-code": "code_edit", "wmb-formula": "formula_edit", "wmb-table": "table_edit", "wmb-teds": "table_TEDS"}
PIECES = (
    *("```", "``", "`", "\n", "\n\n", "    ", "\t", "|", " | ", "---", ":--", "-", "$", "$$", "\\(", "\\)", "\\["),
    *("\\]", "a", "b: c", "(d, e)", "5", " million", "1. ", "<table>", "</table>", "<tr>", "<td>", "</td>", "<tbody>"),
)


def by_ours(metric: str, gold: str, answer: str) -> float:
    return boilerbench.score(gold, answer, metric, gold_format="markdown", prediction_format="markdown").f1


def by_theirs(calculator: Any, gold: str, answer: str) -> dict[str, float]:
    found = calculator.calculate_all(answer, gold)
    return {ours: found[name].score if found[name].success else math.nan for ours, name in THEIRS.items()}


@given(texts=st.lists(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), min_size=2, max_size=2))
def test_any_markdown_scores_as_by_its_authors(texts: list[str], webmainbench: Any) -> None:
    for metric, expected in by_theirs(webmainbench, *texts).items():
        assert by_ours(metric, *texts) == pytest.approx(expected, abs=1e-12, nan_ok=True), metric
