"""In: content of sites, without markup, and themes (docs/goldset.md). Out: typical pages with their labels on elements.

Not here: what becomes of labels (`authoring.marks`), and any runner: pages are made by features of real ones alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from boilerbench.authoring.front_matter import PageType
from boilerbench.authoring.themes import content, drawing, weight
from boilerbench.authoring.themes.blocks import Blocks, labelled, sections
from boilerbench.authoring.themes.content import Card, Content, Site
from boilerbench.authoring.themes.dressing import dress
from boilerbench.authoring.themes.naming import namer
from boilerbench.authoring.wording import RIGHT_TO_LEFT, Dice, Phrases, phrases, shuffled
from boilerbench.errors import BadSetError
from boilerbench.files import read_toml, typed

_PHRASES = Path("hard/sources/phrases")
_BODIES: dict[PageType, str] = {
    "service": "service",
    "product": "product",
    "collection": "cards",
    "listing": "cards",
    "forum": "thread",
    "qa": "thread",
    "documentation": "documentation",
}
"""The template of a page's body by its type; `article` for all others."""

_SIZES = 13
"""How many sizes of menus and lists there are, 0 the least: heavier sites have longer ones."""

_HEROES = ("article", "service")
"""Bodies whose title stands above them in frames that have a place for it."""


class Family(msgspec.Struct, forbid_unknown_fields=True):
    """A family of templates: a row of families.toml."""

    frame: str
    classes: str
    blocks: Blocks = msgspec.field(default_factory=Blocks)
    lead: bool = False
    hero: bool = False
    state: str = ""
    rich: int = 0


@dataclass(frozen=True)
class Made:
    """A page with its labels, and the front matter that goes with it."""

    id: str
    front: dict[str, Any]
    html: str


class Themes:
    """The families, templates, words and targets of a folder."""

    def __init__(self, folder: Path) -> None:
        about = {name: read_toml(folder / f"{name}.toml", BadSetError) for name in ("families", "words", "targets")}
        self.words, self.targets = about["words"], about["targets"]
        self.families = typed(dict[str, Family], about["families"], folder / "families.toml", BadSetError)
        self.templates = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            comment_start_string="<%#",
            comment_end_string="#%>",
        )


def pages(folder: Path) -> Iterator[Made]:
    """Make the pages of a folder that has `content` and `themes`, site by site.

    Raises `BadSetError` where a page cannot be made, naming it.
    """
    themes = Themes(folder / "themes")
    for key, site, found in content.sites(folder / "content"):
        if site.family not in themes.families:
            raise BadSetError(f"{key}/site.toml: there is no family '{site.family}' in families.toml")
        said = Phrases(key, site.name, site.language, phrases(folder.parent / _PHRASES, site.language))
        maker = _Maker(key, site, themes, said)
        for name, page in found.items():
            try:
                yield maker.made(name, page)
            except (BadSetError, TemplateError, ValueError) as error:
                raise BadSetError(f"{key}/{name}.md: {error}") from None


@dataclass(frozen=True)
class _Maker:
    """Makes the pages of a site, which is called `key`."""

    key: str
    site: Site
    themes: Themes
    said: Phrases

    @property
    def family(self) -> Family:
        return self.themes.families[self.site.family]

    def made(self, name: str, page: Content) -> Made:
        targets = drawing.draw(self.themes.targets["seed"], self.key, name, self.themes.targets)
        url = f"https://{self.site.host}{page.path}"
        named = namer(self.key, self.family.classes, self.themes.words)
        dressed = dress(self._composed(name, page, url, targets), self.key, targets, named)
        front = {
            "url": url,
            "language": self.site.language,
            "page_type": page.page_type,
            "family": self.site.family,
            "encoding": "utf-8",
            "charset": "utf-8",
            "title": page.title,
            "note": self._note(page, targets.counts["scripts"]),
            "authors": page.authors,
            "published": page.published,
            "with": page.with_snippets,
        }
        return Made(name, front, weight.weigh(dressed, self.key, targets, self.family.state))

    def _note(self, page: Content, scripts: int) -> str:
        """Why the page is in its stratum."""
        kept = "" if scripts else ", kept without its scripts"
        what = f"a page ({page.page_type}) of a site ({self.site.kind}) in templates '{self.site.family}'{kept}"
        return f"Typical: {what}; what it is made of is drawn as in real pages."

    def _composed(self, name: str, page: Content, url: str, targets: drawing.Targets) -> str:
        body, how = _BODIES.get(page.page_type, "article"), self.family.blocks
        found = labelled(page.markdown, how, lead=self.family.lead and body == "article")
        blocks = sections(found) if how.sections else found
        posts = [
            {**msgspec.structs.asdict(post), "blocks": [*map(Markup, labelled(post.text, how, label=post.role))]}
            for post in page.posts
        ]
        given = {"blocks": [*map(Markup, blocks)], "posts": posts, "headings": _headings(page.markdown), "body": body}
        given |= {"hero": self.family.hero and body in _HEROES, "url": url, "key": self.key, "page": page}
        given |= {"published": self._dated(page.published)}
        given |= {"site": self.site, "direction": "rtl" if self.site.language in RIGHT_TO_LEFT else "ltr"}
        template = self.themes.templates.get_template(f"frames/{self.family.frame}.html")
        return template.render(given, **self._functions(name, targets))

    def _dated(self, day: str | None) -> str:
        """A day as the site writes it; in a language that nobody has said this of, as it is."""
        form = self.themes.words["dates"].get(self.site.language, "%Y-%m-%d")
        return date.fromisoformat(day).strftime(form) if day else ""

    def _functions(self, page: str, targets: drawing.Targets) -> dict[str, Any]:
        """What templates can call, and how large they are to be: what a site has and picks it does on all its pages."""
        more = self.family.rich + round(50 * (targets.cards - 0.5))
        return {
            "t": self.said.one,
            "ts": self.said.all,
            "u": _address,
            "dice": Dice(f"{self.key}/{page}"),
            "has": lambda what, percent: Dice(f"{self.key}/{what}").number(1, 100) <= percent + more,
            "pick": lambda what, choices: Dice(f"{self.key}/{what}").pick(choices),
            "order": lambda what, names: shuffled(f"{self.key}/{what}", names),
            "size": int(targets.cards * _SIZES),
            "menus": int(targets.menus * _SIZES),
            "teasers": partial(_some, self.site.teasers),
        }


def _headings(markdown: str) -> list[str]:
    return [re.sub(r"[*`]", "", found) for found in re.findall(r"^## (.+)$", markdown, re.MULTILINE)]


def _some(cards: list[Card], first: int, count: int) -> list[Card]:
    """So many cards from a place on, beginning anew behind the last, none twice."""
    return [cards[(first + number) % len(cards)] for number in range(min(count, len(cards)))]


def _address(text: str) -> str:
    """A path for a link, of its words if they are Latin."""
    slug = "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:60]
    return f"/{slug}" if len(slug) > 2 else f"/p/{sum(map(ord, text))}"  # noqa: PLR2004
