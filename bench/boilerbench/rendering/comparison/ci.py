"""A comparison for CI servers: JUnit XML with a case per gate and broken page, and annotations of GitHub Actions."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from boilerbench.comparison.difference import Comparison
from boilerbench.comparison.gates import Outcome
from boilerbench.rendering import junit
from boilerbench.rendering.cells import points
from boilerbench.rendering.comparison import phrases
from boilerbench.text.lines import visible

MOST = 10
"""How many annotations of a kind GitHub shows of a step."""


def to_junit(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write a suite per set and metric. A broken page fails where a failed gate names it, else it is skipped."""
    suites = ET.Element("testsuites", name="boilerbench compare")
    for each in comparisons:
        suite = ET.SubElement(suites, "testsuite", name=phrases.heading(each))
        about = (each.set, each.signature.metric_name)
        _cases(suite, each, [outcome for outcome in outcomes if (outcome.set, outcome.metric) == about])
        junit.count(suite)
    return junit.document(suites)


def _cases(suite: ET.Element, comparison: Comparison, outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        case = ET.SubElement(suite, "testcase", classname=f"{comparison.set}.gate", name=outcome.gate)
        if not outcome.passed:
            ET.SubElement(case, "failure", type="gate", message=outcome.detail)
    named = {page for outcome in outcomes if not outcome.passed for page in outcome.pages}
    broken = {row["page"] for row in phrases.broken(comparison)}
    for row in comparison.pages[comparison.pages["page"].isin(broken | named)].to_dict("records"):
        case = ET.SubElement(suite, "testcase", classname=f"{comparison.set}.page", name=str(row["page"]))
        loss = "; ".join(filter(None, [f"f1 {points(row['difference'])} pt", phrases.status(row)]))
        found = ET.SubElement(case, "failure" if row["page"] in named else "skipped", message=loss)
        found.text = "\n".join(f"{kind}: {text}" for kind, text in phrases.told(comparison, row))


def to_github(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write workflow commands, one a line: an error per failed gate, a warning per broken page, a notice per set."""
    failed = [outcome for outcome in outcomes if not outcome.passed]
    lines = [
        _line("error", f"gate failed: {each.gate}", f"{phrases.place(each, comparisons)}: {each.detail}")
        for each in failed[:MOST]
    ]
    broken = [(each, row) for each in comparisons for row in phrases.broken(each)]
    for each, row in broken[:MOST]:
        told = [", ".join(filter(None, [f"f1 {points(row['difference'])} pt", phrases.status(row)]))]
        told += [f"{kind}: {text}" for kind, text in phrases.told(each, row)]
        lines.append(_line("warning", f"page {row['page']} of {each.set}", "\n".join(told)))
    for each in comparisons[:MOST]:
        said = "; ".join(filter(None, [phrases.change(each), phrases.tally(each)]))
        lines.append(_line("notice", f"{phrases.place(each, comparisons)}: {each.verdict}", said))
    return "".join(f"{line}\n" for line in lines)


def _line(kind: str, title: str, message: str) -> str:
    name = _escaped(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} title={name}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
