"""What build tools and templates do to a page on its way: the gold is not touched."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from boilerbench.stress.document import Document, Edit, Stressor, Tag, shown, some
from boilerbench.stress.families.inserting import pieces_of

_KEPT = frozenset(("pre", "script", "style", "textarea"))
_BLOCK = r"(?:p|div|ul|ol|li|h[1-6]|section|article|header|footer|nav|main|table|tbody|tr|body|html|head)"
_STEPS: tuple[Callable[[str], str], ...] = (
    partial(re.compile(rf"(</?{_BLOCK}(?:\s[^<>]*)?>)\s+(?=</?{_BLOCK}\b)", re.IGNORECASE).sub, r"\1"),
    partial(re.compile(r"<!--(?!\[if).*?(?:-->|\Z)", re.DOTALL).sub, ""),
    partial(re.compile(r"""(\s[\w-]+=)"([\w./#-]+)"(?=[\s>])""").sub, r"\1\2"),
    partial(re.compile(r"</(?:p|li|tr|td)>(?=</?(?:p|li|tr|td|ul|ol|div)\b)", re.IGNORECASE).sub, ""),
    partial(re.compile(r"[ \t\r\n]+").sub, " "),
)
"""What a minifier does, one thing after the other: blanks between blocks, comments, quotes, end tags, other blanks."""


def _minified(document: Document, dose: int, random: Random) -> Document | None:  # noqa: ARG001  nothing is drawn
    done, edits = 0, list[Edit]()
    for start, end in [*_kept(document), (len(document.html),) * 2]:
        part = document.html[done:start]
        for step in _STEPS[:dose]:
            part = step(part)
        edits.append((done, start, part))
        done = end
    return document.edited(edits).unless(document)


def _kept(document: Document) -> Iterator[tuple[int, int]]:
    """From where to where there is what no minifier of markup touches."""
    inside: Tag | None = None
    for tag in document.tags:
        if inside is None and tag.name in _KEPT and not tag.closing:
            inside = tag
        elif inside and tag.closing and tag.name == inside.name:
            yield inside.start, tag.end
            inside = None


def _indented(document: Document, dose: int, random: Random) -> Document | None:
    """Break and indent lines within paragraphs."""
    chosen = some(document.paragraphs, dose, random)
    return document.with_texts(lambda text: text.replace(" ", "\n" + " " * 12), chosen).unless(document)


def _payload(document: Document, dose: int, random: Random) -> Document | None:  # noqa: ARG001  nothing is drawn
    """Data for scripts: the text as often as the dose, as markup in JSON."""
    texts = [shown(document.html[each.inner : each.close]) for each in document.paragraphs]
    data = {"props": {"pageProps": {"blocks": [f"<p>{text}</p>" for text in texts] * dose}}}
    return document.with_markup(
        document.bottom, f'<script id="__DATA__" type="application/json">{_json(data)}</script>'
    )


def _linked_data(document: Document, dose: int, random: Random) -> Document | None:  # noqa: ARG001  nothing is drawn
    """JSON-LD with other articles, whose bodies are not this one's."""
    prose = pieces_of("prose", document.language)[:dose]
    data = [{"@context": "https://schema.org", "@type": "NewsArticle", "articleBody": text} for text in prose]
    return document.with_markup(document.top, f'<script type="application/ld+json">{_json(data)}</script>')


def _between(name: str, summary: str, markup: str) -> Stressor:
    return Stressor(name, "delivery", summary, partial(_put_between, markup))


def _put_between(markup: str, document: Document, dose: int, random: Random) -> Document | None:
    """Put markup behind some paragraphs."""
    chosen = some(document.paragraphs, dose, random)
    return document.edited((each.end, each.end, markup) for each in chosen).unless(document)


def _styled(document: Document, dose: int, random: Random) -> Document | None:
    """Give paragraphs attributes of an editor."""
    attributes = ' style="margin:0 0 1em;line-height:1.6" data-block-key="5f3a" dir="auto"'
    edits: list[Edit] = []
    for each in some(document.paragraphs, dose, random):
        at = each.start + 1 + len(each.tag)
        edits.append((at, at, attributes))
    return document.edited(edits).unless(document)


def _json(data: object) -> str:
    """JSON that can stand in a script."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


STRESSORS = (
    Stressor(
        "minified",
        "delivery",
        "blanks between blocks, comments, quotes, end tags and other blanks go, one a dose",
        _minified,
    ),
    Stressor("indented", "delivery", "broken and indented lines in a fifth of the paragraphs for each dose", _indented),
    Stressor("payload", "delivery", "the text in data for scripts, once for each dose", _payload),
    Stressor("linked-data", "delivery", "another article in JSON-LD for each dose", _linked_data),
    _between(
        "lazy-images",
        "pictures that scripts load, behind a fifth of the paragraphs for each dose",
        '<figure><img class="lazy" data-src="/i.jpg" alt=""><noscript><img src="/i.jpg" alt=""></noscript></figure>',
    ),
    _between(
        "scripts",
        "scripts behind a fifth of the paragraphs for each dose",
        '<script>(window.slots=window.slots||[]).push("mid-text")</script>',
    ),
    _between(
        "empty-slots",
        "empty elements for adverts behind a fifth of the paragraphs for each dose",
        '<div class="ad-slot" id="slot-mid" data-size="300x250"></div>',
    ),
    Stressor("styled", "delivery", "attributes of an editor on a fifth of the paragraphs for each dose", _styled),
)
