from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from boilerbench import load, publishing
from boilerbench.errors import BadRunFolderError, UsageError
from tests.command import boilerbench, make_runner, make_set

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("vl_convert")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a set, two runners and a run; tests only read it."""
    place = tmp_path_factory.mktemp("place")
    make_set(place / "set")
    for name in ("one", "two"):
        make_runner(place, name, f"    return html[15:21] + ' {name}'")
    run = ("run", "--runner", "one.py", "--runner", "two.py", "--set", "zyte:set", "--env", "host")
    assert boilerbench(*run, "--out", "run", cwd=place).returncode == 0
    assert boilerbench(*run, "--out", "part", "--limit", 2, cwd=place).returncode == 0
    return place


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_same_run_scored_and_published_twice_gives_the_same_bytes(place: Path, tmp_path: Path) -> None:
    assert boilerbench("publish", "run", "--out", tmp_path, cwd=place).returncode == 0
    first = contents(tmp_path)
    assert boilerbench("score", "run", cwd=place).returncode == 0
    assert boilerbench("publish", "run", "--out", tmp_path, cwd=place).returncode == 0
    assert contents(tmp_path) == first
    names = (*(f"leaderboard.{form}" for form in ("csv", "json", "md", "svg", "vl.json")), "manifest.json")
    assert set(first) == {"README.md", *(f"zyte/{name}" for name in (*names, "pages.parquet", "scores.parquet"))}


def test_no_text_address_or_path_is_published(place: Path, tmp_path: Path) -> None:
    assert boilerbench("publish", "run", "--out", tmp_path, cwd=place).returncode == 0
    everything = b"\n".join(contents(tmp_path).values())
    for secret in ("body 3", "https://example.org", str(place), "zyte:set"):
        assert secret.encode() not in everything
    results = load(tmp_path / "zyte")
    assert results.manifest.sets[0].spec == "zyte:PATH"
    assert "url" not in results.pages
    assert set(results.pages["site"]) == {"example.org"}
    assert len(results.scores) == 2 * 5 * 3
    assert results.leaderboard["runner"].tolist() == ["one", "two"] * 3
    assert len(results.signatures) == 3
    assert results.pairs["ties"].tolist() == [5] * 3
    with pytest.raises(BadRunFolderError, match="extractions"):
        _ = results.extractions


def test_what_was_published_of_other_versions_becomes_history(place: Path, tmp_path: Path) -> None:
    assert boilerbench("publish", "run", "--out", tmp_path, cwd=place).returncode == 0
    board, manifest = (tmp_path / "zyte" / name for name in ("leaderboard.json", "manifest.json"))
    board.write_text(board.read_text().replace('"version": ""', '"version": "0.9"'))
    about = json.loads(manifest.read_text()) | {"started": "2020-01-02T03:04:05+00:00"}
    manifest.write_text(json.dumps(about))
    for _ in range(2):
        assert boilerbench("publish", "run", "--out", tmp_path, cwd=place).returncode == 0
        assert [file.name for file in (tmp_path / "zyte" / "history").iterdir()] == ["2020-01-02T03-04-05+00-00"]
        text = (tmp_path / "README.md").read_text()
        assert "### History of zyte" in text
        assert "| 0.9 | 2020-01-02 |" in text
        assert (tmp_path / "zyte" / "history.svg").is_file()
        (view,) = json.loads((tmp_path / "zyte" / "history.vl.json").read_text())["vconcat"][:1]
        assert [point["label"] for point in view["data"]["values"]] == ["0.9", ""]


def test_one_runner_is_published_and_so_are_two_that_differ_by_the_same_everywhere(place: Path, tmp_path: Path) -> None:
    make_runner(tmp_path, "nothing_at_all", "    return None")
    for runners in (("one.py",), ("one.py", tmp_path / "nothing_at_all.py")):
        named = [argument for runner in runners for argument in ("--runner", runner)]
        out = tmp_path / f"run{len(runners)}"
        done = boilerbench("run", *named, "--set", "zyte:set", "--env", "host", "--out", out, cwd=place)
        assert done.returncode == 0, done.stderr
        done = boilerbench("publish", out, "--out", tmp_path / "results", cwd=place)
        assert done.returncode == 0, done.stderr
        assert "| one |" in (tmp_path / "results" / "README.md").read_text()


def test_what_was_published_stays_whole_where_publishing_fails(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    out = tmp_path / "results"
    publishing.publish(place / "run", out)
    (out / "zyte" / "notes.txt").write_text("mine")
    (out / "zyte" / "labels.md").write_text("of an older run")
    before = contents(out)

    def fail(*_: object) -> None:
        raise RuntimeError("no more")

    for name in ("pictures.scores", "whole_files.write_text"):
        with monkeypatch.context() as patch:
            patch.setattr(f"boilerbench.publishing.{name}", fail)
            with pytest.raises(RuntimeError, match="no more"):
                publishing.publish(place / "run", out)
        assert contents(out) == before
        assert [each.name for each in tmp_path.iterdir()] == ["results"]
    publishing.publish(place / "run", out)
    after = contents(out)
    assert before.keys() - after.keys() == {"zyte/labels.md"}
    assert after["zyte/notes.txt"] == b"mine"
    with pytest.raises(UsageError, match="cannot be written"):
        publishing.publish(place / "run", out / "README.md" / "below")


@pytest.mark.parametrize(
    ("run", "says"), [("part", "only the first 2 pages"), ("nope", "not a run folder"), ("checkout", "one@./src")]
)
def test_what_others_could_not_repeat_is_refused(run: str, says: str, place: Path, tmp_path: Path) -> None:
    if run == "checkout":
        (tmp_path / run).mkdir()
        for name, content in contents(place / "run").items():
            (tmp_path / run / name).parent.mkdir(exist_ok=True)
            (tmp_path / run / name).write_bytes(content.replace(b'"one": {', b'"one@./src": {'))
    done = boilerbench("publish", tmp_path / run if run == "checkout" else run, "--out", tmp_path / "out", cwd=place)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr
    assert not (tmp_path / "out").exists()
