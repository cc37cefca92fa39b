"""What is kept across runs, addressed by content: extractions, committed as they arrive, facts of pages, and scores.

Several processes may share it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from boilerbench.errors import BoilerbenchError, NewerSchemaError
from boilerbench.files import cache_folder
from boilerbench.model import Extraction, Status


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


SCHEMA = 1
_TABLES = {
    "extraction": ", ".join([*(field.name for field in fields(Extraction)), *Kept._fields[1:]]),
    "facts": ", ".join(Facts._fields),
    "scores": "packed",
    "digests": "digest",
}
"""The columns of each table, behind its key. An older file has one more, `converter`, and lacks the last two."""
_values = attrgetter(*(field.name for field in fields(Extraction)))
_MANY = 500


@contextmanager
def opened() -> Iterator[Cache]:
    """Open the user's cache for a block. `BoilerbenchError` where it cannot be used."""
    with closing(Cache(cache_folder() / "extractions.sqlite3")) as cache:
        yield cache


class Cache:
    """One SQLite file of extractions, facts and scores; a key says everything that its value depends on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        with self._usable():
            file.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(file, timeout=60, check_same_thread=False, isolation_level=None)
            found = self._database.execute("pragma user_version").fetchone()[0]
            if found > SCHEMA:
                raise NewerSchemaError(file, found, SCHEMA)
            self._database.execute("pragma journal_mode = wal")
            self._database.execute("pragma synchronous = normal")
            for table, columns in _TABLES.items():
                self._database.execute(f"create table if not exists {table} (key primary key, {columns})")
            found = {name for _, name, *_ in self._database.execute("pragma table_info(extraction)")}
            for column in sorted(set(Kept._fields[1:]) - found):
                self._database.execute(f"alter table extraction add column {column}")
            self._database.execute(f"pragma user_version = {SCHEMA}")

    def get(self, keys: Collection[str]) -> dict[str, Kept]:
        """Those of the keys that are known, with their extractions; not what an older boilerbench kept."""
        return {
            key: Kept(Extraction(Status(status), *rest), files, bool(alone))
            for key, status, *rest, files, alone in self._rows("extraction", keys)
            if files is not None
        }

    def facts(self, keys: Collection[str]) -> dict[str, Facts]:
        """Those of the keys that are known, with their pages' facts."""
        return {key: Facts(*rest) for key, *rest in self._rows("facts", keys)}

    def scores(self, key: str) -> bytes | None:
        """The scores that were kept under a key, as they were given."""
        return next((packed for _, packed in self._rows("scores", [key])), None)

    def put(self, key: str, kept: Kept) -> None:
        """Keep an extraction."""
        self._put("extraction", [(key, *_values(kept.extraction), *kept[1:])])

    def settle(self, keys: Collection[str], *, alone: bool) -> None:
        """Note that these extractions are what a fresh process gives, or forget them where they are not."""
        command = "update extraction set alone = 1 where key = ?" if alone else "delete from extraction where key = ?"
        with self._lock, self._usable(), self._database:
            self._database.execute("begin")
            self._database.executemany(command, [(key,) for key in keys])

    def put_facts(self, facts: Mapping[str, Facts]) -> None:
        """Keep facts."""
        self._put("facts", [(key, *each) for key, each in facts.items()])

    def put_scores(self, key: str, packed: bytes) -> None:
        """Keep scores."""
        self._put("scores", [(key, packed)])

    def digests(self, stamps: Collection[str]) -> dict[str, str]:
        """Those of the stamps of files that are known, with the digests of their pages."""
        return dict(self._rows("digests", stamps))

    def put_digests(self, digests: Mapping[str, str]) -> None:
        """Keep digests of pages by the stamps of their files."""
        self._put("digests", list(digests.items()))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _rows(self, table: str, keys: Collection[str]) -> list[tuple[Any, ...]]:
        """The rows of the keys that a table has, as many keys to a query as SQLite takes."""
        rows, wanted = [], list(keys)
        with self._usable():
            for first in range(0, len(wanted), _MANY):
                some = wanted[first : first + _MANY]
                query = f"select key, {_TABLES[table]} from {table} where key in ({_marks(some)})"  # noqa: S608  # our names and marks
                rows += self._database.execute(query, some).fetchall()
        return rows

    def _put(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Keep rows, all in one transaction."""
        if not rows:
            return
        with self._lock, self._usable(), self._database:
            self._database.execute("begin")
            command = f"insert or replace into {table} (key, {_TABLES[table]}) values ({_marks(rows[0])})"  # noqa: S608  # our names and marks
            self._database.executemany(command, rows)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as cause:
            why = getattr(cause, "strerror", None) or cause
            raise BoilerbenchError(
                f"{self._file}: the cache cannot be used: {why}; set BOILERBENCH_CACHE or delete it"
            ) from None


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
