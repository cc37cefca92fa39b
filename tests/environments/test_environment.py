from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from boilerbench import files
from boilerbench.environments import environment, resolution
from boilerbench.errors import BadRunnerError, BoilerbenchError, UnavailableError
from boilerbench.process import protocol
from boilerbench.runners import declaration
from tests.process.test_child import namespaces_work

if TYPE_CHECKING:
    from boilerbench.model import Runner

pytestmark = pytest.mark.usefixtures("cache")
HEADER = """\
# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""
RUNNER = '''\
"""The page backwards."""
import sys

DISTRIBUTION = ""
INPUT = "text"
FORMAT = "text"
VARIANTS = {"paths": {"paths": True}}


def extract(html, url=None, paths=False):
    return "\\n".join(sys.path) if paths else html[::-1]
'''
ROOT = Path(environment.__file__).parents[2]
NO_PYTHON = ">=3.99"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "backwards.py"
    path.write_text(HEADER + RUNNER)
    path.with_suffix(".lock").touch()
    return path


def ask(runner: Runner, html: str, mode: environment.Mode = "locked") -> str:
    command = environment.command(runner, mode)
    done = subprocess.run(
        command.arguments, input=b"".join(protocol.request(1, None, html)), capture_output=True, check=True
    )
    said = map(protocol.decode, done.stdout.splitlines())
    hello, reply = (each for each in said if not protocol.NOTICES & each.keys())
    assert hello["protocol"] == protocol.PROTOCOL
    return str(reply["text"])


def leftovers(cache: Path) -> list[Path]:
    return list((cache / "environments").glob("*.partial"))


def test_a_built_environment_answers_and_is_kept(file: Path, cache: Path) -> None:
    runner = declaration.describe(file)
    assert environment.state(runner) == "not built"
    built = environment.prepare(runner, "locked")
    assert environment.command(runner, "locked").arguments[:2] == (str(built), "-I")
    assert built.is_relative_to(cache / "environments")
    assert environment.state(runner) == "ready"
    assert ask(runner, "abc") == "cba"
    before = built.lstat()
    assert environment.prepare(runner, "locked") == built
    assert built.lstat() == before


@pytest.mark.parametrize("mode", ["locked", "host"])
def test_a_worker_sees_neither_the_harness_nor_the_current_folder(
    file: Path, mode: environment.Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(file.parent)
    runner = declaration.describe(file, "paths")
    paths = ask(runner, "", mode).splitlines()
    assert not {"", str(file.parent), str(ROOT / "boilerbench"), str(ROOT / "boilerbench" / "process")} & set(paths)
    assert (sysconfig.get_path("purelib") in paths) == (mode == "host")


def test_the_host_environment_is_this_interpreter(file: Path) -> None:
    assert environment.command(declaration.describe(file), "host").arguments[:2] == (sys.executable, "-P")
    assert ask(declaration.describe(file), "äöü\ud800", "host") == "\ud800üöä"


def test_two_processes_build_one_environment_at_once(file: Path, cache: Path) -> None:
    script = (
        "import sys, pathlib; from boilerbench.environments import environment; "
        "from boilerbench.runners import declaration; "
        "print(environment.prepare(declaration.describe(pathlib.Path(sys.argv[1])), 'locked'))"
    )
    command = [sys.executable, "-c", script, str(file)]
    searched = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    builders = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": searched}
        )
        for _ in range(3)
    ]
    answers = [builder.communicate(timeout=60) for builder in builders]
    assert [builder.returncode for builder in builders] == [0, 0, 0], answers
    assert len({answer[0] for answer in answers}) == 1
    assert leftovers(cache) == []
    assert len([folder for folder in (cache / "environments").iterdir() if folder.is_dir()]) == 1


@pytest.mark.parametrize("damage", ["no marker", "no python", "python does not start", "stale partial"])
def test_a_broken_environment_is_rebuilt(file: Path, cache: Path, damage: str) -> None:
    runner = declaration.describe(file)
    built = environment.prepare(runner, "locked")
    folder = built.parents[1]
    match damage:
        case "no marker":
            (folder / environment.MARKER).unlink()
        case "no python":
            built.unlink()
        case "python does not start":
            built.unlink()
            built.write_text("#!/bin/sh\nexit 1\n")
            built.chmod(0o755)
        case "stale partial":
            shutil.move(folder, folder.with_suffix(".partial"))
    assert environment.prepare(runner, "locked") == built
    assert ask(runner, "abc") == "cba"
    assert leftovers(cache) == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_library\n", "ModuleNotFoundError: No module named 'no_such_library'"),
        (
            "import os, sys\nprint('out of order', file=sys.stderr)\nos._exit(7)\n",
            "did not start: left with exit code 7; out of order",
        ),
    ],
)
def test_a_runner_that_cannot_be_imported_is_unavailable(file: Path, cache: Path, source: str, reason: str) -> None:
    file.write_text(HEADER + RUNNER + source)
    runner = declaration.describe(file)
    with pytest.raises(UnavailableError) as refusal:
        environment.prepare(runner, "locked")
    assert reason in str(refusal.value)
    assert environment.state(runner) == "not built"
    assert leftovers(cache) == []


def test_the_first_import_sees_as_little_as_every_other(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_USER", "42")
    seen = "import os, socket\nseen = [*os.environ, *(name for _, name in socket.if_nameindex())]\n"
    file.write_text(HEADER + RUNNER + seen + "raise ImportError(' '.join(seen))\n")
    with pytest.raises(UnavailableError, match="HOME") as caught:
        environment.prepare(declaration.describe(file), "locked")
    assert "SECRET_OF_THE_USER" not in str(caught.value)
    if namespaces_work():
        assert str(caught.value).split()[-1] == "lo"


def test_what_an_import_writes_is_gone_when_the_environment_is_built(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    for variable, folder in (("HOME", home), ("TMPDIR", temporary)):
        folder.mkdir()
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    write = "import pathlib, tempfile\n(pathlib.Path.home() / 'a').touch()\ntempfile.mkdtemp()\n"
    file.write_text(HEADER + RUNNER + write)
    environment.prepare(declaration.describe(file), "locked")
    assert not (home / "a").exists()  # uv's own cache is there
    assert list(temporary.iterdir()) == []


def test_an_import_that_never_ends_is_unavailable(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "START_SECONDS", 1)
    file.write_text(HEADER + RUNNER + "import time\ntime.sleep(60)\n")
    with pytest.raises(UnavailableError, match="did not start: no answer within 1 s"):
        environment.prepare(declaration.describe(file), "locked")


def test_an_impossible_requirement_is_unavailable_with_its_reason(file: Path, cache: Path) -> None:
    file.with_suffix(".lock").write_text("html-text==99.0 --hash=sha256:" + 64 * "0" + "\n")
    started = time.monotonic()
    with pytest.raises(UnavailableError, match=r"html-text==99\.0"):
        environment.prepare(declaration.describe(file), "locked")
    assert time.monotonic() - started < 10
    assert leftovers(cache) == []


def test_an_interrupted_build_leaves_nothing(file: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        assert leftovers(cache)
        raise KeyboardInterrupt

    runner = declaration.describe(file)
    with monkeypatch.context() as patch:
        patch.setattr(environment.Child, "hello", interrupt)
        with pytest.raises(KeyboardInterrupt):
            environment.prepare(runner, "locked")
    assert leftovers(cache) == []
    assert ask(runner, "abc") == "cba"


def test_dependencies_without_a_lock_are_unavailable(file: Path) -> None:
    file.write_text(HEADER.replace("[]", '["html-text"]') + RUNNER)
    file.with_suffix(".lock").unlink()
    runner = declaration.describe(file)
    with pytest.raises(UnavailableError, match=r"backwards\.lock is missing"):
        environment.prepare(runner, "locked")
    assert environment.state(runner) == "not built"


def test_without_a_fitting_python_a_runner_is_unavailable(file: Path) -> None:
    file.write_text((HEADER + RUNNER).replace(">=3.10", NO_PYTHON))
    runner = declaration.describe(file)
    with pytest.raises(UnavailableError, match=f"no Python {NO_PYTHON} on this machine"):
        environment.prepare(runner, "locked")
    with pytest.raises(UnavailableError, match=f"needs Python {NO_PYTHON}, this is 3"):
        environment.prepare(runner, "host")
    assert environment.state(runner) == "no interpreter"
    assert environment.digest(runner, "locked") is None


def test_a_python_requirement_that_is_none_is_refused(file: Path) -> None:
    file.write_text((HEADER + RUNNER).replace(">=3.10", "three"))
    with pytest.raises(BadRunnerError, match=r"backwards\.py: requires-python"):
        environment.prepare(declaration.describe(file), "locked")


def test_another_interpreter_is_found_where_this_one_does_not_fit(file: Path) -> None:
    other = f"!={sys.version_info.major}.{sys.version_info.minor}.*,>=3.10"
    file.write_text((HEADER + RUNNER).replace(">=3.10", other))
    runner = declaration.describe(file)
    if environment.state(runner) == "no interpreter":
        pytest.skip("this machine has one Python alone")
    assert ask(runner, "abc") == "cba"
    assert environment.digest(runner, "locked") is not None


def test_the_cache_identity_follows_the_runner_and_excludes_the_host(file: Path) -> None:
    digests = {environment.digest(declaration.describe(file, variant), "locked") for variant in (None, "paths")}
    assert len(digests) == 2
    assert None not in digests
    assert environment.digest(declaration.describe(file), "host") is None


def test_an_unwritable_cache_is_one_clear_line(file: Path, cache: Path) -> None:
    cache.write_text("a file, not a folder")
    with pytest.raises(BoilerbenchError, match=rf"environments: .*; {files.CACHE_VARIABLE} names another folder"):
        environment.prepare(declaration.describe(file), "locked")


def test_a_lock_has_versions_and_hashes_and_no_addresses(file: Path) -> None:
    file.write_text(HEADER.replace("[]", '["iniconfig<2.1"]') + RUNNER.replace('ON = ""', 'ON = "iniconfig"'))
    runner = declaration.describe(file)
    runner.lock.write_text("iniconfig==1.1.1\n")
    resolution.lock(runner)
    assert runner.version == "1.1.1"
    resolution.lock(runner, upgrade=True)
    assert runner.version == "2.0.0"
    assert "--hash=sha256:" in runner.lock.read_text()
    assert "://" not in runner.lock.read_text()
    assert ask(runner, "abc") == "cba"


def test_what_cannot_be_resolved_is_unavailable_and_keeps_the_lock(file: Path) -> None:
    file.write_text(HEADER.replace("[]", '["iniconfig==99"]') + RUNNER)
    runner = declaration.describe(file)
    runner.lock.write_text("iniconfig==2.0.0\n")
    with pytest.raises(UnavailableError, match="iniconfig==99"):
        resolution.lock(runner)
    assert runner.lock.read_text() == "iniconfig==2.0.0\n"


def test_the_cache_lies_in_the_users_folder_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(files.CACHE_VARIABLE, "")
    assert files.cache_folder().name == "boilerbench"


def test_what_python_knows_of_itself_is_there_before_threads_ask_for_it() -> None:
    code = "import sysconfig; from boilerbench.environments import uv; print(bool(sysconfig._CONFIG_VARS))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "True\n"
