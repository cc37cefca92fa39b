"""A comparison as Markdown that GitHub and GitLab render: for a job's summary, or a comment on a pull request."""

from collections.abc import Iterator, Sequence
from html import escape

import pandas as pd

from boilerbench.comparison.difference import Comparison, overall
from boilerbench.comparison.gates import Outcome
from boilerbench.rendering.cells import counted, points, score
from boilerbench.rendering.comparison import phrases
from boilerbench.rendering.markdown import pipes
from boilerbench.text.lines import visible

LIMIT = 65_536
"""The most characters a comment may have on GitHub. A job's summary may have 1 MiB, which as many bytes stay below."""

PAGES = (50, 25, 12, 6, 3, 1, 0)
"""How many of the worst and of the best pages are listed: the first number with which all is short enough."""

SIGNS = {"better": "🟢", "worse": "🔴", "mixed": "🟡", "not significant": "⚪", "not tested": "⚪"}
PASSED = {True: "✅ passed", False: "❌ failed"}


def to_markdown(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write tables, and lists of pages folded in; as many pages as fit into `LIMIT` bytes."""
    for shown in PAGES:
        text = "\n\n".join(_parts(comparisons, outcomes, shown)) + "\n"
        if len(text.encode()) <= LIMIT:
            return text
    return text.encode()[: LIMIT - 4].decode(errors="ignore") + "…\n"


def _parts(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome], shown: int) -> Iterator[str]:
    base, head = comparisons[0].base, comparisons[0].head
    failed = sum(not outcome.passed for outcome in outcomes)
    verdict = overall(comparisons)
    gates = f" · {failed} of {len(outcomes)} gates failed" if failed else " · every gate passed" if outcomes else ""
    yield f"### {SIGNS[verdict]} {code(head.name)} against {code(base.name)}: {verdict}{gates}"
    if outcomes:
        rows = [
            [code(each.gate), code(phrases.place(each, comparisons)), PASSED[each.passed], _plain(each.detail)]
            for each in outcomes
        ]
        yield pipes(["gate", "set", "", "figures"], rows, range(4))
    for each in comparisons:
        yield from _set(each, shown)


def _set(comparison: Comparison, shown: int) -> Iterator[str]:
    yield f"**{_plain(phrases.heading(comparison))}**"
    yield "\n".join(f"- {_plain(line)}" for line in phrases.facts(comparison))
    yield pipes(phrases.SCORE_HEADER, phrases.score_rows(comparison), (0,))
    if slices := phrases.slice_rows(comparison):
        yield pipes(phrases.SLICE_HEADER, [[code(name), *cells] for name, *cells in slices], (0,))
    yield from _pages("Worse", comparison, comparison.worse, shown)
    yield from _pages("Better", comparison, comparison.better, shown)
    if comparison.notes:
        yield "\n".join(f"- Note: {code(note)}" for note in comparison.notes)


def _pages(title: str, comparison: Comparison, pages: pd.DataFrame, shown: int) -> Iterator[str]:
    if pages.empty:
        return
    rows = []
    for row in pages[:shown].to_dict("records"):
        words = [f"{kind}: {code(text)}" for kind, text in phrases.told(comparison, row)]
        status = phrases.status(row)
        name = code(str(row["page"])) + (f" ({status})" if status else "")
        rows.append([points(row["difference"]), score(row["base"]), score(row["head"]), name, "<br>".join(words)])
    rest = len(pages) - len(rows)
    summary = f"<summary>{title} on {counted(len(pages), 'page')}</summary>"
    more = [f"{rest} more are in the JSON and the CSV."] if rest else []
    table = [pipes(["pt", "base", "head", "page", "words"], rows, (3, 4))] if rows else []
    yield "\n\n".join([f"<details>{summary}", *table, *more, "</details>"])


def code(text: str) -> str:
    """Text as it is, in a cell too: nothing in it is a mention, a link or a tag."""
    return f"<code>{_plain(text)}</code>"


def _plain(text: str) -> str:
    shown = escape(visible(" ".join(text.split())), quote=False)
    return "".join(f"&#{ord(sign)};" if sign in "\\|*_`[]~" else sign for sign in shown)
