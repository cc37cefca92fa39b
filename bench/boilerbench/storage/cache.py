"""What is kept across runs, addressed by content: extractions, committed as they arrive, facts of pages, and scores.

Several processes may share it. What is damaged counts as not kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from boilerbench.files import cache_folder
from boilerbench.model import Extraction
from boilerbench.storage.sealed_rows import Row, SealedRows


class Facts(NamedTuple):
    """What only its content tells of a page: the charset it is read in, the words of its body, and all its words."""

    encoding: str | None
    gold_words: int | None
    page_words: int | None


class Kept(NamedTuple):
    """An extraction as it is kept.

    It counts only where `files` (what its child had read, with digests) are as they were; empty for none. It is
    `alone` where it is known to be what a fresh process gives, and not what follows from pages before.
    """

    extraction: Extraction
    files: str = ""
    alone: bool = True


TABLES = {
    "extraction": "extractions",
    "facts": "facts of pages",
    "scores": "scores of parts of runs",
    "digests": "digests of files",
}
"""The tables, and what is in them."""

_AT_ONCE = 100
"""Extractions that are held in memory to be changed."""

_packed = msgspec.msgpack.encode
_KEPT, _FACTS = msgspec.msgpack.Decoder(Kept), msgspec.msgpack.Decoder(Facts)


def file() -> Path:
    """Where it lies."""
    return cache_folder() / "extractions.sqlite3"


@contextmanager
def opened() -> Iterator[Cache]:
    """Open the user's cache for a block. `BoilerbenchError` where it cannot be used."""
    with closing(Cache(file())) as cache:
        yield cache


class Cache:
    """Extractions, facts, scores and digests in one file; a key says everything that its value depends on."""

    def __init__(self, file: Path) -> None:
        self._rows = SealedRows(file, TABLES)

    def get(self, keys: Collection[str]) -> dict[str, Kept]:
        """Those of the keys that are known, with their extractions."""
        return {row.key: _KEPT.decode(row.value) for row in self._rows.rows("extraction", keys)}

    def put(self, key: str, kept: Kept, runner: str = "", version: str = "") -> None:
        """Keep an extraction, by a runner in a version."""
        self._rows.put("extraction", [Row(key, _packed(kept), runner, version)])

    def settle(self, keys: Collection[str], *, alone: bool) -> None:
        """Note that these extractions are what a fresh process gives, or forget them where they are not."""
        if not alone:
            self._rows.delete("extraction", keys)
            return
        for first in range(0, len(wanted := list(keys)), _AT_ONCE):
            rows = self._rows.rows("extraction", wanted[first : first + _AT_ONCE])
            kept = [(row, _KEPT.decode(row.value)._replace(alone=True)) for row in rows]
            self._rows.put("extraction", [row._replace(value=_packed(each)) for row, each in kept])

    def facts(self, keys: Collection[str]) -> dict[str, Facts]:
        """Those of the keys that are known, with their pages' facts."""
        return {row.key: _FACTS.decode(row.value) for row in self._rows.rows("facts", keys)}

    def put_facts(self, facts: Mapping[str, Facts]) -> None:
        """Keep facts."""
        self._rows.put("facts", [Row(key, _packed(each)) for key, each in facts.items()])

    def scores(self, key: str) -> bytes | None:
        """The scores that were kept under a key, as they were given."""
        return next((row.value for row in self._rows.rows("scores", [key])), None)

    def put_scores(self, key: str, packed: bytes) -> None:
        """Keep scores."""
        self._rows.put("scores", [Row(key, packed)])

    def digests(self, stamps: Collection[str]) -> dict[str, str]:
        """Those of the stamps of files that are known, with the digests of their pages."""
        return {row.key: row.value.decode() for row in self._rows.rows("digests", stamps)}

    def put_digests(self, digests: Mapping[str, str]) -> None:
        """Keep digests of pages by the stamps of their files."""
        self._rows.put("digests", [Row(stamp, digest.encode()) for stamp, digest in digests.items()])

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()
