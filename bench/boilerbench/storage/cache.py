"""What is kept across runs, addressed by content: extractions, committed as they arrive, facts of pages, and scores.

Several processes may share it.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, contextmanager
from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from boilerbench.errors import BoilerbenchError, NewerSchemaError
from boilerbench.files import cache_folder
from boilerbench.model import Extraction, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

SCHEMA = 1
_COLUMNS = [field.name for field in fields(Extraction)]
_MANY = 500


class Facts(NamedTuple):
    """What only its content tells of a page: the charset it is read in, the words of its body, and all its words."""

    encoding: str | None
    gold_words: int | None
    page_words: int | None


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
            columns = ", ".join(_COLUMNS)
            self._database.execute(f"create table if not exists extraction (key primary key, {columns})")
            self._database.execute(f"create table if not exists facts (key primary key, {', '.join(Facts._fields)})")
            self._database.execute("create table if not exists scores (key primary key, packed)")
            self._database.execute(f"pragma user_version = {SCHEMA}")

    def get(self, keys: Iterable[str]) -> dict[str, Extraction]:
        """Those of the keys that are known, with their extractions."""
        found = {}
        for some, marks in _batches(list(keys)):
            query = f"select key, {', '.join(_COLUMNS)} from extraction where key in ({marks})"  # noqa: S608  # only marks
            for key, status, *rest in self._rows(query, some):
                found[key] = Extraction(Status(status), *rest)
        return found

    def facts(self, keys: Iterable[str]) -> dict[str, Facts]:
        """Those of the keys that are known, with their pages' facts."""
        found = {}
        for some, marks in _batches(list(keys)):
            query = f"select * from facts where key in ({marks})"  # noqa: S608  # only marks
            found.update({key: Facts(*rest) for key, *rest in self._rows(query, some)})
        return found

    def put_facts(self, facts: Mapping[str, Facts]) -> None:
        """Keep facts, all in one transaction."""
        with self._lock, self._usable(), self._database:
            self._database.execute("begin")
            rows = [(key, *each) for key, each in facts.items()]
            self._database.executemany("insert or replace into facts values (?, ?, ?, ?)", rows)

    def scores(self, key: str) -> bytes | None:
        """The scores that were kept under a key, as they were given."""
        found = self._rows("select packed from scores where key = ?", (key,))
        return found[0][0] if found else None

    def put_scores(self, key: str, packed: bytes) -> None:
        """Keep scores."""
        with self._lock, self._usable():
            self._database.execute("insert or replace into scores values (?, ?)", (key, packed))

    def put(self, key: str, extraction: Extraction) -> None:
        """Keep an extraction, in a transaction of its own."""
        marks = ", ".join("?" * (len(_COLUMNS) + 1))
        with self._lock, self._usable():
            self._database.execute(
                f"insert or replace into extraction (key, {', '.join(_COLUMNS)}) values ({marks})",  # noqa: S608  # only marks
                (key, *astuple(extraction)),
            )

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._usable():
            return self._database.execute(query, values).fetchall()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as cause:
            why = getattr(cause, "strerror", None) or cause
            raise BoilerbenchError(
                f"{self._file}: the cache cannot be used: {why}; set BOILERBENCH_CACHE or delete it"
            ) from None


def _batches(keys: Sequence[str]) -> Iterator[tuple[Sequence[str], str]]:
    """As many keys as one query takes, and a mark for each."""
    for i in range(0, len(keys), _MANY):
        some = keys[i : i + _MANY]
        yield some, ", ".join("?" * len(some))
