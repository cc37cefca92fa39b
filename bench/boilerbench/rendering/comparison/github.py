"""A comparison as annotations of GitHub Actions: an error per failed gate, a warning per broken page, a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boilerbench.rendering.comparison import phrases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from boilerbench.comparison.difference import Comparison
    from boilerbench.comparison.gates import Outcome

MOST = 10
"""How many annotations of a kind GitHub shows of a step."""


def to_github(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write workflow commands, one a line."""
    failed = [outcome for outcome in outcomes if not outcome.passed]
    lines = [_line("error", f"gate failed: {each.gate}", f"{each.set}: {each.detail}") for each in failed[:MOST]]
    lines += [warning for each in comparisons for warning in _warnings(each)][:MOST]
    for each in comparisons[:MOST]:
        tally = f"; {phrases.tally(each)}" if each.paired else ""
        lines.append(_line("notice", f"{each.set}: {each.verdict}", phrases.change(each) + tally))
    return "".join(f"{line}\n" for line in lines)


def _warnings(comparison: Comparison) -> Iterator[str]:
    for row in phrases.broken(comparison):
        words = comparison.wording.get(str(row["page"]))
        told = [f"{kind}: {text}" for kind, text in phrases.words(words)] if words else []
        status = phrases.status(row)
        lines = [f"f1 {phrases.points(row['difference'])} pt" + (f", {status}" if status else ""), *told]
        yield _line("warning", f"page {row['page']} of {comparison.set}", "\n".join(lines))


def _line(kind: str, title: str, message: str) -> str:
    name = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} title={name}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
