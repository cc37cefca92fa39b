"""In one command a page, a manifest and a policy are each read once."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from boilerbench import cli, files
from boilerbench.errors import UsageError
from boilerbench.sets import limits
from tests.command import make_runner, make_set


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was opened for reading, and each page unpacked, and each policy read, by name."""
    monkeypatch.setenv(files.CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    counter = Counter[str]()
    read_bytes, read_text, read_within = Path.read_bytes, Path.read_text, limits.read

    def counted_read(path: Path) -> bytes:
        counter[path.name] += 1
        return read_bytes(path)

    def counted_within(path: Path, most: int, refuse: type[UsageError]) -> bytes:
        counter["unpacked"] += path.suffix == ".gz"
        counter[path.name] += 1
        return read_within(path, most, refuse)

    def counted_text(path: Path, *arguments: str, **more: str) -> str:
        counter[path.name] += 1
        return read_text(path, *arguments, **more)

    monkeypatch.setattr(Path, "read_bytes", counted_read)
    monkeypatch.setattr(limits, "read", counted_within)
    monkeypatch.setattr(Path, "read_text", counted_text)
    return counter


def command(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Run the command line in this process."""
    monkeypatch.setattr(sys, "argv", ["boilerbench", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return int(left.value.code or 0)


def test_a_run_unpacks_each_page_once_for_all_runners_and_what_is_known_of_pages(
    tmp_path: Path, read: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.toml").write_text('name = "mine"\n[roles]\ntitle = "body"\n')
    spec = make_set(tmp_path / "set", 4)
    runners = [make_runner(tmp_path / "runners", name, "    return html") for name in ("one", "two", "three")]
    given = [part for runner in runners for part in ("--runner", runner)]
    assert command(monkeypatch, "run", *given, "--set", spec, "--policy", "own.toml", "--out", "run") == 0
    assert read["unpacked"] == 4
    assert max(read[f"p{number}.html.gz"] for number in range(4)) == 1
    assert read["own.toml"] == 1
    assert read["manifest.json"] == 0  # it was written by this command


@pytest.mark.parametrize(
    ("arguments", "pages"),
    [
        (("table", "run"), 0),
        (("table", "run", "--policies"), 4),
        (("score", "run", "--metric", "zyte"), 4),
        (("report", "run", "--out", "site"), 4),
        (("compare", "run:one", "run:two"), 0),
    ],
)
def test_a_command_over_a_run_reads_its_manifest_once(
    arguments: tuple[str, ...], pages: int, tmp_path: Path, read: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = make_set(tmp_path / "set", 4)
    runners = [make_runner(tmp_path / "runners", name, "    return html") for name in ("one", "two")]
    given = [part for runner in runners for part in ("--runner", runner)]
    assert command(monkeypatch, "run", *given, "--set", spec, "--out", "run") == 0
    read.clear()
    assert command(monkeypatch, *arguments) == 0
    assert read["manifest.json"] <= (2 if arguments[0] == "compare" else 1)  # one for each side
    assert read["unpacked"] == pages
