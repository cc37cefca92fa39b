"""A run goes through its pages by windows, holds two of them, and goes on where it was ended."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from boilerbench import sets
from boilerbench.errors import UsageError
from boilerbench.extraction import record, window
from boilerbench.extraction.alignment import aligned
from boilerbench.extraction.pool import Options
from boilerbench.extraction.window import windows
from boilerbench.model import FIELDS, UNSAID, Extraction, Gold, GoldSet, Metadata, Page, Segment, Status, Stream
from boilerbench.runners import registry
from boilerbench.storage.run_folder import RunFolder
from tests.command import extractions, make_runner, make_set

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READ = Counter[str]()


class Until:
    """An observer that interrupts the run at a page."""

    def __init__(self, pages: int) -> None:
        self.left = pages

    def plan(self, runner: str, pages: int, from_cache: int) -> None: ...

    def planned(self) -> None: ...

    def note(self, runner: str, text: str) -> None: ...

    def done(self, runner: str, extraction: Extraction) -> None:  # noqa: ARG002  # as it is called
        self.left -= 1
        if self.left < 0:
            raise InterruptedError


def stream(pages: int, word: str = "body") -> GoldSet:
    """A set that is read anew each time, and counts in `READ` which pages were."""

    def entries() -> Iterator[tuple[Page, Gold]]:
        for number in range(pages):
            yield Page(f"p{number}", lambda n=number: read(n), f"https://example.org/p{number}"), gold(number)

    def read(number: int) -> bytes:
        READ[f"p{number}"] += 1
        return f"<p>body {number}</p>".encode()

    def gold(number: int) -> Gold:
        return Gold((Segment("body", f"{word} {number}"),))

    return GoldSet("streamed", "streamed:", Stream(entries))


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(window, "SIZE", 4)
    monkeypatch.setenv("BOILERBENCH_CACHE", str(tmp_path / "cache"))
    READ.clear()


def run(out: Path, goldset: GoldSet, *files: Path, until: int = 1000, **options: object) -> RunFolder:
    folder = RunFolder.create(out)
    runners = [registry.find(str(file)) for file in files]
    record.extract(folder, runners, [goldset], replace(Options(mode="host", jobs=2), **options), Until(until))  # type: ignore[arg-type]
    return folder


def test_pages_are_cut_into_windows_across_sets_and_parts_are_not() -> None:
    one, other = replace(stream(3), name="one"), replace(stream(6), name="other")
    cut = list(windows([one, other], ["a"]))
    assert [[(task.goldset, task.page.id) for task in each.tasks] for each in cut] == [
        [("one", "p0"), ("one", "p1"), ("one", "p2"), ("other", "p0")],
        [("other", "p1"), ("other", "p2"), ("other", "p3"), ("other", "p4")],
        [("other", "p5")],
    ]
    for task in cut[0].tasks:
        cut[0].hold("a", task, Extraction(Status.EMPTY))
    assert [(part.set, part.pages) for part in cut[0].parts()] == [("one", ["p0", "p1", "p2"]), ("other", ["p0"])]


@pytest.mark.parametrize("room", [0, 9, 1000])
def test_what_memory_has_no_room_for_comes_back_as_it_was(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "_IN_MEMORY", room)
    monkeypatch.setattr(window, "_IN_PART", 9)
    (held,) = windows([stream(4)], ["a", "b"])
    found = {
        "p0": Extraction(Status.OK, "four", "four!", 0.5, 0.25, 1 << 40),
        "p1": Extraction(Status.ERROR, error="no \U0001f600", stderr="said"),
        "p2": Extraction(Status.OK, "text " * 50, "text"),
        "p3": Extraction(Status.EMPTY),
    }
    last = [held.hold(name, task, found[task.page.id]) for task in held.tasks for name in ("a", "b")]
    assert last == [False] * 6 + [True] * 2
    parts = list(held.parts())
    assert [part.pages for part in parts] == [["p0"], ["p1"], ["p2"], ["p3"]]
    for name in ("a", "b"):
        assert {page: each for part in parts for page, each in part.answers[name].items()} == found


def test_a_slow_runner_and_a_quick_one_give_every_page_of_every_window(tmp_path: Path) -> None:
    quick = make_runner(tmp_path, "quick", "    return html.upper()")
    slow = make_runner(tmp_path, "slow", "    time.sleep(0.05)\n    return html", "import time")
    folder = run(tmp_path / "out", stream(11), slow, quick)
    assert [part.pages for part in folder.parts()] == [
        [f"p{n}" for n in some] for some in ((0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10))
    ]
    found = extractions(tmp_path / "out")
    for name, text in (("slow", "<p>body {}</p>"), ("quick", "<P>BODY {}</P>")):
        assert [each.text for each in found[name].values()] == [text.format(n) for n in range(11)]
    assert folder.manifest().sets[0].fingerprint == stream(11).fingerprint


def test_a_run_that_was_ended_goes_on_without_reading_what_is_done(tmp_path: Path) -> None:
    runner = make_runner(tmp_path, "any", "    return html")
    with suppress(InterruptedError):
        run(tmp_path / "out", stream(11), runner, until=10, jobs=1)  # two pages may be under way behind a window's last
    assert RunFolder(tmp_path / "out").done == 2
    READ.clear()
    folder = run(tmp_path / "out", stream(11), runner)
    assert set(READ) == {"p8", "p9", "p10"}
    assert [each.text for each in extractions(tmp_path / "out")["any"].values()] == [
        f"<p>body {n}</p>" for n in range(11)
    ]
    assert folder.manifest().sets[0].pages == 11


def test_a_run_does_not_go_on_with_other_pages(tmp_path: Path) -> None:
    runner = make_runner(tmp_path, "any", "    return html")
    with suppress(InterruptedError):
        run(tmp_path / "out", stream(11), runner, until=9, jobs=1)
    with pytest.raises(
        UsageError, match="page p0 of set 'streamed' is not what it was when this run began; name another"
    ):
        run(tmp_path / "out", stream(11, "other"), runner)


def test_a_runner_that_cannot_run_is_unavailable_in_every_window(tmp_path: Path) -> None:
    broken = make_runner(tmp_path, "broken", "    return html", "import nothing_of_that_name")
    whole = make_runner(tmp_path, "whole", "    return html")
    run(tmp_path / "out", stream(9), broken, whole)
    statuses = {name: {each.status for each in pages.values()} for name, pages in extractions(tmp_path / "out").items()}
    assert statuses == {"broken": {Status.UNAVAILABLE}, "whole": {Status.OK}}


def test_a_set_of_many_pages_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(sets.load(make_set(tmp_path / "few")).entries, tuple)
    file = tmp_path / "many.jsonl"
    file.write_text("".join(f'{{"id": {n}, "html": "<p>{n}", "text": "{n}"}}\n' for n in range(10)))
    for held, kind in ((10, tuple), (9, Stream)):
        monkeypatch.setattr(sets, "HELD", held)
        goldset = sets.load(f"jsonl:{file}")
        assert isinstance(goldset.entries, kind)
        assert [page.id for page in goldset.pages] == [str(n) for n in range(10)]
        assert len(sets.first(goldset, 3).entries) == 3
        assert goldset.entries[-1][1] == Gold((Segment("body", "9"),))


def test_what_a_runner_says_in_one_window_it_is_taken_to_say_in_all(tmp_path: Path) -> None:
    body = (
        "    if 'body 0' not in html:\n        raise ValueError\n    return {'text': 'x', 'title': 'T', 'author': None}"
    )
    runner, goldset = make_runner(tmp_path, "titled", body), stream(6)
    folder = run(tmp_path / "out", goldset, runner)
    assert folder.said() == {"titled": {"title", "author"}}
    whole = list(aligned(folder, [goldset], ["status", *FIELDS]))
    found = {page: each.metadata for _, answers in whole for page, each in answers["titled"].items()}
    assert found == {"p0": Metadata("T", ())} | {f"p{n}": Metadata("", ()) for n in range(1, 6)}
    apart = [answers["titled"].values() for _, answers in aligned(folder, [goldset], ["status"])]
    assert {each.metadata for part in apart for each in part} == {UNSAID}


def test_of_a_set_that_is_limited_nothing_behind_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text("".join(f'{{"id": {n}, "html": "<p>{n}"}}\n' for n in range(3)) + "no row\n")
    (goldset,) = record.load_sets([f"jsonl:{file}"], 3)
    assert [page.id for page in goldset.pages] == ["0", "1", "2"]
    assert goldset.cut
    with pytest.raises(UsageError, match=r"some.jsonl:4:1: not JSON"):
        record.load_sets([f"jsonl:{file}"], 4)


@pytest.mark.parametrize(("pages", "gold", "may", "read"), [(3, 9, False, 3), (9, 9, True, 5), (9, 2, True, 3)])
def test_whether_many_pages_have_gold_is_asked_of_the_first_alone(
    pages: int, gold: int, may: bool, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sets, "HELD", 4)
    seen: set[int] = set()

    def entries() -> Iterator[tuple[Page, Gold]]:
        for number in range(pages):
            seen.add(number)
            yield Page(f"p{number}", lambda: b""), Gold((Segment("body", "x"),) if number >= gold else ())

    assert sets.may_have_gold(GoldSet("streamed", "streamed:", Stream(entries))) == may
    assert len(seen) == read


def test_a_set_without_gold_is_gone_through_once_to_know_it_and_once_for_its_metadata() -> None:
    passes = []

    def entries() -> Iterator[tuple[Page, Gold]]:
        passes.append(1)
        yield Page("p", lambda: b""), Gold(())

    goldset = GoldSet("streamed", "streamed:", Stream(entries))
    assert not sets.has_gold(goldset)
    assert sets.lacks(goldset) == "set 'streamed' has no gold: its pages can be run, but not scored"
    assert sets.doubts(goldset) == []
    assert len(passes) == 2
