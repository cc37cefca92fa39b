"""What the house promises beyond its floors, which import-linter holds (pyproject.toml)."""

import ast
from pathlib import Path

import pytest

import boilerbench

ROOT = Path(boilerbench.__file__).parent
PACKAGES = sorted(file.parent for file in ROOT.rglob("__init__.py"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package.relative_to(ROOT)))
def test_a_package_is_small_and_says_what_it_is_for(package: Path) -> None:
    most = 8 if package == ROOT else 12
    assert len(list(package.glob("*.py"))) <= most
    assert ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8")))


def test_runners_and_the_harness_do_not_know_each_other() -> None:
    for file in (ROOT.parents[1] / "runners").glob("*.py"):
        assert "boilerbench" not in file.read_text("utf-8"), file
