"""How long a page is, how deep, and how its text is cut. Where gold changes, the page brings the new one."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from html import escape
from random import Random

from boilerbench.model import Segment
from boilerbench.stress.document import Document, Edit, Stressor, some
from boilerbench.stress.families.inserting import pieces_of

_DEEPER = 15
"""Elements by which a dose nests a page deeper: with all five it stays below the 256 that libxml2 reads by default."""
_SENTENCE = re.compile(r"(?<=[.!?。]) +(?=\w)")


def _longer(document: Document, dose: int, random: Random) -> Document | None:  # noqa: ARG001  nothing is drawn
    """Add twenty paragraphs of our own behind the text for each dose; they are gold."""
    if not document.paragraphs:
        return None
    prose = pieces_of("prose", document.language)
    texts = [f"{number}. {prose[number % len(prose)]}" for number in range(20 * dose)]
    end = document.paragraphs[-1].end
    found = document.edited([(end, end, "".join(f"\n<p>{escape(text)}</p>" for text in texts))])
    after = 1 + document.segment_of(document.paragraphs[-1])
    added = Segment("paragraph", "\n".join(texts))
    return replace(found, segments=(*document.segments[:after], added, *document.segments[after:]))


def _deeper(document: Document, dose: int, random: Random) -> Document | None:  # noqa: ARG001  nothing is drawn
    """Put the whole page into nested elements."""
    number = _DEEPER * dose
    top, bottom = document.top, document.bottom
    if top >= bottom:
        return None
    return document.edited([(top, top, "<div>" * number), (bottom, bottom, "</div>" * number)])


def _joined(document: Document, dose: int, random: Random) -> Document | None:
    """Make one paragraph of those that stand side by side."""
    borders = some(document.borders, dose, random)
    return document.edited((start, end, " ") for start, end in borders).unless(document)


def _split(document: Document, dose: int, random: Random) -> Document | None:
    """Make a paragraph of each sentence, where nothing is marked up in one."""
    html = document.html
    plain = [
        each
        for each in document.paragraphs
        if each.tag == "p" and "<" not in (text := html[each.inner : each.close]) and _SENTENCE.search(text)
    ]
    return document.with_texts(partial(_SENTENCE.sub, "</p>\n<p>"), some(plain, dose, random)).unless(document)


def _as_lists(document: Document, dose: int, random: Random) -> Document | None:
    """Make a list of one point of each paragraph."""
    edits: list[Edit] = []
    for each in some([each for each in document.paragraphs if each.tag == "p"], dose, random):
        edits += [(each.start, each.inner, "<ul><li>"), (each.close, each.end, "</li></ul>")]
    return document.edited(edits).unless(document)


def _linked(document: Document, dose: int, random: Random) -> Document | None:  # noqa: ARG001  nothing is drawn
    """Add forty links of navigation at the end of the page for each dose."""
    titles = pieces_of("related", document.language)
    links = "".join(f'<li><a href="/{n}">{escape(titles[n % len(titles)])}</a></li>' for n in range(40 * dose))
    return document.edited([(document.bottom, document.bottom, f"\n<nav><ul>{links}</ul></nav>\n")])


STRESSORS = (
    Stressor("longer", "shape", "twenty more paragraphs of gold behind the text for each dose", _longer),
    Stressor("deeper", "shape", f"the page in {_DEEPER} more nested divs for each dose", _deeper),
    Stressor("joined", "shape", "a fifth of the borders between paragraphs gone for each dose", _joined),
    Stressor("split", "shape", "a paragraph for each sentence, of a fifth of the paragraphs for each dose", _split),
    Stressor("lists", "shape", "a list of one point for each paragraph, of a fifth of them for each dose", _as_lists),
    Stressor("many-links", "shape", "forty links at the end of the page for each dose", _linked),
)
