"""What depends on more than its page is said, and kept by nobody."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from boilerbench import sets
from boilerbench.extraction import pool, state
from boilerbench.extraction.window import windows
from boilerbench.process.measures import Account
from boilerbench.runners import registry
from boilerbench.storage.cache import Cache
from tests.command import boilerbench, extractions, make_runner, make_set, rows

if TYPE_CHECKING:
    from pathlib import Path

RUNNERS = {
    "honest": ("", "    return html"),
    "remembers": ("seen = []", "    seen.append(html)\n    return str(len(seen) > 1)"),
    "counts": ("import itertools\nnumbers = itertools.count(1)", "    return 'no' if next(numbers) % 2 else html"),
    "fails": ("seen = []", "    seen.append(html)\n    if len(seen) > 1: raise ValueError\n    return html"),
    "random": ("import random", "    return str(random.random())"),
    "unordered": ("", "    return ' '.join({f'w{n}' for n in range(50)})"),
}
REMARKS = {
    **dict.fromkeys(("remembers", "counts", "fails"), state.STATEFUL),
    **dict.fromkeys(("random", "unordered"), state.RANDOM),
    "honest": "",
}


class Quiet:
    """An observer that remembers what it was told, and how much came from the cache."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.cached = 0

    def plan(self, runner: str, pages: int, from_cache: int) -> None:  # noqa: ARG002  # as it is called
        self.cached += from_cache

    def planned(self) -> None: ...

    def note(self, runner: str, text: str) -> None:
        self.notes.append(f"{runner}: {text}")

    def done(self, runner: str, extraction: object) -> None: ...


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _cached(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOILERBENCH_CACHE", str(cache))


def run(folder: Path, runner: Path, options: pool.Options, pages: int = 9) -> tuple[set[str], str, Quiet]:
    """Run a runner; the texts that it gave, what is remarked of it, and what was told."""
    spec = (
        f"zyte:{folder / f'set{pages}'}"
        if (folder / f"set{pages}").exists()
        else make_set(folder / f"set{pages}", pages)
    )
    told = Quiet()
    with closing(Cache(folder / "own.sqlite3")) as own:
        found = registry.find(str(runner))
        ((window, remarks),) = pool.run([found], windows([sets.load(spec)], [found.label]), options, own, told)
        return {window.of(found.label, task).text for task in window.tasks}, remarks[found.label], told


@pytest.mark.parametrize("name", RUNNERS)
def test_state_and_chance_are_remarked_and_what_has_them_is_never_cached(name: str, tmp_path: Path) -> None:
    before, body = RUNNERS[name]
    runner = make_runner(tmp_path, name, body, before)
    for from_cache in (0, 0 if REMARKS[name] else 9):
        _, remark, told = run(tmp_path, runner, pool.Options(jobs=2))
        assert remark == REMARKS[name]
        assert told.cached == from_cache
        assert [note for note in told.notes if name in note and "not kept" in note] == [
            f"{name}: {state.MEANING[remark]}" for remark in filter(None, [REMARKS[name]])
        ]


def test_isolated_pages_have_a_process_each_and_depend_on_no_run_before(tmp_path: Path) -> None:
    runner = make_runner(tmp_path, "remembers", *reversed(RUNNERS["remembers"]))
    for jobs, pages, from_cache in ((1, 4, 0), (3, 6, 4), (2, 6, 6)):
        texts, remark, told = run(tmp_path, runner, pool.Options(jobs=jobs, isolate=True), pages)
        assert (texts, remark, told.cached) == ({"False"}, "", from_cache)
    assert run(tmp_path, runner, pool.Options(), 6)[2].cached == 0


def test_a_page_that_was_never_asked_again_is_asked_once_all_come_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = make_runner(tmp_path, "remembers", *reversed(RUNNERS["remembers"]))
    with monkeypatch.context() as patch:  # as if the run had been killed before
        patch.setattr(pool.WorkerPool, "_judged", lambda *_: None)
        assert run(tmp_path, runner, pool.Options())[1] == ""
    _, remark, told = run(tmp_path, runner, pool.Options())
    assert (told.cached, remark) == (9, state.STATEFUL)
    assert run(tmp_path, runner, pool.Options())[2].cached == 0


def test_a_run_says_it_beside_the_score_and_isolate_gives_one_score(tmp_path: Path) -> None:
    runner = make_runner(tmp_path, "remembers", *reversed(RUNNERS["remembers"]))
    command = (
        "run",
        "--runner",
        runner,
        "--set",
        make_set(tmp_path / "set"),
        "--format",
        "csv",
        "--out",
        tmp_path / "out",
    )
    done = boilerbench(*command)
    assert [row["flags"] for row in rows(done.stdout)] == ["stateful"], done.stderr
    assert "remembers: stateful: " in done.stderr
    assert "--isolate" in done.stderr
    done = boilerbench(*command, "--isolate")
    assert [row["flags"] for row in rows(done.stdout)] == [""], done.stderr
    assert {each.text for each in extractions(tmp_path / "out")["remembers"].values()} == {"False"}


@pytest.mark.parametrize(("before", "remark"), [("", ""), ("time.process_time = lambda: 0.0", state.DIFFERS)])
def test_a_runner_that_tells_of_less_time_than_it_takes_is_remarked(before: str, remark: str, tmp_path: Path) -> None:
    busy = "    until = time.thread_time() + 0.3\n    while time.thread_time() < until: pass\n    return html"
    runner = make_runner(tmp_path, "busy", busy, f"import time\n{before}")
    for again in range(2):
        _, found, told = run(tmp_path, runner, pool.Options(), pages=6)
        assert found == remark
        assert told.notes == ([f"busy: {state.MEANING[remark]}"] if remark else [])
        assert told.cached == (6 * again if not remark else 0)


@pytest.mark.parametrize(
    ("pages", "told", "used", "differs"),
    [(1, 0.0, 1.0, False), (1, 0.0, 1.1, True), (9, 2.0, 3.9, False), (9, 2.0, 4.1, True), (100, 0.0, 1.9, False)],
)
def test_measures_differ_by_more_than_half_and_a_second_and_what_replies_take(
    pages: int, told: float, used: float, differs: bool
) -> None:
    assert Account(pages, told, used).differs is differs
