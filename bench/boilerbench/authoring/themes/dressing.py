"""A composed page in a site's own markup: elements, wrappers, icons, pictures and class names.

Templates write `part="NAME"` where a site has class names, `as="div section"` where sites differ in the element, `icon`
and `pic` on what stands for an icon and a picture. All this is taken off; what a site does, it does on all its pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import lxml.html
from lxml import etree

from boilerbench.authoring.themes.drawing import Targets
from boilerbench.authoring.themes.naming import Namer
from boilerbench.authoring.themes.retagging import by_part, retag
from boilerbench.authoring.wording import Dice, shuffled
from boilerbench.text.blocks.projection import take_out

_WRAPPED = frozenset(("article", "aside", "body", "div", "footer", "header", "li", "main", "nav", "section"))
_INNER = ("inner", "container", "wrap", "row", "column", "box", "content", "holder")
_UNDRESSED = frozenset(("br", "head", "html", "link", "meta", "noscript", "path", "script", "source", "style", "title"))
_ICONS = ("svg", "svg", "paths", "font", "image", "use", "none")
_PICTURES = ("img", "img", "sources", "lazy", "ratio")
_TRIES = 40


def dress(page: str, site: str, targets: Targets, namer: Namer) -> str:
    """Give a page its markup, which comes as near to its targets as its content lets it."""
    root = lxml.html.document_fromstring(page)
    _choose(root, site)
    for element in [*root.iter("i")]:
        if "icon" in element.attrib:
            _icon(element, site)
    _thin(root, site, targets)
    _illustrate(root, site, targets)
    for element in [*root.iter("img")]:
        if "pic" in element.attrib:
            _picture(element, site)
    retag(root, site, targets)
    _fill(root, site, targets)
    _deepen(root, site, targets)
    _name(root, site, targets, namer)
    return f"<!DOCTYPE html>\n{lxml.html.tostring(root, encoding='unicode')}"


def _choose(root: Any, site: str) -> None:
    """Give every element that may be one of several the one of this site."""
    for element in root.xpath("//*[@as]"):
        element.tag = Dice(f"{site}/as/{element.get('part')}").pick(element.attrib.pop("as").split())


def _icon(element: Any, site: str) -> None:
    how = Dice(f"{site}/icon").pick(_ICONS)
    size = str(Dice(f"{site}/size").pick([14, 16, 18, 20, 24, 32]))
    del element.attrib["icon"]
    element.set("part", "icon")
    match how:
        case "font":
            element.set("aria-hidden", "true")
        case "image":
            element.tag = "img"
            element.attrib.update({"src": f"/static/icons/{size}.svg", "alt": "", "width": size})
        case "none":
            take_out(element)
        case _:
            element.tag = "svg"
            element.attrib.update({"width": size, "height": size, "viewBox": "0 0 24 24", "aria-hidden": "true"})
            if how == "use":
                etree.SubElement(element, "use", href="/static/sprite.svg#i")
                return
            for number in range(3 if how == "paths" else 1):
                etree.SubElement(element, "path", d=f"M{number + 3} 12h18M12 {number + 3}v18")


def _thin(root: Any, site: str, targets: Targets) -> None:
    """Leave out pictures, kind by kind of places such as menus, until no more are left than there are to be."""
    kinds = sorted({element.get("pic") for element in root.iter("img") if element.get("pic")})
    order = Dice(f"{site}/pictures")
    while kinds:
        kind = kinds.pop(order.number(0, len(kinds) - 1))
        surplus = len([*root.iter("img")]) - targets.counts["images"]
        for element in root.xpath("//img[@pic=$kind]", kind=kind)[::-1][: max(0, surplus)]:
            take_out(element)


def _illustrate(root: Any, site: str, targets: Targets) -> None:
    """Put small pictures before items of menus and lists, part by part, until there are as many as there are to be."""
    items = by_part(root.xpath("//li[@part]"))
    for part in shuffled(f"{site}/illustrated", items):
        lacking = targets.counts["images"] - len([*root.iter("img")])
        for number, item in enumerate(items[part][: max(0, lacking)]):
            picture = etree.Element("img", src=f"/media/{part}-{number}.svg", alt="", part=f"{part}-picture")
            picture.tail, item.text = item.text, None
            item.insert(0, picture)


def _picture(element: Any, site: str) -> None:
    how = Dice(f"{site}/picture").pick(_PICTURES)
    del element.attrib["pic"]
    source, tail = element.get("src", ""), element.tail
    name = source.rpartition(".")[0]
    if how == "img":
        element.attrib.update({"loading": "lazy", "width": "640", "height": "360"})
        return
    outer = etree.Element("picture" if how == "sources" else "div", part="media")
    element.addprevious(outer)
    element.tail = None
    outer.append(element)
    outer.tail = tail
    if how == "sources":
        for width in (480, 960, 1440):
            source_ = etree.Element("source", srcset=f"{name}-{width}.webp {width}w", media=f"(max-width:{width}px)")
            element.addprevious(source_)
    elif how == "lazy":
        element.attrib.update({"src": "/static/blank.gif", "data-src": source})
        etree.SubElement(etree.SubElement(outer, "noscript"), "img", src=source, alt=element.get("alt", ""))
    else:
        outer.set("style", "padding-bottom:56.25%")


def _elements(root: Any) -> list[Any]:
    return [element for element in root.iter() if isinstance(element.tag, str)]


def _fill(root: Any, site: str, targets: Targets) -> None:
    """Add elements without words, a kind at a time, until there are as many as there are to be."""
    fillers: list[Callable[[Any, int], None]] = [_span_links, _dot_items, _box_items, _slots, partial(_chevrons, site)]
    order = Dice(f"{site}/fillers")
    while fillers:
        lacking = targets.counts["nodes"] - len(_elements(root))
        if lacking <= 0:
            return
        fillers.pop(order.number(0, len(fillers) - 1))(root, lacking)


def _span_links(root: Any, lacking: int) -> None:
    """Put the words of a link into an element of their own."""
    for link in [each for each in root.iter("a") if each.text and each.text.strip() and "part" in each.attrib][
        :lacking
    ]:
        span = etree.Element("span", part=f"{link.get('part').split()[0]}-label")
        span.text, link.text = link.text, None
        link.insert(0, span)


def _dot_items(root: Any, lacking: int) -> None:
    """Put a mark before what stands in an item of a menu."""
    for item in [each for each in root.xpath("//li[@part]") if len(each)][:lacking]:
        item.insert(0, etree.Element("span", part="dot"))
        item[0].tail, item.text = item.text, None


def _box_items(root: Any, lacking: int) -> None:
    """Put what stands in an item of a menu into a box."""
    for item in [each for each in root.xpath("//li[@part]") if len(each)][:lacking]:
        _wrap(item, "item-box")


def _chevrons(site: str, root: Any, lacking: int) -> None:
    """Put a sign behind the words of a link."""
    dice = Dice(f"{site}/chevron")
    size, line = str(dice.number(6, 16)), f"M{dice.number(1, 4)} {dice.number(1, 3)}l4 3-4 {dice.number(2, 4)}"
    for link in [each for each in root.iter("a") if "part" in each.attrib][: lacking // 2]:
        sign = etree.SubElement(link, "svg", part="chevron", viewBox="0 0 8 8", width=size, height=size)
        etree.SubElement(sign, "path", d=line)


def _slots(root: Any, lacking: int) -> None:
    """Leave the places of advertisements and of a player empty, as they are before scripts run."""
    for area in root.xpath("//aside|//footer|//main")[:3]:
        for _ in range(min(lacking // 6, 12)):
            etree.SubElement(etree.SubElement(area, "div", part="slot"), "div", part="slot-inner")


def _wrap(element: Any, part: str) -> None:
    """Put all that stands in an element into a new one."""
    inner = etree.Element("div", part=part)
    inner.text, element.text = element.text, None
    inner.extend(list(element))
    element.append(inner)


def _deepest(root: Any) -> list[Any]:
    """The elements around the one that is nested deepest, outermost first."""
    found, deepest = root, 0
    for element in _elements(root):
        depth = sum(1 for _ in element.iterancestors())
        if depth > deepest:
            found, deepest = element, depth
    return [*reversed(list(found.iterancestors())), found]


def _deepen(root: Any, site: str, targets: Targets) -> None:
    """Put wrappers around what stands in the parts on the way to the deepest element, on all parts of a name alike."""
    dice = Dice(f"{site}/wrappers")
    for _ in range(_TRIES):
        way = _deepest(root)
        parts = [each for each in way if each.tag in _WRAPPED and each.get("part")]
        if len(way) >= targets.counts["depth"] or not parts:
            return
        part = dice.pick(parts).get("part")
        inner = f"{part.split()[0].split('-')[0]}-{dice.pick(_INNER)}"
        for element in [each for each in root.iter(*_WRAPPED) if each.get("part") == part]:
            _wrap(element, inner)


def _name(root: Any, site: str, targets: Targets, namer: Namer) -> None:
    """Give classes to as many elements as are to have one: those that are parts first, then whole kinds of others."""
    everything = _elements(root)
    wanted = round(targets.class_rate * (len(everything) + targets.counts["scripts"]))  # which have no class
    for element in list(_ranked(everything, site))[:wanted]:
        part = element.get("part") or element.tag
        element.set("class", namer.names(part, element.tag))
    for element in everything:
        element.attrib.pop("part", None)


def _ranked(elements: list[Any], site: str) -> Iterator[Any]:
    """Parts, of which there are few, first, those of which there are many last; then others, a kind after the other."""
    times = Counter(element.get("part") for element in elements)
    parts = [element for element in elements if element.get("part")]
    yield from sorted(parts, key=lambda element: times[element.get("part")])
    others = [each for each in elements if not each.get("part") and each.tag not in _UNDRESSED]
    kinds = sorted({element.tag for element in others})
    while kinds:
        kind = kinds.pop(Dice(f"{site}/kinds/{len(kinds)}").number(0, len(kinds) - 1))
        yield from (element for element in others if element.tag == kind)
