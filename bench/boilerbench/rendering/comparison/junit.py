"""A comparison as JUnit XML: a test case per gate and per broken page."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from boilerbench.comparison.difference import Comparison
from boilerbench.comparison.gates import Outcome
from boilerbench.rendering import junit
from boilerbench.rendering.cells import points
from boilerbench.rendering.comparison import phrases
from boilerbench.rendering.junit import clean


def to_junit(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write a suite per set. A broken page fails where a failed gate names it; else it is skipped, with its loss."""
    suites = ET.Element("testsuites", name="boilerbench compare")
    for comparison in comparisons:
        _suite(suites, comparison, [outcome for outcome in outcomes if outcome.set == comparison.set])
    return junit.document(suites)


def _suite(suites: ET.Element, comparison: Comparison, outcomes: Sequence[Outcome]) -> None:
    suite = ET.SubElement(suites, "testsuite", name=clean(phrases.heading(comparison)))
    for outcome in outcomes:
        case = junit.case(suite, f"{comparison.set}.gate", outcome.gate)
        if not outcome.passed:
            ET.SubElement(case, "failure", type="gate", message=clean(outcome.detail))
    named = {page for outcome in outcomes if not outcome.passed for page in outcome.pages}
    broken = {row["page"] for row in phrases.broken(comparison)}
    for row in comparison.pages[comparison.pages["page"].isin(broken | named)].to_dict("records"):
        case = junit.case(suite, f"{comparison.set}.page", str(row["page"]))
        loss = "; ".join(filter(None, [f"f1 {points(row['difference'])} pt", phrases.status(row)]))
        found = ET.SubElement(case, "failure" if row["page"] in named else "skipped", message=clean(loss))
        found.text = clean("\n".join(f"{kind}: {text}" for kind, text in phrases.told(comparison, row)))
    junit.count(suite)
