"""A page in a file of its own is known by the file, and read again once that may have changed."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from boilerbench.model import Page
from boilerbench.sets import digests
from boilerbench.storage.cache import Cache

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    with closing(Cache(tmp_path / "cache.sqlite3")) as found:
        yield found


def page_of(file: Path, times: list[str], url: str | None = None) -> Page:
    """A page that notes how often it is read."""

    def read() -> bytes:
        times.append(file.name)
        return file.read_bytes()

    return Page("same id", read, url, file=file)


def test_a_file_that_is_as_it_was_is_not_read(cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_SETTLED", 0)
    one, other, times = tmp_path / "one", tmp_path / "other", list[str]()
    one.write_bytes(b"<p>one")
    other.write_bytes(b"<p>two")
    expected = [Page("", file.read_bytes).digest for file in (one, other)]
    for read in (["one", "other"], []):
        pages = [page_of(one, times), page_of(other, times)]
        digests.recognise(pages, cache)
        assert [page.digest for page in pages] == expected
        assert times == read
        times.clear()
    there = page_of(one, times, "http://there.example/")
    digests.recognise([there], cache)
    assert (times, there.digest in expected) == (["one"], False)


def test_a_file_that_changed_is_read(cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_SETTLED", 0)
    file, times = tmp_path / "one", list[str]()
    file.write_bytes(b"<p>one")
    digests.recognise([page_of(file, times)], cache)
    (tmp_path / "new").write_bytes(b"<p>two")
    (tmp_path / "new").replace(file)
    page = page_of(file, times)
    digests.recognise([page], cache)
    assert page.digest == Page("", lambda: b"<p>two").digest
    assert times == ["one", "one"]


def test_what_may_change_unseen_and_what_has_no_file_is_not_known(cache: Cache, tmp_path: Path) -> None:
    file, times = tmp_path / "one", list[str]()
    file.write_bytes(b"<p>one")
    for page in (page_of(file, times), page_of(file, times), replace(page_of(file, times), file=tmp_path / "gone")):
        digests.recognise([page], cache)
        assert page.digest == Page("", file.read_bytes).digest
    assert times == ["one"] * 3
