from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from boilerbench.errors import BadOutputsError
from boilerbench.model import Gold, GoldSet, Metadata, Page
from boilerbench.sets import load as load_set
from boilerbench.sets import outputs
from boilerbench.sets.outputs import Prediction, pages_named

if TYPE_CHECKING:
    from pathlib import Path


def save(file: Path, content: str | bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_texts_are_read_from_json_json_lines_and_parquet(tmp_path: Path) -> None:
    save(tmp_path / "a.json", '{"p": "text", "q": null}')
    save(tmp_path / "b.jsonl", '{"id": "p", "text": "text"}\n\n{"id": "q", "text": null, "more": 1}\n')
    pd.DataFrame({"id": ["p", "q"], "text": ["text", None], "more": 1}).to_parquet(tmp_path / "c.parquet")
    expected = {"p": Prediction("text"), "q": Prediction("")}
    assert outputs.load(f"json:{tmp_path}") == dict.fromkeys("abc", expected)
    assert outputs.load(f"jsonl:{tmp_path / 'b.jsonl'}") == {"b": expected}


def test_each_row_may_say_its_format(tmp_path: Path) -> None:
    save(tmp_path / "a.json", '{"p": {"text": "<p>x", "format": "html"}, "q": {"text": "y"}}')
    save(
        tmp_path / "b.ndjson", '{"id": "p", "text": "<p>x", "format": "html"}\n{"id": "q", "text": "y", "format": null}'
    )
    table = {"id": ["p", "q"], "text": ["<p>x", "y"], "format": ["html", None]}
    pd.DataFrame(table).to_parquet(tmp_path / "c.parquet")
    expected = {"p": Prediction("<p>x", "html"), "q": Prediction("y")}
    assert outputs.load(f"json:{tmp_path}") == dict.fromkeys("abc", expected)


def test_each_row_may_say_more_of_its_page(tmp_path: Path) -> None:
    said = {"title": "T", "author": ["A", "B"], "date": None}
    save(tmp_path / "a.json", json.dumps({"p": {"text": "x", **said}, "q": {"text": "y", "author": "A"}}))
    lines = [{"id": "p", "text": "x", **said}, {"id": "q", "text": "y", "author": "A"}]
    save(tmp_path / "b.jsonl", "\n".join(map(json.dumps, lines)))
    expected = {
        "p": Prediction("x", metadata=Metadata("T", ("A", "B"), "")),
        "q": Prediction("y", metadata=Metadata(author=("A",))),
    }
    assert outputs.load(f"json:{tmp_path}")["a"] == outputs.load(f"jsonl:{tmp_path / 'b.jsonl'}")["b"] == expected
    pd.DataFrame({"id": ["p"], "text": ["x"], "author": [["A", "B"]], "date": [None]}).to_parquet(
        tmp_path / "c.parquet"
    )
    in_parquet = outputs.load(f"parquet:{tmp_path / 'c.parquet'}")["c"]["p"]
    assert in_parquet.metadata == Metadata(author=("A", "B"), date="")


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ('"title": ["T"]', "'title' must be a text or nothing, not a list"),
        ('"author": [["A"]]', r"'author\[0\]' must be a text, not a list"),
        ('"title": "' + "x" * 100_001 + '"', "title have 100,001 characters, more than 100,000"),
    ],
)
def test_what_a_row_says_otherwise_is_refused(tmp_path: Path, said: str, says: str) -> None:
    save(tmp_path / "a.jsonl", f'{{"id": "p", "text": "x", {said}}}')
    with pytest.raises(BadOutputsError, match=rf"a\.jsonl:1: {says}"):
        outputs.load(f"jsonl:{tmp_path / 'a.jsonl'}")


@pytest.mark.parametrize("kind", ["int64", "int32", "uint8", "string", "category"])
def test_ids_are_whole_numbers_or_texts(tmp_path: Path, kind: str) -> None:
    save(tmp_path / "a.jsonl", b'\xef\xbb\xbf{"id": 1, "text": "x"}\r\n{"id": "02", "text": "y"}\r\n')
    assert outputs.load(f"jsonl:{tmp_path / 'a.jsonl'}")["a"] == {"1": Prediction("x"), "02": Prediction("y")}
    save(tmp_path / "a.json", '{"1": "x"}'.encode("utf-8-sig"))
    assert outputs.load(f"json:{tmp_path / 'a.json'}")["a"] == {"1": Prediction("x")}
    table = pd.DataFrame({"id": [1, 20], "text": ["x", "y"]}).astype({"id": kind})
    table.to_parquet(tmp_path / "a.parquet")
    assert outputs.load(f"parquet:{tmp_path / 'a.parquet'}")["a"] == {"1": Prediction("x"), "20": Prediction("y")}


@pytest.mark.parametrize("value", [1.0, float("nan"), True, None, b"1"])
def test_what_is_no_id_is_refused_with_its_row(tmp_path: Path, value: object) -> None:
    pd.DataFrame({"id": [value], "text": ["x"]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(BadOutputsError, match=r"a\.parquet: row 0: 'id' must be a whole number or a text, not"):
        outputs.load(f"parquet:{tmp_path / 'a.parquet'}")


def test_wceb_lines_are_read_by_page_id(tmp_path: Path) -> None:
    save(tmp_path / "x.jsonl", '{"page_id": "p", "plaintext": "text"}\n{"page_id": "q", "plaintext": null}\n')
    assert outputs.load(f"wceb:{tmp_path}") == {"x": {"p": Prediction("text"), "q": Prediction("")}}


@pytest.mark.parametrize(
    ("form", "name", "content", "message"),
    [
        ("json", "a.json", "[1]", "it must be a table of keys, not a list"),
        ("json", "a.json", '{"p": 1}', r"a\.json: page p: 'text' must be a text or nothing, not a whole number"),
        ("json", "a.json", '{"p": {"articleBody": "x"}}', r"a\.json: page p: it needs the key 'text'"),
        ("json", "a.json", '{"p": {"text": "x", "format": "md"}}', "'format' cannot be 'md'; it is one of text, html"),
        ("json", "a.json", '{"p": "x",\n"p": "y"}', r"a\.json: the key 'p' is there more than once"),
        ("zyte", "a.json", '{"output": {"p": "x", "p": "x"}}', r"a\.json: the key 'p' is there more than once"),
        ("json", "a.txt", "", r"expected \.json, \.jsonl, \.ndjson, \.parquet"),
        ("jsonl", "a.jsonl", '{"id": "p", "text": "t"}\n{"id": "p"', r"a\.jsonl:2:11: not JSON"),
        ("jsonl", "a.jsonl", '\n{"id": "p"}', r"a\.jsonl:2: it needs the key 'text'"),
        ("jsonl", "a.jsonl", '{"id": "", "text": "t"}', r"a\.jsonl:1: 'id' is empty"),
        ("jsonl", "a.jsonl", '{"id": 1.0, "text": "t"}', r"a\.jsonl:1: 'id' must be a whole number or a text"),
        ("jsonl", "a.jsonl", '{"id": true, "text": "t"}', r"a\.jsonl:1: 'id' must be a whole number or a text"),
        ("jsonl", "a.jsonl", '{"id": "p", "text": ["t"]}', r"a\.jsonl:1: 'text' must be a text or nothing, not a list"),
        ("jsonl", "a.jsonl", '{"id": "p", "text": ""}\n{"id": "p", "text": ""}', r"a\.jsonl:2: page p is there more"),
        ("jsonl", "a.jsonl", '{"id": "1", "text": ""}\n{"id": 1, "text": ""}', r"a\.jsonl:2: page 1 is there more"),
        ("jsonl", "a.jsonl", '{"id": "p", "text": "", "text": "x"}', r"a\.jsonl:1: the key 'text' is there more"),
        ("jsonl", "a.jsonl", b'{"id": "\xff"}', r"a\.jsonl:1: not JSON"),
        ("parquet", "a.parquet", "no", "cannot be read as Parquet"),
        ("wceb", "a.jsonl", '{"id": "p", "text": "t"}', r"a\.jsonl:1: it needs the key 'page_id'"),
        ("files", "a.txt", "x", r"a\.txt: expected a folder of files named by their pages"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(
    tmp_path: Path, form: str, name: str, content: str | bytes, message: str
) -> None:
    save(tmp_path / name, content)
    with pytest.raises(BadOutputsError, match=message):
        outputs.load(f"{form}:{tmp_path / name}")


@pytest.mark.parametrize("form", ["json", "wceb", "files"])
def test_an_empty_folder_is_refused(tmp_path: Path, form: str) -> None:
    with pytest.raises(BadOutputsError, match="file in it"):
        outputs.load(f"{form}:{tmp_path}")


def test_two_files_of_one_system_are_refused(tmp_path: Path) -> None:
    save(tmp_path / "a.json", "{}")
    save(tmp_path / "a.jsonl", "")
    with pytest.raises(BadOutputsError, match="another file is of system 'a'"):
        outputs.load(f"json:{tmp_path}")


def test_parquet_needs_its_columns_and_each_page_once(tmp_path: Path) -> None:
    pd.DataFrame({"id": ["p"]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(BadOutputsError, match=r"a\.parquet: needs the column text; it has id"):
        outputs.load(f"parquet:{tmp_path / 'a.parquet'}")
    pd.DataFrame({"id": [7, 7], "text": ["x", "y"]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(BadOutputsError, match=r"a\.parquet: row 1: page 7 is there more than once"):
        outputs.load(f"parquet:{tmp_path / 'a.parquet'}")


def test_a_folder_of_pages_is_a_system_and_a_folder_of_these_one_each(tmp_path: Path) -> None:
    for name in ("one/p.txt", "one/q.html", "one/r.MD", "one/notes.csv", "two/p.txt"):
        save(tmp_path / name, name.encode("utf-8-sig"))
    one = {"p": Prediction("one/p.txt"), "q": Prediction("one/q.html", "html"), "r": Prediction("one/r.MD", "markdown")}
    assert outputs.load(f"files:{tmp_path / 'one'}") == {"one": one}
    assert outputs.load(f"files:{tmp_path}") == {"one": one, "two": {"p": Prediction("two/p.txt")}}
    save(tmp_path / "q.txt", "")
    with pytest.raises(BadOutputsError, match="has files of pages, and so has one in it"):
        outputs.load(f"files:{tmp_path}")


def test_two_files_of_one_page_are_refused(tmp_path: Path) -> None:
    save(tmp_path / "p.html", "")
    save(tmp_path / "p.txt", "")
    with pytest.raises(BadOutputsError, match=r"p\.txt: page p is there more than once"):
        outputs.load(f"files:{tmp_path}")


def test_predictions_named_by_the_hash_of_the_page_find_it() -> None:
    goldset = GoldSet("s", "s:", ((Page("p", lambda: b"<p>"), Gold(())),))
    key, stranger = hashlib.sha256(b"<p>").hexdigest(), "0" * 64
    assert pages_named(goldset, [key, stranger]) == {key: "p"}
    assert pages_named(goldset, ["p", key]) == {"p": "p"}
    assert pages_named(goldset, []) == {}


def test_predictions_may_be_named_by_the_hash_of_a_page_in_its_wrapper_or_without(tmp_path: Path) -> None:
    wrapped = b'<text id="1">\n\n<p>x</p>\n</text>'
    for name, content in {"orig/1.html": wrapped, "clean/1.txt": b"<p>x"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    goldset = load_set(f"cleaneval:{tmp_path}")
    for content in (wrapped, b"\n<p>x</p>", b"<p>x</p>"):
        key = hashlib.sha256(content).hexdigest()
        assert pages_named(goldset, [key]) == {key: "1"}
