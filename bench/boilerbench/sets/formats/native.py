"""Our own layout: set.toml, and per page pages/ID/page.html, or page.html.gz, with gold.json (see gold.schema.json).

Where the structure of the gold is known, it is in pages/ID/gold.html, which may have labels as `data-gold`.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from boilerbench.errors import BadSetError, NewerSchemaError
from boilerbench.files import read_toml, typed
from boilerbench.labels import taxonomy
from boilerbench.model import Entry, Gold, GoldSet, Metadata, Page, Segment, Stream
from boilerbench.sets.formats.layout import SNIPPETS, markup_of, read_json, read_text
from boilerbench.sets.limits import unpack

SCHEMA = 1
"""The newest schema of gold.json known here."""

_KINDS = ("segments", "with", "without", "title", "author", "date")
"""What gold there may be."""

Where = Literal["attribute", "json", "noscript", "template", "hidden"]
"""Places a segment can stand that a reader does not see; absent for visible text."""


class About(msgspec.Struct):
    """What a set.toml says of a set."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
    version: str = ""
    licence: str = ""
    source: str = ""


class Stretch(msgspec.Struct, forbid_unknown_fields=True):
    """A segment as gold.json has it."""

    label: str
    text: str
    where: Where | msgspec.UnsetType = msgspec.UNSET


class File(msgspec.Struct, forbid_unknown_fields=True, rename=SNIPPETS):
    """The keys of a gold.json."""

    schema: Annotated[int, msgspec.Meta(ge=1)]
    url: str | None = None
    site: str | None = None
    language: str | None = None
    page_type: str | None = None
    family: str | None = None
    charset: str | None = None
    encoding: str | None = None
    licence: str | None = None
    note: str | None = None
    title: str | None = None
    author: str | list[str] | None = None
    date: str | None = None
    segments: list[Stretch] | None = None
    with_snippets: list[str] = []
    without_snippets: list[str] = []


def read(path: Path) -> GoldSet:
    """Read a folder of pages, of which one without gold.json has no gold; the HTML is read when a page is asked for."""
    about = read_about(path)

    def entries() -> Iterator[Entry]:
        for folder in page_folders(path):
            gold = folder / "gold.json"
            if not _page_file(folder).is_file():
                raise BadSetError(f"{folder / 'page.html'}: missing")
            yield entry_of(folder, read_gold(gold) if gold.is_file() else None)

    return GoldSet(about.name, f"native:{path}", Stream(entries), about.version, about.licence, about.source)


def read_about(path: Path) -> About:
    """Read the set.toml of a set."""
    file = path / "set.toml"
    return typed(About, read_toml(file, BadSetError), file, BadSetError)


def page_folders(path: Path) -> list[Path]:
    """The folders of a set's pages, in order of id."""
    return sorted(folder for folder in (path / "pages").glob("*") if folder.is_dir())


def _page_file(folder: Path) -> Path:
    """The file of a page, which may be packed."""
    packed = folder / "page.html.gz"
    return packed if packed.is_file() else folder / "page.html"


def read_gold(file: Path) -> File:
    """Read one gold.json; raise `BadSetError` if it breaks the schema."""
    return checked(file, decoded(file, read_json(file, dict[str, Any], BadSetError)))


def decoded(file: Path, found: dict[str, Any]) -> File:
    """Give the content of a gold.json its types; labels may be unknown, and texts of segments empty."""
    if isinstance(schema := found.get("schema"), int) and schema > SCHEMA:
        raise NewerSchemaError(file, schema, SCHEMA)
    gold = typed(File, found, file, BadSetError)
    if not found.keys() & set(_KINDS):
        raise BadSetError(f"{file}: needs at least one of {', '.join(_KINDS)}")
    if not all(snippet.strip() for snippet in (*gold.with_snippets, *gold.without_snippets)):
        raise BadSetError(f"{file}: a snippet of 'with' or 'without' is blank")
    return gold


def checked(file: Path, gold: File) -> File:
    """Return gold whose segments have labels of the taxonomy and texts; raise `BadSetError` where one has not."""
    for index, segment in enumerate(gold.segments or ()):
        if segment.label not in taxonomy():
            raise BadSetError(f"{file}: segment {index}: unknown label '{segment.label}'")
        if not segment.text.strip():
            raise BadSetError(f"{file}: segment {index}: empty text")
    return gold


def entry_of(folder: Path, gold: File | None) -> Entry:
    """Make a page with gold of its folder, and of what its gold.json says, where it has one.

    `segments: []` without snippets says that the page has no body; a title, a name or a date of "" that it has none.
    """
    html = _page_file(folder)
    content = partial(unpack, html) if html.suffix == ".gz" else html.read_bytes
    if gold is None:
        return Page(folder.name, content, file=html), Gold(())
    about = (gold.url, gold.charset, gold.language, gold.page_type, gold.site)
    traits = {"family": gold.family} if gold.family else {}
    page = Page(folder.name, content, *about, file=html, traits=traits)
    document = folder / "gold.html"
    markup = markup_of(read_text(document), "html") if document.is_file() else None
    segments = tuple(Segment(segment.label, segment.text, segment.where or None) for segment in gold.segments or ())
    if gold.segments == [] and not (gold.with_snippets or gold.without_snippets):
        segments = (Segment("body", ""),)
    author = (gold.author,) if isinstance(gold.author, str) else gold.author
    said = Metadata(gold.title, None if author is None else tuple(author), gold.date, gold.language)
    return page, Gold(segments, tuple(gold.with_snippets), tuple(gold.without_snippets), markup, said)
