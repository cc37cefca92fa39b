"""The one converter from what runners return (text, HTML, Markdown) to plain text, the same for every runner.

HTML becomes the text that a browser shows with its own style sheet (HTML Standard, "Rendering"): lines break at blocks,
inline elements part no words. Markdown becomes HTML by markdown-it-py (CommonMark with tables) first.
"""

import re
import threading
from functools import cache
from html import escape
from typing import Any

from boilerbench.text import installed

_VERSION = 4
_LINE, _PARAGRAPH = "\0", "\1"
_LINES = (
    "address article aside body br caption center dd details dialog dir div dt fieldset figcaption footer form header "
    "hgroup hr legend li main menu nav optgroup option search section summary table tbody textarea tfoot thead tr"
)
_PARAGRAPHS = "blockquote dl figure h1 h2 h3 h4 h5 h6 listing ol p plaintext pre title ul xmp"
_BOXES = "audio button canvas embed iframe img input meter object progress rp rt select svg td th video"
"""Cells, and what stands within a line as a box of its own: no word goes on beyond it."""
EDGES = {
    tag: edge for tags, edge in ((_LINES, _LINE), (_PARAGRAPHS, _PARAGRAPH), (_BOXES, " ")) for tag in tags.split()
}
UNSEEN = {"applet", "audio", "canvas", "embed", "frame", "iframe", "noembed", "noframes", "object", "video"}
UNSEEN |= {"script", "style", "template"}
"""Elements whose content no reader sees: code, and what stands in for pictures and films that cannot be shown."""
_PREFORMATTED = frozenset(("listing", "plaintext", "pre", "textarea", "xmp"))
_DEEPEST = 2_048
"""Nested elements, as in libxml2's trees: for an end tag, all open ones may be looked through. Real pages have 56."""
_PART = 65_536


def version(form: str) -> str:
    """Name what makes the text of an extraction in a format, here and in libraries. Where it is another, texts may be.

    `_VERSION` is raised whenever our own part may give another text. Text stays as it is, so that nothing is named.
    """
    if form in ("text", "metadata"):
        return ""
    from lxml import etree

    libraries = installed("lxml") if form == "html" else installed("lxml", "markdown-it-py")
    return f"convert {_VERSION} {libraries} libxml2 {'.'.join(map(str, etree.LIBXML_VERSION))}"


def to_text(extracted: str, form: str) -> str:
    """The plain text of an extraction in the given format. May raise what the libraries raise on hostile input.

    `markdown` may hold HTML, as in CommonMark; in `markdown-no-html`, what looks like a tag is text.
    """
    if form in ("markdown", "markdown-no-html"):
        extracted, form = markdown(html=form == "markdown").render(extracted), "html"
    if form == "html" and extracted.strip():
        return _laid_out(unlaid(extracted))
    return extracted


@cache
def markdown(*, html: bool, math: bool = False) -> Any:
    """Make a renderer of Markdown as HTML: CommonMark with tables, and raw HTML if `html`.

    With `math`, formulas are kept as they are written: `_` and `*` in them emphasise nothing.
    """
    from markdown_it import MarkdownIt

    options = {"html": html, "maxNesting": _DEEPEST}  # beyond 20, it drops what is there
    found = MarkdownIt("commonmark", options).enable("table")
    if math:
        from mdit_py_plugins.dollarmath import dollarmath_plugin
        from mdit_py_plugins.texmath import texmath_plugin

        texmath_plugin(found, delimiters="brackets")
        dollarmath_plugin(found, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
        for kind in ("math_inline", "math_inline_double", "math_block"):
            found.add_render_rule(kind, _formula)
    return found


def _formula(_: object, tokens: Any, place: int, *__: object) -> str:
    """Render a formula as the text that it was, in a paragraph of its own where it was one."""
    token = tokens[place]
    opened = token.markup
    closed = {"\\(": "\\)", "\\[": "\\]"}.get(opened, opened)
    text = escape(f"{opened}{token.content}{closed}")
    return f"<p>{text}</p>\n" if token.block else text


class _Shown:
    """Takes a page's text as lxml's parser comes upon it, which is faster than by a tree."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._parts: list[str] = []
        self._depth = self._unseen = self._preformatted = 0

    def start(self, tag: str, _: object) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError(f"elements are nested more than {_DEEPEST:,} deep")
        if tag in EDGES:
            self._parts.append(EDGES[tag])
        self._unseen += tag in UNSEEN
        self._preformatted += tag in _PREFORMATTED

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._unseen -= tag in UNSEEN
        self._preformatted -= tag in _PREFORMATTED
        if tag in EDGES:
            self._parts.append(EDGES[tag])

    def data(self, text: str) -> None:
        if not self._unseen:
            self._parts.append(text.replace("\n", _LINE) if self._preformatted else text)

    def close(self) -> str:
        text = "".join(self._parts)
        self._begin()
        return text


class _Kept(threading.local):
    """The parser of a thread, for its next text.

    lxml has every parser in a cycle, so that one which is left waits for the collector, with all that it holds.
    """

    parser: Any = None


_kept = _Kept()


def _new_parser() -> Any:
    from lxml import etree

    target: Any = _Shown()
    return etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)


def _laid_out(text: str) -> str:
    """Break the lines of `unlaid` text, and leave one space where there are several."""
    text = " ".join(text.split())
    return re.sub(r" ?[\0\1][\0\1 ]*", lambda edge: "\n\n" if _PARAGRAPH in edge[0] else "\n", text).strip()


def unlaid(html: str) -> str:
    """The text of HTML for whoever looks at its words alone: what stands between them is not laid out as in `to_text`.

    `ValueError` for elements that are nested too deeply.
    """
    parser, _kept.parser = _kept.parser or _new_parser(), None
    content = html.replace(_LINE, "").replace(_PARAGRAPH, "").encode("utf-8", "replace") or b" "
    for start in range(0, len(content), _PART):  # an exception ends the parsing with the part it comes in
        parser.feed(content[start : start + _PART])
    text = str(parser.close())
    _kept.parser = parser
    return text


def tree(html: str) -> Any:
    """Parse HTML into a tree of lxml; None where nothing is in it, `ValueError` where libxml2 would leave some out."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    content = html.replace("\0", "").encode("utf-8", "replace")
    root = etree.fromstring(content, parser) if content.strip() else None
    if left_out := [entry for entry in parser.error_log if entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT]:
        raise ValueError(left_out[0].message)
    return root
