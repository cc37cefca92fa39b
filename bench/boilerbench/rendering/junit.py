"""A leaderboard as JUnit XML, for the dashboard of a CI server; and what is the same in all JUnit XML."""

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from boilerbench.model import Status
from boilerbench.ranking.export import Rows
from boilerbench.rendering.cells import NOTHING, whole
from boilerbench.rendering.layouts import leaderboards

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEYS = ("set", "policy", "metric", "slice")


def to_junit(table: Rows, signatures: list[str]) -> str:
    """Write a suite per leaderboard, signed by its properties, with a case per runner."""
    suites = ET.Element("testsuites", name="boilerbench table")
    for block, part in leaderboards(table):
        _suite(suites, block.heading, part, signatures)
    return document(suites)


def _suite(suites: ET.Element, heading: str, rows: Rows, signatures: list[str]) -> None:
    suite = ET.SubElement(suites, "testsuite", name=heading)
    about = {key: str(rows[0][key]) for key in _KEYS if key in rows[0]}
    name, policy, metric = (re.escape(about[key]) for key in ("set", "policy", "metric"))
    signed = re.compile(rf"set:{name}\|.*\|policy:{policy}\|metric:{metric}[|(]")
    _properties(suite, [*about.items(), *(("signature", line) for line in signatures if signed.match(line))])
    for row in rows:
        case = ET.SubElement(suite, "testcase", classname=".".join(about.values()), name=str(row["runner"]))
        if isinstance(row.get("pages_per_second"), float) and row["pages_per_second"] > 0:
            case.set("time", f"{1 / row['pages_per_second']:.6f}")
        known = {name: value for name, value in row.items() if value is not None and value != ""}
        _properties(case, ((name, known[name]) for name in known if name not in (*_KEYS, "runner")))
        why = row.get("failures") or ""
        failed, pages = whole(row["failed"]), whole(row["pages"])
        if why == f"{Status.UNAVAILABLE}:{pages}":
            ET.SubElement(case, "error", type="unavailable", message="unavailable")
        elif failed not in ("0", NOTHING):
            message = f"{failed} of {pages} pages failed: {why}".removesuffix(": ")
            ET.SubElement(case, "failure", type="failed", message=message)
    count(suite)


def _properties(parent: ET.Element, pairs: Iterable[tuple[str, object]]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in pairs:
        written = f"{value:.6f}" if isinstance(value, float) else str(value)
        ET.SubElement(properties, "property", name=name, value=written)


def count(suite: ET.Element) -> None:
    """Write into a suite how many cases it has, and how many of which outcome."""
    for attribute, tag in (("tests", ""), ("failures", "/failure"), ("errors", "/error"), ("skipped", "/skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase{tag}"))))


def document(suites: ET.Element) -> str:
    """Write the whole, indented, with a replacement character in the place of what XML cannot hold."""
    ET.indent(suites)
    text = _NOT_XML.sub("\ufffd", ET.tostring(suites, encoding="unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
