"""A SQLite file of rows that each carry a digest: a damaged row is none, and a damaged file is set aside.

What is kept can be made again, so that damage is a note in the log and never the end of a run.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from boilerbench.errors import BoilerbenchError, NewerSchemaError
from boilerbench.storage import holding

SCHEMA = 2
"""Of the file. One of schema 1 has no digests, and is emptied."""
_MARK = 0x60171E00
"""With the schema's number, the application id of a file of ours."""
_BUSY = 60
"""Seconds that another process may take to write."""
_MANY = 500
"""Keys to a query: as many as SQLite takes."""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT, sqlite3.SQLITE_TOOBIG}
_CUT_OFF = sqlite3.SQLITE_IOERR_SHORT_READ
_SAID = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite says, and what Python does where that names a damaged table."""

_SOME_DAMAGED = "%s: some of what is kept is damaged, and made again; 'boilerbench cache verify' says what"

T = TypeVar("T")

log = logging.getLogger("boilerbench")


class Row(NamedTuple):
    """Something kept under a key: for which runner in which version, where that says anything, and since when."""

    key: str
    value: bytes
    runner: str = ""
    version: str = ""
    since: str = ""


class _ForeignError(sqlite3.DatabaseError):
    """A database that is not ours, or no longer."""


class SealedRows:
    """Tables of rows by key. Several threads and processes may use a file at once."""

    def __init__(self, file: Path, tables: Collection[str]) -> None:
        self.file, self.tables = file, tables
        self.set_aside: list[Path] = []
        """What was found damaged, under its new name."""
        self._told = False
        self._lock = threading.Lock()
        with self._usable():
            file.parent.mkdir(parents=True, exist_ok=True)
            self._database = self._opened(lambda _: None)

    def rows(self, table: str, keys: Collection[str]) -> Iterator[Row]:
        """The rows of those keys that a table has, without damaged ones."""
        wanted = iter(keys)
        while some := set(islice(wanted, _MANY)):
            query = f"select * from {table} where key in ({_marks(len(some))})"  # noqa: S608  # our names and marks
            found = self._do(lambda database: database.execute(query, [*some]).fetchall())  # noqa: B023  # done at once
            sound = [Row(*row[:-1]) for row in found if _is_sound(table, row)]
            if len(sound) < len(found) and not self._told:
                self._told = True
                log.warning(
                    "%s: some of what is kept is damaged, and made again; 'boilerbench cache verify' says what",
                    self.file,
                )
            yield from (row for row in sound if row.key in some)

    def put(self, table: str, rows: Iterable[Row]) -> None:
        """Keep rows from now on, all in one transaction."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        sealed = [(*row, _seal(table, row)) for row in (each._replace(since=now) for each in rows)]
        self._write(f"insert or replace into {table} values ({_marks(len(Row._fields) + 1)})", sealed)  # noqa: S608

    def delete(self, table: str, keys: Iterable[str]) -> None:
        """Forget rows, all in one transaction."""
        self._write(f"delete from {table} where key = ?", [(key,) for key in keys])  # noqa: S608

    def every(self, table: str) -> Iterator[tuple[Row, bool]]:
        """Every row of a table, and whether it is sound."""
        query = f"select rowid, * from {table} where rowid > ? order by rowid limit {_MANY}"  # noqa: S608
        last = -(2**63)
        while found := self._do(lambda database: database.execute(query, [last]).fetchall()):  # noqa: B023
            yield from ((Row(*row[:-1]), _is_sound(table, row)) for _, *row in found)
            last = found[-1][0]

    def sizes(self, table: str) -> list[tuple[str, str, int, int]]:
        """For each runner and version that a table has rows of, how many these are, and their bytes."""
        query = f"select runner, version, count(*), sum(length(value)) from {table} group by 1, 2 order by 1, 2"  # noqa: S608
        found = self._do(lambda database: database.execute(query).fetchall())
        return [(str(runner), str(version), rows, size or 0) for runner, version, rows, size in found]

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file."""
        found = self._do(lambda database: database.execute("pragma integrity_check(10)").fetchall())
        return [said for (said,) in found if said != "ok"]

    def shrink(self) -> None:
        """Give back the room of what was forgotten."""
        for command in ("vacuum", "pragma wal_checkpoint(truncate)"):
            self._do(lambda database: database.execute(command).fetchall())  # noqa: B023  # likewise

    def begin_anew(self) -> None:
        """Set the file aside."""
        with self._lock, self._usable():
            self.close()
            with holding.alone(self.file.parent):
                self._put_aside()
                self._database = _connected(self.file, self.tables)

    def close(self) -> None:
        """Let go of the file."""
        with suppress(sqlite3.Error):
            self._database.close()

    def _write(self, command: str, rows: list[tuple[Any, ...]]) -> None:
        def write(database: sqlite3.Connection) -> None:
            """All rows or none."""
            with database:
                database.execute("begin immediate")
                database.executemany(command, rows)

        if rows:
            self._do(write)

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Let the database do something; a new one, where this turns out to be damaged."""
        with self._lock, self._usable():
            try:
                return work(self._database)
            except _SAID as cause:
                if not _is_damage(cause):
                    raise
            self.close()
            self._database = self._opened(work)
            return work(self._database)

    def _opened(self, work: Callable[[sqlite3.Connection], Any]) -> sqlite3.Connection:
        """Open the file, which another process may have renewed; a new one, where that cannot do the work."""
        with holding.alone(self.file.parent):
            try:
                if self.file.exists() and not self.file.stat().st_size:
                    raise _ForeignError
                database = _connected(self.file, self.tables)
                try:
                    work(database)
                except BaseException:
                    database.close()
                    raise
            except _SAID as cause:
                if not _is_damage(cause):
                    raise
                self._put_aside()
                return _connected(self.file, self.tables)
            return database

    def _put_aside(self) -> None:
        date = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S-%f")
        aside = self.file.with_name(f"{self.file.name}.damaged-{date}")
        for part in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                Path(f"{self.file}{part}").rename(f"{aside}{part}")
        self.set_aside.append(aside)
        log.warning("%s: damaged; set aside as %s, and what it kept is made again", self.file, aside.name)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as cause:
            why = getattr(cause, "strerror", None) or cause
            raise BoilerbenchError(
                f"{self.file}: the cache cannot be used: {why}; set BOILERBENCH_CACHE or delete it"
            ) from None


def _connected(file: Path, tables: Collection[str]) -> sqlite3.Connection:
    """Open a file with those tables. `_ForeignError` for one that has others.

    A new one is made beside, so that one without a byte is one that was cut off, and not one whose maker was killed.
    """
    if not file.exists():
        beside = file.with_name(f".{file.name}-new")
        for part in ("-wal", "-shm", ""):
            Path(f"{beside}{part}").unlink(missing_ok=True)
        _opened_at(beside, tables).close()
        beside.replace(file)
    return _opened_at(file, tables)


def _opened_at(file: Path, tables: Collection[str]) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=_BUSY, check_same_thread=False, isolation_level=None)
    database.text_factory = lambda raw: raw.decode(errors="replace")
    try:
        try:
            _claim(database, file, {table: f"CREATE TABLE {table} ({_COLUMNS})" for table in tables})
        except sqlite3.OperationalError as cause:
            if cause.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise
            raise _ForeignError(str(cause)) from None  # a header or a schema that cannot be
        database.execute("pragma journal_mode = wal")
        database.execute("pragma synchronous = normal")
    except BaseException:
        database.close()
        raise
    return database


_COLUMNS = f"{Row._fields[0]} primary key, {', '.join(Row._fields[1:])}, digest"


def _claim(database: sqlite3.Connection, file: Path, wanted: dict[str, str]) -> None:
    version, mark = (database.execute(f"pragma {name}").fetchone()[0] for name in ("user_version", "application_id"))
    there = dict(database.execute("select name, sql from sqlite_master where sql is not null"))
    if mark == _MARK + version and version > SCHEMA:
        raise NewerSchemaError(file, version, SCHEMA)
    if (version, mark, there) == (SCHEMA, _MARK + SCHEMA, wanted):
        return
    if mark or version > 1 or not there.keys() <= wanted.keys():
        raise _ForeignError("not a cache of boilerbench")
    with database:
        database.execute("begin immediate")
        for table in there:
            database.execute(f"drop table {table}")
        for command in wanted.values():
            database.execute(command)
        database.execute(f"pragma user_version = {SCHEMA}")
        database.execute(f"pragma application_id = {_MARK + SCHEMA}")


def _is_damage(cause: Exception) -> bool:
    code = getattr(cause, "sqlite_errorcode", 0)
    return isinstance(cause, _ForeignError | UnicodeDecodeError) or code & 0xFF in _DAMAGED or code == _CUT_OFF


def _is_sound(table: str, row: Iterable[Any]) -> bool:
    *values, digest = row
    there = Row(*values)
    typed = isinstance(there.value, bytes) and all(isinstance(each, str) for each in (there.key, *there[2:]))
    return typed and _seal(table, there) == digest


def _seal(table: str, row: Row) -> bytes:
    whole = sha256("\0".join((table, row.key, *row[2:], "")).encode(errors="replace"))
    whole.update(row.value)
    return whole.digest()


def _marks(count: int) -> str:
    return ", ".join("?" * count)
