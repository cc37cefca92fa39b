"""An option that nothing takes is wrong use, never a bad extractor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from boilerbench.process import worker
from tests.command import HEAD, boilerbench, make_runner, make_set, rows

if TYPE_CHECKING:
    from pathlib import Path

CUT = "def cut(text, width=9, *, deep=False):\n    return text[:width]\n"
HANDS_ON = "def extract(html, url=None, **options):\n    return "


@pytest.mark.parametrize(
    ("extract", "takes"),
    [
        ("def extract(html, url=None, width=1): pass", {"html", "url", "width"}),
        (f"{HANDS_ON}cut(html, **options)", {"html", "url", "width", "deep"}),
        (f"{HANDS_ON}cut(html, width=2, **{{'deep': True, **options}})", {"html", "url", "deep"}),
        (f"{HANDS_ON}json.loads(html, **options)", None),  # hands on what it is given, in a way that nobody reads
        (f"{HANDS_ON}textwrap.TextWrapper(**options).fill(html)", {"html", "url", "width", "tabsize"}),
        (f"{HANDS_ON}cut(html, **options) + cut(html, options['width'])", None),
        (f"{HANDS_ON}(lambda text, **rest: text)(html, **options)", None),
        (f"{HANDS_ON}html", {"html", "url"}),
        ("from textwrap import fill as extract", {"width", "tabsize"}),
        ("extract = len", set()),
    ],
)
def test_a_worker_knows_what_options_its_extractor_takes(extract: str, takes: set[str] | None, tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text(f"import json, textwrap\n{CUT}{extract}\n")
    function, found = worker.load(file), None
    try:
        found = worker.options_of(function)
    except Exception:  # noqa: BLE001  # as the worker takes whatever cannot be told
        found = None
    assert (None if found is None else {"html", "url", "width", "deep", "tabsize"} & {*found}) == takes


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("options")
    make_set(folder / "set", pages=2)
    (folder / "own.py").write_text(f"{HEAD}{CUT}{HANDS_ON}cut(html, **options)\n")
    make_runner(folder, "broken", "    raise OSError('no such model')")
    return folder


def run(place: Path, tmp_path: Path, *arguments: str) -> Any:
    return boilerbench("run", *arguments, "--set", "zyte:set", "--out", tmp_path / "o", "--format", "csv", cwd=place)


def test_an_option_that_is_handed_on_to_nobody_is_refused_before_anything_runs(place: Path, tmp_path: Path) -> None:
    assert run(place, tmp_path, "./own.py:width=3").returncode == 0
    done = run(place, tmp_path / "no", "./broken.py", "./own.py:wdith=3")
    assert (done.returncode, done.stdout) == (2, "")
    assert "boilerbench: own:wdith=3 takes no option 'wdith'; did you mean 'width'? known: width, deep" in done.stderr
    assert "first page" not in done.stderr


def test_a_runner_that_fails_everywhere_alike_says_so_and_alone_measures_nothing(place: Path, tmp_path: Path) -> None:
    said = "broken: all pages failed with the same error (2): OSError: no such model"
    done = run(place, tmp_path, "./broken.py", "./own.py")
    assert (done.returncode, {row["runner"]: row["failed"] for row in rows(done.stdout)}) == (
        0,
        {"broken": "2", "own": "0"},
    )
    assert done.stderr.splitlines()[-1] == said
    done = run(place, tmp_path / "alone", "./broken.py")
    assert (done.returncode, [row["failed"] for row in rows(done.stdout)]) == (4, ["2"])
    assert done.stderr.splitlines()[-1] == f"boilerbench: nothing was measured: {said}"
