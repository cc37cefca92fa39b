"""A comparison as JUnit XML: a test case per gate and per broken page."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from boilerbench.comparison.difference import Comparison
from boilerbench.comparison.gates import Outcome
from boilerbench.rendering import junit
from boilerbench.rendering.cells import points
from boilerbench.rendering.comparison import phrases


def to_junit(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write a suite per set. A broken page fails where a failed gate names it; else it is skipped, with its loss."""
    suites = ET.Element("testsuites", name="boilerbench compare")
    for each in comparisons:
        suite = ET.SubElement(suites, "testsuite", name=phrases.heading(each))
        _cases(suite, each, [outcome for outcome in outcomes if outcome.set == each.set])
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
