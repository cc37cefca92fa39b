from __future__ import annotations

import shutil
from email.message import Message
from typing import TYPE_CHECKING

import pytest

from boilerbench.authoring import scaffold
from boilerbench.errors import UsageError
from boilerbench.runners import catalogue, declaration, registry
from tests.command import boilerbench, extractions, make_set

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOILERBENCH_CACHE", str(tmp_path / "cache"))


def test_a_new_runner_is_pinned_locked_and_runs(tmp_path: Path) -> None:
    try:
        written = scaffold.write("visible-text", "html-text", "python", tmp_path / "new")
    except UsageError as cause:
        pytest.skip(f"no package index: {cause}")
    assert [file.name for file in written] == ["visible_text.py", "visible_text.lock", "test_visible_text.py"]
    runner = declaration.describe(written[0])
    assert runner.dependencies == (f"html-text=={runner.version}",)
    assert runner.version
    assert "return html_text.extract_text(html)" in written[0].read_text()
    compile(written[2].read_text(), "test", "exec")
    done = boilerbench("run", "--runner", written[0], "--set", make_set(tmp_path / "set", 1), "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert extractions(tmp_path / "run")["visible-text"]["p0"].text == "body 0"
    about = catalogue.entry(registry.find(str(written[0])))
    assert (about.language, about.environment, about.licence) == ("python", "ready", "MIT")
    assert about.home.startswith("https://")
    with pytest.raises(UsageError, match="is there already"):
        scaffold.write("visible-text", "html-text", "python", tmp_path / "new")


def test_a_new_node_runner_has_a_module_a_declaration_and_a_lock_without_addresses(tmp_path: Path) -> None:
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("Node.js is not installed")
    try:
        written = scaffold.write("to-text", "html-to-text", "node", tmp_path)
    except UsageError as cause:
        pytest.skip(f"no package registry: {cause}")
    assert [file.name for file in written] == ["to_text", "test_to_text.py"]
    runner = registry.find(str(written[0]))
    assert (runner.name, runner.distribution, runner.input) == ("to-text", "html-to-text", "text")
    assert "return library.htmlToText(html);" in (written[0] / "extract.mjs").read_text()
    lock = (written[0] / "package-lock.json").read_text()
    assert '"integrity": "sha512-' in lock
    assert "://registry" not in lock


@pytest.mark.parametrize(
    ("language", "package", "files"),
    [
        ("go", "github.com/k3a/html2text", ["extract.go", "go.mod", "go.sum", "runner.toml"]),
        ("rust", "nanohtml2text", ["Cargo.lock", "Cargo.toml", "extract.rs", "runner.toml"]),
        ("java", "org.jsoup:jsoup", ["Extract.java", "jars.sha256", "pom.xml", "runner.toml"]),
    ],
)
def test_a_new_runner_that_is_compiled_is_pinned_and_locked_with_its_call_left_open(
    tmp_path: Path, language: str, package: str, files: list[str]
) -> None:
    try:
        written = scaffold.write("to-text", package, language, tmp_path)
    except UsageError as cause:
        pytest.skip(f"no toolchain, or no registry: {cause}")
    assert [file.name for file in written] == ["to_text", "test_to_text.py"]
    assert sorted(file.name for file in written[0].iterdir()) == files
    runner = registry.find(str(written[0]))
    assert (runner.distribution, runner.input, runner.format) == (package, "text", "text")
    assert runner.version[0].isdigit()
    assert any(
        runner.version in (written[0] / name).read_text()
        for name in ("go.mod", "Cargo.lock", "pom.xml")
        if name in files
    )
    assert "TODO" in (written[0] / next(name for name in files if name.lower().startswith("extract"))).read_text()


@pytest.mark.parametrize(("language", "package"), [("go", "html2text"), ("java", "jsoup"), ("rust", "a/b")])
def test_each_registry_has_its_own_names(tmp_path: Path, language: str, package: str) -> None:
    with pytest.raises(UsageError, match="is no name of a package"):
        scaffold.write("some", package, language, tmp_path)


@pytest.mark.parametrize("package", ["left-pad@1.3.0", "html-text==0.7", "html-text[all]", "--global", "../mine", ""])
def test_a_package_is_named_without_release_extras_or_options(tmp_path: Path, package: str) -> None:
    with pytest.raises(UsageError, match="is no name of a package"):
        scaffold.write("some", package, "node", tmp_path)


@pytest.mark.parametrize("name", ["Some", "some_name", "-some", "some--name", "a/b", ""])
def test_a_name_that_no_runner_can_have_is_refused_before_anything_is_fetched(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="is no name for a runner"):
        scaffold.write(name, "html-text", "python", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License-Expression": "MIT", "License": "other"}, "MIT"),
        ({"License": "Apache 2.0", "Classifier": "License :: OSI Approved :: Apache Software License"}, "Apache 2.0"),
        ({"License": "A" * 500, "Classifier": "License :: OSI Approved :: MIT License"}, "MIT License"),
        ({"Classifier": "Programming Language :: Python"}, ""),
    ],
)
def test_a_licence_is_what_the_package_says(fields: dict[str, str], licence: str) -> None:
    about = Message()
    for name, value in fields.items():
        about[name] = value
    assert catalogue.licence_of(about) == licence  # type: ignore[arg-type]  # what importlib.metadata makes of a file


def test_a_home_page_is_the_one_that_is_called_so() -> None:
    about = Message()
    about["Project-URL"] = "Source Code, https://example.org/code"
    about["Project-URL"] = "Homepage, https://example.org/"
    assert catalogue.home_of(about) == "https://example.org/"  # type: ignore[arg-type]  # as above
