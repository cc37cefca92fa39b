"""What of a page is a number whoever made it: how large and deep it is, how much it says, what it is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from boilerbench.labels import load_policy
from boilerbench.model import Gold, Page
from boilerbench.text import convert
from boilerbench.text.decoding import declared_charset, decode
from boilerbench.text.tokens import NATURAL_WORDS, tokenise

FEATURES = {
    "bytes": "as it is served",
    "nodes": "elements",
    "depth": "elements in one another, at the deepest place",
    "class rate": "share of the elements that have a class",
    "words": "words of its text",
    "body words": "words of the gold's body",
    "share of body": "body words / words, 1 at most",
    "link density": "share of the letters of its text that stand in links",
    "links": "`a` with an address",
    "paragraphs": "`p`",
    "headings": "`h1` to `h6`",
    "lists": "`ul`, `ol` and `dl`",
    "tables": "`table`",
    "images": "`img`",
    "scripts": "`script`",
}
"""The features that are numbers, with what is counted: an interface."""

KINDS = ("page type", "language", "charset", "family")
"""The features that are names: what the set says of a page, and the charset that it is read in."""

_COUNTED = {
    "paragraphs": ("p",),
    "headings": ("h1", "h2", "h3", "h4", "h5", "h6"),
    "lists": ("ul", "ol", "dl"),
    "tables": ("table",),
    "images": ("img",),
    "scripts": ("script",),
}


def measure(page: Page, gold: Gold) -> dict[str, Any]:
    """Measure a page by `FEATURES` and `KINDS`; what nobody has said, and what nothing is a share of, is NaN or None.

    Raises `ValueError` where elements are nested too deeply.
    """
    content = page.read()
    html = decode(content, page.charset)
    texts = [convert.to_text(html, "html"), load_policy("default").body(gold)]
    words, body = tokenise(texts, NATURAL_WORDS).lengths.tolist()
    if not gold.given:
        body = np.nan
    return {
        "bytes": len(content),
        **_elements(convert.tree(html)),
        "words": words,
        "body words": body,
        "share of body": min(1.0, body / words) if words else np.nan,
        "page type": page.page_type,
        "language": page.language,
        "charset": declared_charset(content, page.charset)[0],
        "family": page.traits.get("family"),
    }


def _elements(root: Any) -> Mapping[str, float]:
    """What is counted in a tree, in one walk; nothing where there is none."""
    tags, links, classes, deepest, letters, linked = Counter[str](), 0, 0, 0, 0, 0
    left = [(root, 1, False, True)] if root is not None else []
    while left:
        element, depth, in_link, seen = left.pop()
        if isinstance(element.tag, str):
            tags[element.tag] += 1
            classes += "class" in element.attrib
            deepest = max(deepest, depth)
            is_link = element.tag == "a" and "href" in element.attrib
            links += is_link
            inside, shown = in_link or is_link, seen and element.tag not in convert.UNSEEN
            letters, linked = _add(element.text, shown, inside, letters, linked)
            left.extend((child, depth + 1, inside, shown) for child in element)
        letters, linked = _add(element.tail, seen, in_link, letters, linked)
    nodes = tags.total()
    return {
        "nodes": nodes,
        "depth": deepest,
        "class rate": classes / nodes if nodes else np.nan,
        "link density": linked / letters if letters else np.nan,
        "links": links,
        **{name: sum(tags[tag] for tag in counted) for name, counted in _COUNTED.items()},
    }


def _add(text: str | None, shown: bool, inside: bool, letters: int, linked: int) -> tuple[int, int]:
    length = len("".join(text.split())) if text and shown else 0
    return letters + length, linked + length * inside
