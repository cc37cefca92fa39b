"""What is larger than it may be is refused in one line that names it and the limit, and is never in memory."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from boilerbench import sets
from boilerbench.errors import BadSetError
from boilerbench.process.child import Limits
from boilerbench.process.session import Aside
from boilerbench.sets import limits, outputs
from boilerbench.sets.formats import parquet_rows, parquet_trial
from tests.command import make_set

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MB = 2**20
ROW = {"id": "a", "html": "<p>x", "text": "x"}


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAGE", "LINE", "JSON"):
        monkeypatch.setattr(limits, name, MB)


def zyte(folder: Path) -> str:
    spec = make_set(folder, 1)
    with gzip.open(folder / "html" / "p0.html.gz", "wb") as file:
        for _ in range(64):
            file.write(b" " * MB)
    return spec


def pairs(folder: Path) -> str:
    folder.mkdir()
    (folder / "a.html").write_bytes(b" " * (MB + 1))
    (folder / "a.txt").write_text("x")
    return f"pairs:{folder}"


def gold_text(folder: Path) -> str:
    spec = pairs(folder)
    (folder / "a.html").write_text("<p>x")
    (folder / "a.txt").write_bytes(b" " * (MB + 1))
    return spec


def jsonl(folder: Path) -> str:
    folder.mkdir()
    (folder / "a.jsonl").write_text(json.dumps(ROW) + "\n" + " " * (64 * MB))
    return f"jsonl:{folder}"


def parquet_page(folder: Path) -> str:
    folder.mkdir()
    parquet.write_table(pa.table({"id": ["a"], "html": [" " * (MB + 1)], "text": ["x"]}), folder / "a.parquet")
    return f"parquet:{folder}"


def parquet_file(folder: Path) -> str:
    folder.mkdir()
    table = pa.table({"id": list(map(str, range(90))), "html": [b"\0" * MB] * 90, "text": ["x"] * 90})
    parquet.write_table(table, folder / "a.parquet", compression="zstd", use_dictionary=False)
    return f"parquet:{folder}"


def gold_json(folder: Path) -> str:
    page = folder / "pages" / "a"
    page.mkdir(parents=True)
    (folder / "set.toml").write_text('name = "n"')
    (page / "page.html").write_text("<p>x")
    (page / "gold.json").write_bytes(b" " * (MB + 1))
    return f"native:{folder}"


def truth(folder: Path) -> str:
    spec = make_set(folder, 1)
    (folder / "ground-truth.json").write_bytes(b" " * (MB + 1))
    return spec


@pytest.mark.parametrize("made", [zyte, pairs, gold_text, jsonl, parquet_page, parquet_file, gold_json, truth])
def test_what_is_too_large_is_one_line_that_names_it_and_the_limit(made: Callable[[Path], str], tmp_path: Path) -> None:
    spec = made(tmp_path / "set")
    tracemalloc.start()
    try:
        with pytest.raises(BadSetError, match=rf"{tmp_path}/set.* \d+ MB") as refused:
            [page.read() for page in sets.load(spec).pages]
        assert tracemalloc.get_traced_memory()[1] < 16 * MB
    finally:
        tracemalloc.stop()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_predictions_that_are_too_large_are_one_line(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b" " * (MB + 1))
    with pytest.raises(Exception, match=rf"{name}.*larger than 1 MB"):
        outputs.load(f"{name[2:]}:{tmp_path / name}")


def test_a_page_that_is_gone_or_cut_off_is_one_line(tmp_path: Path) -> None:
    found: list[Any] = list(sets.load(make_set(tmp_path / "set", 2)).pages)
    html = tmp_path / "set" / "html"
    (html / "p0.html.gz").unlink()
    (html / "p1.html.gz").write_bytes((html / "p1.html.gz").read_bytes()[:-4])
    for page, why in zip(found, ("cannot be read", "cannot be unpacked"), strict=True):
        with pytest.raises(BadSetError, match=f"{page.id}.html.gz: {why}"):
            page.read()


@pytest.mark.parametrize(
    ("packed", "content"),
    [
        (gzip.compress(b"one"), b"one"),
        (gzip.compress(b"one") + gzip.compress(b" two"), b"one two"),
        (gzip.compress(b"one") + b"\0\0", b"one"),
        (b"", b""),
    ],
    ids=["one", "two", "padded", "none"],
)
def test_a_page_is_unpacked_from_a_member_or_several(packed: bytes, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(packed)
    assert limits.unpack(tmp_path / "x.gz") == content


@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("os._exit(7)", "left with exit code 7"),
        ("os.kill(os.getpid(), 11)", "killed by SIGSEGV"),
        ("eaten = [bytearray(10 << 20) for _ in range(10_000)]", "used more than 500 MB"),
        ("raise OSError('no such luck')", "OSError: no such luck"),
    ],
)
def test_parquet_that_ends_its_reader_is_one_line(
    does: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = tmp_path / "trial.py"
    trial.write_text(f"import os\ndef extract(html, url):\n    if html == '1':\n        {does}\n    return '1'\n")
    monkeypatch.setattr(parquet_trial, "__file__", str(trial))
    monkeypatch.setattr(parquet_rows, "_LIMITS", Limits(memory=500 << 20))
    file = tmp_path / "a.parquet"
    parquet.write_table(pa.Table.from_pylist([ROW | {"id": str(n)} for n in range(20)]), file, row_group_size=10)
    with pytest.raises(BadSetError) as refused:
        sets.load(f"parquet:{file}")
    assert str(refused.value) == f"{file}: cannot be read as Parquet: {says}"


def test_a_row_group_is_tried_before_its_rows_are_read_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ask = Aside.ask
    monkeypatch.setattr(Aside, "ask", lambda self, about, given: asked.append(given) or ask(self, about, given))
    file = tmp_path / "a.parquet"
    parquet.write_table(pa.Table.from_pylist([ROW | {"id": str(n)} for n in range(3)]), file, row_group_size=1)
    with parquet_rows.Source(file, BadSetError) as source:
        rows = source.rows(["id"])
        assert next(rows)[1] == {"id": "0"}
        assert asked == ["", "0"]
        assert [values["id"] for _, values in rows] == ["1", "2"]
    with parquet_rows.Source(file, BadSetError) as source:
        assert [values["id"] for _, values in source.rows(["id"])] == ["0", "1", "2"]
    assert asked == ["", "0", "1", "2"]


def test_parquet_may_be_named_by_a_relative_path_and_by_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    for name in ("here.parquet", "link/there.parquet"):
        parquet.write_table(pa.Table.from_pylist([ROW]), name)
        for path in (name, tmp_path / name):
            assert [page.read() for page in sets.load(f"parquet:{path}").pages] == [b"<p>x"]
            parquet_rows._tried.clear()  # noqa: SLF001  # what was tried is not tried again
