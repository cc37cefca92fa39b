from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from boilerbench.model import Gold, GoldSet, Page, Segment
from boilerbench.sets import page_facts
from boilerbench.sets.page_facts import COLUMNS, count, keep, known, with_quarters
from boilerbench.storage.cache import Cache, Facts
from boilerbench.storage.manifest import Manifest
from boilerbench.storage.run_folder import RunFolder
from boilerbench.storage.run_folder.columns import row_of

if TYPE_CHECKING:
    from pathlib import Path

HTML = "<title>this too</title><style>p {}</style><p>One two<p>drei 四五<script>var x = 1;</script><!-- no -->"


def page(html: bytes, name: str = "p", charset: str | None = None) -> Page:
    return Page(name, lambda: html, charset=charset)


def gold(text: str) -> Gold:
    return Gold((Segment("body", text), Segment("comment", "one more")))


def test_words_of_the_body_and_of_the_page_are_counted() -> None:
    assert count(page(HTML.encode()), gold("One two")) == Facts("utf-8", 2, 7)
    assert count(page(b"<p>caf\xe9", charset="latin1"), gold("")) == Facts("windows-1252", 0, 1)


@pytest.mark.parametrize("html", [b"", b" \n", b"\0", b"<!-- -->", b"<", b"\xff\xfe", b"<body>" * 2000])
def test_a_page_without_text_has_no_words(html: bytes) -> None:
    assert count(page(html), gold("a b c"))[1:] == (3, 0)


def pages(**columns: list[float | None]) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    return with_quarters(pd.DataFrame({"set": "tiny", **dict.fromkeys(Facts._fields[1:], [1] * size), **columns}))


def test_pages_are_cut_at_the_quartiles_of_their_set() -> None:
    found = pages(set=["a"] * 5 + ["b"], gold_words=[10, 20, 30, 40, 50, 7])
    assert found["length"].tolist() == [
        *("Q1 10-20 words", "Q1 10-20 words", "Q2 30-30 words", "Q3 40-40 words", "Q4 50-50 words"),
        "Q1 7-7 words",
    ]


def test_complexity_is_the_share_of_a_page_that_is_not_its_body() -> None:
    found = pages(gold_words=[25, 100, 120, 0, 5, None], page_words=[100, 100, 100, 100, 0, 10])
    assert found["complexity"].tolist() == ["Q3 0.75-0.75", "Q1 0.00-0.00", "Q1 0.00-0.00", "Q4 1.00-1.00", "", ""]
    assert found["length"].iloc[-1] == ""


def test_a_run_folder_gets_them_once_and_a_second_run_reads_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOILERBENCH_CACHE", str(tmp_path / "cache"))
    goldset = GoldSet("tiny", "tiny:", ((page(HTML.encode()), gold("One two")),))
    other = GoldSet("other", "other:", ((page(b"", "q"), Gold(())),))
    found = []
    for name in ("first", "second"):
        folder = RunFolder.create(tmp_path / name)
        folder.write_manifest(Manifest())
        folder.add(
            0, (row_of(each.name, page, gold.digest) for each in (goldset, other) for page, gold in each.entries), []
        )
        assert not known(folder)
        keep(folder, [goldset])
        assert known(folder)
        monkeypatch.setattr(page_facts, "count", None)
        found.append(folder.table("pages"))
    pd.testing.assert_frame_equal(*found)
    assert found[0].loc[0, list(COLUMNS)].tolist() == ["utf-8", 2, 7, "Q1 2-2 words", "Q1 0.71-0.71"]
    assert found[0].loc[1, list(COLUMNS)].isna().tolist() == [True, True, True, False, False]


def test_facts_are_kept_by_key(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache.sqlite3")
    cache.put_facts({"a": Facts("utf-8", 1, 2)})
    cache.put_facts({"a": Facts("utf-8", 1, 3), "b": Facts("gbk", 0, 0)})
    assert cache.facts(["a", "b", "c"]) == {"a": Facts("utf-8", 1, 3), "b": Facts("gbk", 0, 0)}
    cache.close()
