from __future__ import annotations

import json
import shutil
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from boilerbench import plugins
from boilerbench.environments import environment
from boilerbench.environments.environment import NODE_WORKER
from boilerbench.errors import BadRunnerError, UnavailableError, UnknownNameError, UsageError
from boilerbench.extraction.pages import with_text
from boilerbench.model import Metadata
from boilerbench.process import protocol
from boilerbench.process.child import Child, Limits
from boilerbench.runners import registry
from boilerbench.runners.declaration import describe
from tests.command import boilerbench, make_runner, make_set, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boilerbench.model import Extraction, Runner

pytestmark = pytest.mark.usefixtures("cache")
ROOT = Path(__file__).parents[2]
TOML = """\
summary = "Some extractor."
distribution = "some-extractor"
version = "1.2"
input = "bytes"
format = "html"
command = ["sh", "{folder}/serve.sh", "{options}"]
setup = ["sh", "-c", "echo made > made"]
needs = { sh = "" }
install = "a shell"

[options]
width = 1

[variants]
wide = { width = 3, FORMAT = "text" }
"""
SERVE = """\
echo '{"protocol": 1, "name": "", "version": ""}'
while read -r line; do echo "{\\"id\\": 1, \\"text\\": \\"$(cat "$(dirname "$0")/made")\\"}"; done
"""
NODE = """\
summary = "A Node runner of these tests."
input = "text"
format = "text"
command = ["node", "{node_worker}", "{folder}/extract.mjs", "{distribution}", "{options}"]
needs = { node = ">=20" }
install = "Node.js 20 or newer"
"""
needs_node = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "some_extractor", {"runner.toml": TOML, "serve.sh": SERVE})


def make(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(content)
    return folder


def answers(runner: Runner, pages: list[str | bytes]) -> Iterator[Extraction]:
    """What a runner answers, one page after the other, each asked with the number 1."""
    child = Child(environment.command(runner, "locked"), Limits(seconds=10))
    try:
        child.hello()
        for page in pages:
            child.send(1, None, page)
            yield with_text(child.receive(), runner.format)
    finally:
        child.close()


def test_a_folder_is_described_by_its_toml(folder: Path) -> None:
    runner = registry.find(str(folder))
    assert (runner.label, runner.name, runner.version) == ("some-extractor", "some-extractor", "1.2")
    assert (runner.input, runner.format, runner.summary) == ("bytes", "html", "Some extractor.")
    assert (runner.options, runner.variants) == ({}, ("wide",))
    assert registry.find(f"{folder}/runner.toml") == runner


def test_a_variant_and_options_change_the_defaults(folder: Path) -> None:
    wide = registry.find(f"{folder}:wide")
    assert (wide.label, wide.options, wide.format) == ("some-extractor:wide", {"width": 3}, "text")
    assert registry.find(f"{folder}:wide,width=5").options == {"width": 5}
    with pytest.raises(UsageError, match=r"some-extractor takes no option 'depth'; .* known: width"):
        registry.find(f"{folder}:depth=5")
    with pytest.raises(UnknownNameError, match="unknown variant of some-extractor 'narrow'; known: wide"):
        registry.find(f"{folder}:narrow")
    with pytest.raises(UsageError, match="a folder pins its own version"):
        registry.find(f"{folder}@2.0")


def test_the_digest_follows_files_and_options_but_not_what_tools_leave_behind(folder: Path) -> None:
    digests = {describe(folder / "runner.toml").digest, describe(folder / "runner.toml", "wide").digest}
    make(folder / "node_modules", {"left.js": ""})
    assert describe(folder / "runner.toml").digest in digests
    (folder / ".npmrc").write_text("audit=false\n")
    digests.add(describe(folder / "runner.toml").digest)
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("summary", "sumary", "there is no key 'sumary'"),
        ('"1.2"', "1.2", "'version' must be a text, not a number"),
        ('["sh", "{folder}/serve.sh", "{options}"]', '"sh"', "'command' must be a list, not a text"),
        ('["sh", "{folder}/serve.sh", "{options}"]', "[1]", r"'command\[0\]' must be a text, not a whole number"),
        ('["sh", "{folder}/serve.sh", "{options}"]', "[]", "or a 'command' that begins with a program"),
        ('command = ["sh", "{folder}/serve.sh", "{options}"]', "", "it needs .toolchain., or a 'command'"),
        (', "{options}"]', "]", "it has .options., but no '{options}' in its command"),
        ('["sh", "{folder}', '["--online", "{folder}', "or a 'command' that begins with a program"),
        ('input = "bytes"\n', "", "it needs the key 'input'; it is one of text, bytes"),
        ('"html"', '"pdf"', "'format' cannot be 'pdf'; it is one of text, html, markdown"),
        ('sh = ""', 'sh = "new"', "needs 'sh': write versions as '>=20'"),
        ('install = "a shell"', "", "'install' must say what brings what it needs"),
        ("width = 3", "depth = 3", "variant 'wide' sets 'depth', which .options. has no default for"),
        ('FORMAT = "text"', 'FORMAT = "pdf"', "variant 'wide': FORMAT must be one of"),
        ("width = 1", "width = 2026-11-23", "cannot be written as JSON"),
        ("wide =", '"a:b" =', "'a:b' is no name for a variant"),
        ("[options]", "[options", "not TOML"),
        ("width = 1", "width = " + "[" * 10_000, "nested too deeply"),
    ],
)
def test_a_bad_toml_is_refused_by_file_and_reason(folder: Path, old: str, new: str, complaint: str) -> None:
    assert old in TOML
    (folder / "runner.toml").write_text(TOML.replace(old, new, 1))
    with pytest.raises(BadRunnerError, match=complaint) as refusal:
        registry.find(str(folder))
    assert str(refusal.value).startswith(str(folder / "runner.toml"))


def test_a_folder_without_a_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRunnerError, match=r"runner\.toml: No such file"):
        registry.find(f"{tmp_path}/")


def test_setup_runs_once_in_a_copy(folder: Path, cache: Path) -> None:
    runner = registry.find(str(folder))
    assert environment.state(runner) == "not built"
    assert [found.text for found in answers(runner, [b"page", b"page"])] == ["made", "made"]
    assert environment.state(runner) == "ready"
    assert not (folder / "made").exists()
    (built,) = [place for place in (cache / "environments").iterdir() if place.is_dir()]
    (built / "made").write_text("kept")
    assert [found.text for found in answers(registry.find(f"{folder}:wide"), [b"page"])] == ["kept"]


def test_the_host_environment_is_the_folder_itself(folder: Path) -> None:
    runner = registry.find(str(folder))
    assert environment.command(runner, "host").arguments == ("sh", f"{folder}/serve.sh", '{"width": 1}')
    assert environment.digest(runner, "host") is None


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("echo made > made", "echo 'error: no such tree' >&2; exit 1", "its setup failed: error: no such tree"),
        ("echo made > made", "exit 1", "its setup failed: no reason given"),
        ("echo made > made", "echo 'exit 3' > serve.sh", "did not start: left with exit code 3"),
        ('sh = ""', 'no-such-program = ""', "needs no-such-program, which is not installed; install a shell"),
        ('sh = ""', 'perl = ">=99"', r"needs perl >=99, here is 5\.\d+\.\d+; install a shell"),
    ],
)
def test_what_cannot_be_made_ready_is_unavailable_with_the_reason(
    folder: Path, cache: Path, old: str, new: str, reason: str
) -> None:
    (folder / "runner.toml").write_text(TOML.replace(old, new))
    runner = registry.find(str(folder))
    with pytest.raises(UnavailableError, match=reason):
        environment.command(runner, "locked")
    assert environment.state(runner) != "ready"
    assert list(cache.glob("environments/*.partial")) == []


def test_the_programs_that_are_needed_at_a_version_are_part_of_an_answers_identity(folder: Path) -> None:
    before = environment.digest(registry.find(str(folder)), "locked")
    (folder / "runner.toml").write_text(TOML.replace('sh = ""', 'no-such-program = ""'))
    assert before
    assert environment.digest(registry.find(str(folder)), "locked") is None


def test_a_folder_offered_by_a_package_has_its_name(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "outer_pkg", {"__init__.py": ""})
    shutil.copytree(folder, tmp_path / "outer_pkg" / "some_extractor")
    monkeypatch.syspath_prepend(tmp_path)
    entry = metadata.EntryPoint("outer", "outer_pkg", plugins.RUNNERS)
    monkeypatch.setattr(plugins, "offered", lambda group: (entry,) if group == plugins.RUNNERS else ())
    assert registry.known() == {"some-extractor": tmp_path / "outer_pkg" / "some_extractor" / "runner.toml"}
    assert registry.find("some-extractor:wide").options == {"width": 3}


def test_a_folder_that_cannot_run_stands_beside_runners_that_can(tmp_path: Path, folder: Path) -> None:
    (folder / "runner.toml").write_text(TOML.replace('sh = ""', 'no-such-program = ""'))
    whole = make_runner(tmp_path, "whole", "    return html")
    done = boilerbench(
        *("run", "--set", make_set(tmp_path / "set"), "--format", "csv", "--out", tmp_path / "run"),
        *("--runner", folder.name, "--runner", whole),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    failed = {row["runner"]: row["failed"] for row in rows(done.stdout) if row["metric"] == "words"}
    assert failed == {"some-extractor": "5", "whole": "0"}
    assert "needs no-such-program, which is not installed; install a shell" in done.stderr


@pytest.mark.skipif(not shutil.which("javac"), reason="a Java development kit is not installed")
def test_the_example_in_java_runs_as_the_docs_say(tmp_path: Path) -> None:
    example = ROOT / "docs" / "examples" / "strip_tags"
    done = boilerbench(
        *("run", "--set", make_set(tmp_path / "set"), "--format", "csv", "--out", tmp_path / "run", "--runner", example)
    )
    assert done.returncode == 0, done.stderr
    (row,) = [row for row in rows(done.stdout) if row["metric"] == "words"]
    assert (row["runner"], row["version"], row["f1"], row["failed"]) == ("strip-tags", "1.0", "1.000000", "0")
    text = 'tab\t "quoted" back\\slash äöü \U0001f600'
    assert [found.text for found in answers(registry.find(f"{example}/"), [f"<b>{text}</b>", ""])] == [f" {text} ", ""]


@needs_node
def test_a_node_runner_is_a_module_with_extract(tmp_path: Path) -> None:
    source = """
        import net from "node:net";
        export async function extract(html, url, options) {
          console.log("printed");
          process.stdout.write("written");
          if (html === "raise") throw new TypeError("no such thing");
          if (html === "number") return 7;
          if (html === "nothing") return undefined;
          if (html === "late") setTimeout(() => { throw new Error("too late"); });
          if (html === "connect") try { net.connect(80, "192.0.2.1"); } catch {}
          if (html === "leave") process.exit(3);
          return `${html} ${typeof html}`;
        }
    """
    runner = registry.find(f"{make(tmp_path / 'small_one', {'runner.toml': NODE, 'extract.mjs': source})}/")
    pages: list[Any] = ["ä\ud800\u2028", "raise", "number", "nothing", "late", "connect", "next", "leave"]
    found = list(answers(runner, pages))
    assert [one.status for one in found] == ["ok", "error", "error", "empty", "ok", "error", "ok", "crash"]
    assert found[0].text == "ä\ufffd\u2028 string"
    assert [one.error for one in found if one.status == "error"] == [
        "TypeError: no such thing",
        "TypeError: extract() returned number, not a string",
        "network: connect 192.0.2.1:80",
    ]
    assert found[0].wall is not None
    assert found[0].wall < 1
    assert found[0].peak is None or found[0].peak > 10 << 20
    assert "printed" in (found[1].stderr or "")


@needs_node
def test_a_node_runner_may_say_more_of_a_page(tmp_path: Path) -> None:
    source = """
        const found = {
          all: { text: "x", title: "T", author: ["A", "B"], date: undefined },
          one: { text: null, author: "A" },
          key: { text: "x", titel: "T" },
          list: { text: "x", title: ["T"] },
        };
        export const extract = (html) => found[html];
    """
    runner = registry.find(f"{make(tmp_path / 'telling_one', {'runner.toml': NODE, 'extract.mjs': source})}/")
    found = list(answers(runner, ["all", "one", "key"]))
    assert [(one.text, one.metadata) for one in found[:2]] == [
        ("x", Metadata("T", ("A", "B"), "")),
        ("", Metadata(author=("A",))),
    ]
    assert found[2].error == "TypeError: there is no key 'titel'; there are text, title, author, date, language"
    (wrong,) = answers(runner, ["list"])
    assert (wrong.status, wrong.error) == ("error", "broke the protocol: 'title' is list, not a text")


def test_the_worker_for_node_keeps_the_numbers_of_the_protocol() -> None:
    source = NODE_WORKER.read_text()
    assert json.loads(source.partition("const METADATA = ")[2].partition(";")[0]) == list(protocol.METADATA)
    assert f"const PROTOCOL = {protocol.PROTOCOL};" in source
    assert f"const MAX_TEXT = {protocol.MAX_TEXT:_};" in source


@needs_node
def test_a_node_runner_that_cannot_be_loaded_is_unavailable(tmp_path: Path) -> None:
    make(tmp_path / "bad", {"runner.toml": NODE, "extract.mjs": 'import "no-such-package";'})
    with pytest.raises(UnavailableError, match="Cannot find package 'no-such-package'"):
        environment.command(registry.find(f"{tmp_path}/bad"), "locked")
