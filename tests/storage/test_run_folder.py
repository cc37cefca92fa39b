from __future__ import annotations

import json
import re
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

from boilerbench.errors import BadRunFolderError, BoilerbenchError, NewerSchemaError, UsageError
from boilerbench.model import FIELDS, Extraction, Metadata, Page, Status
from boilerbench.storage.manifest import SCHEMA, Manifest, RunnerEntry, SetEntry
from boilerbench.storage.run_folder import Part, RunFolder
from boilerbench.storage.run_folder.columns import row_of
from tests.command import boilerbench, extractions, make_runner, make_set

if TYPE_CHECKING:
    from collections.abc import Callable

FOUND = [
    Part(
        "set",
        {
            "one": {
                "a": Extraction(Status.OK, "text\x00 \U0001f600", "<p>text</p>", 0.25, 0.125, 1 << 40, None, "printed"),
                "b": Extraction(Status.EMPTY, wall=1.5, cpu=1.0, metadata=Metadata("T", (), "", None)),
            },
            "two": {"a": Extraction(Status.CRASH, error="killed"), "b": Extraction(Status.UNAVAILABLE, error="no")},
        },
    ),
    Part(
        "set",
        {
            "one": {"c": Extraction(Status.OK, "c", metadata=Metadata(author=("A B", "C")))},
            "two": {"c": Extraction(Status.OK)},
        },
    ),
    Part("other", {"one": {"a": Extraction(Status.TIMEOUT)}}),
]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run folder with a manifest, pages and extractions."""
    folder = RunFolder.create(tmp_path / "run")
    page = Page("a", lambda: b"<p>", "https://www.example.org/a", language="en")
    folder.write_manifest(Manifest(boilerbench="1.2"))
    folder.add(0, [row_of("set", page, "digest")], FOUND)
    return folder


def test_what_is_written_is_read_again(folder: RunFolder) -> None:
    assert list(folder.parts()) == FOUND
    assert RunFolder(folder.path).manifest() == folder.manifest() == Manifest(boilerbench="1.2")
    pages = folder.table("pages")
    assert pages.loc[0, ["set", "page", "site", "language"]].tolist() == ["set", "a", "example.org", "en"]
    assert not {"text", "html"} & set(pages.columns)
    assert folder.has("extractions")
    assert not folder.has("scores")


def test_of_a_table_the_wanted_rows_and_columns_alone_are_read(folder: RunFolder) -> None:
    folder.write_table(
        "scores", pd.DataFrame({"metric": ["a", "b", "a", None], "policy": list("xxyx"), "f1": [1.0] * 4})
    )
    assert folder.table("scores", where={"metric": ["a", "b"], "policy": {"x": 1}})["metric"].tolist() == ["a", "b"]
    some = folder.table("scores", ["f1", "metric"], where={"metric": ["a"]})
    assert (list(some), len(some)) == (["f1", "metric"], 2)
    assert folder.table("scores", where={"metric": ["c"]}).columns.tolist() == ["metric", "policy", "f1"]


def test_nothing_but_the_files_is_left(folder: RunFolder) -> None:
    files = sorted(file for file in folder.path.rglob("*") if file.is_file())
    assert [str(file.relative_to(folder.path)) for file in files] == [
        "extractions.parquet/00000.parquet",
        "manifest.json",
        "pages.parquet/00000.parquet",
    ]
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o644"}


def test_of_parts_the_named_fields_alone_are_read(folder: RunFolder) -> None:
    first, *_ = folder.parts(["status"])
    assert first.pages == ["a", "b"]
    assert first.answers["two"]["a"] == Extraction(Status.CRASH)


def test_the_single_files_of_an_older_run_are_read(folder: RunFolder) -> None:
    for name in ("pages", "extractions"):
        folder_of_files = (folder.path / f"{name}.parquet").rename(folder.path / name)
        (folder_of_files / "00000.parquet").rename(folder.path / f"{name}.parquet")
        rmtree(folder_of_files)
    assert list(folder.parts()) == FOUND
    assert folder.table("pages")["page"].tolist() == ["a"]


def test_an_older_run_has_no_metadata(folder: RunFolder) -> None:
    file = folder.path / "extractions.parquet" / "00000.parquet"
    table = pq.read_table(file)
    assert table["author"].to_pylist() == [None, [], None, None, ["A B", "C"], None, None]
    pq.write_table(table.drop_columns(FIELDS), file)
    older, *_ = folder.parts()
    assert older.answers["one"]["b"] == Extraction(Status.EMPTY, wall=1.5, cpu=1.0)
    assert next(folder.parts(["status", *FIELDS])).answers["one"]["b"] == Extraction(Status.EMPTY)


def test_what_comes_in_several_files_is_one_table(folder: RunFolder) -> None:
    page = Page("b", lambda: b"<p>", "https://www.example.org/b")
    folder.add(1, [row_of("set", page, "digest")], FOUND[:1])
    assert list(folder.parts()) == [*FOUND, *FOUND[:1]]
    assert list(folder.pages(("page", "language"))) == [("a", "en"), ("b", None)]
    folder.each_file("pages", lambda pages: pages.assign(here=len(pages)))
    assert folder.table("pages", ["page", "here"]).to_numpy().tolist() == [["a", 1], ["b", 1]]


def test_a_run_that_was_ended_goes_on_and_is_not_read_before_it_is_whole(tmp_path: Path) -> None:
    folder, page = RunFolder.create(tmp_path / "run"), Page("a", lambda: b"<p>", "https://www.example.org/a")
    asked = Manifest(sets=(SetEntry("set", "native:set"),), runners={"one": RunnerEntry("1")})
    folder.begin(asked)
    folder.add(0, [row_of("set", page, "digest")], FOUND[:1])
    again = RunFolder.create(folder.path)
    with pytest.raises(BadRunFolderError, match=r"not whole \(it was ended before its last page"):
        list(again.parts())
    again.begin(replace(asked, started="later"))
    assert again.done == 1
    again.begin(replace(asked, runners={"one": RunnerEntry("2")}))
    assert again.done == 0


def test_a_table_is_written_anew_some_rows_at_a_time(folder: RunFolder) -> None:
    def tables() -> list[list[object]]:
        found: list[list[object]] = folder.table("scores").to_numpy().tolist()
        return found

    folder.write_table("scores", pd.DataFrame({"metric": ["old", "words"], "f1": [0.5, 0.25]}))
    with folder.rewriting("scores", lambda there: there["metric"] != "words") as put:
        put(pd.DataFrame({"metric": ["words"], "f1": [1.0]}))
        put(pd.DataFrame({"metric": ["words"], "f1": [0.75]}))
    assert tables() == [["old", 0.5], ["words", 1.0], ["words", 0.75]]
    with folder.rewriting("scores", lambda there: there["f1"] > 1):
        pass
    assert tables() == [["old", 0.5], ["words", 1.0], ["words", 0.75]]


def test_an_empty_run_has_its_columns(folder: RunFolder) -> None:
    folder.put_parts(0, [])
    assert list(folder.parts()) == []


def test_a_newer_manifest_is_refused(folder: RunFolder) -> None:
    (folder.path / "manifest.json").write_text(json.dumps({"schema": SCHEMA + 1}))
    again = RunFolder(folder.path)
    for read in (again.manifest, lambda: list(again.parts())):
        with pytest.raises(NewerSchemaError, match=f"schema {SCHEMA + 1} is newer than {SCHEMA}.*upgrade"):
            read()


def test_a_newer_table_is_refused(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boilerbench.storage.run_folder.parquet_file.SCHEMA", SCHEMA + 1)
    folder.write_table("scores", pd.DataFrame({"f1": [1.0]}))
    monkeypatch.undo()
    with pytest.raises(NewerSchemaError, match=r"scores\.parquet"):
        folder.table("scores")


def test_a_table_of_another_program_is_refused(folder: RunFolder) -> None:
    pd.DataFrame({"f1": [1.0]}).to_parquet(folder.path / "scores.parquet")
    with pytest.raises(BadRunFolderError, match="not written by boilerbench"):
        folder.table("scores")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"schema": "1"}', b'{"schema": 0}', b"\xff\xfe"])
def test_a_damaged_manifest_is_refused(content: bytes, folder: RunFolder) -> None:
    (folder.path / "manifest.json").write_bytes(content)
    with pytest.raises(BadRunFolderError, match=r"manifest\.json") as caught:
        RunFolder(folder.path).manifest()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_a_truncated_table_is_refused(share: float, folder: RunFolder) -> None:
    file = folder.path / "extractions.parquet/00000.parquet"
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BadRunFolderError, match="damaged; make the run again") as caught:
        list(folder.parts())
    assert "\n" not in str(caught.value)


def test_a_column_whose_name_lost_a_letter_is_damage_and_no_column_less(folder: RunFolder) -> None:
    file = folder.path / "extractions.parquet/00000.parquet"
    content, refused = file.read_bytes(), 0
    for place in (found.start() for found in re.finditer(b"peak", content)):
        file.write_bytes(content[:place] + b"q" + content[place + 1 :])
        try:
            assert "peak" in folder.table("extractions", ["runner", "peak"])
        except BadRunFolderError as cause:
            refused += "damaged; make the run again" in str(cause)
    assert refused


def test_columns_are_those_of_parquet_whatever_pandas_noted_of_them_in_an_older_file(folder: RunFolder) -> None:
    scores = pd.DataFrame({"metric": ["words"], "exact": [1.0]})
    folder.write_table("scores", scores)
    file = folder.path / "scores.parquet"
    ours = pq.read_schema(file).metadata
    assert b"pandas" not in ours
    older = pa.Table.from_pandas(scores)
    noted = {key: value.replace(b'"name": "exact"', b'"name": "dxact"') for key, value in older.schema.metadata.items()}
    pq.write_table(older.replace_schema_metadata(ours | noted), file)
    assert pd.read_parquet(file).columns.tolist() != ["metric", "exact"]
    assert folder.table("scores").columns.tolist() == ["metric", "exact"]


def test_a_missing_table_is_refused(folder: RunFolder) -> None:
    rmtree(folder.path / "extractions.parquet")
    with pytest.raises(BadRunFolderError, match="not whole"):
        list(folder.parts())


def test_a_folder_without_a_manifest_is_no_run(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(BadRunFolderError, match="not a run folder"):
            RunFolder(path).manifest()


@pytest.mark.parametrize("broken", ["chmod", "replace"])
def test_a_crash_in_between_leaves_the_old_file(
    broken: str, folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    before = sorted(folder.path.rglob("*"))
    monkeypatch.setattr(Path, broken, crash)
    with pytest.raises(KeyboardInterrupt):
        folder.put_parts(0, [])
    monkeypatch.undo()
    assert list(folder.parts()) == FOUND
    assert sorted(folder.path.rglob("*")) == before


def test_a_full_disk_is_one_clear_line(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(BoilerbenchError, match="No space left on device"):
        folder.write_manifest(Manifest())


def below_a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").touch()
    return tmp_path / "file" / "run"


def with_other_things(tmp_path: Path) -> Path:
    (tmp_path / "notes.txt").touch()
    return tmp_path


def a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").touch()
    return tmp_path / "file"


@pytest.mark.parametrize("make", [below_a_file, with_other_things, a_file])
def test_a_folder_that_cannot_take_a_run_is_refused(make: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name another with --out"):
        RunFolder.create(make(tmp_path))


def test_a_run_folder_may_be_written_again(folder: RunFolder) -> None:
    assert list(RunFolder.create(folder.path).parts()) == FOUND


@pytest.mark.parametrize("form", ["text", "html", "markdown"])
def test_any_text_survives_a_run(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOILERBENCH_CACHE", str(tmp_path / "cache"))
    body = (
        "    if url.endswith('p0'): return '<p>a\\ud800b\\x00c\\u2028d\\r\\ne\\ufeff</p>'\n"
        "    if url.endswith('p1'): raise ValueError('\\udfff \\x00 \\n')\n"
        "    return '\\U0001f600' * 1000"
    )
    runner = make_runner(tmp_path, "odd", body)
    runner.write_text(runner.read_text().replace('FORMAT = "text"', f'FORMAT = "{form}"'))
    spec = make_set(tmp_path / "set", pages=3)
    for _ in range(2):
        done = boilerbench("run", "--runner", runner, "--set", spec, "--out", tmp_path / "out")
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        found = extractions(tmp_path / "out")["odd"]
        assert [str(extraction.status) for extraction in found.values()] == ["ok", "error", "ok"]
        assert {"a", "b", "c", "d", "e"} <= set(found["p0"].text)
        assert (found["p1"].error or "").startswith("ValueError: ")
        assert found["p2"].text == "\U0001f600" * 1000
