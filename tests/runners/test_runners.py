from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from boilerbench.environments import environment
from boilerbench.errors import UnavailableError
from boilerbench.runners import declaration, registry

FOLDER = Path(__file__).parents[2] / "runners"
FILES = [pytest.param(file, id=file.stem) for file in sorted(FOLDER.glob("*.py")) if file.name != "__init__.py"]
FOLDERS = [pytest.param(file.parent, id=file.parent.name) for file in sorted(FOLDER.glob("*/runner.toml"))]
ADDRESS = re.compile(r"(?im)\w+://|\bwww\.| @ |^--?(?:f|i|index-url|extra-index-url|find-links)\b")


@pytest.mark.parametrize("file", FILES)
def test_a_built_in_runner_says_what_it_is_and_takes_every_option_of_its_variants(file: Path) -> None:
    runner = declaration.describe(file)
    assert runner.name == file.stem.replace("_", "-")
    assert runner.summary.endswith(".")
    assert bool(runner.distribution) == bool(runner.dependencies)
    taken = next(node.args for node in ast.parse(file.read_text()).body if getattr(node, "name", "") == "extract")
    for variant in runner.variants:
        options = declaration.describe(file, variant).options
        assert taken.kwarg or {argument.arg for argument in taken.args} >= options.keys()


@pytest.mark.parametrize("file", FILES)
def test_the_lock_of_a_built_in_runner_pins_its_extractor_at_the_version_the_runner_names(file: Path) -> None:
    runner = declaration.describe(file)
    assert runner.lock.is_file() == bool(runner.dependencies)
    if runner.dependencies:
        assert runner.requires_python
        bare = [re.sub(r"\[.*?\]", "", dependency) for dependency in runner.dependencies]
        assert f"{runner.distribution}=={runner.version}" in bare


@pytest.mark.parametrize("file", FILES)
def test_a_built_in_runner_and_its_lock_hold_no_address(file: Path) -> None:
    for path in (file, file.with_suffix(".lock")):
        assert not (path.exists() and ADDRESS.search(path.read_text()))


@pytest.mark.parametrize("lock", [pytest.param(lock, id=lock.stem) for lock in sorted(FOLDER.glob("*.lock"))])
def test_every_pin_of_a_lock_carries_a_hash_and_belongs_to_a_runner(lock: Path) -> None:
    assert lock.with_suffix(".py").is_file()
    entries = re.split(r"(?m)^(?=\S)", lock.read_text())
    assert all(re.match(r"\S+==\S+", entry) and "--hash=sha256:" in entry for entry in entries if entry)


def test_the_default_runners_are_built_in() -> None:
    assert set(registry.DEFAULT_RUNNERS) <= {declaration.describe(file.values[0]).name for file in FILES}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_built_in_folder_pins_its_tree_with_hashes_and_without_addresses(folder: Path) -> None:
    runner = declaration.describe(folder / "runner.toml")
    lock = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert lock[""]["dependencies"] == json.loads((folder / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in lock[""]["dependencies"].values())
    assert all(entry["integrity"].startswith("sha512-") for place, entry in lock.items() if place)
    assert not any("resolved" in entry for entry in lock.values())
    assert lock[f"node_modules/{runner.distribution}"]["version"] == runner.version
    assert runner.summary.endswith(".")
    assert runner.home
    assert runner.licence == lock[f"node_modules/{runner.distribution}"]["license"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_built_in_folder_is_unavailable_without_node(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    runner = registry.find(f"{folder}/")
    with pytest.raises(UnavailableError, match="needs node, which is not installed; install Node"):
        environment.command(runner, "locked")
    assert environment.state(runner) == "unavailable"
    assert environment.digest(runner, "locked") is None
