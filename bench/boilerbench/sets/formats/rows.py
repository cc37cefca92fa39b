"""A page in a row, of JSON Lines, Parquet, or a JSON file beside the page: what its keys mean, and what is refused."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from boilerbench.errors import BadSetError
from boilerbench.labels import Role, load_policy, taxonomy
from boilerbench.model import Entry, Gold, Metadata, Page, Segment
from boilerbench.sets.formats.layout import SNIPPETS, body, converting, markup_of, snippets
from boilerbench.text.convert import to_text
from boilerbench.text.decoding import without_surrogates

KINDS = ("text", "markdown", "segments", "with", "without")
"""What gold there may be of its text; a row without any is a page without gold."""

ELSEWHERE = ("gold", "snippets", "body", "content", "plaintext", "ground_truth")
"""What gold may be called elsewhere: such a key is no gold here, and is refused where it says something."""

COLUMNS = ("id", "url", "site", "language", "page_type", "title", "author", "date", *KINDS, *ELSEWHERE)
"""All keys but `html`."""

_WORD = re.compile(r"\w+")


class Row(msgspec.Struct, rename=SNIPPETS):
    """The keys of a row: `html` as it stands in JSON Lines, empty elsewhere."""

    id: str | int
    html: str
    text: str | None = None
    markdown: str | None = None
    segments: list[Segment] | None = None
    with_snippets: list[str] | None = None
    without_snippets: list[str] | None = None
    url: str | None = None
    language: str | None = None
    page_type: str | None = None
    site: str | None = None
    title: str | None = None
    author: str | list[str] | None = None
    date: Any = None
    gold: Any = None
    snippets: Any = None
    body: Any = None
    content: Any = None
    plaintext: Any = None
    ground_truth: Any = None


def entry_of(place: str, row: Row, read: Callable[[], bytes], charset: str | None) -> Entry:
    """Make a page with gold of a row."""
    if row.id == "":
        raise BadSetError(f"{place}: 'id' is empty")
    gold = _gold(place, row)
    for name in ELSEWHERE[: 2 if gold.given else None]:
        if getattr(row, name) is not None:
            raise BadSetError(f"{place}: '{name}' is not read; gold is one of {', '.join(KINDS)}")
    return Page(str(row.id), read, row.url, charset, row.language, row.page_type, row.site), gold


def _gold(place: str, row: Row) -> Gold:
    """The gold of a row. Segments come before a text, which has to agree with them, and that before Markdown."""
    for index, segment in enumerate(row.segments or ()):
        if segment.label not in taxonomy():
            raise BadSetError(f"{place}: segment {index}: unknown label '{segment.label}'")
    gold, text = Gold(tuple(row.segments or ())), row.text
    if text is None and row.markdown is not None and not gold.segments:
        with converting(place):
            text = to_text(without_surrogates(row.markdown), "markdown")
    if not gold.segments and text is not None:
        gold = body(text)
    elif text and text.strip() and not _agree(text, gold):
        raise BadSetError(f"{place}: 'text' and 'segments' say different things; leave out the one that is wrong")
    author = (row.author,) if isinstance(row.author, str) else row.author
    when = row.date.isoformat() if isinstance(row.date, date) else row.date  # as Parquet has it
    if not isinstance(when, str | None):
        raise BadSetError(f"{place}: 'date' must be a text, not {type(when).__name__}")
    about = Metadata(row.title, None if author is None else tuple(author), when, row.language)
    markup = None if row.markdown is None else markup_of(row.markdown, "markdown")
    return Gold(gold.segments, snippets(row.with_snippets), snippets(row.without_snippets), markup, about)


def _agree(text: str, gold: Gold) -> bool:
    """Whether a text has, in order, the words of all segments that are body by default, and of others or not."""
    default, words, at = load_policy("default"), _WORD.findall(text), 0
    for segment in gold.segments:
        own = _WORD.findall(segment.text)
        if words[at : at + len(own)] == own:
            at += len(own)
        elif default.role(segment.label) is Role.BODY:
            return False
    return at == len(words)
