"""The SQLite file with the history, brought up to date when it is opened."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeAlias

from vivavoce.errors import KnownError

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
"""Folder with NNNN_name.sql; the number is what PRAGMA user_version says after it."""

Value: TypeAlias = str | int | float | None
Row: TypeAlias = Sequence[Value]

_BUSY_SECONDS = 5.0
_RETRY_SECONDS = 0.02
_OUTSIDE = ("locked", "disk is full", "disk i/o error", "readonly", "unable to open")
"""Parts of SQLite's messages that speak of the machine; any other OperationalError is our bug."""


class Database:
    """One connection to one history file, to be used from the thread that opened it.

    Opening brings an older file up to date, all migrations in one transaction, and leaves a copy of
    the older file beside it. Raises KnownError for a damaged file and for one that a newer
    program wrote; both are left untouched.
    """

    def __init__(self, path: Path, migrations: Path = MIGRATIONS) -> None:
        self.path = path
        steps = _steps(migrations)
        with self._told():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # isolation_level None: no transaction begins behind our back.
            self._connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
            try:
                # Before any pragma that sets something: journal_mode writes into the file.
                self._refuse_newer(max(steps, default=0))
                self._configure()
                self._migrate(steps)
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def version(self) -> int:
        """The number of the last migration in the file."""
        return int(self.rows("PRAGMA user_version")[0][0] or 0)

    def close(self) -> None:
        """Close the file; the database cannot be used any more."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """All statements inside are on the disk when this ends, or none after an error."""
        with self._told():
            # IMMEDIATE: wait for another writer here, where nothing is done yet.
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def execute(self, sql: str, values: Row = ()) -> sqlite3.Cursor:
        """Run one statement; outside of a transaction it is one by itself."""
        with self._told():
            return self._connection.execute(sql, values)

    def execute_many(self, sql: str, rows: Iterable[Row]) -> None:
        """Run one statement for each row of values."""
        with self._told():
            self._connection.executemany(sql, rows)

    def rows(self, sql: str, values: Row = ()) -> list[tuple[Value, ...]]:
        """All rows that a query finds."""
        with self._told():
            return self._connection.execute(sql, values).fetchall()

    def _refuse_newer(self, newest: int) -> None:
        version = self.version
        # Reading the schema shows that the file is whole enough to be a database.
        self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if version > newest:
            raise KnownError(
                f"The history {self.path} was written by a newer Viva Voce "
                f"(form {version}; this program knows up to {newest}).",
                "It is left untouched. Install the newer version, or choose another folder with --home.",
            )

    def _configure(self) -> None:
        # WAL: readers do not wait for the writer. FULL: a commit is on the disk when it returns; with
        # NORMAL, SQLite's usual choice beside WAL, a power cut may take the last commits.
        self._write_ahead()
        for pragma in ("synchronous = FULL", "foreign_keys = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")

    def _write_ahead(self) -> None:
        # The change to WAL asks for the whole file and, unlike other statements, is refused without
        # waiting when another program opens it in the same moment (https://sqlite.org/wal.html, 8).
        until = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(_RETRY_SECONDS)
            else:
                return

    def _migrate(self, steps: dict[int, str]) -> None:
        newest = max(steps, default=0)
        if self.version >= newest:
            return
        # One transaction around the copy and all steps: a second program that opens the file now waits
        # here, finds it up to date, and neither copies a form between two steps nor writes our copy.
        with self.transaction():
            version = self.version
            if 0 < version < newest:
                self._back_up(self.path.with_name(f"{self.path.stem}.form-{version}{self.path.suffix}"))
            for number, script in sorted(steps.items()):
                if number <= version:
                    continue
                # Not executescript: it commits first, and then the step would be in no transaction.
                for statement in _statements(script):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {number}")

    def _back_up(self, to: Path) -> None:
        temporary = to.with_name(f".{to.name}.{os.getpid()}")
        try:
            # A second connection reads: Python's backup waits for ever for one that holds a write lock.
            read, written = sqlite3.connect(self.path), sqlite3.connect(temporary)
            with closing(read), closing(written):
                read.backup(written)
                # The copy is one file; it would keep WAL from the original and a -wal file of its own.
                written.execute("PRAGMA journal_mode = DELETE")
            temporary.replace(to)
        finally:
            temporary.unlink(missing_ok=True)

    @contextmanager
    def _told(self) -> Generator[None, None, None]:
        """Tell what is wrong with the file or the disk as a KnownError."""
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            reason = str(error)
            if isinstance(error, sqlite3.Error) and not any(part in reason.lower() for part in _OUTSIDE):
                raise
            raise KnownError(
                f"The history {self.path} cannot be used: {reason}.",
                "What was saved before is kept. See that the folder can be written, that the disk is not "
                "full and that no other program holds the file, then try again.",
            ) from error
        except sqlite3.DatabaseError as error:
            # Its other children (IntegrityError, ProgrammingError ...) are bugs of ours.
            if type(error) is not sqlite3.DatabaseError:
                raise
            raise KnownError(
                f"The history {self.path} is damaged: {error}.",
                "It is kept as it is. Put a copy of yours in its place, or move it to another folder to "
                "start with an empty history.",
            ) from error


def _steps(folder: Path) -> dict[int, str]:
    """The migration scripts by their number."""
    files = folder.glob("[0-9]*_*.sql")
    return {int(file.name.split("_")[0]): file.read_text(encoding="utf-8") for file in files}


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError(f"a migration ends within a statement: {statement.strip()[:60]}")
