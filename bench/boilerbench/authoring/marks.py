"""Labelled HTML: the label stands on the element as `data-gold`; this reads the segments out and takes the marks off.

`data-gold="LABEL"` labels an element's text; a labelled element inside it splits the text around it.
`data-gold-attr="alt title"` also takes these attributes, `data-gold-json="title=/headline /articleBody"` takes values
out of a script by JSON pointer (each with a label of its own, or the element's), `data-gold-hidden` says that a style
sheet hides the element.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from html.parser import HTMLParser
from typing import Any

from lxml import etree
from lxml.html.defs import empty_tags

from boilerbench.errors import BadSetError
from boilerbench.labels import Role, known_policies, taxonomy
from boilerbench.model import Segment
from boilerbench.text.blocks import projection
from boilerbench.text.convert import tree

MARK = "data-gold"

_MARKS = re.compile(r'\s+data-gold(?:-[a-z]+)?="[^"]*"|\s+data-gold-hidden\b')
_BLOCK_NAMES = (
    "address article aside blockquote body br button dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr iframe legend li main menu nav noscript ol optgroup option p picture "
    "pre search section select summary table tbody template textarea tfoot thead tr ul video"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SKIPPED = frozenset({"script", "style"})
_CLOSED_BY_OTHERS = "body dd dt head html li optgroup option p tbody td tfoot th thead tr"
_END_LEFT_OUT = empty_tags.union(_CLOSED_BY_OTHERS.split())
_SAYS_STRUCTURE = frozenset((MARK, "alttext", "colspan", "encoding", "href", "rowspan", "start"))
_UNSEEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHOWN = 90
_KEEP = str.maketrans({" ": "\x01", "\t": "\x02", "\n": "\x03"})
_KEPT = str.maketrans({"\x01": " ", "\x02": "\t", "\x03": "\n"})


@dataclass
class _Owner:
    """A labelled element, or the unlabelled rest."""

    label: str | None
    where: str | None


_Pieces = list[tuple[_Owner, str]]
"""Texts in document order, each with its owner."""


class _Tags(HTMLParser):
    """Refuses slips that every parser mends in its own way, and that change what gold says without a word."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the names of attributes, since what a stray quote or `<` leaves behind is taken for one."""
        text = self.get_starttag_text() or ""
        names = {name for name, _ in attrs}
        if any(sign in name for name in names for sign in "\"'<"):
            raise BadSetError(f"a tag cut by a quote or a '<': {_short(text)}; write &quot; in a value, &lt; in a text")
        if tag in empty_tags | _SKIPPED and MARK in names and not names & {f"{MARK}-attr", f"{MARK}-json"}:
            raise BadSetError(f"no text to label: {_short(text)}; add {MARK}-attr or, to a script, {MARK}-json")
        if tag not in _END_LEFT_OUT:
            self._open.append((tag, text))

    def handle_endtag(self, tag: str) -> None:
        """Close an element, unless nothing of that name is open."""
        if tag in dict(self._open):
            self._close_to(tag)

    def close(self) -> None:
        super().close()
        self._close_to("")

    def _close_to(self, tag: str) -> None:
        while self._open:
            name, text = self._open.pop()
            if name == tag:
                return
            if MARK in text:
                raise BadSetError(f"a labelled element is not closed: {_short(text)}")


def squash(text: str) -> str:
    """Text without whitespace, which no two converters place alike."""
    return "".join(text.split())


def bare(html: str) -> str:
    """Take every mark off."""
    clean = _MARKS.sub("", html)
    before, mark, after = clean.partition(MARK)
    if mark:
        stretch = _short(before[-30:] + mark + after)
        raise BadSetError(f'a mark that cannot be taken off: {stretch}; write {MARK}="label"')
    return clean


def collect(html: str) -> list[Segment]:
    """Read the segments in document order.

    Raises `BadSetError` for an unknown label, for text under no label, since gold says of everything what it is, and
    for slips in tags that a parser mends in silence.
    """
    tags = _Tags()
    tags.feed(html)
    tags.close()
    pieces: _Pieces = []
    _walk(_parse(html), _Owner(None, None), pieces, verbatim=False)
    found = _joined(pieces)
    unlabelled = [text for owner, text in found if owner.label is None]
    if unlabelled:
        raise BadSetError(f"text under no label: '{unlabelled[0][:60]}' ({len(unlabelled)} such)")
    return [Segment(owner.label, text, owner.where) for owner, text in found if owner.label]


def structure(html: str, url: str, *, clutter: bool = True) -> str:
    """The labelled text of a page in its elements, without what else is in it: a document of its own.

    Without `clutter`, elements of labels that no named policy takes for body or optional are left out, too.
    """
    root = _parse(html)
    for element in [] if clutter else root.xpath(f"//body//*[@{MARK}]"):
        if element.get(MARK) in _never() and all(
            each.get(MARK, element.get(MARK)) in _never() for each in element.iter()
        ):
            projection.take_out(element)
    title = "".join(root.xpath("//head/title[1]//text()"))
    projection.prune(root)
    for element in root.iter():
        for name in set(element.attrib) - _SAYS_STRUCTURE:
            del element.attrib[name]
    body = etree.tostring(root.find("body"), encoding="unicode", method="html")
    return f'<!DOCTYPE html>\n<base href="{escape(url)}">\n<title>{escape(" ".join(title.split()))}</title>\n{body}\n'


@cache
def _never() -> frozenset[str]:
    """The labels that are clutter under every named policy, and nothing, for elements without one."""
    policies = known_policies().values()
    return frozenset(name for name in taxonomy() if all(each.role(name) is Role.CLUTTER for each in policies))


def first_json(script: str) -> Any:
    """The first object or list in a script; `ValueError` where there is none, or it is not whole."""
    start = len(re.split(r"[\[{]", script, maxsplit=1)[0])
    return json.JSONDecoder().raw_decode(script, start)[0]


def plain(html: str) -> str:
    """Text of HTML as gold has it: a line per block, tabs between cells, code as it stands."""
    pieces: _Pieces = []
    _walk(_parse(html), _Owner("body", None), pieces, verbatim=False, marks=False)
    return "\n".join(text for _, text in _joined(pieces))


def _joined(pieces: _Pieces) -> _Pieces:
    """Make one text, as gold has it, of what one owner has in a stretch; what is blank goes with what is before it."""
    stretches: list[tuple[_Owner, list[str]]] = []
    for owner, text in pieces:
        blank = not text.strip(" \t\n\r\f\xa0")
        if stretches and (blank or stretches[-1][0] is owner):
            stretches[-1][1].append(text)
        elif not blank:
            stretches.append((owner, [text]))
    return [(owner, _tidy("".join(texts))) for owner, texts in stretches]


def _parse(html: str) -> Any:
    if not html.strip():
        raise BadSetError("nothing in it")
    try:
        return tree(html)
    except ValueError as cause:
        raise BadSetError(str(cause)) from None


def _walk(element: Any, owner: _Owner, pieces: _Pieces, *, verbatim: bool, marks: bool = True) -> None:
    if element is None or not isinstance(element.tag, str):
        return
    if marks:
        owner = _owner(element, owner)
        _take_extras(element, owner, pieces)
    if element.tag in _SKIPPED:
        return
    if element.tag == "head":
        for child in element.iterdescendants("script", "meta") if marks else ():
            _take_extras(child, _owner(child, owner), pieces)
        return
    edge = "\t" if element.tag in ("td", "th") else "\n" if element.tag in _BLOCKS else ""
    verbatim = verbatim or element.tag in ("pre", "textarea")
    pieces.append((owner, edge + _inline(element.text, verbatim=verbatim)))
    for child in element:
        _walk(child, owner, pieces, verbatim=verbatim, marks=marks)
        pieces.append((owner, _inline(child.tail, verbatim=verbatim)))
    pieces.append((owner, edge))


def _owner(element: Any, outer: _Owner) -> _Owner:
    label, where = element.get(MARK), outer.where
    if label is not None and label not in taxonomy():
        raise BadSetError(f"unknown label '{label}': {_named(element)}")
    if element.tag in ("noscript", "template"):
        where = element.tag
    elif (
        element.tag in ("title", "desc")
        or "hidden" in element.attrib
        or f"{MARK}-hidden" in element.attrib
        or (element.tag == "dialog" and "open" not in element.attrib)
        or _UNSEEN_STYLE.search(element.get("style", ""))
    ):
        where = where or "hidden"
    return outer if label is None and where == outer.where else _Owner(label or outer.label, where)


def _take_extras(element: Any, owner: _Owner, pieces: _Pieces) -> None:
    for name in element.get(f"{MARK}-attr", "").split():
        if name not in element.attrib:
            raise BadSetError(f"no attribute '{name}' to label: {_named(element)}")
        pieces.append((_Owner(owner.label, "attribute"), _inline(element.get(name), verbatim=False)))
    for entry in element.get(f"{MARK}-json", "").split():
        label, _, pointer = entry.rpartition("=")
        if label and label not in taxonomy():
            raise BadSetError(f"unknown label '{label}': {_named(element)}")
        for line in _json_lines(element, pointer):
            pieces.append((_Owner(label or owner.label, "json"), line))


def _json_lines(element: Any, pointer: str) -> list[str]:
    try:
        value = first_json(element.text or "")
        for step in pointer.split("/")[1:]:
            value = value[int(step) if isinstance(value, list) else step]
    except (ValueError, LookupError, TypeError) as error:
        raise BadSetError(f"nothing at JSON pointer '{pointer}' ({error}): {_named(element)}") from None
    found = plain(str(value)) if "<" in str(value) else str(value)
    return [line for line in found.splitlines() if line.strip()]


def _inline(text: str | None, *, verbatim: bool) -> str:
    if not text:
        return ""
    if verbatim:
        return text.replace("\r\n", "\n").translate(_KEEP)
    return re.sub(r"\s+", " ", text)


def _tidy(text: str) -> str:
    text = re.sub(r" +", " ", text)
    text = re.sub(r" *\t[ \t]*", "\t", text)
    text = re.sub(r"[ \t]*\n[ \t\n]*", "\n", text)
    lines = text.strip(" \t\n").translate(_KEPT).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _named(element: Any) -> str:
    return _short(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def _short(html: str) -> str:
    line = " ".join(html.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
