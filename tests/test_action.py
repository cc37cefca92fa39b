from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command import COMMAND, boilerbench, make_runner, make_set

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


def step(name: str, place: Path, inputs: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a step as a runner of GitHub Actions does, in an installation that is there already."""
    (found,) = [each for each in ACTION["runs"]["steps"] if each.get("name") == name]
    values = {key: about.get("default", "") for key, about in ACTION["inputs"].items()} | inputs
    given = {f"inputs.{key}": value for key, value in values.items()} | {"runner.temp": str(place)}
    variables = {
        key: re.sub(r"\$\{\{ (.*?) \}\}", lambda match: given[match[1]], text) for key, text in found["env"].items()
    }
    variables |= {name: str(place / name.lower()) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    programs = place / "boilerbench" / "bin"
    programs.mkdir(parents=True)
    (programs / "boilerbench").symlink_to(COMMAND)
    (programs / "python").symlink_to(sys.executable)
    return subprocess.run(
        [str(BASH), "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", found["run"]],
        env=os.environ | variables | {"RUNNER_TEMP": str(place)},
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
