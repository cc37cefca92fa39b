from __future__ import annotations

import sys
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from boilerbench import plugins
from boilerbench.errors import BadRunnerError, UnknownNameError, UsageError
from boilerbench.runners import declaration, registry

if TYPE_CHECKING:
    from pathlib import Path

RUNNER = '''\
# /// script
# requires-python = ">=3.10"
# dependencies = ["some-extractor==1.2"]
# ///
"""Some extractor.

More about it.
"""
import some_extractor_that_is_not_installed

DISTRIBUTION = "Some_Extractor"
INPUT = "bytes"
FORMAT = "html"
VARIANTS = {"wide": {"width": 3}}


def extract(html, url=None, **options):
    return ""
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some_extractor.py"
    path.write_text(RUNNER)
    return path


def offer(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    entries = metadata.EntryPoints(metadata.EntryPoint(module, module, plugins.RUNNERS) for module in modules)
    monkeypatch.setattr(plugins, "_installed", lambda: entries)
    monkeypatch.setattr(plugins, "offered", plugins.offered.__wrapped__)  # which remembers nothing


def test_a_runner_is_described_without_being_imported(file: Path) -> None:
    runner = declaration.describe(file)
    assert (runner.label, runner.name, runner.file) == ("some-extractor", "some-extractor", file.resolve())
    assert (runner.distribution, runner.input, runner.format) == ("Some_Extractor", "bytes", "html")
    assert (runner.summary, runner.variants, runner.options) == ("Some extractor.", ("wide",), {})
    assert (runner.requires_python, runner.dependencies) == (">=3.10", ("some-extractor==1.2",))
    assert "some_extractor_that_is_not_installed" not in sys.modules


def test_a_variant_carries_its_options(file: Path) -> None:
    runner = registry.find(f"{file}:wide")
    assert (runner.label, runner.name, runner.options) == ("some-extractor:wide", "some-extractor", {"width": 3})


def test_an_unknown_variant_lists_the_known_ones(file: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown variant of some-extractor 'narrow'; known: wide"):
        registry.find(f"{file}:narrow")


def test_the_version_is_the_one_the_lock_pins(file: Path) -> None:
    runner = declaration.describe(file)
    assert runner.version == ""
    runner.lock.write_text(
        "other==9 \\\n    --hash=sha256:00\nsome-extractor==1.2 ; python_version > '3' \\\n    --hash=x\n"
    )
    assert runner.version == "1.2"
    runner.lock.write_text("some-extractor==1.2 ; os_name == 'nt'\nsome-extractor==1.3 ; os_name != 'nt'\n")
    assert runner.version == ""


def test_the_digest_follows_the_file_the_lock_and_the_options(file: Path) -> None:
    runner = declaration.describe(file)
    digests = {runner.digest, declaration.describe(file, "wide").digest}
    runner.lock.write_text("some-extractor==1.2\n")
    digests.add(runner.digest)
    file.write_text(RUNNER + "\n")
    digests.add(runner.digest)
    assert len(digests) == 4
    assert declaration.describe(file).digest == runner.digest


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("def extract", "def extracts", "defines no extract"),
        ('INPUT = "bytes"', 'INPUT = "words"', "'INPUT' cannot be 'words'; it is one of text, bytes"),
        ('FORMAT = "html"', "", "it needs the key 'FORMAT'; it is one of text, html, markdown"),
        ('DISTRIBUTION = "Some_Extractor"', "", "it needs the key 'DISTRIBUTION'"),
        ('FORMAT = "html"', "FORMAT = choose()", ":13: FORMAT must be written out as a literal"),
        ('{"wide": {"width": 3}}', "[]", "'VARIANTS' must be a table of keys, not a list"),
        ('{"wide": {"width": 3}}', "{[]: 3}", "VARIANTS must be written out as a literal"),
        ('"wide"', '"a:b"', "'a:b' is no name for a variant"),
        ('{"width": 3}', "3", r"'VARIANTS\[...\]' must be a table of keys, not a whole number"),
        ('{"width": 3}', '{"FORMAT": "pdf"}', "variant 'wide': FORMAT must be one of"),
        ('{"width": 3}', '{"width": {3}}', "variant 'wide' cannot be written as JSON"),
        ("# dependencies = [", "# dependencies = ", "is not TOML"),
        ("# dependencies = [", "# dependencies = [" + "[" * 10_000, "nested too deeply"),
        ('["some-extractor==1.2"]', '"some-extractor"', "'dependencies' must be a list, not a text"),
        ('">=3.10"', "3.10", "'requires-python' must be a text, not a number"),
        ("# ///\n", "", "has no end"),
        ("# ///\n", "# ///\n\n# /// script\n# dependencies = []\n# ///\n", "more than one"),
        ("def extract(", "def extract(:", ":17: invalid syntax"),
        ("Some extractor.", "Some \0 extractor.", "not Python source|source code"),
    ],
)
def test_a_bad_runner_is_refused_by_file_and_reason(file: Path, old: str, new: str, complaint: str) -> None:
    assert old in RUNNER
    file.write_text(RUNNER.replace(old, new, 1))
    with pytest.raises(BadRunnerError, match=complaint) as refusal:
        declaration.describe(file)
    assert str(refusal.value).startswith(str(file.resolve()))


def test_a_variant_may_have_a_format_of_its_own(file: Path) -> None:
    file.write_text(RUNNER.replace('{"width": 3}', '{"width": 3, "FORMAT": "markdown"}'))
    plain, wide = declaration.describe(file), declaration.describe(file, "wide")
    assert (plain.format, wide.format, wide.options) == ("html", "markdown", {"width": 3})
    given = declaration.describe(file, None, {"width": 3, "FORMAT": "markdown"})
    assert (given.format, given.options, given.digest) == ("markdown", {"width": 3}, wide.digest)
    assert given.digest != declaration.describe(file, None, {"width": 3}).digest


def test_options_of_the_command_line_come_on_top_of_a_variants(file: Path) -> None:
    runner = registry.find(f"{file}:wide,width=4,depth=deep")
    assert (runner.label, runner.options) == ("some-extractor:wide,width=4,depth=deep", {"width": 4, "depth": "deep"})


@pytest.mark.parametrize(
    ("label", "complaint"),
    [
        (":url=x", "takes no option 'url'; known: width"),
        (":wide,with=3", "takes no option 'with'; did you mean 'width'\\? known: width"),
        (":FORMAT=words", "FORMAT must be one of text, html, markdown"),
    ],
)
def test_an_option_that_extract_does_not_take_is_refused(file: Path, label: str, complaint: str) -> None:
    file.write_text(RUNNER.replace("**options", "width=1"))
    with pytest.raises(UsageError, match=complaint):
        registry.find(f"{file}{label}")


@pytest.mark.parametrize(
    ("origin", "complaint"),
    [
        ("checkout", r"'checkout' is no release, no folder \(./checkout\) and no git\+URL"),
        ("2.0:wide", "variant and options stand before '@'"),
        ("./no/folder", "there is no folder ./no/folder"),
        ("git+here", r"'git\+here' is not git\+URL"),
        ("git+https://me:secret@example.org/x", r"git\+https://…: names are printed and kept"),
    ],
)
def test_an_origin_that_cannot_be_one_is_refused_without_looking_for_it(
    file: Path, origin: str, complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint) as refusal:
        registry.find(f"{file}@{origin}")
    assert "secret" not in str(refusal.value)


def test_a_runner_without_a_distribution_has_no_other_origin(file: Path) -> None:
    file.write_text(RUNNER.replace("Some_Extractor", ""))
    with pytest.raises(UsageError, match="has no distribution"):
        registry.find(f"{file}@1.0")


def test_a_runner_with_an_origin_is_unavailable_until_it_is_pinned(file: Path) -> None:
    runner = registry.find(f"{file}:wide@1.0")
    assert (runner.label, runner.origin, runner.unlocked) == ("some-extractor:wide@1.0", "1.0", True)
    assert runner.unavailable
    assert (runner.version, runner.packages) == ("", {})


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRunnerError, match=r"nothing\.py: No such file"):
        registry.find(str(tmp_path / "nothing.py"))


def test_a_file_without_a_script_block_has_no_dependencies(file: Path) -> None:
    file.write_text(RUNNER.split("# ///\n", 1)[1])
    assert declaration.describe(file).dependencies == ()


def test_a_package_offers_every_public_file_and_a_module_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "outer_pkg" / "inner"
    inner.mkdir(parents=True)
    for file in (tmp_path / "outer_pkg" / "__init__.py", inner / "__init__.py", inner / "_helper.py"):
        file.write_text("raise RuntimeError('imported')\n")
    (inner / "read_it.py").write_text(RUNNER)
    (tmp_path / "lone_one.py").write_text(RUNNER)
    monkeypatch.syspath_prepend(tmp_path)
    offer(monkeypatch, "outer_pkg.inner", "lone_one")
    assert registry.known() == {"lone-one": tmp_path / "lone_one.py", "read-it": inner / "read_it.py"}
    assert registry.find("read-it:wide").label == "read-it:wide"
    with pytest.raises(UnknownNameError, match="unknown runner 'nobody'; known: lone-one, read-it"):
        registry.find("nobody")


def test_the_first_of_two_files_keeps_their_name_and_the_other_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("first_pkg", "second_pkg"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.py").write_text(RUNNER)
    monkeypatch.syspath_prepend(tmp_path)
    offer(monkeypatch, "second_pkg", "first_pkg")
    assert registry.known() == {"same": tmp_path / "first_pkg" / "same.py"}
    (line,) = registry.broken()
    assert line.startswith("entry point 'second_pkg': the name 'same' of ")
    assert str(tmp_path / "second_pkg" / "same.py") in line


@pytest.mark.parametrize(
    "module", ["no_such_module_here", "boilerbench.runners.registry.deeper", "boilerbench.no_such_module_here", "a b"]
)
def test_an_entry_point_to_nowhere_is_named_and_the_others_are_found(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lone_one.py").write_text(RUNNER)
    monkeypatch.syspath_prepend(tmp_path)
    offer(monkeypatch, module, "lone_one")
    assert list(registry.known()) == ["lone-one"]
    (line,) = registry.broken()
    assert line.startswith(f"entry point '{module}': ")
    assert registry.find("lone-one").name == "lone-one"
    with pytest.raises(UsageError, match="unknown runner 'nobody'; of what is installed, entry point"):
        registry.find("nobody")


def test_an_attribute_offers_the_folder_whose_path_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("full", "bare"):
        (tmp_path / place).mkdir()
    (tmp_path / "full" / "lone_one.py").write_text(RUNNER)
    paths = "".join(f"{place} = {str(tmp_path / place)!r}\n" for place in ("full", "bare"))
    (tmp_path / "path_kit.py").write_text(paths)
    monkeypatch.syspath_prepend(tmp_path)
    offer(monkeypatch, "path_kit:bare", "path_kit:full", "path_kit:none")
    assert registry.known() == {"lone-one": tmp_path / "full" / "lone_one.py"}
    assert registry.broken() == [
        "entry point 'path_kit:bare': there is no runner in path_kit:bare",
        "entry point 'path_kit:none': module 'path_kit' has no attribute 'none'",
    ]


def test_the_default_runners_are_offered_and_locked() -> None:
    assert set(registry.DEFAULT_RUNNERS) <= set(registry.known())
    for name in registry.DEFAULT_RUNNERS:
        runner = registry.find(name)
        assert f"{runner.distribution}=={runner.version}" == runner.dependencies[0]
        assert "://" not in runner.lock.read_text()
        assert "://" not in "".join(runner.dependencies)
