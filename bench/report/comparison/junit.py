"""A comparison as JUnit XML: a test case per gate and per broken page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from bench.report.comparison import phrases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.difference import Comparison
    from bench.gates import Outcome

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> str:
    """Write a suite per set. A broken page fails where a failed gate names it; else it is skipped, with its loss."""
    suites = ET.Element("testsuites", name="boilerbench compare")
    for comparison in comparisons:
        _suite(suites, comparison, [outcome for outcome in outcomes if outcome.set == comparison.set])
    ET.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _suite(suites: ET.Element, comparison: Comparison, outcomes: Sequence[Outcome]) -> None:
    suite = ET.SubElement(suites, "testsuite", name=_clean(phrases.heading(comparison)))
    for outcome in outcomes:
        case = _case(suite, comparison, "gate", outcome.gate)
        if not outcome.passed:
            ET.SubElement(case, "failure", type="gate", message=_clean(outcome.detail))
    named = {page for outcome in outcomes if not outcome.passed for page in outcome.pages}
    rows = comparison.pages.to_dict("records")
    broken = {row["page"] for row in phrases.broken(comparison)}
    for row in (row for row in rows if row["page"] in broken | named):
        case = _case(suite, comparison, "page", str(row["page"]))
        found = ET.SubElement(case, "failure" if row["page"] in named else "skipped", message=_clean(_loss(row)))
        words = comparison.wording.get(str(row["page"]))
        if words:
            found.text = _clean("\n".join(f"{kind}: {text}" for kind, text in phrases.words(words)))
    for attribute, tag in (("tests", "testcase"), ("failures", "testcase/failure"), ("skipped", "testcase/skipped")):
        suite.set(attribute, str(len(suite.findall(tag))))
    suite.set("errors", "0")


def _case(suite: ET.Element, comparison: Comparison, kind: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=_clean(f"{comparison.set}.{kind}"), name=_clean(name))


def _loss(row: Mapping[Any, Any]) -> str:
    return "; ".join(filter(None, [f"f1 {phrases.points(row['difference'])} pt", phrases.status(row)]))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
