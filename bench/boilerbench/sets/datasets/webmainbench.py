"""The layout of WebMainBench (opendatalab, commits 9d991bd and 07cf3df): JSON Lines in four shapes that differ in gold.

Gold is the blocks of `groundtruth_content_list` where it is there, else those of the Markdown gold, as plain text under
our labels; a level-1 heading counts as body, as it does there. The Markdown of the 545 pages is `groundtruth_content`,
calibrated by hand; that of the 7,809 is `convert_main_content`, what html2text made of the annotated HTML.

The HTML carries the annotators' marks, gold among them: `unmarked` takes every one off before anybody sees the page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, Page, Segment
from boilerbench.sets.formats.layout import Entries, converting, files_of, html_at, json_lines, markup_of, published
from boilerbench.text.convert import to_text
from boilerbench.text.decoding import without_surrogates

_LABELS = {"title": "heading", "heading": "heading", "code": "code", "list": "list", "quote": "quote"}
_FAMILIES = {"table": "table", "equation": "formula"}
_MARKDOWN = ("groundtruth_content", "convert_main_content", "groundtruth_llm_webkit_md")
"""What keeps a page's Markdown; the first that has some counts."""

_FLAGS = {"table": "table", "code": "code", "formula": "equation"}
"""What `meta` says of a page's parts, under our names; an empty list there is a page without any."""

_MEDIA = frozenset({"image", "video", "audio"})
_BLOCKS = {"heading": "heading", "bullet_list": "list", "ordered_list": "list", "table": "table", "blockquote": "quote"}

_STYLE = re.compile(r'<style\b[^<>]*\bid="cc-extraStyle"[^<>]*>.*?</style>\s*', re.DOTALL | re.IGNORECASE)
_WRAPPER = re.compile(r"</?marked-(?:text|tail)\b[^<>]*>", re.IGNORECASE)
_VALUE = r"""(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?"""
_ATTRIBUTE = re.compile(rf"(?<!\s)\s+(?:cc-select|data-anno-uid|_item_id|magic_main_html)\b{_VALUE}", re.IGNORECASE)
_CLASS = re.compile(r"""((?<!\s)\s+class\s*=\s*)(["'])([^"']*)\2""", re.IGNORECASE)
_LEFT_EMPTY = re.compile(r"""(?<!\s)\s+style=(?:""|''|"user-select: none;")""")
_MARKS = "cc-select|mark-selected|marked-text|marked-tail|data-anno-uid|anno-uid-|cc-extraStyle|cc-unloaded"
_MARK = re.compile(rf"{_MARKS}|selecto-selection", re.IGNORECASE)


class _Row(msgspec.Struct):
    """A page in any of the shapes: what keeps its Markdown goes by three names, and its id by two."""

    html: str
    track_id: str | None = None
    id: str | None = None
    url: str | None = None
    language: str | None = None
    content_type: str | None = None
    layout_type: str | None = None
    meta: Any = None
    groundtruth_content: Any = None
    convert_main_content: Any = None
    groundtruth_llm_webkit_md: Any = None
    groundtruth_content_list: Any = None


@published("webmainbench", "opendatalab/WebMainBench", "Apache-2.0")
def read(path: Path) -> Entries:
    """Read a file, or a folder of them; then ids begin with the file's name, for files share pages."""
    for file in files_of(path, ".jsonl"):
        for place, offset, row in json_lines(file, _Row, BadSetError):
            key = row.track_id or row.id
            golds = [gold for name in _MARKDOWN if isinstance(gold := getattr(row, name), str)]
            if not key or not golds:
                raise BadSetError(f"{place}: needs 'track_id' or 'id', and one of {', '.join(_MARKDOWN)}")
            markdown = next(filter(str.strip, golds), "")
            about = row.meta if isinstance(row.meta, dict) else {}
            name, html = f"{file.stem}.{key}" if path.is_dir() else key, partial(html_at, file, offset, unmarked)
            kind = row.content_type or row.layout_type or _said(about, "style")
            page = Page(name, html, row.url, "utf-8", row.language or _said(about, "language"), kind)
            page = replace(page, traits=_traits(about))
            with converting(place):
                segments = tuple(_listed(row.groundtruth_content_list)) or tuple(_blocks(markdown))
            yield page, Gold(segments or (Segment("body", ""),), markup=markup_of(markdown, "markdown"))


def _said(about: Mapping[str, Any], key: str) -> str | None:
    return value if isinstance(value := about.get(key), str) else None


def _traits(about: Mapping[str, Any]) -> dict[str, str]:
    """How hard a page is, and which kinds of table, code and formula it has: `data+layout`, or `none`."""
    level = _said(about, "level")
    lists = {name: about[key] for name, key in _FLAGS.items() if isinstance(about.get(key), list)}
    kinds = {name: "+".join(sorted(filter(_is_text, found))) or "none" for name, found in lists.items()}
    return ({"level": level} if level else {}) | kinds


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def unmarked(html: str) -> str:
    """Take off what annotators left: their attributes, classes, wrapper elements, style sheet, and emptied attributes.

    A selected element got an empty `style`, so that goes too. What still has a mark's name, in a comment or escaped,
    loses the name.
    """
    html = _WRAPPER.sub("", _STYLE.sub("", html))
    html = _CLASS.sub(_without_marks, _ATTRIBUTE.sub("", html))
    return _MARK.sub("mark", _LEFT_EMPTY.sub("", html))


def _without_marks(found: re.Match[str]) -> str:
    if not _MARK.search(found[3]):
        return found[0] if found[3] else ""
    names = [name for name in found[3].split() if not _MARK.search(name)]
    return f"{found[1]}{found[2]}{' '.join(names)}{found[2]}" if names else ""


def _listed(block: Any) -> Iterator[Segment]:
    """The blocks of a content list, pages of it flattened."""
    if isinstance(block, list):
        for each in block:
            yield from _listed(each)
    elif isinstance(block, dict) and isinstance(block.get("type"), str) and block["type"] not in _MEDIA:
        kind = block["type"]
        family = next((label for part, label in _FAMILIES.items() if part in kind), "paragraph")
        label = _LABELS.get(kind, family)
        text = _table(block.get("content")) if label == "table" else "\n".join(_texts(block.get("content")))
        if text.strip():
            yield Segment(label, text)


def _texts(content: Any) -> Iterator[str]:
    """The texts inside a block: a text; the runs of a paragraph, one line; the items of a list, a line each."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, list) and all(isinstance(run, dict) and "t" in run for run in content):
        yield " ".join(run["c"] for run in content if isinstance(run.get("c"), str))
    elif isinstance(content, list):
        for each in content:
            yield from _texts(each)
    elif isinstance(content, dict):
        for key in ("title_content", "code_content", "math_content", "c", "items", "child_list"):
            yield from _texts(content.get(key))


def _table(content: Any) -> str:
    source = content.get("html") if isinstance(content, dict) else content
    if not isinstance(source, str):
        return ""
    return to_text(without_surrogates(source), "html" if "<" in source else "markdown")


def _blocks(markdown: str) -> Iterator[Segment]:
    """The top-level blocks of Markdown, each as the plain text the harness makes of it."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    open_block: list[Any] = []
    for token in parser.parse(without_surrogates(markdown)):
        open_block.append(token)
        if token.level or token.nesting > 0:
            continue
        code = token.type in ("fence", "code_block")
        html = "" if code else str(parser.renderer.render(open_block, parser.options, {}))
        text = token.content if code else to_text(html, "html")
        if text.strip():
            yield Segment(_label(open_block, text), text)
        open_block = []


def _label(tokens: Sequence[Any], text: str) -> str:
    kind = tokens[0].type.removesuffix("_open")
    if kind in ("fence", "code_block"):
        return "code"
    if kind == "html_block" and "<table" in tokens[0].content.lower():
        return "table"
    if kind == "paragraph" and re.fullmatch(r"\s*\$\$.*\$\$\s*", text, re.DOTALL):
        return "formula"
    return _BLOCKS.get(kind, "paragraph")
