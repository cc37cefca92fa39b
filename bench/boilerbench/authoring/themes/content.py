"""What writers of typical pages write: a site.toml per site, and a Markdown file with TOML in front per page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from boilerbench.authoring.front_matter import PageType
from boilerbench.errors import BadSetError
from boilerbench.files import parse_toml, read_toml, typed
from boilerbench.sets.formats.layout import SNIPPETS

_FENCE = "+++\n"


class Menu(msgspec.Struct, forbid_unknown_fields=True):
    """A column of a menu."""

    name: str
    items: list[str]


class Card(msgspec.Struct, forbid_unknown_fields=True):
    """A teaser of another page, or an entry of a listing."""

    title: str
    text: str = ""
    kicker: str = ""
    date: str = ""
    price: str = ""


class Offer(msgspec.Struct, forbid_unknown_fields=True):
    """What a site says for itself: a promotion, a newsletter, a notice."""

    title: str = ""
    text: str = ""
    action: str = ""
    buttons: list[str] = []


class Post(msgspec.Struct, forbid_unknown_fields=True):
    """A message: a comment with replies, or a post of a thread, whose text is Markdown."""

    name: str
    text: str
    date: str = ""
    role: str = "post"
    replies: list[Post] = []


class Site(msgspec.Struct, forbid_unknown_fields=True):
    """What all pages of a site share; all of it is clutter."""

    name: str
    host: str
    family: str
    language: str
    kind: str
    tagline: str
    nav: list[str]
    menu: list[Menu]
    teasers: list[Card]
    house: Offer
    newsletter: Offer
    notice: Offer
    comment_rules: Offer | None = None


class Content(msgspec.Struct, rename=SNIPPETS, forbid_unknown_fields=True):
    """A page: its body is `markdown`, and of some types `posts` or `items`."""

    path: str
    title: str
    page_type: PageType
    description: str
    section: str
    with_snippets: list[str]
    authors: list[str] = []
    published: str | None = None
    tags: list[str] = []
    breadcrumb: list[str] = []
    price: str = ""
    buttons: list[str] = []
    comments: list[Post] = []
    posts: list[Post] = []
    items: list[Card] = []
    markdown: str = ""


def sites(folder: Path) -> Iterator[tuple[str, Site, dict[str, Content]]]:
    """Read a folder of sites, in order of name: a site's key, the site, and its pages by id.

    Raises `BadSetError` for what cannot be read, and for an id that two pages have.
    """
    seen: dict[str, Path] = {}
    for file in sorted(folder.glob("*/site.toml")):
        pages = {}
        for page in sorted(file.parent.glob("*.md")):
            if other := seen.get(page.stem):
                raise BadSetError(f"{page}: the id of {other}; a page has one of its own")
            seen[page.stem] = page
            pages[page.stem] = _content(page)
        yield file.parent.name, typed(Site, read_toml(file, BadSetError), file, BadSetError), pages


def _content(file: Path) -> Content:
    try:
        head, fence, body = file.read_text(encoding="utf-8").removeprefix(_FENCE).partition("\n" + _FENCE)
        front = parse_toml(head) if fence else {}
    except ValueError as error:
        raise BadSetError(f"{file}: not TOML: {error}") from None
    if not fence:
        raise BadSetError(f"{file}: no TOML between lines of +++")
    return typed(Content, {**front, "markdown": body}, file, BadSetError)
