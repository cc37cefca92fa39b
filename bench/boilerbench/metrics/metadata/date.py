"""`date`: whether an extraction has the calendar day on which a page was published.

Right is the day as it is written, or that of the same instant in UTC; a day off is wrong. Gold of a month, or of a
year, is compared as such. Where gold is the day on which the page says that it was modified, and not the one on which
it says that it was published, either is right. Numbers whose order a locale would tell (01/02/2020) are no date;
`swapped` are dates that have day and month of gold the wrong way round, or in such an order.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple, TypeAlias

import numpy as np

from boilerbench.labels import Policy
from boilerbench.metrics.base import Counts
from boilerbench.metrics.metadata import Says, said
from boilerbench.model import Gold

Days: TypeAlias = frozenset[str]
"""Days, months or years as ISO 8601 has them, one of which is meant."""

_LONGEST = 100
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_NAMES)})[a-z]*\.?"
_YEAR_FIRST = re.compile(r"(\d{4})(?:\s?[-/.年]\s?(\d\d?)(?:\s?[-/.月]\s?(\d\d?))?)?(?!\d)")
_WEEKDAY = r"(?:[a-z]+\.?,?\s+)?"
_DAY = r"(?P<day>\d\d?)(?:st|nd|rd|th)?"
_MONTH_NAMED = (
    re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"{_WEEKDAY}{_DAY}[\s.-]+{_MONTH}[\s,-]+(?P<year>\d{{4}})\b", re.IGNORECASE),
)
_YEAR_LAST = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4})(?!\d)")


class Said(NamedTuple):
    """What is said of a day: those it may be, and those that only a locale would tell."""

    days: Days
    unclear: Days = frozenset()


class Date(Says):
    """Share of dates that are right: of those that are said (precision), and of all (recall, F1)."""

    name = "date"
    view = said("date")

    def read(self, said: str) -> Sequence[Said]:
        """The date, if there is one."""
        return [date_of(said)] if said.strip() else []

    def reference(self, gold: Gold, policy: Policy) -> Sequence[Said]:
        """The day of gold, and the one on which the page says that it was published, where that is right, too."""
        items = [item for item in super().reference(gold, policy) if item.days]  # some sets have days of a 29th month
        if not items or not gold.stated_dates:
            return items
        (meant,) = items
        published, modified = (date_of(said).days for said in gold.stated_dates())
        return (
            [Said(meant.days | published)]
            if _fits(meant.days, modified) and not _fits(meant.days, published)
            else items
        )

    def match(self, gold: Sequence[Said], said: Sequence[Said]) -> tuple[int, bool]:
        """Whether the date is right."""
        right = _fits(gold[0].days, said[0].days)
        return int(right), right

    def count(self, reference: Sequence[Said], said: Sequence[str]) -> Counts:
        """Match what each extraction says, and count what is swapped."""
        found = super().count(reference, said)
        swapped = [
            bool(reference) and any(_swapped(reference[0].days, each) for each in self.read(one)) for one in said
        ]
        return replace(found, beside={"swapped": (np.array(swapped, float), found.tp + found.fp)})


def date_of(said: str) -> Said:
    """Read a date in ISO 8601, as e-mails have it, or in English; otherwise in numbers that no locale has to order."""
    said = said.strip()[:_LONGEST]
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError, OverflowError, IndexError, TypeError):
            return Said(frozenset(_days_of(parse(said))))
    if found := _YEAR_FIRST.match(said):
        return Said(_valid(*found.groups()))
    if found := next(filter(None, (each.match(said) for each in _MONTH_NAMED)), None):
        month = _NAMES.index(found["month"].lower()) + 1
        return Said(_valid(found["year"], str(month), found["day"]))
    if found := _YEAR_LAST.match(said):
        readings = _valid(found[4], found[1], found[3]) | _valid(found[4], found[3], found[1])
        return Said(readings) if len(readings) == 1 else Said(frozenset(), readings)
    return Said(frozenset())


def _days_of(instant: datetime) -> Iterator[str]:
    yield instant.date().isoformat()
    if instant.tzinfo:
        yield instant.astimezone(UTC).date().isoformat()


def _valid(year: str, month: str | None, day: str | None) -> Days:
    """Write a day, a month or a year as ISO 8601 has it, if there is such a one."""
    with suppress(ValueError):
        return frozenset(
            [date(int(year), int(month or 1), int(day or 1)).isoformat()[: 10 if day else 7 if month else 4]]
        )
    return frozenset()


def _fits(wanted: Days, said: Days) -> bool:
    """Whether what is said is one of the wanted days, or lies in a wanted month or year."""
    return any(each.startswith(tuple(wanted)) for each in said)


def _swapped(wanted: Days, said: Said) -> bool:
    turned = frozenset(f"{day[:4]}-{day[8:]}-{day[5:7]}" for day in wanted if len(day) == len("2020-01-02"))
    return not _fits(wanted, said.days) and (_fits(wanted, said.unclear) or bool(turned & said.days))
