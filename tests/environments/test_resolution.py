from __future__ import annotations

import json
import os
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from boilerbench import files
from boilerbench.environments import environment, resolution
from boilerbench.errors import BoilerbenchError, UnavailableError, UsageError
from boilerbench.process import protocol
from boilerbench.runners import registry
from tests.command import boilerbench, make_set, rows
from tests.packages import RUNNER, git, make_package, repository

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a runner of small-kit and a checkout of it."""
    folder = tmp_path / "place"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "small.py").write_text(RUNNER)
    make_package(folder / "checkout", "1.5", "one")
    return folder


def answer(label: str) -> tuple[str, str]:
    """The version and the answer of a runner."""
    runner = resolution.pin(registry.find(label))
    command = environment.command(runner, "locked")
    done = subprocess.run(
        command.arguments, input=b"".join(protocol.request(1, None, "page")), capture_output=True, check=True
    )
    said = map(protocol.decode, done.stdout.splitlines())
    hello, reply = (each for each in said if not protocol.NOTICES & each.keys())
    assert hello["version"] == runner.version
    return runner.version, str(reply["text"])


def test_two_checkouts_race_in_one_run_and_every_package_is_recorded(place: Path, cache: Path) -> None:
    make_package(place / "other", "1.6.dev1+local", "two")
    before = sorted((place / "checkout").iterdir())
    goldset = make_set(place / "set", pages=2)
    asked = ["small.py@./checkout", "small.py@./other"]
    done = boilerbench("run", *asked, "--set", goldset, "--out", "out", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert {row["runner"]: row["version"] for row in rows(done.stdout)} == {
        "small@./checkout": "1.5",
        "small@./other": "1.6.dev1+local",
    }
    about = json.loads((place / "out" / "manifest.json").read_text())["runners"]["small@./other"]
    assert (about["unlocked"], about["packages"]) == (True, {"small-kit": "1.6.dev1+local"})
    assert about["origin"].startswith("sha256:")
    assert sorted((place / "checkout").iterdir()) == before
    assert list(cache.rglob("partial*")) == []


def test_an_edit_is_never_missed_and_a_touch_is_none(place: Path) -> None:
    module = place / "checkout" / "small_kit.py"
    assert answer("small.py@checkout/") == ("1.5", "one")
    first = environment.digest(resolution.pin(registry.find("small.py@checkout/")), "locked")
    stamp = module.stat().st_mtime_ns
    module.write_text(module.read_text().replace("one", "two"))
    os.utime(module, ns=(stamp, stamp))
    assert answer("small.py@checkout/") == ("1.5", "two")
    second = environment.digest(resolution.pin(registry.find("small.py@checkout/")), "locked")
    assert first != second
    os.utime(module)
    assert environment.digest(resolution.pin(registry.find("small.py@checkout/")), "locked") == second


def test_a_working_tree_has_the_files_that_git_would_commit(place: Path) -> None:
    tree = place / "checkout"
    (tree / ".gitignore").write_text("*.log\n")
    repository(tree)
    first = resolution.pin(registry.find("small.py@./checkout")).origin
    (tree / "run.log").write_text("ignored")
    assert resolution.pin(registry.find("small.py@./checkout")).origin == first
    (tree / "small_kit.py").write_text("from new_file import say\n")
    (tree / "new_file.py").write_text("def say(html):\n    return 'not committed'\n")
    backend = tree / "backend.py"
    backend.write_text(
        backend.read_text().replace('write("small_kit.py")', 'write("small_kit.py"); wheel.write("new_file.py")')
    )
    assert answer("small.py@./checkout") == ("1.5", "not committed")
    git(tree, "rm", "--quiet", "--cached", "VERSION")
    (tree / "VERSION").unlink()
    assert "VERSION" in resolution.pin(registry.find("small.py@./checkout")).unavailable


def test_a_repository_is_taken_at_the_commit_its_reference_stands_for(place: Path) -> None:
    tree = place / "checkout"
    first = repository(tree)
    git(tree, "tag", "--annotate", "--message", "1", "v1")
    url = f"small.py@git+{tree.as_uri()}"
    assert answer(url) == ("1.5", "one")
    (tree / "small_kit.py").write_text("def say(html):\n    return 'two'\n")
    assert answer(url) == ("1.5", "one")
    git(tree, "commit", "--quiet", "--all", "--message", "second")
    assert [answer(f"{url}{at}")[1] for at in ("", "@main", "@v1", f"@{first}")] == ["two", "two", "one", "one"]
    assert resolution.pin(registry.find(f"{url}@v1")).origin == f"git+{tree.as_uri()}@{first}"
    assert "has no branch or tag 'none'" in resolution.pin(registry.find(f"{url}@none")).unavailable
    assert "git ls-remote" in resolution.pin(registry.find(f"small.py@git+{place.as_uri()}/no")).unavailable


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("pyproject.toml", "[", "Failed to build|TOML"),
        ("backend.py", "raise RuntimeError('not today')", "RuntimeError: not today"),
        ("backend.py", None, "does not match `other-kit`"),
        ("pyproject.toml", None, "does not appear to be a Python project|Failed to build"),
    ],
)
def test_a_tree_that_cannot_be_built_is_unavailable_with_the_reason(
    place: Path, cache: Path, file: str, content: str | None, reason: str
) -> None:
    path = place / "checkout" / file
    if content is not None:
        path.write_text(content)
    elif file == "backend.py":
        path.write_text(path.read_text().replace("small_kit-", "other_kit-").replace("Name: small", "Name: other"))
    else:
        path.unlink()
    runner = resolution.pin(registry.find("small.py@./checkout"))
    with pytest.raises(UnavailableError, match=reason):
        environment.prepare(runner, "locked")
    assert environment.digest(runner, "locked") is None
    assert environment.state(runner) == "unavailable"
    assert list(cache.rglob("partial*")) == []


def test_what_is_installed_here_has_no_other_origin(place: Path) -> None:
    goldset = make_set(place / "set", pages=1)
    done = boilerbench("run", "small.py@./checkout", "--env", "host", "--set", goldset, "--out", "out")
    assert (done.returncode, done.stderr.strip()) == (
        2,
        "boilerbench: small@./checkout: '--env host' runs what is installed here; leave out '@…'",
    )


def test_only_what_a_runner_declares_is_locked(place: Path) -> None:
    with pytest.raises(UsageError, match="leave out '@…'"):
        resolution.lock(registry.find("small.py@./checkout"))
    assert not (place / "small.lock").exists()


def test_an_unwritable_cache_is_one_clear_line(place: Path, cache: Path) -> None:
    cache.write_text("a file, not a folder")
    with pytest.raises(BoilerbenchError, match=rf"wheels: .*; {files.CACHE_VARIABLE} names another folder"):
        resolution.pin(registry.find("small.py@./checkout"))
    assert place.exists()


@pytest.mark.usefixtures("index")
def test_releases_and_a_checkout_race_in_one_run_beside_what_is_impossible(place: Path) -> None:
    kit = RUNNER.replace("small-kit==0.1", "iniconfig==2.0.0").replace("small-kit", "iniconfig")
    (place / "kit.py").write_text(
        kit.replace("    import small_kit\n\n    return small_kit.say(html)", "    return html")
    )
    goldset = make_set(place / "set", pages=2)
    assert boilerbench("runners", "lock", "kit.py").returncode == 0
    asked = ["kit.py", "kit.py@2.1.0", "kit.py@1.1.1", "small.py@./checkout", "kit.py@99"]
    started = time.monotonic()
    done = boilerbench("run", *asked, "--set", goldset, "--out", "out", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - started < 60
    table = {row["runner"]: (row["version"], row["failed"]) for row in rows(done.stdout)}
    assert table == {
        "kit": ("2.0.0", "0"),
        "kit@2.1.0": ("2.1.0", "0"),
        "kit@1.1.1": ("1.1.1", "0"),
        "small@./checkout": ("1.5", "0"),
        "kit@99": ("", "2"),
    }


@pytest.mark.usefixtures("index")
def test_an_impossible_release_is_unavailable_with_the_resolvers_reason_in_ten_seconds() -> None:
    started = time.monotonic()
    runner = resolution.pin(registry.find("trafilatura@99"))
    assert time.monotonic() - started < 10
    assert "there is no version of trafilatura==99" in runner.unavailable


@pytest.mark.usefixtures("index")
def test_a_resolution_is_kept_and_extras_and_other_dependencies_stay(place: Path) -> None:
    file = place / "kit.py"
    file.write_text(
        RUNNER.replace('"small-kit==0.1"', '"html-text", "iniconfig[extra]==2.0.0"').replace("small-kit", "iniconfig")
    )
    runner = resolution.pin(registry.find("kit.py@1.1.1"))
    assert runner.packages.keys() == {"html-text", "iniconfig", "lxml", "lxml-html-clean"}
    assert (runner.version, runner.unavailable) == ("1.1.1", "")
    assert "--hash=sha256:" in runner.lock.read_text()
    stamp = runner.lock.stat().st_ino
    assert resolution.pin(registry.find("kit.py@1.1.1")).lock.stat().st_ino == stamp
