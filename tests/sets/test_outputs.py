from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from boilerbench import sets
from boilerbench.errors import BadOutputsError
from boilerbench.model import Gold, GoldSet, Page
from boilerbench.sets import by_page

if TYPE_CHECKING:
    from pathlib import Path


def test_texts_are_read_from_json_json_lines_and_parquet(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"p": "text", "q": null}')
    (tmp_path / "b.jsonl").write_text('{"id": "p", "text": "text"}\n\n{"id": "q", "text": null, "more": 1}\n')
    pd.DataFrame({"id": ["p", "q"], "text": ["text", None], "more": 1}).to_parquet(tmp_path / "c.parquet")
    expected = {"p": "text", "q": ""}
    assert sets.load_outputs(f"json:{tmp_path}") == dict.fromkeys("abc", expected)
    assert sets.load_outputs(f"jsonl:{tmp_path / 'b.jsonl'}") == {"b": expected}


def test_wceb_lines_are_read_by_page_id(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"page_id": "p", "plaintext": "text"}\n{"page_id": "q", "plaintext": null}\n')
    assert sets.load_outputs(f"wceb:{tmp_path}") == {"x": {"p": "text", "q": ""}}


@pytest.mark.parametrize(
    ("form", "name", "content", "message"),
    [
        ("json", "a.json", "[1]", "it must be a table of keys, not a list"),
        ("json", "a.json", '{"p": 1}', "a value of it must be a text or nothing, not a whole number"),
        ("json", "a.txt", "", r"expected \.json, \.jsonl, \.parquet"),
        ("jsonl", "a.jsonl", '{"id": "p", "text": "t"}\n{"id": "p"', r"a\.jsonl:2:11: not JSON"),
        ("jsonl", "a.jsonl", '\n{"id": "p"}', r"a\.jsonl:2: it needs the key 'text'"),
        ("jsonl", "a.jsonl", '{"id": "p", "text": ""}\n{"id": "p", "text": ""}', r"a\.jsonl:2: page p is there more"),
        ("jsonl", "a.jsonl", b'{"id": "\xff"}', r"a\.jsonl:1: not JSON"),
        ("parquet", "a.parquet", "no", "cannot be read as Parquet"),
        ("wceb", "a.jsonl", '{"id": "p", "text": "t"}', r"a\.jsonl:1: it needs the key 'page_id'"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(
    tmp_path: Path, form: str, name: str, content: str | bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadOutputsError, match=message):
        sets.load_outputs(f"{form}:{tmp_path / name}")


@pytest.mark.parametrize("form", ["json", "wceb"])
def test_an_empty_folder_is_refused(tmp_path: Path, form: str) -> None:
    with pytest.raises(BadOutputsError):
        sets.load_outputs(f"{form}:{tmp_path}")


def test_two_files_of_one_system_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "a.jsonl").write_text("")
    with pytest.raises(BadOutputsError, match="another file is of system 'a'"):
        sets.load_outputs(f"json:{tmp_path}")


def test_parquet_needs_its_columns(tmp_path: Path) -> None:
    pd.DataFrame({"id": ["p"]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(BadOutputsError, match=r"a\.parquet"):
        sets.load_outputs(f"parquet:{tmp_path / 'a.parquet'}")


def test_predictions_named_by_the_hash_of_the_page_find_it() -> None:
    goldset = GoldSet("s", "s:", ((Page("p", lambda: b"<p>"), Gold(())),))
    key = hashlib.sha256(b"<p>").hexdigest()
    stranger = "0" * 64
    assert by_page(goldset, {"x": {key: "a", stranger: "b"}}) == {"x": {"p": "a", stranger: "b"}}
    assert by_page(goldset, {"x": {"p": "a", key: "b"}}) == {"x": {"p": "a", key: "b"}}
    assert by_page(goldset, {"x": json.loads("{}")}) == {"x": {}}
