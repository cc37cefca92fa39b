"""The set format `stress:SET?…`: every page of a set as it is, and damaged by each stressor in each dose.

Its pages are made when they are read. `PAGE@clean` is the page itself, `PAGE@FAMILY.STRESSOR.DOSE` a damaged one; all
are of one site. There are those alone that show the words of their gold, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from urllib.parse import parse_qsl, urlencode

from boilerbench import sets
from boilerbench.errors import BadSetError, UsageError
from boilerbench.model import Entry, Gold, GoldSet, Page, Segment, Stream
from boilerbench.sets.formats import several
from boilerbench.stress import DOSES, select
from boilerbench.stress.document import Document, Stressor, body_of
from boilerbench.text.convert import unlaid
from boilerbench.text.decoding import decode
from boilerbench.text.tokens import NATURAL_WORDS, tokenise

CLEAN = "clean"
"""What stands behind `@` of a page as it is."""

_DAMAGED = re.compile(r".+@(clean|[^.@]+\.[^.@]+\.[1-5])")


def spec_of(name: str, only: Sequence[str] = (), doses: Sequence[int] = (), limit: int | None = None) -> str:
    """What names the stressed pages of a set; of families or stressors, in doses, of its first pages."""
    if "://" in name:
        raise UsageError(f"{name}: a set to stress has to be on this machine; it cannot be a URL")
    asked = {"only": ",".join(sorted(set(only))), "dose": ",".join(map(str, sorted(set(doses)))), "limit": limit or ""}
    return f"stress:{name}?{urlencode({key: value for key, value in asked.items() if value}, safe=',')}"


def parts_of(page: str) -> tuple[str, str, str, int]:
    """The page that a stressed one was made of, the family, the stressor and the dose: 0 where it is as it was."""
    source, _, damage = page.rpartition("@")
    if damage == CLEAN:
        return source, "", "", 0
    family, name, dose = damage.split(".")
    return source, family, name, int(dose)


def find(name: str, page: str) -> Entry:
    """A page of a set, or one that is made of such a page, by its id. `UsageError` where there is none."""
    found = _find(name, page)
    if found is None and _DAMAGED.fullmatch(page):
        source, _, stressor, dose = parts_of(page)
        found = _find(spec_of(name, [stressor], [dose]), page) if stressor else _find(name, source)
    if found is None:
        raise UsageError(f"set '{name}' has no page '{page}'; boilerbench sets show {name} lists them")
    return found


def _find(name: str, page: str) -> Entry | None:
    return next((entry for entry in sets.load(name).entries if entry[0].id == page), None)


@several
def read(path: Path) -> GoldSet:
    """Read a set whose name stands before `?`; behind that, `only`, `dose` and `limit`, each with `=`.

    Pages that do not show the words of their body in order, or have none, are left out. `UsageError` for another key.
    """
    name, _, query = str(path).partition("?")
    asked = dict(parse_qsl(query))
    doses = tuple(map(_number, filter(None, asked.pop("dose", "").split(",")))) or DOSES
    only = list(filter(None, asked.pop("only", "").split(",")))
    stressors = select(only)
    limit = asked.pop("limit", "")
    if asked or not set(doses) <= set(DOSES) or name.startswith("stress:"):
        raise UsageError(
            f"set 'stress:{path}': expected stress:SET?only=FAMILY,…&dose={','.join(map(str, DOSES))}&limit=N"
        )
    goldset = sets.first(sets.load(name), _number(limit) if limit else None)
    ways = [(each, dose) for each in stressors for dose in doses]
    proved: dict[str, list[_Way]] = {}
    left_out: dict[str, str] = {}
    return replace(
        goldset,
        name="-".join([goldset.name, "stress", *(only if len(only) == 1 else ())]),
        spec=f"stress:{path}",
        entries=Stream(lambda: _entries(goldset, ways, proved, left_out)),
        left_out=left_out,
        cut=False,
    )


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise UsageError(f"stress: '{text}' is neither a dose nor a number of pages")
    return int(text)


def _entries(
    goldset: GoldSet, ways: Sequence[tuple[Stressor, int]], proved: dict[str, list[_Way]], left_out: dict[str, str]
) -> Iterator[Entry]:
    """Each page and what becomes of it; `proved` remembers what was found to show its gold."""
    for page, gold in goldset.entries:
        source = _Source(page, gold)
        if page.id not in proved and page.id not in left_out:
            if why := source.unfit:
                left_out[page.id] = why
            else:
                proved[page.id] = [way for each, dose in ways if (way := source.proved(each, dose))]
        if page.id in left_out:
            continue
        yield replace(page, id=f"{page.id}@{CLEAN}", stated_site=page.site), gold
        yield from map(source.entry, proved[page.id])


@dataclass(frozen=True)
class _Way:
    """A stressor in a dose of which a page is known to show its gold: `segments`, where that is no longer its own.

    `charset` is what the transport declares then.
    """

    stressor: Stressor
    dose: int
    charset: str | None
    segments: tuple[Segment, ...] | None


@dataclass(frozen=True, eq=False)
class _Source:
    """A page that others are made of."""

    page: Page
    gold: Gold

    @property
    def unfit(self) -> str:
        """Why nothing can be known of what is made of it; empty where it can be."""
        if not body_of(self.gold).strip():
            return "has no body"
        return "" if shows(self.page.read(), self.page.charset, self.gold) else "does not show its gold in order"

    def proved(self, stressor: Stressor, dose: int) -> _Way | None:
        """How it is damaged; None where it cannot be, or no longer shows its gold then."""
        found = self.damaged(stressor, dose)
        if found is None or not shows(found.content, found.charset, replace(self.gold, segments=found.segments)):
            return None
        return _Way(stressor, dose, found.charset, None if found.segments == self.gold.segments else found.segments)

    def entry(self, way: _Way) -> Entry:
        """The damaged page, which is made when it is read, and its gold."""
        page = replace(
            self.page,
            id=f"{self.page.id}@{way.stressor.family}.{way.stressor.name}.{way.dose}",
            read=partial(self.read, way),
            charset=way.charset,
            stated_site=self.page.site,
            file=None,
            around=None,
        )
        return page, self.gold if way.segments is None else replace(self.gold, segments=way.segments, markup=None)

    def read(self, way: _Way) -> bytes:
        """The bytes of the damaged page."""
        found = self.damaged(way.stressor, way.dose)
        if found is None:
            raise BadSetError(f"page {self.page.id} has changed since it was read first")
        return found.content

    def damaged(self, stressor: Stressor, dose: int) -> Document | None:
        """The page as a stressor leaves it; random numbers are those of the stressor and the page."""
        return stressor.apply(_document(self), dose, Random(f"{stressor.name} {self.page.id}"))  # noqa: S311  no secret


@lru_cache(maxsize=8)
def _document(source: _Source) -> Document:
    return Document.of(source.page, source.gold)


def shows(content: bytes, charset: str | None, gold: Gold) -> bool:
    """Whether the text of a page has all words of its gold's body, in order."""
    try:
        text = unlaid(decode(content, charset))
    except ValueError:  # nested deeper than libraries read
        return False
    return has_in_order(text, body_of(gold))


def has_in_order(text: str, wanted: str) -> bool:
    """Whether a text has all words of another, in order."""
    rest = iter(_words(text))
    return all(word in rest for word in _wanted(wanted))


def _words(text: str) -> list[int]:
    found: list[int] = tokenise((text,), NATURAL_WORDS).hashes.tolist()
    return found


_wanted = lru_cache(maxsize=2)(_words)  # a page's gold is cut once for all that is made of it
