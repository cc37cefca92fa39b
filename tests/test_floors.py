from __future__ import annotations

import ast
import os
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BENCH = ROOT / "bench"

FLOORS = (
    (
        "errors",
        "folders",
        "model",
        "process",
        "runner",
        "slices",
        "decoding",
        "text",
        "wire",
        "convert",
        "sandbox",
        "stats",
    ),
    (
        "labels",
        "vote",
        "store",
        "cache",
        "naming",
        "declaration",
        "building",
        "sources",
        "uv",
        "worker",
        "http_worker",
    ),
    (
        *("sets", "metrics", "host", "ensemble", "marks", "front_matter", "own_policies"),
        *("python_runner", "folder_runner", "folder_environment", "resolution"),
    ),
    (
        "registry",
        "environment",
        "score",
        "authoring",
        "census",
        "lint_read",
        "lint_text",
        "wording",
        "page_facts",
        "sample",
    ),
    (
        "crew",
        "kept_scores",
        "catalogue",
        "scaffold",
        "leaderboard",
        "lint",
        "diagnosis",
        "difference",
        "pairs",
        "remarks",
    ),
    ("run", "timing", "conformance", "label_board", "sensitivity", "compare", "gates", "sides", "results"),
    ("gather", "report", "floor_file", "history"),
    ("benchmark", "reproduce", "bisect", "publish"),
    ("cli", "pytest_plugin"),
)
"""The floors of bench/, lowest first. A module or package imports only from floors below its own, a module of a
package also from its package. docs/design.md says what each is for."""

HEAVY = {"pandas", "numpy", "pyarrow", "scipy", "rich", "lxml", "html_text", "psutil", "sqlite3", "charset_normalizer"}


def modules() -> dict[str, Path]:
    """The modules of bench by dotted name without `bench.`; a package goes by its own name."""
    found = {}
    for file in sorted(BENCH.rglob("*.py")):
        parts = file.relative_to(BENCH).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            found[name] = file
    return found


def imports(file: Path) -> set[str]:
    """Everything a file imports, at its top, late or for types alone."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: write imports out in full"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def needs(name: str) -> set[str]:
    """The modules of bench that a module imports."""
    known = modules()
    return {
        part
        for each in imports(known[name])
        if (part := each.removeprefix("bench.")) in known and part not in (each, name)
    }


def floor(name: str) -> int:
    top = name.partition(".")[0]
    found = [number for number, names in enumerate(FLOORS) if top in names]
    assert found, f"bench/{top} has no floor: give it one in {Path(__file__).name} and in docs/design.md"
    return found[0]


@pytest.mark.parametrize("name", modules())
def test_a_module_imports_only_from_lower_floors(name: str) -> None:
    package = name.partition(".")[0]
    others = {needed.partition(".")[0] for needed in needs(name)} - {package}
    assert [other for other in sorted(others) if floor(other) >= floor(name)] == []


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {name: needs(name) - {name.partition(".")[0]} for name in modules()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(graph)


def test_the_harness_and_the_runners_do_not_know_each_other() -> None:
    for file in modules().values():
        assert not {name for name in imports(file) if name.partition(".")[0] == "runners"}, file
    for file in (ROOT / "runners").glob("*.py"):
        assert not {name for name in imports(file) if name.partition(".")[0] == "bench"}, file


@pytest.mark.parametrize("name", ["wire", "worker", "http_worker", "sandbox"])
def test_what_runs_inside_a_child_needs_the_standard_library_alone(name: str) -> None:
    tops = {each.partition(".")[0] for each in imports(modules()[name])}
    assert tops <= {*sys.stdlib_module_names, "bench"}
    assert needs(name) <= {"wire"}


def unmeasured() -> dict[str, str]:
    """The variables that let coverage into a process left out: it loads sqlite3 by itself."""
    return {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom bench import cli\n"
        "sys.argv = ['boilerbench', '--help']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        f"print('heavy:', sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=unmeasured(), capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "heavy: []"


@pytest.mark.parametrize("name", ["run", "score", "table", "compare", "sets", "runners"])
def test_the_help_of_a_command_loads_no_data_libraries(name: str) -> None:
    code = (
        "import sys\nfrom bench import cli\n"
        f"sys.argv = ['boilerbench', {name!r}, '--help']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "print('heavy:', sorted({'pandas', 'pyarrow', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=unmeasured(), capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "heavy: []"
