from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
import yaml

from tests.command import COMMAND, boilerbench, make_runner, make_set

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
EXAMPLES = sorted((ROOT / "docs" / "workflows").glob("*.yml"))
BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(BASH is None, reason="there is no bash")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two runners, of which one is worse."""
    place = tmp_path_factory.mktemp("place")
    make_set(place / "set")
    make_runner(place, "good", "    return html.split('<p>')[1].split('</p>')[0]")
    make_runner(place, "bad", "    return ''")
    done = boilerbench("run", "good.py", "bad.py", "--set", "zyte:set", "--env", "host", "--out", "run", cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "run"


def step(
    name: str, place: Path, inputs: dict[str, str], about: Mapping[str, str] = MappingProxyType({})
) -> subprocess.CompletedProcess[str]:
    """Run a step as a runner of GitHub Actions does, in an installation that is there already.

    `about` are further values of expressions, and variables.
    """
    (found,) = [each for each in ACTION["runs"]["steps"] if each.get("name") == name]
    values = {key: each.get("default", "") for key, each in ACTION["inputs"].items()} | inputs
    given = {f"inputs.{key}": value for key, value in values.items()} | {"runner.temp": str(place), **about}
    variables = {
        key: re.sub(r"\$\{\{ (.*?) \}\}", lambda match: given[match[1]], text) for key, text in found["env"].items()
    }
    variables |= {name: str(place / name.lower()) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    programs = place / "boilerbench" / "bin"
    programs.mkdir(parents=True, exist_ok=True)
    for program, real in (("boilerbench", COMMAND), ("python", sys.executable)):
        (programs / program).unlink(missing_ok=True)
        (programs / program).symlink_to(real)
    return subprocess.run(
        [str(BASH), "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", found["run"]],
        env=os.environ | variables | {"RUNNER_TEMP": str(place), **about},
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=place,
    )


def outputs(place: Path) -> dict[str, str]:
    lines = (place / "github_output").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_a_failed_gate_fails_the_job_and_leaves_a_report(run: Path, tmp_path: Path) -> None:
    gates = "failures > base\n\nf1 < base - 0.5pt\n"
    done = step("Compare", tmp_path, {"base": f"{run}:good", "head": f"{run}:bad", "gates": gates})
    assert done.returncode == 1, done
    assert done.stdout.startswith("::error title=gate failed%3A f1 < base - 0.5pt::zyte: f1 0, base 1")
    found = outputs(tmp_path)
    assert found == {"verdict": "not tested", "report": str(tmp_path / "boilerbench-report"), "exit-code": "1"}
    summary = (tmp_path / "github_step_summary").read_text("utf-8")
    assert "1 of 2 gates failed" in summary
    assert summary == (Path(found["report"]) / "comparison.md").read_text("utf-8")
    assert (Path(found["report"]) / "comparison.xml").is_file()


def test_a_comparison_without_gates_lets_the_job_pass(run: Path, tmp_path: Path) -> None:
    done = step("Compare", tmp_path, {"base": f"{run}:good", "head": f"{run}:bad", "metric": "shingles\nwords\n"})
    assert done.returncode == 0, done
    assert outputs(tmp_path)["exit-code"] == "0"
    said = (tmp_path / "github_step_summary").read_text("utf-8")
    assert "shingles(n=4)" in said
    assert "· words ·" in said


def test_wrong_use_is_told_from_a_failed_gate(run: Path, tmp_path: Path) -> None:
    done = step(
        "Compare", tmp_path, {"base": f"{run}:good", "head": f"{run}:bad", "gates": "f1 is $(touch x) bad; false"}
    )
    assert done.returncode == 2, done
    assert "cannot read the gate 'f1 is $(touch x) bad; false'" in done.stderr
    assert outputs(tmp_path) == {"verdict": "", "report": str(tmp_path / "boilerbench-report"), "exit-code": "2"}
    assert not (tmp_path / "x").exists()


class GitHub(ThreadingHTTPServer):
    """The comments of one pull request, a page of two at a time, of which one account may write some."""

    def __init__(self, *, lets_write: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), Api)
        self.lets_write = lets_write
        self.writes: list[str] = []
        self.comments: list[dict[str, Any]] = []
        Thread(target=self.serve_forever, daemon=True).start()

    def add(self, kind: str, body: str) -> None:
        self.comments.append({"id": len(self.comments) + 1, "user": {"type": kind}, "body": body})


class Api(BaseHTTPRequestHandler):
    server: GitHub

    def log_message(self, *_: object) -> None: ...

    def answer(self, code: int, content: object) -> None:
        self.send_response(code)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def do_GET(self) -> None:
        place, _, query = self.path.partition("?")
        assert place == "/repos/owner/extractor/issues/7/comments"
        first = 2 * int(parse_qs(query)["page"][0]) - 2
        self.answer(200, self.server.comments[first : first + 2])

    def write(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        if not self.server.lets_write or self.headers["Authorization"] != "Bearer secret":
            self.answer(403, {})
            return
        self.server.writes.append(f"{self.command} {self.path}")
        if self.command == "POST":
            self.server.add("Bot", body)
        else:
            self.server.comments[int(self.path.rsplit("/", 1)[1]) - 1]["body"] = body
        self.answer(200, {})

    do_POST = do_PATCH = write  # noqa: N815  # the server looks for these


def comment(server: GitHub, place: Path, report: str, job: str = "compare") -> subprocess.CompletedProcess[str]:
    (place / "comparison.md").write_text(report, "utf-8")
    about = {"github.event.pull_request.number": "7", "steps.compare.outputs.report": str(place)}
    about |= {"github.action_path": str(ROOT), "GITHUB_JOB": job, "GITHUB_REPOSITORY": "owner/extractor"}
    about |= {"GITHUB_API_URL": f"http://127.0.0.1:{server.server_port}"}
    return step("Comment", place, {"token": "secret"}, about)


def test_a_job_has_one_comment_which_later_runs_change(tmp_path: Path) -> None:
    with GitHub() as server:
        for number in range(4):
            server.add("User", "<!-- boilerbench compare -->" if number == 1 else "I like it")
        done = comment(server, tmp_path, "### first")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        comment(server, tmp_path, "### of another job", "nightly")
        comment(server, tmp_path, "### second ✅" + "x" * 70_000)
        server.shutdown()
    posts = "POST /repos/owner/extractor/issues/7/comments"
    assert server.writes == [posts, posts, "PATCH /repos/owner/extractor/issues/comments/5"]
    assert len(server.comments) == 6
    assert server.comments[4]["body"].startswith("<!-- boilerbench compare -->\n### second ✅xx")
    assert len(server.comments[4]["body"]) == 65_536
    assert server.comments[5]["body"] == "<!-- boilerbench nightly -->\n### of another job"


def test_a_job_that_may_not_comment_says_so_and_passes(tmp_path: Path) -> None:
    with GitHub(lets_write=False) as server:
        done = comment(server, tmp_path, "### first")
        server.shutdown()
    assert done.returncode == 0, done
    assert done.stdout.startswith("::notice title=no comment::GitHub says 403 Forbidden: the job needs")
    assert comment(server, tmp_path, "### first").stdout.startswith("::notice title=no comment::")


def test_no_script_holds_an_expression_that_could_become_code() -> None:
    files = [(ROOT / "action.yml"), *EXAMPLES]
    scripts = [script for file in files for script in scripts_of(yaml.safe_load(file.read_text("utf-8")))]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def scripts_of(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["run"]] if isinstance(part.get("run"), str) else []
        return own + [script for each in part.values() for script in scripts_of(each)]
    return [script for each in part for script in scripts_of(each)] if isinstance(part, list) else []


def test_what_the_examples_give_the_action_is_what_it_takes() -> None:
    used = 0
    for file in EXAMPLES:
        jobs = yaml.safe_load(file.read_text("utf-8")).get("jobs", {})
        steps = [each for job in jobs.values() for each in job["steps"]]
        for each in steps:
            if "/boilerbench@" in each.get("uses", ""):
                used += 1
                assert each["with"].keys() <= ACTION["inputs"].keys()
                required = {name for name, about in ACTION["inputs"].items() if about.get("required")}
                assert required <= each["with"].keys()
    assert used


def test_the_guide_names_every_input_output_and_example() -> None:
    guide = (ROOT / "docs" / "ci.md").read_text("utf-8")
    for name in [*ACTION["inputs"], *ACTION["outputs"], *(f"workflows/{file.name}" for file in EXAMPLES)]:
        assert f"`{name}`" in guide or f"({name})" in guide, name
