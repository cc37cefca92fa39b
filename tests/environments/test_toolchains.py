"""Folders that are built: a small runner in each language, which needs its toolchain and the registry of that."""

from __future__ import annotations

import shutil
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING

import pytest

from boilerbench.environments import environment, resolution, setup, toolchains
from boilerbench.errors import BadRunnerError, UnavailableError, UsageError
from boilerbench.extraction.pages import with_text
from boilerbench.model import FolderRunner, Metadata
from boilerbench.process import protocol
from boilerbench.process.child import Child, Limits
from boilerbench.runners import catalogue, registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GO = """
package main

import ("errors"; "fmt"; "golang.org/x/text/language"; "os")

func extract(html, url string, options map[string]any) (map[string]any, error) {
	fmt.Println("printed")
	switch html {
	case "fail": return nil, errors.New("no such thing")
	case "panic": var none []int; return nil, fmt.Errorf("%v", none[len(html)])
	case "nothing": return nil, nil
	case "leave": os.Exit(3)
	}
	about := map[string]any{"author": []string{"A", "B"}, "date": nil, "language": language.English.String()}
	about["text"] = html + "|" + url + options["mark"].(string)
	return about, nil
}
"""
RUST = """
use serde_json::{json, Value};
pub fn extract(html: &str, url: Option<&str>, options: &Value) -> Result<Value, Box<dyn std::error::Error>> {
    println!("printed");
    match html {
        "fail" => return Err("no such thing".into()),
        "panic" => panic!("index out of range"),
        "nothing" => return Ok(Value::Null),
        "leave" => std::process::exit(3),
        _ => {}
    }
    let text = format!("{html}|{}{}", url.unwrap_or(""), options["mark"].as_str().unwrap());
    Ok(json!({"text": text, "author": ["A", "B"], "date": null, "language": "en"}))
}
"""
JAVA = """
import com.google.gson.JsonObject;
import java.util.*;
class Extract {
    static Map<String, ?> extract(String html, String url, JsonObject options) throws Exception {
        System.out.println("printed");
        if (html.equals("fail")) throw new Exception("no such thing");
        if (html.equals("panic")) return Map.of("text", List.of().get(1), "index out of range", 0);
        if (html.equals("nothing")) return Map.of();
        if (html.equals("leave")) System.exit(3);
        Map<String, Object> reply = new HashMap<>(Map.of("author", List.of("A", "B"), "language", "en"));
        reply.put("text", html + "|" + (url == null ? "" : url) + options.get("mark").getAsString());
        reply.put("date", null);
        return reply;
    }
}
"""
POM = """
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>runner</groupId><artifactId>runner</artifactId><version>0</version>
  <dependencies>
    <dependency>
      <groupId>com.google.code.gson</groupId>
      <artifactId>gson</artifactId>
      <version>2.13.1</version>
    </dependency>
  </dependencies>
</project>
"""
CARGO = """
[package]
name = "runner"
version = "0.0.0"
edition = "2021"

[[bin]]
name = "runner"
path = "worker.rs"

[dependencies]
serde_json = "=1.0.140"
"""
PACKAGE = '{"private": true, "dependencies": {"html-to-text": "9.0.4"}}'
NODE = 'export { convert as extract } from "html-to-text";'
TOML = """\
distribution = "{}"
version = "{}"
input = "text"
format = "text"

[toolchain]
{}

[options]
mark = "!"
"""
LANGUAGES = {
    "go": (
        ("golang.org/x/text", "0.21.0", 'go = "1.21"'),
        {"go.mod": "module runner\n\ngo 1.21\n\nrequire golang.org/x/text v0.21.0\n", "extract.go": GO},
    ),
    "cargo": (("serde_json", "1.0.140", 'cargo = "1.70"'), {"Cargo.toml": CARGO, "extract.rs": RUST}),
    "maven": (
        ("com.google.code.gson:gson", "2.13.1", 'maven = "3.6"\njava = "11"'),
        {"pom.xml": POM, "Extract.java": JAVA},
    ),
    "node": (("html-to-text", "9.0.4", 'node = "20"'), {"package.json": PACKAGE, "extract.mjs": NODE}),
}
OTHERS = {"go": "v0.20.0", "cargo": "1.0.139", "maven": "2.12.1", "node": "9.0.3"}
compiled = pytest.mark.parametrize("language", ["go", "cargo", "maven"])


@pytest.fixture(scope="module", autouse=True)
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One cache for all tests here, so that nothing is built twice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOILERBENCH_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def make(folder: Path, language: str) -> str:
    (distribution, version, toolchain), files = LANGUAGES[language]
    folder.mkdir()
    for name, content in {"runner.toml": TOML.format(distribution, version, toolchain), **files}.items():
        (folder / name).write_text(content)
    return f"{folder}/"


def found(label: str) -> FolderRunner:
    runner = registry.find(label)
    assert isinstance(runner, FolderRunner)
    return runner


@pytest.fixture(scope="module")
def locked() -> dict[str, str]:
    return {}


@pytest.fixture
def folder(language: str, locked: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The runner of a language, with its lock. Skips where the toolchain, or what it asks, is not to be had."""
    if language not in locked:
        label = make(tmp_path_factory.mktemp(language) / "small_one", language)
        try:
            environment.programs_of(found(label))
            resolution.lock(found(label))
        except UnavailableError as cause:
            pytest.skip(f"{language}: {cause}")
        locked[language] = label
    return locked[language]


@compiled
def test_a_built_runner_speaks_the_protocol_whatever_its_extractor_does(folder: str, language: str) -> None:
    runner = found(folder)
    assert catalogue.entry(runner).language == {"go": "go", "cargo": "rust", "maven": "java"}[language]
    pages = ["<p>ä\ud800\u2028</p>", "fail", "panic", "nothing", "x" * 3_000_000, "leave"]
    with closing(Child(environment.command(runner, "locked"), Limits(seconds=20))) as child:
        hello = child.hello()
        said = []
        for number, page in enumerate(pages):
            child.send(number, "https://example.org/" if number else None, page)
            said.append(with_text(child.receive(), runner.format))
    assert (hello["name"], hello["version"]) == (runner.distribution, runner.version)
    assert [one.status for one in said] == ["ok", "error", "error", "empty", "ok", "crash"]
    assert said[0].text.startswith("<p>ä\ufffd")
    assert said[0].text.endswith("|!")
    assert said[0].metadata == Metadata(author=("A", "B"), date="", language="en")
    assert "no such thing" in (said[1].error or "")
    assert "index" in (said[2].error or "").lower()
    assert "printed" in (said[1].stderr or "")
    assert said[4].text.endswith("x|https://example.org/!")
    assert said[0].wall is not None
    assert said[0].cpu is not None
    assert said[0].wall < 5
    assert said[0].peak is None or 1 << 20 < said[0].peak < 1 << 30


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_another_release_stands_in_the_lock_of_a_copy(folder: str, language: str) -> None:
    label = f"{folder}@{OTHERS[language]}"
    runner, own = resolution.pin(found(label)), found(folder)
    assert not runner.unavailable
    assert (runner.version, runner.label) == (OTHERS[language].removeprefix("v"), f"small-one@{OTHERS[language]}")
    assert isinstance(runner, FolderRunner)
    for name in toolchains.of(own).locks:
        assert (runner.folder / name).read_text() != (own.folder / name).read_text()
    assert runner.digest != own.digest
    assert resolution.pin(found(label)) == runner
    if language == "node":
        assert "its setup failed" in resolution.pin(found(f"{folder}@99.99.99")).unavailable


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_a_folder_that_says_another_release_than_its_lock_is_neither_built_nor_locked(
    folder: str, language: str, tmp_path: Path
) -> None:
    shutil.copytree(found(folder).folder, tmp_path / "other")
    said, version = tmp_path / "other" / "runner.toml", LANGUAGES[language][0][1]
    said.write_text(said.read_text().replace(f'version = "{version}"', 'version = "9.9.9"'))
    other = found(f"{tmp_path}/other/")
    reason = f"runner.toml says version 9.9.9 of {other.distribution}, .* {version}: make them agree"
    for ask in (lambda: environment.command(other, "locked"), lambda: resolution.lock(other)):
        with pytest.raises(UnavailableError, match=reason):
            ask()


@pytest.mark.parametrize("language", ["node"])
def test_an_upgrade_makes_the_lock_anew(folder: str, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "small_one")
    lock = tmp_path / "small_one" / "package-lock.json"
    whole = lock.read_text()
    lock.write_text("no lock")
    resolution.lock(found(f"{tmp_path}/small_one"), upgrade=True)
    assert lock.read_text() == whole
    assert sorted(file.name for file in lock.parent.iterdir()) == sorted(
        [*LANGUAGES["node"][1], lock.name, "runner.toml"]
    )


@pytest.mark.parametrize(
    ("jars", "wrong"),
    [({"a.jar": b"a"}, ""), ({"a.jar": b"b"}, "a.jar"), ({"a.jar": b"a", "b.jar": b""}, "b.jar"), ({}, "a.jar")],
)
def test_a_jar_that_is_not_as_the_lock_has_it_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jars: dict[str, bytes], wrong: str
) -> None:
    runner = found(make(tmp_path / "some", "maven"))
    sha256 = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    (tmp_path / "some" / toolchains.JARS).write_text(f"{sha256}  a.jar\n")

    def bring(_command: object, folder: Path, *_about: object) -> None:
        (folder / "target" / "lib").mkdir(parents=True)
        for name, content in jars.items():
            (folder / "target" / "lib" / name).write_bytes(content)

    monkeypatch.setattr(setup, "run", bring)
    with pytest.raises(UnavailableError, match=f"its setup failed: {wrong} is not") if wrong else nullcontext():
        toolchains.build(runner, tmp_path / "built")


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("go", "needs go, which is not installed; install Go 1.21 or newer"),
        ("cargo", "needs cargo, which is not installed; install Rust 1.70 or newer, with cargo"),
        (
            "maven",
            "needs java, which is not installed; install Maven 3.6 or newer, and a Java development kit 11 or newer",
        ),
        ("node", "needs node, which is not installed; install Node.js 20 or newer, with npm"),
    ],
)
def test_without_its_toolchain_a_runner_is_unavailable_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, reason: str
) -> None:
    runner = found(make(tmp_path / "some", language))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError) as refusal:
        environment.command(runner, "locked")
    assert str(refusal.value) == reason
    assert environment.state(runner) == "unavailable"
    assert resolution.pin(found(f"{tmp_path}/some@9.9")).unavailable == reason


def test_a_toolchain_that_is_too_old_is_named_with_what_is_wanted(tmp_path: Path) -> None:
    if not shutil.which("go"):
        pytest.skip("go is not installed")
    folder = make(tmp_path / "some", "go")
    toml = tmp_path / "some" / "runner.toml"
    toml.write_text(toml.read_text().replace("1.21", "99.1"))
    with pytest.raises(UnavailableError, match=r"needs go >=99\.1, here is 1\.[\d.]+; install Go 99\.1 or newer"):
        environment.command(found(folder), "locked")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('go = "1.21"', 'java = "11"', "must have one of go, cargo, maven, node"),
        ('go = "1.21"', 'go = "1.21"\ncargo = "1.70"', "must have one of"),
        ('go = "1.21"', 'go = "1.21"\njava = "11"', "go has the keys go: 'java'"),
        ('go = "1.21"', 'maven = "3.6"', "maven has the keys maven, java: 'java'"),
        ('go = "1.21"', 'go = ">=1.21"', "go must be the lowest version, such as '1.24'"),
        ('input = "text"', 'input = "bytes"', "with .toolchain., 'input' must be 'text'"),
        ('input = "text"', 'input = "text"\nsetup = ["make"]', "'setup' follows from .toolchain."),
    ],
)
def test_a_bad_toolchain_is_refused_by_file_and_reason(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    folder = make(tmp_path / "some", "go")
    toml = tmp_path / "some" / "runner.toml"
    toml.write_text(toml.read_text().replace(old, new))
    with pytest.raises(BadRunnerError, match=complaint):
        registry.find(folder)


@pytest.mark.parametrize("origin", ["main", "./other", "git+https://example.org/x.git"])
def test_of_a_folder_only_a_release_can_be_asked_for(tmp_path: Path, origin: str) -> None:
    with pytest.raises(UsageError, match="is no release, which alone can stand here behind '@'"):
        registry.find(f"{make(tmp_path / 'some', 'go')}@{origin}")


def test_the_workers_speak_the_protocol_that_the_harness_does() -> None:
    for name, line in {"worker.go": "const protocol = {}", "worker.rs": "PROTOCOL: u32 = {};"}.items():
        assert line.format(protocol.PROTOCOL) in environment.NODE_WORKER.with_name(name).read_text()
    java = environment.NODE_WORKER.with_name("Worker.java").read_text()
    assert f"PROTOCOL = {protocol.PROTOCOL};" in java
