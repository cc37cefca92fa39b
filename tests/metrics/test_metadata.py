"""Cases computed by hand of what is said of a page beside its text: title, author, date, language."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as clock
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boilerbench.labels import load_policy
from boilerbench.metrics.metadata.author import Author, names_of
from boilerbench.metrics.metadata.date import Date
from boilerbench.metrics.metadata.language import Language
from boilerbench.metrics.metadata.title import Title
from boilerbench.model import Gold, Metadata

if TYPE_CHECKING:
    from random import Random

    from boilerbench.metrics.base import Counts
    from boilerbench.metrics.metadata import Says

POLICY = load_policy("default")


def counted(metric: Says, gold: Any, said: Any, stated: tuple[str, str] | None = None) -> Counts:
    """What a metric counts of one extraction."""
    about = Metadata.of({metric.name: gold})
    of_page = Gold((), metadata=about, stated_dates=(lambda: stated) if stated else None)
    return metric.count(metric.reference(of_page, POLICY), [said])


def units(counts: Counts) -> tuple[float, float, float]:
    return float(counts.tp[0]), float(counts.fp[0]), float(counts.fn[0])


RIGHT, WRONG, NONE = (1, 0, 0), (0, 1, 1), (0, 0, 1)


@pytest.mark.parametrize(
    ("gold", "said", "expected", "exact"),
    [
        ("Boats and Weirs", "BOATS and weirs", RIGHT, True),
        ("Boats & Weirs", "Boats &amp; Weirs", RIGHT, True),
        ("ﬁne weather", "fine weather", RIGHT, True),
        ("Boats", "Boats | The Valley", RIGHT, False),
        ("Boats", "The Valley - Boats", RIGHT, False),
        ("Boats", "The Valley｜Boats", RIGHT, False),  # noqa: RUF001  # as it is
        ("Boats", "News » Boats · The Valley", RIGHT, False),
        ("Boats | The Valley", "Boats", RIGHT, False),
        ("Boats: a history", "Boats", RIGHT, False),
        ("Re-use of boats", "Re", WRONG, False),
        ("Boats", "Boats of the Valley", WRONG, False),
        ("Boats | The Valley", "Boats | The Hills", WRONG, False),
        ("Boats", "", NONE, False),
        ("Boats", " \n", NONE, False),
        ("Boats", "| - ", WRONG, False),
    ],
)
def test_a_title_is_right_with_and_without_the_name_of_its_site(
    gold: str, said: str, expected: tuple[int, int, int], exact: bool
) -> None:
    counts = counted(Title(), gold, said)
    assert (units(counts), bool(counts.exact[0])) == (expected, exact)


@pytest.mark.parametrize(
    ("gold", "said", "expected"),
    [
        (["Jane Doe", "Luc Roy"], ["Jane Doe"], (1, 0, 1)),
        (["Jane Doe"], ["Jane Doe", "Luc Roy"], (1, 1, 0)),
        (["Jane Doe"], ["Jane Doe", "jane doe", "Doe Jane"], (1, 0, 0)),
        (["Jane Doe"], ["By Jane Doe"], (1, 0, 0)),
        (["Grit Ammersbach"], ["Von Grit Ammersbach"], (1, 0, 0)),
        (["Anna Bell", "Luc Roy"], ["Par Anna Bell et Luc Roy"], (2, 0, 0)),
        (["Anna Bell", "Luc Roy", "Eva Ott"], ["Written by Anna Bell, Luc Roy & Eva Ott"], (3, 0, 0)),
        (["Anna Bell", "Luc Roy"], ["Anna Bell und Luc Roy"], (2, 0, 0)),
        (["Anna Bell", "Luc Roy"], ["Anna Bell; Luc Roy / Anna Bell | luc@roy.example"], (2, 0, 0)),
        (["Jane A. Doe"], ["Jane Doe"], (1, 0, 0)),
        (["Jane Doe"], ["J. Doe"], (1, 0, 0)),
        (["Jane Doe"], ["J. Roe"], (0, 1, 1)),
        (["Jane Doe"], ["John Doe"], (0, 1, 1)),
        (["Jane Doe"], ["Doe"], (0, 1, 1)),
        (["Jane Doe"], ["Jane Doe, MD, Staff Writer"], (1, 0, 0)),
        (["Jane Doe"], ["Dr. Jane Doe, Ph.D., FACS (The Valley)"], (1, 0, 0)),
        (["Jane Doe"], ["Jane Doe; Ph D"], (1, 0, 0)),
        (["Jane Doe", "Luc Roy"], ["JANE DOE, LUC ROY"], (2, 0, 0)),
        (["Jane Doe"], ["Jane Doe https://valley.example/jane"], (1, 0, 0)),
        (["Jane Doe"], ["Selby Jones"], (0, 1, 1)),
        (["Jane Doe"], ["[no-author]"], (0, 0, 1)),
        (["Jane Doe"], ["https://valley.example/jane"], (0, 0, 1)),
        (["Jane Doe"], [], (0, 0, 1)),
        (["Jane Doe", "J. Doe"], ["Jane Doe"], (1, 0, 1)),
        (["陶以恒", "邹敏"], ["陶以恒、邹敏"], (2, 0, 0)),
        (["दीपांकर बघेलिया"], ["दीपा बाजपेया"], (0, 1, 1)),
        (["بهین\u200cفر"], ["بهینفر"], (1, 0, 0)),
        (["陶以恒", "邹敏"], ["陶以恒；邹敏"], (2, 0, 0)),  # noqa: RUF001  # likewise
    ],
)
def test_authors_are_a_set_of_names(gold: list[str], said: list[str], expected: tuple[int, int, int]) -> None:
    counts = counted(Author(), gold, tuple(said))
    assert units(counts) == expected
    assert bool(counts.exact[0]) == (expected[1:] == (0, 0))


def test_what_is_cut_from_names_leaves_names() -> None:
    assert names_of(["Center for Boats and Weirs"]) == [("center", "for", "boats"), ("weirs",)]
    assert names_of(["The Valley Editorial Team"]) == [("the", "valley", "editorial", "team")]
    assert names_of(["Ortega y Gasset", "N/A", "None", "42"]) == [("ortega",), ("gasset",)]


@pytest.mark.parametrize(
    ("gold", "said", "expected"),
    [
        ("2020-01-02", "2020-01-02", RIGHT),
        ("2020-01-02", "2020-01-02T10:00:00Z", RIGHT),
        ("2020-01-02", "2020-01-02T23:30:00-05:00", RIGHT),
        ("2020-01-03", "2020-01-02T23:30:00-05:00", RIGHT),
        ("2020-01-04", "2020-01-02T23:30:00-05:00", WRONG),
        ("2020-01-02", "2020-01-03", WRONG),
        ("2020-01-02", "20200102", RIGHT),
        ("2020-01-02", "2020/1/2 10:00", RIGHT),
        ("2020-01-02", "2020年1月2日", RIGHT),
        ("2020-05-02", "Sat, 02 May 2020 10:00:00 GMT", RIGHT),
        ("2020-05-02", "May 2nd, 2020", RIGHT),
        ("2020-05-02", "2 May 2020", RIGHT),
        ("2020-12-31", "31.12.2020", RIGHT),
        ("2020-01-02", "02/01/2020", WRONG),
        ("2020-01-02", "01/02/2020", WRONG),
        ("2020-01-02", "yesterday", WRONG),
        ("2020-01-02", "2020-13-45", WRONG),
        ("2020-01", "2020-01-31", RIGHT),
        ("2020-01", "2020-02-01", WRONG),
        ("2020-01-02", "2020-01", WRONG),
        ("2020", "2020-07-01", RIGHT),
        ("2020-01-02", "", NONE),
    ],
)
def test_a_date_is_the_day_as_written_or_in_utc(gold: str, said: str, expected: tuple[int, int, int]) -> None:
    assert units(counted(Date(), gold, said)) == expected


def test_gold_that_is_no_date_is_none() -> None:
    assert units(counted(Date(), "2022-29-11", "2022-11-29")) == (0, 1, 0)


@pytest.mark.parametrize(
    ("said", "stated", "expected"),
    [
        ("2020-01-02", ("2020-01-02", "2020-03-04T08:00:00Z"), RIGHT),
        ("2020-03-04", ("2020-01-02", "2020-03-04T08:00:00Z"), RIGHT),
        ("2020-03-05", ("2020-01-02", "2020-03-04T08:00:00Z"), WRONG),
        ("2020-01-02", ("2020-01-02", ""), WRONG),
        ("2020-01-02", ("2020-01-02", "2020-05-06"), WRONG),
        ("2020-01-02", ("2020-03-04", "2020-03-04"), WRONG),
    ],
)
def test_where_gold_is_the_day_of_the_change_that_of_the_publication_is_right_too(
    said: str, stated: tuple[str, str], expected: tuple[int, int, int]
) -> None:
    assert units(counted(Date(), "2020-03-04", said, stated)) == expected


@pytest.mark.parametrize(
    ("said", "swapped"),
    [("2020-02-01", 1), ("01/02/2020", 1), ("02/01/2020", 1), ("2020-01-02", 0), ("03/02/2020", 0), ("", 0), ("?", 0)],
)
def test_day_and_month_the_wrong_way_round_are_told(said: str, swapped: int) -> None:
    right, of = counted(Date(), "2020-01-02", said).beside["swapped"]
    assert (right[0], of[0]) == (swapped, bool(said))


@pytest.mark.parametrize(
    ("gold", "said", "expected"),
    [
        ("pt", "pt-BR", RIGHT),
        ("pt-PT", "PT_br", RIGHT),
        ("he", "iw", RIGHT),
        ("no", "nb", RIGHT),
        ("en", "eng", WRONG),
        ("en", "English", WRONG),
        ("en", "de", WRONG),
        ("en", "", NONE),
    ],
)
def test_a_language_is_the_first_part_of_a_tag(gold: str, said: str, expected: tuple[int, int, int]) -> None:
    assert units(counted(Language(), gold, said)) == expected


@pytest.mark.parametrize("metric", [Title(), Author(), Date(), Language()], ids=lambda metric: metric.name)
def test_what_gold_does_not_say_is_surplus_and_in_no_ratio(metric: Says) -> None:
    of_page = Metadata(title="T") if metric.name != "title" else Metadata(language="en")
    said: Any = ("Jane Doe",) if metric.name == "author" else "2020-01-02"
    counts = metric.count(metric.reference(Gold((), metadata=of_page), POLICY), [said, said[:0]])
    assert (counts.tp.tolist(), counts.fp.tolist(), counts.fn.tolist()) == ([0, 0], [1, 0], [0, 0])
    assert not counts.exact.any()
    assert np.isnan(list(vars(metric.ratios(counts)).values())).all()


def test_precision_is_of_what_is_said() -> None:
    metric = Title()
    found = metric.ratios(metric.count(["Boats"], ["Boats", "Weirs", ""]))
    assert found.f1.tolist() == found.recall.tolist() == [1, 0, 0]
    assert np.array_equal(found.precision, [1, 0, np.nan], equal_nan=True)


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 100_000,
        "a@" * 50_000,
        "(" * 100_000,
        "[" * 100_000,
        "a, " * 33_333,
        " - " * 33_333,
        "1 " * 50_000,
        "a | " * 25_000,
    ],
    ids=lambda text: text[:4],
)
def test_however_long_what_is_said_it_is_judged_at_once(hostile: str) -> None:
    began = time.process_time()
    for metric, gold in ((Title(), "a | b"), (Author(), ["a b"]), (Date(), "2020-01-02"), (Language(), "en")):
        said: Any = (hostile,) if metric.name == "author" else hostile
        assert counted(metric, gold, said).tp[0] == 0
    assert time.process_time() - began < 5


NAMES = st.lists(st.text("abcdefgh", min_size=3, max_size=8), min_size=2, max_size=3).map(" ".join)


@given(st.lists(NAMES, min_size=1, max_size=5, unique_by=lambda name: tuple(sorted(name.split()))), st.randoms())
def test_authors_in_any_order_and_case_are_the_same_and_each_that_is_left_out_is_missing(
    names: list[str], chance: Random
) -> None:
    shuffled = chance.sample(names, len(names))
    assert units(counted(Author(), names, ("; ".join(shuffled).title(),))) == (len(names), 0, 0)
    tp, fp, fn = units(counted(Author(), names, tuple(shuffled[1:])))
    assert (tp + fn, fp) == (len(names), 0)
    assert fn == 1


@given(st.lists(st.text("abcdefgh", min_size=1), min_size=1, max_size=4).map(" ".join), st.sampled_from("|·•»"))
def test_a_title_stays_right_whatever_site_stands_beside_it(title: str, sign: str) -> None:
    for said in (title, title.upper(), f"{title} {sign} Zzz", f"Zzz {sign} {title}", f"Zzz - {title} {sign} Zzz"):
        assert units(counted(Title(), title, said)) == RIGHT
        assert units(counted(Title(), said, title)) == RIGHT
    assert units(counted(Title(), title, f"{title} zzz")) == WRONG


@given(st.dates(), st.integers(-12, 14), st.integers(0, 23))
def test_a_day_is_right_as_written_and_in_utc_and_no_other_is(day: date, offset: int, hour: int) -> None:
    if not date(1000, 1, 2) <= day < date(9999, 12, 30):
        return
    said = datetime.combine(day, clock(hour), timezone(timedelta(hours=offset)))
    for gold in (day + timedelta(days=each) for each in (-2, -1, 0, 1, 2)):
        right = gold in (day, said.astimezone(UTC).date())
        assert units(counted(Date(), gold.isoformat(), said.isoformat())) == (RIGHT if right else WRONG)
