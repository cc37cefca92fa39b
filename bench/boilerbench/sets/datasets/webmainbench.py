"""The layout of WebMainBench (opendatalab, commit 9d991bd): JSON Lines in three shapes, which differ in gold.

Gold is the blocks of `groundtruth_content_list` where it is there, else those of the Markdown gold, as plain text under
our labels; a level-1 heading counts as body, as it does there. The HTML carries the annotators' marks, gold among them:
`unmarked` takes every one off before anybody sees the page.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.model import Gold, Page, Segment
from boilerbench.sets.formats.layout import Entries, converting, files_of, html_at, json_lines, published
from boilerbench.text.convert import to_text
from boilerbench.text.decoding import without_surrogates

_LABELS = {"title": "heading", "heading": "heading", "code": "code", "list": "list", "quote": "quote"}
_FAMILIES = {"table": "table", "equation": "formula"}
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
    """A page in any of the three shapes: what keeps its Markdown, and what its id, goes by two names."""

    html: str
    track_id: str | None = None
    id: str | None = None
    url: str | None = None
    language: str | None = None
    content_type: str | None = None
    layout_type: str | None = None
    meta: Any = None
    groundtruth_content: Any = None
    groundtruth_llm_webkit_md: Any = None
    groundtruth_content_list: Any = None


@published("webmainbench", "opendatalab/WebMainBench", "Apache-2.0")
def read(path: Path) -> Entries:
    """Read a file, or a folder of them; then ids begin with the file's name, for files share pages."""
    for file in files_of(path, ".jsonl"):
        for place, offset, row in json_lines(file, _Row, BadSetError):
            key = row.track_id or row.id
            golds = (row.groundtruth_content, row.groundtruth_llm_webkit_md)
            markdown = next((gold for gold in golds if isinstance(gold, str)), None)
            if not key or markdown is None:
                needed = "'track_id' or 'id', and 'groundtruth_content' or 'groundtruth_llm_webkit_md'"
                raise BadSetError(f"{place}: needs {needed}")
            language = row.language or (row.meta.get("language") if isinstance(row.meta, dict) else None)
            name, html = f"{file.stem}.{key}" if path.is_dir() else key, partial(html_at, file, offset, unmarked)
            page = Page(name, html, row.url, "utf-8", language, row.content_type or row.layout_type)
            with converting(place):
                segments = tuple(_listed(row.groundtruth_content_list)) or tuple(_blocks(markdown))
            yield page, Gold(segments or (Segment("body", ""),))


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
