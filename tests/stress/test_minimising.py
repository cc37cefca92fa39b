"""Pages on which a runner fails, cut down to small ones; with real children, and by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from boilerbench.labels import load_policy
from boilerbench.model import Extraction, Gold, Segment, Status
from boilerbench.stress.document import Document
from boilerbench.stress.minimising import cuts
from boilerbench.stress.minimising.ddmin import ddmin
from boilerbench.stress.minimising.failure import LET_IN, LOST, Failure
from boilerbench.stress.minimising.sample import Sample
from tests.command import boilerbench, make_runner, rows

POLICY = load_policy("default")


@pytest.mark.parametrize(
    ("needed", "finest", "left"),
    [
        ({3, 7}, 1, [3, 7]),
        (set(), 1, []),
        ({0, 9}, 1, [0, 9]),
        (set(range(10)), 1, [*range(10)]),
        ({3}, 3, [0, 1, 2, 3, 4]),
    ],
)
def test_what_is_not_needed_is_left_out(needed: set[int], finest: int, left: list[int]) -> None:
    assert ddmin(range(10), lambda kept: needed <= set(kept), finest) == left


def test_of_many_items_that_hardly_one_is_needed_of_few_trials_are_made() -> None:
    trials = []
    assert ddmin(range(1000), lambda kept: trials.append(kept) or 500 in kept) == [500]
    assert len(trials) < 40


def sample(html: str, *texts: str) -> Sample:
    return Sample.of(Document(html, tuple(Segment("paragraph", text) for text in texts)))


def texts(found: Sample) -> list[str] | None:
    return None if found.segments is None else [each.text for each in found.segments]


HTML = "<p>Die F&auml;hre, <b>fuhr</b> ab.</p><nav>Die</nav><p>Es war zu früh.</p>"


@pytest.mark.parametrize(
    ("cut", "left"),
    [
        ("", ["Die Fähre, fuhr ab.", "Es war zu früh."]),
        ("<b>fuhr</b>", ["Die Fähre, ab.", "Es war zu früh."]),
        ("<p>Es war zu früh.</p>", ["Die Fähre, fuhr ab."]),
        ("<nav>Die</nav>", ["Die Fähre, fuhr ab.", "Es war zu früh."]),
        ("<b>", ["Die Fähre, fuhr ab.", "Es war zu früh."]),
        ("F&auml;hre, ", ["Die fuhr ab.", "Es war zu früh."]),
        ("&auml;", None),
        ("uhr", None),
    ],
)
def test_gold_is_cut_with_the_page_word_by_word(cut: str, left: list[str] | None) -> None:
    whole = sample(HTML, "Die Fähre, fuhr ab.", "Es war zu früh.")
    place = HTML.find(cut)
    found = whole.without([(place, place + len(cut))])
    assert found.html == HTML.replace(cut, "", 1)
    assert texts(found) == left


def test_a_line_that_something_stands_in_is_found_in_parts_and_a_word_that_is_not_there_is_left_out() -> None:
    html = "<p>Am Ufer saßen Möwen, <aside>Werbung</aside>und keine von ihnen hatte Lust zu folgen.</p>"
    found = sample(html, "Am Ufer saßen graue Möwen, und keine von ihnen hatte Lust zu folgen.")
    assert texts(found) == ["Am Ufer saßen Möwen, und keine von ihnen hatte Lust zu folgen."]


def test_a_line_that_is_not_there_takes_no_word_of_another() -> None:
    assert texts(sample("<p>Its chairman spoke.</p>", "who has its own", "Its chairman spoke.")) == [
        "Its chairman spoke."
    ]


@pytest.mark.parametrize(
    ("status", "text", "kind", "f1", "wrong"),
    [
        (Status.OK, "a b c", LOST, 6 / 7, 1),
        (Status.OK, "a b c d e f g", LET_IN, 8 / 11, 3),
        (Status.EMPTY, "", LOST, 0, 4),
        (Status.OK, "a b c d", LET_IN, 1, 0),
        (Status.ERROR, "", "error ValueError", 0, 0),
    ],
)
def test_what_is_wrong_is_the_worse_of_what_is_lost_and_let_in(
    status: Status, text: str, kind: str, f1: float, wrong: int
) -> None:
    gold = Gold((Segment("paragraph", "a b c d"),))
    found = Failure.of(gold, Extraction(status, text, error="ValueError: no" if status.failed else None), POLICY)
    assert (found.kind, found.f1, found.wrong.total()) == (kind, pytest.approx(f1), wrong)


def failure(gold: str, text: str) -> Failure:
    return Failure.of(Gold((Segment("paragraph", gold),)), Extraction(Status.OK, text), POLICY)


@pytest.mark.parametrize(
    ("gold", "text", "alike"),
    [
        ("a b c", "a", True),
        ("a b x", "a", False),  # a word is lost that was not lost before
        ("b c", "", False),  # nothing comes, where something came
        ("a b", "a y z w", False),  # what is let in is now the worse
    ],
)
def test_a_failure_is_like_another_of_its_kind_over_the_same_words(gold: str, text: str, alike: bool) -> None:
    assert failure(gold, text).like(failure("a b c d", "a")) is alike


def test_nodes_are_found_by_level_also_where_tags_are_missing() -> None:
    html = "<ul><li>one<li>two</ul><p>three<br>four</i>"
    found = cuts.nodes(Document(html, ()))
    levels = [[html[start:end] for ((start, end),) in cuts.level(found, depth)] for depth in range(3)]
    assert levels[0] == ["<ul><li>one<li>two</ul>", "<p>three<br>four</i>"]
    assert levels[1] == ["<li>one", "<li>two", "three", "<br>", "four", "</i>"]
    assert levels[2] == ["one", "two"]


FILLER = "".join(
    f'<div class="box b{n}"><ul>{"".join(f"<li><a href=/{m}>Verweis {n} {m}</a></li>" for m in range(9))}</ul></div>'
    for n in range(150)
)
BODY = [f"Absatz {n} erzählt von der Fähre, die um {n} Uhr mit elf Brötchen an Bord ablegte." for n in range(40)]
BEGIN = "    texts = re.findall('<p>(.*?)</p>', html)\n"
RUNNERS = {
    LOST: f"{BEGIN}    return ' '.join(texts[: len(texts) // 2] if 'class=\"box b7\"' in html else texts)",
    LET_IN: "    found = re.search('<ul>.*</ul>', html)\n    return re.sub('<[^>]+>', ' ', html) if found else ''",
    "error ValueError": "    if 'Verweis 7 7<' in html: raise ValueError('no 77')\n    return ''",
}


@pytest.fixture
def failing(tmp_path: Path) -> str:
    """A set of one page of 50 KB."""
    html = f"<!DOCTYPE html><body>{FILLER}<main>{''.join(f'<p>{text}</p>' for text in BODY)}</main></body>"
    assert len(html) > 50_000
    (tmp_path / "set.jsonl").write_text(
        json.dumps({"id": "p", "html": html, "text": "\n".join(BODY), "language": "de"})
    )
    return f"jsonl:{tmp_path / 'set.jsonl'}"


@pytest.mark.parametrize("kind", RUNNERS)
def test_a_large_page_becomes_a_small_set_on_which_the_runner_fails_likewise(
    kind: str, failing: str, tmp_path: Path, cache: Path
) -> None:
    assert cache
    runner = make_runner(tmp_path, "fails", RUNNERS[kind], "import re")
    out = tmp_path / "small"
    done = boilerbench("stress", "minimise", runner, "p", "--set", failing, "--out", out)
    assert done.returncode == 0, done.stderr
    page = (out / "page.html").read_text()
    assert len(page) < 2_000
    assert kind in done.stdout.splitlines()[0]
    assert done.stdout in (out / "report.md").read_text()
    again = boilerbench("run", runner, "--set", f"pairs:{out}", "--format", "csv", "--out", tmp_path / "run")
    (row,) = rows(again.stdout)
    assert float(row["f1"]) < 0.8
    assert f", {float(row['f1']):.3f} on {len(page.encode())} bytes" in done.stdout
    assert row["failed"] == str(int(kind.startswith("error")))
    if kind == LOST:
        assert 'class="box b7"' in page
        gold = [each["text"] for each in json.loads((out / "page.json").read_text())["segments"]]
        assert len("\n".join(gold)) >= 450
        assert all(line in BODY for text in gold for line in text.splitlines())


def test_what_marks_a_text_that_is_let_in_stays(failing: str, tmp_path: Path, cache: Path) -> None:
    assert cache
    runner = make_runner(tmp_path, "fails", RUNNERS[LET_IN], "import re")
    assert boilerbench("stress", "minimise", runner, "p", "--set", failing, "--out", tmp_path / "small").returncode == 0
    page = (tmp_path / "small" / "page.html").read_text()
    assert '<div class="box b' in page
    assert "<a href=" in page


def test_a_damaged_page_goes_by_the_name_that_stress_gives_it(failing: str, tmp_path: Path, cache: Path) -> None:
    assert cache
    body = f"{BEGIN}    return ' '.join(texts) * (5 if 'cmp-dialog' in html else 1)"
    asked = (make_runner(tmp_path, "fails", body, "import re"), "p@clutter.cookie-dialog.1", "--set", failing)
    done = boilerbench("stress", "minimise", *asked, "--out", tmp_path / "small")
    assert done.returncode == 0, done.stderr
    assert "cmp-dialog" in (tmp_path / "small" / "page.html").read_text()


def test_a_runner_that_fails_by_the_pages_before_is_told_of(failing: str, tmp_path: Path, cache: Path) -> None:
    assert cache
    body = f"    seen.append(1)\n{BEGIN}    return ' '.join(texts[: len(seen) % 2 * 2])"
    runner = make_runner(tmp_path, "fails", body, "import re\nseen = []")
    done = boilerbench("stress", "minimise", runner, "p", "--set", failing, "--out", tmp_path / "small")
    assert done.returncode in (0, 3)
    if done.returncode:
        assert "depends on the pages before" in done.stderr
        assert not (tmp_path / "small").exists()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("html-text", "p"), "--out"),
        (("no-such", "p", "--out", "new"), "unknown runner"),
        (("{runner}", "q", "--out", "new"), "has no page 'q'"),
        (("{runner}", "p@clutter.nothing.1", "--out", "new"), "unknown stress family 'nothing'"),
        (("{runner}", "p", "--out", "new"), "its F1 is 1.000, not below 0.8"),
        (("{runner}", "p", "--out", "."), "is there already"),
    ],
)
def test_wrong_use_of_minimise_is_one_line_and_exit_code_two(
    asked: tuple[str, ...], says: str, failing: str, tmp_path: Path, cache: Path
) -> None:
    assert cache
    runner = make_runner(tmp_path, "works", f"{BEGIN}    return ' '.join(texts)", "import re")
    given = [each.format(runner=runner) for each in asked]
    done = boilerbench("stress", "minimise", *given, "--set", failing, "--quiet", cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
