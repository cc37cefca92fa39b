"""What a kept extraction counts for: the versions of all that made it, and no others."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boilerbench.errors import NewerSchemaError
from boilerbench.model import Extraction, Metadata, Status
from boilerbench.storage import sealed_rows
from boilerbench.storage.cache import TABLES, Cache, Facts, Kept
from boilerbench.storage.sealed_rows import SCHEMA, Row, SealedRows
from boilerbench.text import convert, decoding
from tests.command import boilerbench, logging_runner, make_set

LIBRARIES = ("webencodings", "charset-normalizer", "lxml", "markdown-it-py")


@pytest.mark.parametrize(("form", "libraries"), [("text", ()), ("html", LIBRARIES[2:3]), ("markdown", LIBRARIES[2:])])
def test_versions_name_the_libraries_that_make_a_text(form: str, libraries: tuple[str, ...]) -> None:
    for said, named in ((convert.version(form), libraries), (decoding.version(), LIBRARIES[:2])):
        for library in LIBRARIES:
            assert (f"{library} {metadata.version(library)}" in said) == (library in named)


@pytest.mark.parametrize(
    ("given", "form", "depends"), [("text", "markdown", LIBRARIES), ("bytes", "text", LIBRARIES[:2])]
)
@pytest.mark.usefixtures("writing")
def test_an_extraction_is_made_again_with_another_version_of_what_made_it(
    given: str, form: str, depends: tuple[str, ...], tmp_path: Path
) -> None:
    log, spec = tmp_path / "log", make_set(tmp_path / "set", pages=1)
    runner = logging_runner(tmp_path, "mine", log)
    source = runner.read_text().replace('FORMAT = "text"', f'FORMAT = "{form}"')
    runner.write_text(
        source.replace('INPUT = "text"', f'INPUT = "{given}"').replace("'<p>(.*)</p>', html", "'(.*)', url")
    )
    environment = os.environ | {"BOILERBENCH_CACHE": str(tmp_path / "cache")}

    def calls() -> int:
        done = boilerbench("run", "--runner", runner, "--set", spec, "--out", tmp_path / "out", env=environment)
        assert done.returncode == 0, done.stderr
        return len(log.read_text().splitlines())

    assert (calls(), calls()) == (1, 1)
    expected = 1
    for library in LIBRARIES:
        about = tmp_path / library / f"{library.replace('-', '_')}-99.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {library}\nVersion: 99.0\n")
        environment["PYTHONPATH"] = f"{tmp_path / library}:{os.environ['PYTHONPATH']}"
        expected += library in depends
        assert (library, calls()) == (library, expected)


def test_a_cache_of_an_older_boilerbench_which_kept_no_digests_is_emptied_and_takes_more(tmp_path: Path) -> None:
    columns = "status, text, answer, wall, cpu, peak, error, stderr"
    with closing(sqlite3.connect(tmp_path / "cache.sqlite3")) as old:
        old.execute(f"create table extraction (key primary key, converter, {columns})")
        old.execute("insert into extraction values ('old', 1, 'ok', 'kept', null, 0.5, 0.5, 7, null, null)")
        old.execute("create table facts (key primary key, encoding, gold_words, page_words)")
        old.execute("pragma user_version = 1")
        old.commit()
    about = Metadata("T", ("A B",), "")
    new = Extraction(Status.OK, "new", wall=1.0, cpu=0.5, peak=3, metadata=about)
    with closing(Cache(tmp_path / "cache.sqlite3")) as cache:
        assert cache.get(["old"]) == {}
        cache.put("new", Kept(new, "files", alone=False))
        cache.put_facts({"new": Facts("utf-8", 1, 2)})
        assert cache.get(["new", "nowhere"]) == {"new": Kept(new, "files", alone=False)}
        cache.settle(["new"], alone=True)
        assert cache.get(["new"])["new"].alone
        cache.settle(["new"], alone=False)
        assert cache.get(["new"]) == {}
        assert cache.facts(["new"]) == {"new": Facts("utf-8", 1, 2)}
    assert [file.name for file in tmp_path.iterdir()] == ["cache.sqlite3"]


def test_an_extraction_that_was_kept_before_there_was_metadata_has_none(tmp_path: Path) -> None:
    before = {name: value for name, value in asdict(Extraction(Status.OK, "old")).items() if name != "metadata"}
    with closing(Cache(tmp_path / "cache.sqlite3")) as cache:
        rows = SealedRows(tmp_path / "cache.sqlite3", TABLES)
        rows.put("extraction", [Row("old", msgspec.msgpack.encode([before, "", True]))])
        rows.close()
        assert cache.get(["old"]) == {"old": Kept(Extraction(Status.OK, "old"))}


def test_a_cache_of_a_newer_boilerbench_is_refused_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite3"
    with closing(Cache(file)):
        pass
    with closing(sqlite3.connect(file)) as newer:
        mark = newer.execute("pragma application_id").fetchone()[0]
        newer.execute(f"pragma application_id = {mark + 7}")
        newer.execute(f"pragma user_version = {SCHEMA + 7}")
    with pytest.raises(NewerSchemaError, match="upgrade"):
        Cache(file)
    assert file.exists()


RIGHT = {f"k{number}": Kept(Extraction(Status.OK, f"text {number} " * 90), "", alone=True) for number in range(12)}


def fill(cache: Cache) -> None:
    for key, kept in RIGHT.items():
        cache.put(key, kept, "runner", "1.0")
    cache.put_facts({"f": Facts("utf-8", 1, 2)})
    cache.put_scores("s", b"packed" * 100)
    cache.put_digests({"d": "digest"})


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a filled cache that no process ended well, so that all of it is still in the WAL, and of one."""
    home = tmp_path_factory.mktemp("sound")
    with closing(Cache(home / "closed")) as cache:
        fill(cache)
    with closing(Cache(home / "killed")) as cache:
        fill(cache)
        return {file.name: file.read_bytes() for file in home.iterdir() if not file.name.endswith("-shm")}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["closed", "killed", "killed-wal"]),
    place=st.floats(0, 1, exclude_max=True),
    change=st.sampled_from(["flip", "cut", "zeros", "noise"]),
    bit=st.integers(0, 7),
    noise=st.binary(min_size=1, max_size=600),
)
def test_whatever_is_damaged_what_is_kept_is_right_or_none_and_more_can_be_kept(  # noqa: PLR0913, PLR0917  # drawn
    sound: dict[str, bytes],
    caplog: pytest.LogCaptureFixture,
    name: str,
    place: float,
    change: str,
    bit: int,
    noise: bytes,
) -> None:
    content = bytearray(sound[name])
    at = int(place * len(content))
    stretch = slice(at, at + (1 if change == "flip" else len(noise)))
    if change == "flip":
        content[at] ^= 1 << bit
    elif change == "cut":
        del content[at:]
    else:
        content[stretch] = bytes(len(content[stretch])) if change == "zeros" else noise[: len(content[stretch])]
    caplog.clear()
    with tempfile.TemporaryDirectory() as home:
        for each, whole in sound.items():
            if each.startswith(name.removesuffix("-wal")):
                (Path(home) / each).write_bytes(content if each == name else whole)
        with closing(Cache(Path(home) / name.removesuffix("-wal"))) as cache:
            assert cache.get([*RIGHT, "nothing"]).items() <= RIGHT.items()
            assert cache.facts(["f"]) in ({}, {"f": Facts("utf-8", 1, 2)})
            assert cache.scores("s") in (None, b"packed" * 100)
            assert cache.digests(["d"]) in ({}, {"d": "digest"})
            fill(cache)
        aside = [file.name for file in Path(home).glob("*.damaged-*[0-9]")]
        assert len([record for record in caplog.records if "set aside" in record.message]) == len(aside)


def test_a_changed_row_is_told_once_and_made_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "cache.sqlite3"
    with closing(Cache(file)) as cache:
        fill(cache)
    file.write_bytes(file.read_bytes().replace(b"text 3", b"text 4").replace(b"text 5", b"text 6"))
    with closing(Cache(file)) as cache:
        assert RIGHT.keys() - cache.get(RIGHT).keys() == {"k3", "k5"}
        assert RIGHT.keys() - cache.get(RIGHT).keys() == {"k3", "k5"}
        assert [record.message for record in caplog.records] == [
            f"{file}: some of what is kept is damaged, and made again; 'boilerbench cache verify' says what"
        ]
        fill(cache)
        assert cache.get(RIGHT) == RIGHT


@pytest.mark.parametrize("foreign", ["text", "database", "nothing"])
def test_a_file_of_others_is_set_aside_whole(foreign: str, tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite3"
    if foreign == "database":
        with closing(sqlite3.connect(file)) as database:
            database.execute("create table extraction (key, mine)")
            database.execute("create trigger t after insert on extraction begin delete from extraction; end")
    else:
        file.write_bytes(b"notes" * 1000 if foreign == "text" else b"")
    content = file.read_bytes()
    with closing(Cache(file)) as one, closing(Cache(file)) as two:
        fill(one)
        assert two.get(RIGHT) == RIGHT
    (aside,) = tmp_path.glob("*.damaged-*")
    assert aside.read_bytes() == content


def test_of_two_that_find_the_same_damage_the_second_takes_what_the_first_has_made(tmp_path: Path) -> None:
    file = tmp_path / "cache.sqlite3"
    with closing(Cache(file)) as cache:
        fill(cache)
    with file.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"no database" * 10_000)
    with closing(Cache(file)) as one, closing(Cache(file)) as two:
        for each in (one, two):
            assert each.get(RIGHT).items() <= RIGHT.items()
            fill(each)
        assert one.get(RIGHT) == two.get(RIGHT) == RIGHT
    assert len(list(tmp_path.glob("*.damaged-*[0-9]"))) == 1


def test_a_cache_whose_maker_was_killed_is_made_again_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_about: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sealed_rows, "_claim", killed)
        with pytest.raises(KeyboardInterrupt):
            SealedRows(tmp_path / "a.sqlite3", ("kept",))
    assert not (tmp_path / "a.sqlite3").exists()
    rows = SealedRows(tmp_path / "a.sqlite3", ("kept",))
    rows.put("kept", [Row("k", b"v", "r", "1")])
    rows.close()
    assert (rows.set_aside, caplog.messages) == ([], [])
    assert {each.name for each in tmp_path.iterdir() if each.suffix != ".lock"} == {"a.sqlite3"}
