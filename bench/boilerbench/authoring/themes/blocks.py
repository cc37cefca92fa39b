"""Markdown as the labelled HTML of a body, in the elements that a family of templates writes its blocks with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from typing import Any

import lxml.html
import msgspec

from boilerbench.authoring.marks import MARK
from boilerbench.text.convert import markdown

LABELS = {
    "p": "paragraph",
    **dict.fromkeys(("h2", "h3", "h4", "h5"), "heading"),
    **dict.fromkeys(("ul", "ol", "dl"), "list"),
    "table": "table",
    "blockquote": "quote",
    "pre": "code",
}
"""The label of each block."""


class Blocks(msgspec.Struct, forbid_unknown_fields=True):
    """How a family writes blocks; the defaults are plain HTML."""

    paragraphs: str = "p"
    """`p`; `div`; `span`, in a p; `lines`, in one div with `<br><br>` between."""

    headings: str = "h"
    """`h`; `div`, with a role; `strong`, in a paragraph; `anchor`, an h with a link to itself."""

    figures: str = "figure"
    """`figure`, `attachment` or `soup`."""

    tables: str = "rows"
    """`table`; `scroll`, in a box that scrolls; `rows`, a list, as sites write tables for narrow screens."""

    code: str = "pre"
    """`pre`, or `tokens`, each word in an element of its own."""

    sections: bool = False
    """Whether a heading and what follows it stand in a section."""


def labelled(source: str, how: Blocks, *, label: str | None = None, lead: bool = False) -> list[str]:
    """Give the blocks of a text as HTML, each with its label; under one `label`, blocks have none of their own.

    With `lead`, the first paragraph is the text's lead.
    """
    root = lxml.html.fragment_fromstring(markdown(html=False).render(source), create_parent="div")
    found = [_block(element, how, bare=label is not None) for element in root]
    first = root[0] if len(root) else None
    if lead and first is not None and first.tag == "p" and not len(first.xpath(".//img")):
        found[0] = found[0].replace(f'{MARK}="paragraph"', f'part="lead" {MARK}="lead"', 1)
    if how.paragraphs == "lines" and label is None:
        found = list(_lines(found))
    return found


def sections(blocks: list[str]) -> list[str]:
    """Put each heading and what follows it into a section."""
    groups: list[list[str]] = [[]]
    for block in blocks:
        if f'{MARK}="heading"' in block:
            groups.append([])
        groups[-1].append(block)
    return [f'<div part="section" as="section div">{"".join(group)}</div>' for group in groups if group]


def _block(element: Any, how: Blocks, *, bare: bool) -> str:
    tag = str(element.tag)
    pictures = element.xpath("./img")
    if tag == "p" and pictures and not "".join(element.itertext()).strip():
        return "".join(_FIGURES[how.figures](picture, bare) for picture in pictures)
    if tag == "table" and how.tables == "rows":
        element, tag = _rows(element), "dl"
    mark = "" if bare or tag not in LABELS else f' {MARK}="{LABELS[tag]}"'
    inner = _inner(element)
    if tag == "pre" and how.code == "tokens":
        words = re.split(r"(\w+)", "".join(element.itertext()))
        inner = "".join(f"<span>{escape(word)}</span>" if at % 2 else escape(word) for at, word in enumerate(words))
        return f'<div part="code"><pre{mark}><code>{inner}</code></pre></div>'
    write = _WRITERS.get((tag if tag in ("p", "table") else tag[:1], _way(tag, how)))
    return write(tag, mark, inner) if write else f"<{tag}{_attributes(element)}{mark}>{inner}</{tag}>"


def _rows(table: Any) -> Any:
    """A table as a list: of each row its first cell, and the others, which behind the first say their column's head."""
    names, *rows = [[*row] for row in table.iter("tr")]
    found = lxml.html.Element("dl")
    for first, *others in rows:
        first.tag = "dt"
        found.append(first)
        for name, cell in zip(names[1:], others, strict=False):
            cell.tag = "dd"
            if len(names) > 2:  # noqa: PLR2004  # else it is plain what it is
                cell.text = f"{' '.join(name.itertext())}: {cell.text or ''}"
            found.append(cell)
    for element in found.iter("dt", "dd"):
        element.attrib.clear()
        element.tail = None
    return found


def _way(tag: str, how: Blocks) -> str:
    return {"p": how.paragraphs, "table": how.tables}.get(tag, how.headings if LABELS.get(tag) == "heading" else "")


def _inner(element: Any) -> str:
    """What is in an element, pictures within lines without their titles."""
    for picture in element.xpath(".//img"):
        picture.attrib.pop("title", None)
    text = lxml.html.tostring(element, encoding="unicode", with_tail=False)
    return text[text.index(">") + 1 : text.rindex("</")] if "</" in text else ""


def _attributes(element: Any) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in element.attrib.items())


def _figure(picture: Any, bare: bool, *, outer: str, caption: str) -> str:
    source, alt, said = (escape(picture.get(name, "")) for name in ("src", "alt", "title"))
    mark = "" if bare else f' {MARK}="caption"'
    below = f"<{caption}{mark}>{said}</{caption.split(maxsplit=1)[0]}>" if said else ""
    return f'<{outer}><img src="/media/{source}" alt="{alt}" pic>{below}</{outer.split(maxsplit=1)[0]}>'


_FIGURES: dict[str, Callable[[Any, bool], str]] = {
    "figure": partial(_figure, outer='figure part="figure"', caption="figcaption"),
    "attachment": partial(_figure, outer='div part="figure attachment"', caption='p part="caption-text"'),
    "soup": partial(_figure, outer='div part="figure"', caption='div part="caption"'),
}

_WRITERS: dict[tuple[str, str], Callable[[str, str, str], str]] = {
    ("p", "div"): lambda _, mark, inner: f'<div part="text"{mark}>{inner}</div>',
    ("p", "span"): lambda _, mark, inner: f"<p{mark}><span>{inner}</span></p>",
    ("h", "div"): lambda tag, mark, inner: (
        f'<div part="heading" role="heading" aria-level="{tag[1]}"{mark}>{inner}</div>'
    ),
    ("h", "strong"): lambda _, mark, inner: f"<p{mark}><strong>{inner}</strong></p>",
    ("h", "anchor"): lambda tag, mark, inner: f'<{tag}{mark}><a part="anchor" href="#"></a>{inner}</{tag}>',
    ("table", "scroll"): lambda _, mark, inner: f'<div part="table-scroll"><table{mark}>{inner}</table></div>',
}


def _lines(blocks: list[str]) -> Iterator[str]:
    """Join paragraphs that follow each other in one element, as old editors leave them."""
    run: list[str] = []
    for block in [*blocks, ""]:
        if block.startswith(f'<p {MARK}="paragraph">'):
            run.append(block.replace("<p ", "<span ", 1)[: -len("</p>")] + "</span>")
            continue
        if run:
            yield f'<div part="text">{"<br><br>".join(run)}</div>'
        run = []
        if block:
            yield block
