from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from boilerbench.environments import environment, toolchains
from boilerbench.errors import UnavailableError
from boilerbench.model import FolderRunner
from boilerbench.runners import declaration, registry

FOLDER = Path(__file__).parents[2] / "runners"
FILES = [pytest.param(file, id=file.stem) for file in sorted(FOLDER.glob("*.py")) if file.name != "__init__.py"]
FOLDERS = [pytest.param(file.parent, id=file.parent.name) for file in sorted(FOLDER.glob("*/runner.toml"))]
NODE_FOLDERS = [each for each in FOLDERS if (each.values[0] / "package.json").is_file()]
CRATES = "registry+https://github.com/rust-lang/crates.io-index"  # what Cargo calls its registry, whatever serves it
PINS = {
    "go": ("go.mod", "{} v{}"),
    "cargo": ("Cargo.lock", 'name = "{}" version = "{}"'),
    "maven": ("pom.xml", "<artifactId>{}</artifactId> <version>{}</version>"),
    "node": ("package.json", '"{}": "{}"'),
}
"""The file that pins an extractor, by the toolchain of its folder, and how."""
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
def test_a_built_in_folder_says_what_it_is_and_pins_its_extractor_without_addresses(folder: Path) -> None:
    runner = declaration.describe(folder / "runner.toml")
    assert isinstance(runner, FolderRunner)
    assert runner.summary.endswith(".")
    assert runner.home.startswith("https://")
    assert runner.licence
    about, pinned = PINS[runner.toolchain]
    wanted = pinned.format(runner.distribution.rpartition(":")[2], runner.version)
    assert re.sub(r"\s+", " ", (folder / about).read_text()).count(wanted) == 1
    for name in toolchains.of(runner).locks:
        lock = (folder / name).read_text().replace(CRATES, "")
        assert lock.strip()
        assert runner.toolchain == "node" or "://" not in lock


@pytest.mark.parametrize("folder", NODE_FOLDERS)
def test_a_built_in_node_folder_pins_its_tree_with_hashes(folder: Path) -> None:
    runner = declaration.describe(folder / "runner.toml")
    lock = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert lock[""]["dependencies"] == json.loads((folder / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in lock[""]["dependencies"].values())
    unbundled = [entry for place, entry in lock.items() if place and "inBundle" not in entry]
    assert all(entry["integrity"].startswith("sha512-") for entry in unbundled)
    assert not any("resolved" in entry for entry in lock.values())
    assert isinstance(runner, FolderRunner)
    assert runner.licence == lock[f"node_modules/{runner.distribution}"]["license"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_built_in_folder_is_unavailable_without_its_toolchain(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    runner = registry.find(f"{folder}/")
    with pytest.raises(
        UnavailableError, match=r"needs (go|cargo|java|node), which is not installed; install (Go|Rust|Maven|Node)"
    ):
        environment.command(runner, "locked")
    assert environment.state(runner) == "unavailable"
    assert environment.digest(runner, "locked") is None
