"""A comparison as annotations of GitHub Actions: an error per failed gate, a warning per broken page, a notice."""

from collections.abc import Sequence

from boilerbench.comparison.difference import Comparison
from boilerbench.comparison.gates import Outcome
from boilerbench.rendering.cells import points
from boilerbench.rendering.comparison import phrases

MOST = 10
"""How many annotations of a kind GitHub shows of a step."""


def to_github(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write workflow commands, one a line."""
    failed = [outcome for outcome in outcomes if not outcome.passed]
    lines = [_line("error", f"gate failed: {each.gate}", f"{each.set}: {each.detail}") for each in failed[:MOST]]
    broken = [(each, row) for each in comparisons for row in phrases.broken(each)]
    for each, row in broken[:MOST]:
        told = [", ".join(filter(None, [f"f1 {points(row['difference'])} pt", phrases.status(row)]))]
        told += [f"{kind}: {text}" for kind, text in phrases.told(each, row)]
        lines.append(_line("warning", f"page {row['page']} of {each.set}", "\n".join(told)))
    for each in comparisons[:MOST]:
        said = "; ".join(filter(None, [phrases.change(each), phrases.tally(each)]))
        lines.append(_line("notice", f"{each.set}: {each.verdict}", said))
    return "".join(f"{line}\n" for line in lines)


def _line(kind: str, title: str, message: str) -> str:
    name = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} title={name}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
