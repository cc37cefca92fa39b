"""What the house promises beyond its floors, which import-linter holds (pyproject.toml)."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import boilerbench
from boilerbench.cli import COMMANDS
from boilerbench.files import shipped
from tests.command import boilerbench as boilerbench_command

ROOT = Path(boilerbench.__file__).parent
PACKAGES = sorted(file.parent for file in ROOT.rglob("__init__.py"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package.relative_to(ROOT)))
def test_a_package_is_small_and_says_what_it_is_for(package: Path) -> None:
    most = 8 if package == ROOT else 12 if package.name != "commands" else len(COMMANDS)
    assert len(list(package.glob("*.py"))) <= most
    assert ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8")))


def test_runners_and_the_harness_do_not_know_each_other() -> None:
    for file in (ROOT.parents[1] / "runners").glob("*.py"):
        assert "boilerbench" not in file.read_text("utf-8"), file


def test_other_distributions_may_be_called_bench_and_runners(tmp_path: Path) -> None:
    for name in ("bench", "runners"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"raise SystemExit('this is another {name}')\n")
    code = "import boilerbench; print(boilerbench.score(gold='a b c', prediction='a b d', metric='words').f1)"
    more = os.environ | {"PYTHONPATH": str(tmp_path), "BOILERBENCH_CACHE": str(tmp_path / "cache")}
    done = subprocess.run([sys.executable, "-c", code], env=more, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.startswith("0.666")
    arguments = ("run", "nothing", "--limit", "1", "--out", tmp_path / "run", "--format", "csv")
    done = boilerbench_command(*arguments, env=more)
    assert done.returncode == 0, done.stderr


def test_the_wheel_puts_one_name_at_the_top_of_site_packages() -> None:
    built = tomllib.loads((ROOT.parents[1] / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    wheel = built["targets"]["wheel"]
    assert wheel["packages"] == ["bench/boilerbench"]
    assert {place.partition("/")[0] for place in wheel["force-include"].values()} == {"boilerbench"}
    assert (shipped("runners") / "trafilatura.py").is_file()
    assert all((shipped("goldset") / stratum / "set.toml").is_file() for stratum in ("hard", "typical"))
