"""How paragraphs are marked up, not what they say: the gold is not touched. A dose is a fifth of the paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from random import Random
from typing import TypeAlias

from boilerbench.stress.document import Document, Edit, Stressor, some

Rewrite: TypeAlias = Callable[[str, str], str]
"""From the start tag of a paragraph and its content to markup of the whole."""

_START = re.compile(r"<p(?=[\s>/])", re.IGNORECASE)
_WORDS = re.compile(r"[^\s&]+(?: [^\s&]+){0,2}")
"""A few words as blanks part them: a letter and its marks stay together."""
_NAMED = re.compile(r"""\s(class|id)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)


def _rewriting(name: str, summary: str, rewrite: Rewrite) -> Stressor:
    return Stressor(name, "markup", summary, partial(_rewrite, rewrite))


def _rewrite(rewrite: Rewrite, document: Document, dose: int, random: Random) -> Document | None:
    """Write some of the paragraphs otherwise."""
    html, found = document.html, [each for each in document.paragraphs if each.tag == "p"]
    edits = [
        (each.start, each.end, rewrite(html[each.start : each.inner], html[each.inner : each.close]))
        for each in some(found, dose, random)
    ]
    return document.edited(edits).unless(document)


def _as(tag: str, before: str = "", after: str = "") -> Rewrite:
    """Another element in the place of the paragraph, perhaps with one in it."""
    return lambda start, content: f"{_START.sub(f'<{tag}', start, count=1)}{before}{content}{after}</{tag}>\n"


def _around(before: str, after: str) -> Rewrite:
    """Elements around the paragraph."""
    return lambda start, content: f"{before}{start}{content}</p>{after}"


def _unlikely(start: str, content: str) -> str:
    """A class whose name is that of clutter elsewhere."""
    bare = re.sub(r"""\sclass\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", "", start, flags=re.IGNORECASE)
    named = _START.sub('<p class="sidebar-text share-body comment-free"', bare, count=1)
    return f"{named}{content}</p>"


def _broken_lines(document: Document, dose: int, random: Random) -> Document | None:
    """Put line breaks in the place of borders between paragraphs that stand side by side."""
    borders = some(document.borders, dose, random)
    return document.edited((start, end, "<br><br>\n") for start, end in borders).unless(document)


def _in_words(name: str, summary: str, before: str, after: str) -> Stressor:
    return Stressor(name, "markup", summary, partial(_mark_words, before, after))


def _mark_words(before: str, after: str, document: Document, dose: int, random: Random) -> Document | None:
    """Put markup around every few words of some paragraphs."""

    def marked(text: str) -> str:
        if "&" in text:  # a character reference must stay whole
            return text
        return _WORDS.sub(lambda words: f"{before}{words[0]}{after}", text)

    return document.with_texts(marked, some(document.paragraphs, dose, random)).unless(document)


def _misnest(start: str, content: str) -> str:
    """Formatting whose end tags are in the wrong order."""
    if "<" in content or len(words := content.split()) < 3:  # noqa: PLR2004  one word for each stretch
        return f"{start}{content}</p>"
    third = len(words) // 3
    one, two, three = (" ".join(part) for part in (words[:third], words[third : 2 * third], words[2 * third :]))
    return f"{start}<b>{one} <i>{two}</b> {three}</i></p>"


def _hashed_names(document: Document, dose: int, random: Random) -> Document | None:
    """Give elements names that say nothing in the place of their classes and ids."""
    named = [tag for tag in document.tags if not tag.closing and _NAMED.search(document.html, tag.start, tag.end)]
    number = random.randrange(1 << 24)
    edits: list[Edit] = []
    for tag in some(named, dose, random):
        start = document.html[tag.start : tag.end]
        made = _NAMED.sub(lambda name: f' {name[1]}="x{_hash_of(name[2], number)}"', start)
        edits.append((tag.start, tag.end, made))
    return document.edited(edits).unless(document)


def _hash_of(name: str, salt: int) -> str:
    """A short name that is the same for the same name."""
    return f"{sum(salt * (at + 1) * ord(sign) for at, sign in enumerate(name)) % (1 << 28):07x}"


def _headless(document: Document, dose: int, random: Random) -> Document | None:  # noqa: ARG001  nothing is drawn
    """Leave out the doctype, and the tags of html, head and body, which HTML allows."""
    edits: list[Edit] = []
    if doctype := re.match(r"\s*<!doctype[^>]*>", document.html, re.IGNORECASE):
        edits.append((doctype.start(), doctype.end(), ""))
    left_out = [("html", False), ("body", True), ("head", True), ("body", False)]
    for name, closing in left_out[: dose - 1]:
        edits += [
            (tag.start, tag.end, "") for tag in document.tags if tag.name == name and tag.closing in (closing, True)
        ]
    return document.edited(dict.fromkeys(edits)).unless(document)


def _nested_divs(document: Document, dose: int, random: Random) -> Document | None:  # noqa: ARG001  nothing is drawn
    """Put as many elements without meaning around every paragraph as the dose says."""
    edits: list[Edit] = []
    for each in document.paragraphs:
        edits += [(each.start, each.start, "<div>" * dose), (each.end, each.end, "</div>" * dose)]
    return document.edited(edits).unless(document)


def _unclosed(document: Document, dose: int, random: Random) -> Document | None:
    """Leave out end tags of paragraphs, where HTML lets the next tag end them."""
    html = document.html
    ends = [each for each in document.paragraphs if each.tag == "p" and _ENDING.match(html, each.end)]
    return document.edited((each.close, each.end, "") for each in some(ends, dose, random)).unless(document)


_ENDING = re.compile(r"\s*<(?:p|div|h[1-6]|ul|ol|table|blockquote|figure|section|pre|form)[\s>]", re.IGNORECASE)
"""Elements before which a paragraph ends by itself."""


STRESSORS = (
    Stressor("unclosed-paragraphs", "markup", "paragraphs without end tags", _unclosed),
    Stressor("line-breaks", "markup", "line breaks in the place of borders between paragraphs", _broken_lines),
    _rewriting("divs", "div in the place of p", _as("div")),
    _rewriting("spans-in-divs", "div and span in the place of p", _as("div", "<span>", "</span>")),
    _rewriting("custom-elements", "an element of the site's own in the place of p", _as("x-paragraph")),
    _rewriting("sections", "section in the place of p", _as("section")),
    _rewriting("unlikely-classes", "paragraphs with a class named as clutter often is", _unlikely),
    _rewriting(
        "layout-tables",
        "paragraphs in a table of one cell each",
        _around("<table><tbody><tr><td>", "</td></tr></tbody></table>"),
    ),
    _rewriting("articles", "paragraphs each in an article of its own", _around("<article>", "</article>")),
    _rewriting("misnested", "formatting that ends in the wrong order", _misnest),
    _in_words("spans", "spans around every few words of paragraphs", "<span>", "</span>"),
    _in_words("links", "links around every few words of paragraphs", '<a href="/w">', "</a>"),
    _in_words("comments-in-text", "comments in the text of paragraphs", "<!-- slot -->", ""),
    Stressor("hashed-names", "markup", "classes and ids that say nothing, of a fifth of the elements", _hashed_names),
    Stressor("headless", "markup", "without doctype, then html, body and head, tag by tag", _headless),
    Stressor("nested-divs", "markup", "as many divs around each paragraph as the dose", _nested_divs),
)
