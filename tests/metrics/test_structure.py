"""Structure, computed by hand: right, surplus and missing units of each kind, and what is beside them."""

from __future__ import annotations

import math

import pytest

import boilerbench
from boilerbench import metrics
from boilerbench.errors import BoilerbenchError
from boilerbench.labels import load_policy
from boilerbench.model import Gold, Markup, Metadata, Segment
from boilerbench.text import blocks

YEARS = "<table><tr><th colspan=2>Year</th><th>Sum</th></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>"
TWO = "<table><tr><td>year</td><td>sum</td></tr><tr><td>1999</td><td>1000</td></tr></table>"
MATHML = "<math><msub><mi>x</mi><mn>1</mn></msub><mo>+</mo><mi>y</mi></math>"
NESTED = "- a\n  - b\n  - c\n- d\n"
OUTLINE = "## A\n### B\n### C\n## D\n"


def table(*rows: str) -> str:
    head, *rest = (f"| {' | '.join(row.split(','))} |" for row in rows)
    return "\n".join([head, "|" + "---|" * (1 + rows[0].count(",")), *rest])


@pytest.mark.parametrize(
    ("metric", "gold", "answer", "counts", "beside"),
    [
        ("headings", OUTLINE, "# A\n## B\n## C\n# D\n", (4, 0, 0), {"outline": (4, 4)}),
        ("headings", OUTLINE, "## A\n## B\n## C\n## D\n", (4, 0, 0), {"outline": (2, 4)}),
        ("headings", "## A\n#### B\n## C", "## A\n### B\n## C", (3, 0, 0), {"outline": (3, 3)}),
        ("headings", "## A b", "**A b**", (0, 0, 1), {}),
        ("headings", "## A b\n## C", "## C\n## A b\n## E", (2, 1, 0), {}),
        ("headings", "## A b", "<h4>A <i>b</i> <a href='#a'>¶</a></h4>", (1, 0, 0), {}),
        ("headings", "## Report for 1999", "## Report for 2000", (0, 1, 1), {}),
        ("headings", "## The long way home", "## The long way home:", (1, 0, 0), {}),
        ("headings", "<title>A b</title><h1>A b</h1><h2>C</h2>", "## C", (1, 0, 0), {}),
        ("headings", "<title>A b</title><h2>C</h2>", "# A b\n## C", (1, 0, 0), {}),
        ("lists", "<ul><li><p>a b</p><p>c d</p></li><li>e</li></ul>", "- a b\n\nc d\n\n- e", (2, 0, 0), {}),
        ("lists", NESTED, "- a\n- b\n- c\n- d\n", (4, 0, 0), {"nested": (0, 2), "ordered": (4, 4)}),
        ("lists", "- A\n  - B1\n  - B2", "- A\n  - B1\n    - B2", (3, 0, 0), {"nested": (1, 2)}),
        ("lists", "1. a\n2. b", "- a\n- c", (1, 1, 1), {"ordered": (0, 1)}),
        ("lists", "<ul><li><ul><li>a</li></ul></li></ul>", "- a", (1, 0, 0), {"nested": (0, 0)}),
        ("tables", YEARS, table("Year,,Sum", "1,2,3"), (5, 0, 0), {"found": (1, 1)}),
        ("tables", YEARS, table("Year,Year,Sum", "1,2,3"), (5, 0, 0), {}),
        ("tables", YEARS, table("Year,Sum,", "1,2,3"), (4, 1, 1), {}),
        ("tables", table("Year,Year,Sum", "1,2,3"), YEARS, (5, 0, 0), {}),
        ("tables", f"<table><tr><td>{TWO}</td></tr></table>", table("year,sum", "1999,1000"), (4, 0, 0), {}),
        ("tables", TWO, table("year,sum", "1999,1001"), (3, 1, 1), {}),
        ("tables", TWO, "year sum 1999 1000", (0, 0, 4), {"found": (0, 1)}),
        ("tables", table("a,b", "1,2", "3,4", "5,6"), table("a,b", "3,4", "1,2", "5,6"), (6, 2, 2), {}),
        ("tables", table("a,b", "1,2"), table("b,a", "2,1"), (2, 2, 2), {}),
        ("tables", f"{TWO}{YEARS}", f"{YEARS}{TWO}", (9, 0, 0), {"found": (2, 2)}),
        ("code", "<pre>def f():\n\n\tyes()</pre>", "```\ndef f():\n\n    yes()\n```", (2, 0, 0), {"blocks": (1, 1)}),
        ("code", "```\na\nb\nc\n```", "```\na b c\n```", (0, 1, 3), {"blocks": (0, 1)}),
        ("code", "```\nif x:\n    y()\n```", "```\nif x:\ny()\n```", (1, 1, 1), {"indent": (2, 2)}),
        ("code", "```\na\nb\n```", "```\na\n```\n\n```\nb\n```", (2, 0, 0), {"blocks": (0, 1)}),
        ("code", "```\na\nb\n```", "<pre>1 a\n2 b</pre>", (2, 0, 0), {"blocks": (1, 1)}),
        ("code", "<pre>1\n2</pre><pre>a<br>b</pre>", "```\na\nb\n```", (2, 0, 0), {}),
        ("links", "[a b](https://www.example.org/x/#y)", "<a href='http://example.org/x'>A <b>b</a>", (1, 0, 0), {}),
        ("links", "[a](https://e.org/x) [b](https://e.org/y)", "[a](https://e.org/z)", (0, 1, 2), {"target": (0, 1)}),
        ("links", "[a](#x)", "[a](#x) [](https://e.org)", (0, 0, 0), {}),
        ("links", "<base href='https://e.org/x/'><a href='/y'>a</a>", "[a](//www.e.org/y/)", (1, 0, 0), {}),
        ("links", "<base href='https://e.org/x/'><a href='https://e.org/x/y'>a</a>", "[a](y)", (1, 0, 0), {}),
        ("links", "[a](http://[x)", "[a](http://[x)", (1, 0, 0), {}),
        ("formulas", "$x_1+y$", "<p>$x_1+y$</p>", (1, 0, 0), {}),
        ("formulas", "$x_1+y$", "<p>\\(x_1+y\\)</p>", (1, 0, 0), {}),
        ("formulas", "$x_1+y$", "a \\(x_1 + y\\) b", (1, 0, 0), {}),
        ("formulas", "$x_1+y$", MATHML, (1, 0, 0), {}),
        ("formulas", "\\[\\left( x_{1} \\right)\\]", "$$\n(x_1)\n$$", (1, 0, 0), {}),
        ("formulas", "$a$", "it is $5 and $10 for *a* and _b_", (0, 0, 1), {}),
    ],
)  # fmt: skip
def test_structure_is_counted_as_by_hand(
    metric: str, gold: str, answer: str, counts: tuple[int, int, int], beside: dict[str, tuple[int, int]]
) -> None:
    forms = ["html" if text.startswith("<") else "markdown" for text in (gold, answer)]
    found = boilerbench.score(gold, answer, metric, gold_format=forms[0], prediction_format=forms[1])
    assert (found.tp, found.fp, found.fn) == counts
    assert {name: found.beside[name] for name in beside} == beside
    if not sum(counts):
        assert math.isnan(found.f1)


def test_a_heading_like_the_title_that_a_set_states_counts_on_neither_side() -> None:
    gold = Gold(
        (Segment("body", "a"),),
        markup=Markup("markdown", "# The lock at Ormen\n## A"),
        metadata=Metadata("The Lock at Ormen"),
    )
    metric, policy = metrics.get("headings"), load_policy("default")
    answers = [
        blocks.read(text, "markdown") for text in ("# The lock at Ormen\n## A", "## A", "## A\n## The lock at Ormen!")
    ]
    counts = metric.count(metric.reference(gold, policy), answers)
    assert (counts.tp.tolist(), counts.fp.tolist(), counts.fn.tolist()) == ([1] * 3, [0] * 3, [0] * 3)


@pytest.mark.parametrize("metric", ["headings", "lists", "tables", "code", "links", "formulas"])
@pytest.mark.parametrize("lacking", ["gold", "prediction"])
def test_text_has_no_structure_to_measure(metric: str, lacking: str) -> None:
    forms = {"gold_format": "html", "prediction_format": "markdown", f"{lacking}_format": "text"}
    with pytest.raises(ValueError, match=f"say what {lacking} is in: {lacking}_format='html' or") as caught:
        boilerbench.score("<p>a", "a", metric, **forms)
    assert isinstance(caught.value, BoilerbenchError)
