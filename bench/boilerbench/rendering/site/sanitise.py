"""A page's own HTML, made fit to be looked at: nothing in it runs, loads, links or speaks to a host.

The site shows it in a frame without any rights under a policy that allows no request; what no policy covers (looking
up a host's name, say) is not there any more. The sanitiser is nh3, which parses as browsers do.
"""

import html as entities
import re
from pathlib import Path
from typing import Any

from boilerbench.errors import UsageError
from boilerbench.files import read_toml

_LISTS = read_toml(Path(__file__).with_suffix(".toml"), UsageError)
_KEPT: dict[str, Any] = {
    "tags": set(_LISTS["content"].split()),
    "clean_content_tags": set(_LISTS["gone"].split()),
    "attributes": {"*": set(_LISTS["attributes"].split())},
    "url_schemes": set(),
    "link_rel": None,
    "strip_comments": True,
}
_STYLES = re.compile(r'style(?:(?<=<style)\b[^<]*(?:<(?!/style>)[^<]*)*</style>|(?<=\sstyle)="[^"(@]*[(@][^"]*")')
_LOADS = re.compile(r"[@uU](?:(?<=@)(?i:import)[^;}]*;?|(?<!@)(?i:rl)\([^)]*\)?)")
_TITLE, _TITLE_END = re.compile(r"<title\b[^<>]*>", re.IGNORECASE), re.compile("</title", re.IGNORECASE)
_NESTED = re.compile(
    r"<(/?)(?:article|aside|blockquote|center|details|dir|div|dl|fieldset|figure|footer|form|header|main|menu|nav|ol|"
    r"section|table|ul)\b",
    re.IGNORECASE,
)
_DEEPEST = 2_000


def sanitised(html: str) -> str:
    """Keep text, structure and inline styles of a page; drop scripts, media, forms, addresses and what is unknown.

    What follows where a page nests absurdly deep is left out. Addresses in styles are dropped to keep the browser's log
    clean: it is the policy that lets no style load anything.
    """
    import nh3

    kept = nh3.clean(html[: _too_deep(html)], **_KEPT)
    return _STYLES.sub(lambda style: _LOADS.sub(_nothing, style[0]), kept)


def _too_deep(html: str) -> int | None:
    """Where a page nests deeper than any browser shows: parsing takes the square of the depth."""
    if html.count("<") <= _DEEPEST:
        return None
    depth = 0
    for tag in _NESTED.finditer(html):
        depth = max(0, depth + (-1 if tag[1] else 1))
        if depth > _DEEPEST:
            return tag.start()
    return None


def _nothing(found: re.Match[str]) -> str:
    return "" if found[0].startswith("@") else "none"


def title_of(html: str) -> str:
    """What a browser's tab would say; empty where the page has no title."""
    start = _TITLE.search(html)
    end = _TITLE_END.search(html, start.end()) if start else None
    text = html[start.end() : end.start()] if start and end else ""
    return " ".join(entities.unescape(text).split())[:200]
