from __future__ import annotations

import csv
import fcntl
import gzip
import json
import os
import shutil
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from boilerbench.cli import COMMANDS
from boilerbench.runners import registry
from boilerbench.sets.page_facts import COLUMNS as COLUMNS_OF_FACTS
from boilerbench.storage.run_folder import RunFolder
from tests.command import COMMAND, boilerbench, extractions, make_runner, make_set, rows

COLUMNS = "rank_low,rank_high,runner,version,set,policy,metric,pages,failed,empty,f1,f1_low,f1_high,precision,recall"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a good set, its outputs, a runner and a run; tests only read it."""
    place = tmp_path_factory.mktemp("place")
    make_set(place / "set")
    make_runner(place, "mine", "    return html[15:21]")
    outputs = {f"p{number}": {"articleBody": f"body {number}"} for number in range(5)}
    (place / "outputs.json").write_text(json.dumps({"version": "1", "output": outputs}))
    done = boilerbench("run", "--runner", "mine.py", "--set", "zyte:set", "--out", "run", "--env", "host", cwd=place)
    assert done.returncode == 0, done.stderr
    return place


def refused(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert done.returncode == 2, done
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("boilerbench: ")
    assert done.stdout == ""
    for part in parts:
        assert part in done.stderr


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("run nope", "unknown runner 'nope'; known: "),
        ("run html_text", "unknown runner 'html_text'; did you mean 'html-text'? known: "),
        ("run trafilatura:nope", "variant"),
        ("run --runner set", "set/runner.toml: No such file or directory; a runner is a .py file, or a folder with"),
        ("run --runner nope.py", "nope.py"),
        ("run --set nope", "unknown set 'nope'; known: goldset"),
        ("run --set nope:set", "unknown set format 'nope'"),
        ("run --set zyte:nope", "nope does not exist"),
        ("run --set zyte:set --set zyte:set/../set", "more than once"),
        ("run --metric nope", "unknown metric 'nope'; known: author, code, date, exact, "),
        ("run --policy nope", "unknown policy 'nope'; known: default"),
        ("run --by nope", "unknown slice 'nope'"),
        ("run --format nope", "'nope' is not one of 'text', 'markdown', 'csv', 'json'"),
        ("run --jobs 0", "'--jobs'"),
        ("run --timeout 0", "'--timeout'"),
        ("run --timeout nan", "'--timeout': nan is no number of seconds"),
        ("run --memory none", "'--memory'"),
        ("run --limit -1", "'--limit'"),
        ("run --env nope", "'nope' is not one of"),
        ("run --nope", "No such option"),
        ("tabel", "unknown command 'tabel'; did you mean 'table'?"),
        ("sets lsit", "unknown command 'lsit'; did you mean 'list'?"),
        ("run --fromat csv", "'--format'"),
        ("score", "either a RUN folder, or --set with --outputs"),
        ("score run --outputs zyte:outputs.json", "either a RUN folder"),
        ("score --set zyte:set", "either a RUN folder"),
        ("score --set zyte:set --outputs zyte:nope", "nope does not exist"),
        ("score --set zyte:set --outputs nope:set", "unknown outputs format"),
        ("score nope", "not a run folder"),
        ("score run --metric nope", "unknown metric"),
        ("table", "Missing argument 'RUN'"),
        ("table nope", "not a run folder"),
        ("table set", "not a run folder"),
        ("table run --metric zyte", "has no scores by metric 'zyte'"),
        ("table run --policy strict", "strict"),
        ("sets show nope", "unknown set"),
        ("completion", "Missing argument '{bash|zsh|fish}'. Choose from: bash"),
        ("compare html-text justext --floors nope.json", "nope.json: no such file of floors; --update-floors makes it"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(command: str, says: str, place: Path) -> None:
    before = sorted(place.rglob("*"))
    refused(boilerbench(*command.split(), cwd=place), says)
    assert sorted(place.rglob("*")) == before


def write_native(folder: Path) -> None:
    page = folder / "pages" / "a"
    page.mkdir(parents=True)
    (folder / "set.toml").write_text('name = "own"\nversion = "1"\nlicence = "CC0"\nsource = "here"\n')
    (page / "page.html").write_text("<p>text</p>")
    (page / "gold.json").write_text('{"schema": 1, "segments": [{"label": "paragraph", "text": "text"}]}')


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("pages/a/gold.json", "{", "gold.json:1:2: not JSON"),
        ("pages/a/gold.json", '{"schema": 99, "segments": []}', "schema 99 is newer than"),
        ("pages/a/gold.json", "[]", "it must be a table of keys, not a list"),
        ("pages/a/gold.json", '{"schema": 1, "segments": [{"label": "x", "text": "t"}]}', "unknown label 'x'"),
        ("pages/a/page.html", None, "page.html: missing"),
        ("set.toml", "name = ", "not TOML"),
        ("set.toml", None, "cannot be read"),
    ],
)
def test_a_broken_set_is_one_line(file: str, content: str | None, says: str, tmp_path: Path) -> None:
    write_native(tmp_path / "own")
    broken = tmp_path / "own" / file
    if content is None:
        broken.unlink()
    else:
        broken.write_text(content)
    refused(boilerbench("run", "html-text", "--set", "native:own", cwd=tmp_path), says)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("ground-truth.json", b"nothing", "ground-truth.json:1:1: not JSON"),
        ("ground-truth.json", b"{}", "no pages in "),
        ("ground-truth.json", b"[]", "it must be a table of keys, not a list"),
        ("ground-truth.json", b'{"p0": {}}', "page p0: it needs the key 'articleBody'"),
        ("ground-truth.json", b'{"p9": {"articleBody": ""}}', "p9.html.gz: missing, though"),
        ("ground-truth.json", b"\xff", "not JSON"),
        ("html/p0.html.gz", b"no gzip", "cannot be unpacked"),
        ("html/p0.html.gz", gzip.compress(b"x" * 1000, mtime=0)[:-9], "cannot be unpacked"),
    ],
)
def test_a_broken_public_set_is_one_line(file: str, content: bytes, says: str, tmp_path: Path) -> None:
    spec = make_set(tmp_path / "set", pages=1)
    (tmp_path / "set" / file).write_bytes(content)
    runner = make_runner(tmp_path, "mine", "    return html")
    refused(boilerbench("run", "--runner", runner, "--set", spec, "--env", "host", cwd=tmp_path), says)


@pytest.mark.parametrize("file", ["manifest.json", "pages.parquet/00000.parquet", "scores.parquet"])
@pytest.mark.parametrize("command", ["table", "score"])
def test_a_truncated_run_folder_is_one_line(command: str, file: str, place: Path, tmp_path: Path) -> None:
    shutil.copytree(place / "run", tmp_path, dirs_exist_ok=True)
    content = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(content[: len(content) // 2])
    more = ("--by", "language") if command == "table" else ()  # without, leaderboard.json says it all
    refused(boilerbench(command, tmp_path, *more, cwd=place), file)


def test_a_folder_that_cannot_be_written_is_one_line(place: Path) -> None:
    runner = ("run", "--runner", "mine.py", "--set", "zyte:set", "--env", "host")
    refused(boilerbench(*runner, "--out", "mine.py/run", cwd=place), "mine.py/run: cannot be written")
    refused(boilerbench(*runner, "--out", "set", cwd=place), "set: not empty and not a run folder")


def test_a_set_that_changed_since_the_run_is_refused(tmp_path: Path) -> None:
    make_set(tmp_path / "set")
    make_runner(tmp_path, "mine", "    return html")
    run = ("run", "--runner", "mine.py", "--set", "zyte:set", "--out", "run", "--env", "host")
    assert boilerbench(*run, cwd=tmp_path).returncode == 0
    truth = tmp_path / "set" / "ground-truth.json"
    truth.write_text(truth.read_text().replace("body 3", "another body"))
    refused(boilerbench("score", "run", cwd=tmp_path), "set 'zyte' has changed since")
    assert boilerbench("table", "run", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "name", ["", *COMMANDS, "sets list", "sets show", "sets build", "runners list", "runners lock"]
)
def test_every_command_has_help(name: str) -> None:
    done = boilerbench(*name.split(), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: boilerbench {name}".rstrip())
    assert done.stderr == ""
    assert "\\b" not in done.stdout


def test_help_answers_at_once() -> None:
    times = []
    unmeasured = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    for _ in range(5):
        start = time.perf_counter()
        boilerbench("--help", env=unmeasured)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3


def test_the_version_is_printed() -> None:
    assert boilerbench("--version").stdout.startswith("boilerbench, version ")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_and_completes(shell: str) -> None:
    assert "_BOILERBENCH_COMPLETE" in boilerbench("completion", shell).stdout
    words = {"COMP_WORDS": "boilerbench ru", "COMP_CWORD": "1", "_BOILERBENCH_COMPLETE": "bash_complete"}
    assert boilerbench(env=os.environ | words).stdout.split() == ["plain,run", "plain,runners"]


def test_the_table_in_each_format(place: Path) -> None:
    text = boilerbench("table", "run", cwd=place)
    assert text.returncode == 0
    assert "mine" in text.stdout
    assert text.stderr == ""
    markdown = boilerbench("table", "run", "--format", "markdown", cwd=place).stdout
    assert [line for line in markdown.splitlines() if line.startswith("|")][2].split("|")[2].strip() == "mine"
    found = json.loads(boilerbench("table", "run", "--format", "json", cwd=place).stdout)
    assert isinstance(found["schema"], int)
    assert ",".join(found["rows"][0]).startswith(COLUMNS)


def test_the_csv_table_has_the_promised_columns(place: Path) -> None:
    done = boilerbench("table", "run", "--format", "csv", "--metric", "words", "--metric", "exact", cwd=place)
    header, *lines = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    assert header.startswith(COLUMNS)
    assert len(lines) == 2
    found = {row["metric"]: row for row in csv.DictReader([header, *lines])}
    assert (float(found["words"]["f1"]), float(found["words"]["precision"])) == (1, 1)
    assert (float(found["exact"]["f1"]), found["exact"]["precision"], found["exact"]["recall"]) == (1, "", "")


def test_run_score_and_table_print_the_same_table(tmp_path: Path) -> None:
    make_set(tmp_path / "set")
    make_runner(tmp_path, "mine", "    return html[:21]")
    options = ("--format", "csv", "--metric", "words", "--metric", "zyte")
    run = ("run", "--runner", "mine.py", "--set", "zyte:set", "--out", "run", "--env", "host")
    printed = [boilerbench(*command, *options, cwd=tmp_path) for command in (run, ("score", "run"), ("table", "run"))]
    assert [done.returncode for done in printed] == [0, 0, 0]
    assert len({done.stdout for done in printed}) == 1
    assert "run kept in run" in printed[0].stderr


def test_slices_have_rows_of_their_own(tmp_path: Path) -> None:
    done = boilerbench(*("run", "html-text", "--by", "language", "--format", "csv", "--env", "host"), cwd=tmp_path)
    assert done.returncode in (0, 4), done.stderr
    assert {"en", "de"} <= {row["slice"] for row in rows(done.stdout)}


@pytest.mark.parametrize("by", ["charset", "length", "complexity"])
def test_what_slices_need_of_pages_is_counted_when_it_is_first_asked_for(by: str, place: Path, tmp_path: Path) -> None:
    shutil.copytree(place / "run", tmp_path / "run")
    assert not set(COLUMNS_OF_FACTS) & set(RunFolder(tmp_path / "run").columns("pages"))
    how = ("--by", by, "--format", "csv")
    refused(boilerbench("table", "run", *how, cwd=tmp_path), "set 'zyte:set': set does not exist")
    done = boilerbench("table", tmp_path / "run", *how, cwd=place)
    expected = {"charset": "utf-8", "length": "Q1 2-2 words", "complexity": "Q1 0.00-0.00"}
    assert [row["slice"] for row in rows(done.stdout)] == [expected[by]]
    assert boilerbench("table", "run", *how, cwd=tmp_path).stdout == done.stdout


def test_outputs_with_missing_and_extra_pages(place: Path, tmp_path: Path) -> None:
    outputs = {"p0": {"articleBody": "body 0"}, "p1": {"articleBody": ""}, "p2": "body 2", "p8": {"articleBody": "?"}}
    (tmp_path / "some.json").write_text(json.dumps(outputs))
    (tmp_path / "all.json").write_bytes((place / "outputs.json").read_bytes())
    done = boilerbench(
        *("score", "--set", f"zyte:{place / 'set'}", "--outputs", f"zyte:{tmp_path}"),
        *("--format", "csv", "--out", tmp_path / "run"),
    )
    assert done.returncode == 0, done.stderr
    assert "some has no prediction for 2 pages: p3, p4" in done.stderr
    assert "some predicts pages the set lacks: 1 page: p8" in done.stderr
    assert "all has no" not in done.stderr
    found = {row["runner"]: row for row in rows(done.stdout)}
    assert [found["some"][key] for key in ("pages", "failed", "empty")] == ["5", "2", "1"]
    assert [found["all"][key] for key in ("pages", "failed", "empty")] == ["5", "0", "0"]
    assert float(found["all"]["f1"]) == 1
    assert float(found["some"]["f1"]) == pytest.approx(2 / 5)
    kept = extractions(tmp_path / "run")["some"]
    assert [str(extraction.status) for extraction in kept.values()] == ["ok", "empty", "ok", "error", "error"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not JSON"),
        ("[]", "it must be a table of keys, not a list"),
        ('{"p0": 7}', "page p0"),
        ('{"x": "text"}', "none of their pages"),
    ],
)
def test_broken_outputs_are_one_line(content: str, says: str, place: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(content)
    outputs = ("--outputs", f"zyte:{tmp_path / 'bad.json'}", "--out", tmp_path / "run")
    refused(boilerbench("score", "--set", f"zyte:{place / 'set'}", *outputs), says)


def test_sets_and_runners_are_listed(place: Path) -> None:
    sets = boilerbench("sets", "list").stdout
    assert sets.startswith("goldset ")
    assert "zyte:PATH" in sets
    shown = boilerbench("sets", "show", "zyte:set", cwd=place).stdout
    assert "5 pages" in shown
    assert "by label: body 5" in shown
    runners = boilerbench("runners", "list").stdout
    for name in ("html-text", "justext", "newspaper3k", "readability-lxml", "trafilatura"):
        assert name in runners


def test_the_progress_is_on_stderr_in_plain_lines(place: Path, tmp_path: Path) -> None:
    run = ("run", "--runner", "mine.py", "--set", "zyte:set", "--out", tmp_path / "run", "--env", "host")
    done = boilerbench(*run, "--format", "csv", cwd=place)
    assert "mine: 5/5 pages, 0 failed" in done.stderr
    assert "\x1b" not in done.stderr
    assert "5/5" not in done.stdout


@pytest.mark.parametrize(("gate", "code"), [((), 0), (("--fail-on", "f1 <= 1"), 1)])
def test_a_closed_pipe_is_no_fault_and_hides_none(gate: tuple[str, ...], code: int, place: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [COMMAND, "compare", "run:mine", "run:mine", *gate]
    done = subprocess.run(command, cwd=place, stdout=writer, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    os.close(writer)
    assert done.returncode == code
    assert len(done.stderr.splitlines()) == code


def test_no_terminal_obeys_what_a_page_is_called_or_a_runner_says(tmp_path: Path) -> None:
    row = {"id": "\x1b]0;page\x07", "url": "https://example.org", "html": "<p>one</p>", "text": "two"}
    (tmp_path / "set.jsonl").write_text(json.dumps(row))
    runner = make_runner(tmp_path, "any", "    return html", "raise ImportError('\\x1b]0;runner\\x07\\nand more')")
    main, terminal = os.openpty()
    checked = subprocess.run([COMMAND, "sets", "check", f"jsonl:{tmp_path}/set.jsonl"], stdout=terminal, check=False)
    printed = os.read(main, 10_000).decode()
    done = boilerbench("run", "--runner", runner, "--set", f"jsonl:{tmp_path}/set.jsonl", "--out", tmp_path / "out")

    assert checked.returncode == 1
    assert "\\x1b]0;page\\x07" in printed
    assert done.returncode == 4
    assert "any: unavailable: cannot be imported: ImportError: \\x1b]0;runner\\x07 and more" in done.stderr.splitlines()
    assert "\x1b" not in printed + done.stderr
    assert "pages/s" not in done.stderr


def test_a_table_keeps_to_a_terminal_and_is_whole_in_a_pipe(place: Path) -> None:
    def printed(*more: str) -> list[str]:
        main, terminal = os.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
        env = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | {"TERM": "dumb"}
        subprocess.run([COMMAND, "table", "run", *more], stdout=terminal, cwd=place, env=env, check=True)
        return os.read(main, 10_000).decode().replace("\r", "").splitlines()

    narrow, whole = printed(), boilerbench("table", "run", cwd=place).stdout.splitlines()
    assert printed("--wide") == whole
    assert (" exact " in whole[2], " exact " in narrow[2]) == (True, False)
    assert max(map(len, narrow[:-1])) <= 60  # the last line is the signature
    assert any(line.startswith("not shown for want of room: ") for line in narrow)
    quiet = boilerbench("score", "run", "--quiet", cwd=place)
    assert (quiet.stdout.splitlines(), quiet.stderr) == (whole, "")


def test_a_runner_is_named_as_it_was_asked_for_whatever_the_name_means_to_a_terminal(tmp_path: Path) -> None:
    runner, spec = make_runner(tmp_path, "any", "    return html"), make_set(tmp_path / "set")
    runner.write_text(runner.read_text().replace("url=None", "url=None, tags=()"))
    run = ("run", f'{runner}:tags=["[/a]"]', "--set", spec, "--env", "host", "--out", tmp_path / "out")
    done = boilerbench(*run)
    assert done.returncode == 0, done.stderr
    assert 'any:tags=["[/a]"]: 5/5 pages, 0 failed' in done.stderr


def test_the_reason_of_the_first_page_that_failed_is_told(place: Path, tmp_path: Path) -> None:
    make_runner(tmp_path, "bad", "    raise OSError('no such luck')")
    run = ("run", "--runner", tmp_path / "bad.py", "--set", "zyte:set", "--out", tmp_path / "run", "--env", "host")
    done = boilerbench(*run, cwd=place)
    told = [line for line in done.stderr.splitlines() if "no such luck" in line]
    assert told[0] == "bad: first page that failed: OSError: no such luck"
    assert told[1:] == [
        "boilerbench: nothing was measured: bad: all pages failed with the same error (5): OSError: no such luck"
    ]


def test_a_run_below_a_working_tree_is_no_edit_of_it(place: Path, tmp_path: Path) -> None:
    git = [shutil.which("git") or "git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    done = boilerbench("run", "nothing", "--set", f"zyte:{place / 'set'}", "--env", "host", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "runs").is_dir()
    status = subprocess.run([*git, "status", "--short"], capture_output=True, text=True, check=True)
    assert status.stdout == ""


@pytest.mark.parametrize("command", ["table run --format json | head -c 0", "sets list | head -c 0", "sets list >&-"])
def test_a_reader_that_leaves_is_no_fault(command: str, place: Path) -> None:
    left, _, reader = command.partition(" | ")
    script = f"{{ {COMMAND} {left}; echo $? >code; }}" + (f" | {reader}" if reader else "")
    done = subprocess.run(["/bin/sh", "-c", script], cwd=place, capture_output=True, encoding="utf-8", check=False)
    assert (done.stderr, (place / "code").read_text()) == ("", "0\n")
    (place / "code").unlink()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stdout_is_one_line(place: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = boilerbench("table", "run", cwd=place, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        "boilerbench: standard output: No space left on device; make room, or name another place"
    ]


def test_a_fault_of_ours_is_exit_code_3() -> None:
    code = "from boilerbench import cli; cli.cli.main = lambda **_: 1 / 0; cli.main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 3
    assert "ZeroDivisionError" in done.stderr


def test_all_is_every_runner_there_is_once(place: Path, tmp_path: Path) -> None:
    run = ("run", "all", "nothing", "--set", "zyte:set", "--limit", "1", "--env", "host", "--out", tmp_path / "run")
    without_toolchains = os.environ | {"PATH": str(tmp_path)}  # those would build for minutes
    done = boilerbench(*run, "--format", "csv", cwd=place, env=without_toolchains)
    assert done.returncode == 0, done.stderr
    assert sorted(row["runner"] for row in rows(done.stdout)) == sorted(registry.known())
