"""What depends on more than its page is said, and kept by nobody."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from boilerbench import sets
from boilerbench.extraction import pool, state
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

    def note(self, runner: str, text: str) -> None:
        self.notes.append(f"{runner}: {text}")

    def done(self, runner: str, extraction: object) -> None: ...


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _cached(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOILERBENCH_CACHE", str(cache))


def run(folder: Path, runner: Path, options: pool.Options, pages: int = 9) -> tuple[pool.Found, Quiet]:
    spec = (
        f"zyte:{folder / f'set{pages}'}"
        if (folder / f"set{pages}").exists()
        else make_set(folder / f"set{pages}", pages)
    )
    told = Quiet()
    with closing(Cache(folder / "own.sqlite3")) as own:
        return pool.run([registry.find(str(runner))], [sets.load(spec)], options, own, told), told


@pytest.mark.parametrize("name", RUNNERS)
def test_state_and_chance_are_remarked_and_what_has_them_is_never_cached(name: str, tmp_path: Path) -> None:
    before, body = RUNNERS[name]
    runner = make_runner(tmp_path, name, body, before)
    for from_cache in (0, 0 if REMARKS[name] else 9):
        found, told = run(tmp_path, runner, pool.Options(jobs=2))
        assert found.remarks == {name: REMARKS[name]}
        assert told.cached == from_cache
        assert [note for note in told.notes if name in note and "not kept" in note] == [
            f"{name}: {state.MEANING[remark]}" for remark in filter(None, [REMARKS[name]])
        ]


def test_isolated_pages_have_a_process_each_and_depend_on_no_run_before(tmp_path: Path) -> None:
    runner = make_runner(tmp_path, "remembers", *reversed(RUNNERS["remembers"]))
    for jobs, pages, from_cache in ((1, 4, 0), (3, 6, 4), (2, 6, 6)):
        found, told = run(tmp_path, runner, pool.Options(jobs=jobs, isolate=True), pages)
        texts = {each.text for of_set in found.extractions.values() for each in of_set["remembers"].values()}
        assert (texts, found.remarks, told.cached) == ({"False"}, {"remembers": ""}, from_cache)
    assert run(tmp_path, runner, pool.Options(), 6)[1].cached == 0


def test_a_page_that_was_never_asked_again_is_asked_once_all_come_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = make_runner(tmp_path, "remembers", *reversed(RUNNERS["remembers"]))
    with monkeypatch.context() as patch:  # as if the run had been killed before
        patch.setattr(pool.WorkerPool, "_settle", lambda *_: None)
        assert run(tmp_path, runner, pool.Options())[0].remarks == {"remembers": ""}
    found, told = run(tmp_path, runner, pool.Options())
    assert (told.cached, found.remarks) == (9, {"remembers": state.STATEFUL})
    assert run(tmp_path, runner, pool.Options())[1].cached == 0


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
