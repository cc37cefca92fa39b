"""`wmb-table`: edit similarity of tables written as HTML, WebMainBench's `table_edit`.

Tables are elements of HTML outside code, then lines in a row that have a `|`, also in code, the second of which is of
hyphens. Where there is any HTML, all is compared as it stands. Else all lines are one table, whose first has headers;
blank cells and rows of hyphens are dropped, so that cells change their columns and nobody sees it.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from boilerbench.metrics.base import require_package
from boilerbench.metrics.webmainbench import Edit, seen_as
from boilerbench.metrics.webmainbench.formula import without_code

_HYPHENS = re.compile(r":?-{3,}:?")
_RULE = re.compile(r"[\s|:-]+")
_AROUND = ["td", "tr", "tbody", "table"]


def tables_of(markdown: str) -> str:
    """All tables of a text as HTML."""
    found = "\n".join([*_of_html(without_code(markdown)), *_of_lines(markdown.split("\n"))])
    if not found.strip():
        return ""
    if "<table" in found.lower():
        return found
    return f"<table>{''.join(_rows(found))}</table>"


def _of_html(text: str) -> Iterator[str]:
    """The elements that are in no other table."""
    if "<table" in text.lower():
        from bs4 import BeautifulSoup

        every = BeautifulSoup(text, "html.parser").find_all("table")
        yield from (str(each) for each in every if not each.find_parent(_AROUND))


def _of_lines(lines: list[str]) -> Iterator[str]:
    for piped, group in groupby(lines, key=lambda line: "|" in line):
        rows = list(group)
        if piped and len(rows) > 1 and all(map(_HYPHENS.fullmatch, filter(None, _cells(rows[1])))):
            yield "\n".join(rows)


def _cells(line: str) -> list[str]:
    """The cells of a line that are not blank."""
    return [cell for each in line.split("|") if (cell := each.strip())]


def _rows(tables: str) -> Iterator[str]:
    lines = [line for each in tables.split("\n") if (line := each.strip())]
    for number, line in enumerate(line for line in lines if not _RULE.fullmatch(line)):
        tag = "td" if number else "th"
        if cells := _cells(line):
            yield f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


class WmbTable(Edit):
    """Edit similarity of tables as HTML."""

    name = "wmb-table"
    view = seen_as(name, tables_of)

    def require(self) -> None:
        """Need Beautiful Soup."""
        require_package(self.name, "bs4")

    def part(self, markdown: str) -> str:
        """Its tables as HTML."""
        return tables_of(markdown)
