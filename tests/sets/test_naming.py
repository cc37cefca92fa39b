"""What a set is called: by its path, by what is given, and apart from others in one run."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from boilerbench.errors import UnknownNameError, UsageError
from boilerbench.sets import load, load_all
from boilerbench.sets.naming import NAME, apart, name_of
from tests.command import boilerbench, make_runner, rows

FILES = ("dev/pages.jsonl", "test/pages.jsonl", "all/one.jsonl", "all/two.jsonl", "all/three.jsonl", "all/four.jsonl")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of sets, in which one is."""
    home = tmp_path / "home (1)"
    for number, name in enumerate(FILES):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        row = {"id": str(number), "url": "http://a.example/", "html": "<p>x", "text": "x"}
        (home / name).write_text(json.dumps(row) + "\n")
    monkeypatch.chdir(home)
    return home


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("dev/pages.jsonl", "pages"),
        ("dev", "dev"),
        (".", "home-1"),
        ("all/../dev/", "dev"),
        ("all/*.jsonl", "all"),
        ("*/pages.jsonl", "home-1"),
        ("all/one.jsonl,all/two.jsonl", "one-two"),
        ("all/one.jsonl,all/two.jsonl,all/three.jsonl,all/four.jsonl", "one-two-and-2-more"),
        ("dev/pages.jsonl,test/pages.jsonl", "dev-pages-test-pages"),
        ("dev/*.jsonl,all/one.jsonl", "dev-one"),
        ("/", "set"),
        ("x/host.00000.warc.gz", "host.00000"),
        ("x/2019-01.parquet", "2019-01"),
        ("x/..hidden|a=b:c.jsonl", "hidden-a-b-c"),
        ("x/Zeitung_ü.jsonl", "Zeitung_ü"),
        ("all/t*.jsonl", "all"),
    ],
)
@pytest.mark.usefixtures("place")
def test_a_path_gives_a_name_that_a_folder_can_have(path: str, name: str) -> None:
    assert name_of(Path(path)) == name
    assert NAME.fullmatch(name)


def test_equal_names_take_as_many_folders_as_tell_them_apart() -> None:
    places = [Path(text) for text in ("/a/x/f", "/b/x/f", "/b/y/f", "/c/g")]
    assert apart("fffg", places) == ["a-x-f", "b-x-f", "y-f", "g"]
    assert apart("ff", [None, places[0]]) == ["f", "x-f"]
    assert apart("ff", places[:1] * 2) == ["f", "f"]
    assert apart([], []) == []


@pytest.mark.usefixtures("place")
def test_two_files_of_one_name_are_two_sets_and_are_found_again() -> None:
    specs = ["jsonl:dev/pages.jsonl", "jsonl:test/pages.jsonl", "pages=jsonl:all/one.jsonl"]
    found = load_all(specs)
    assert [(each.name, each.spec) for each in found] == [
        ("dev-pages", "dev-pages=jsonl:dev/pages.jsonl"),
        ("test-pages", "test-pages=jsonl:test/pages.jsonl"),
        ("pages", "pages=jsonl:all/one.jsonl"),
    ]
    assert [each.name for each in load_all([each.spec for each in reversed(found)])] == [
        *("pages", "test-pages", "dev-pages")
    ]


def test_sets_that_name_themselves_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name / "pages" / "a").mkdir(parents=True)
        (tmp_path / name / "set.toml").write_text('name = "goldset"')
        (tmp_path / name / "pages" / "a" / "page.html").write_text("<p>")
        (tmp_path / name / "pages" / "a" / "gold.json").write_text('{"schema": 1, "with": ["x"]}')
    found = load_all(["goldset", f"native:{tmp_path}/old", f"native:{tmp_path}/new"])
    assert [each.name for each in found] == ["goldset", "old-goldset", "new-goldset"]


@pytest.mark.parametrize(
    "specs",
    [
        ("jsonl:dev/pages.jsonl", "jsonl:./dev/pages.jsonl"),
        ("x=jsonl:dev/pages.jsonl", "x=jsonl:test/pages.jsonl"),
        ("goldset", "goldset"),
    ],
)
@pytest.mark.usefixtures("place")
def test_sets_that_nothing_tells_apart_are_refused_by_both_names(specs: tuple[str, str]) -> None:
    with pytest.raises(UsageError) as caught:
        load_all(specs)
    assert f"more than once: {specs[0]} and {specs[1]}" in str(caught.value)
    assert f"--set NAME={specs[1].removeprefix('x=')}" in str(caught.value)


@pytest.mark.usefixtures("place")
def test_a_name_may_be_given_and_must_be_one() -> None:
    assert [(load(spec).name, load(spec).spec) for spec in ("mine=goldset", "v1.0=jsonl:dev")] == [
        ("mine", "mine=goldset"),
        ("v1.0", "v1.0=jsonl:dev"),
    ]
    os.rename("dev", "a=b")  # noqa: PTH104
    assert load("jsonl:a=b/pages.jsonl").name == "pages"
    for name in ("", "a b", "../x", "-x", ".x"):
        with pytest.raises(UsageError, match=f"^set name '{name}'"):
            load(f"{name}=goldset")
    with pytest.raises(UnknownNameError, match="unknown set 'golset'"):
        load("x=golset")


@pytest.mark.usefixtures("place")
def test_a_run_is_scored_again_by_the_names_that_it_gave(tmp_path: Path) -> None:
    runner, out = make_runner(tmp_path, "mine", "    return html"), tmp_path / "run"
    given = [part for file in FILES[:2] for part in ("--set", f"jsonl:{file}")]
    for command in (
        ("run", "--runner", runner, "--env", "host", *given, "--set", "mine=jsonl:all", "--out", out),
        ("score", out),
    ):
        done = boilerbench(*command, "--format", "csv")
        assert done.returncode == 0, done.stderr
        assert {"dev-pages", "test-pages", "mine"} <= {row["set"] for row in rows(done.stdout)}
