"""Elements that sites differ in: titles that are headings, texts that are paragraphs, rows that are lists, or not.

Kind by kind, in an order of the site's own, parts are given one element or the other, until a page has as many
headings, paragraphs and lists as it is to have; what its content has of them stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lxml import etree

from boilerbench.authoring.marks import MARK
from boilerbench.authoring.themes.drawing import Targets
from boilerbench.authoring.wording import shuffled

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("ul", "ol", "dl")
_TEXTS = ("text", "date", "kicker", "label", "title", "name", "price", "count")
_ROWS = frozenset(("a", "article", "button", "div", "li", "section"))
_LINES = frozenset(("a", "b", "button", "h1", "h2", "h3", "h4", "h5", "h6", "label", "p", "small", "span", "strong"))
_PARTED = 2
_AROUND = f"ancestor-or-self::*[@{MARK}='teaser' or @{MARK}='related' or @{MARK}='navigation' or @{MARK}='footer']"


def retag(root: Any, site: str, targets: Targets) -> None:
    """Bring the numbers of headings, lists and paragraphs of a page near to its targets."""
    for feature, tags, candidates, switch in (
        ("headings", _HEADINGS, _titles, _as_heading),
        ("lists", _LISTS, _series, _as_list),
        ("paragraphs", ("p",), _texts, _as_paragraph),
    ):
        kinds = by_part(candidates(root))
        for kind in shuffled(f"{site}/{feature}", kinds):
            _approach(root, tags, targets.counts[feature], kinds[kind], switch)
    _add_dots(root, targets.counts["lists"] - sum(1 for _ in root.iter(*_LISTS)))


def by_part(elements: Iterable[Any]) -> dict[str, list[Any]]:
    """Elements by the name of the part that they are."""
    found: dict[str, list[Any]] = {}
    for element in elements:
        found.setdefault(element.get("part").split()[0], []).append(element)
    return found


def _approach(
    root: Any, tags: tuple[str, ...], wanted: int, elements: list[Any], switch: Callable[[Any, bool], None]
) -> None:
    """Make all elements of a kind what is counted, or none, whichever comes nearer to how many are wanted."""
    there = sum(1 for _ in root.iter(*tags))
    counted = [element for element in elements if element.tag in tags]
    lacking = there - len(counted) + len(elements) <= wanted or (
        abs(there - len(counted) + len(elements) - wanted) < abs(there - len(counted) - wanted)
    )
    for element in elements:
        if (element.tag in tags) != lacking:
            switch(element, lacking)


def _parts(root: Any) -> Iterator[Any]:
    return (element for element in root.xpath("//*[@part]") if not element.get("part").startswith("title"))


def _titles(root: Any) -> list[Any]:
    return [
        each
        for each in _parts(root)
        if each.get("part").split()[0].endswith("-title") and each.tag in (*_HEADINGS, "div", "p")
    ]


def _as_heading(element: Any, yes: bool) -> None:
    element.tag = "h3" if yes else "div"


def _texts(root: Any) -> list[Any]:
    """Lines that stand in no line themselves, and the paragraphs of the body."""
    found: list[Any] = root.xpath(f"//p[@{MARK}='paragraph' and not(@part)]")
    for element in found:
        element.set("part", "text")
    for element in _parts(root):
        last = element.get("part").split()[0].rpartition("-")[2]
        if (
            last in _TEXTS
            and element.tag in ("p", "div", "span")
            and element.getparent().tag not in _LINES
            and not _blocks(element)
        ):
            found.append(element)
    return found


def _blocks(element: Any) -> bool:
    return any(
        child.tag not in _LINES - {"p", *_HEADINGS} for child in element.iterdescendants() if isinstance(child.tag, str)
    )


def _as_paragraph(element: Any, yes: bool) -> None:
    element.tag = "p" if yes else "div"


def _series(root: Any) -> list[Any]:
    """Elements all of whose children are of one kind: rows of links, cards or items."""
    found = []
    for element in _parts(root):
        children = [child for child in element if isinstance(child.tag, str)]
        alike = len({child.get("part") or child for child in children}) == 1 and all(
            child.tag in _ROWS for child in children
        )
        bare = not (element.text or "").strip() and not any((child.tail or "").strip() for child in children)
        if len(children) >= _PARTED and alike and bare and element.tag in ("div", "ul", "ol", "section"):
            found.append(element)
    return found


def _as_list(element: Any, yes: bool) -> None:
    element.tag = "ul" if yes else "div"
    for child in [*element]:
        if not yes:
            child.tag = "div" if child.tag == "li" else child.tag
        elif child.tag in ("a", "button"):
            item = etree.Element("li", part=f"{child.get('part').split()[0]}-item")
            child.addprevious(item)
            item.tail, child.tail = child.tail, None
            item.append(child)
        else:
            child.tag = "li"


def _add_dots(root: Any, lacking: int) -> None:
    """Put the dots by which one goes through a row, a list without words, behind rows of teasers and links."""
    rows = [row for row in _series(root) if row.xpath(_AROUND)]
    for row in rows[: max(0, lacking)]:
        dots = etree.Element("ul", part="dots")
        for _ in row:
            etree.SubElement(dots, "li", part="dot")
        dots.tail, row.tail = row.tail, None
        row.addnext(dots)
