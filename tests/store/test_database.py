"""The history opens, old files are brought up to date, and what is not ours to touch stays."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

import pytest

from vivavoce.errors import KnownError
from vivavoce.store.attempts import Attempts
from vivavoce.store.database import MIGRATIONS, Database

NEWEST = max(int(file.name[:4]) for file in MIGRATIONS.glob("*.sql"))

# The file as version 1 wrote it, kept here word for word: never to be changed with the program.
VERSION_1 = """
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, question_id TEXT NOT NULL, question TEXT NOT NULL,
    started_at TEXT NOT NULL, state TEXT NOT NULL, state_before TEXT, discarded_at TEXT, device TEXT NOT NULL,
    audio_seconds REAL NOT NULL DEFAULT 0, score REAL, assessment TEXT);
CREATE INDEX attempts_of_question ON attempts (question_id, started_at);
CREATE INDEX attempts_in_state ON attempts (state, started_at);
CREATE TABLE coverage (
    attempt_id INTEGER NOT NULL REFERENCES attempts (id) ON DELETE CASCADE, concept_id TEXT NOT NULL,
    statement TEXT NOT NULL, weight REAL NOT NULL, verdict TEXT NOT NULL, covered REAL NOT NULL,
    contradicted REAL NOT NULL);
CREATE UNIQUE INDEX coverage_of_attempt ON coverage (attempt_id, concept_id);
CREATE INDEX coverage_of_concept ON coverage (concept_id);
INSERT INTO attempts VALUES (3, 'core-01',
    '{"id":"core-01","ask":"Why?","reference":"Since.","concepts":[{"id":"decay",
      "statement":"Weights shrink.","weight":2.0,"essential":true,
      "accepted":[],"misconceptions":[],"probe":"","hints":[]}],"level":"core"}',
    '2025-03-01T12:00:00.000000+00:00', 'judged', NULL, NULL, 'USB', 12.5, 60.0,
    '{"scored":true,"reason":null,"score":60.0,"band":[50.0,70.0],"evidence":[{"concept_id":"decay",
      "statement":"Weights shrink.","verdict":"covered","covered":0.9,"contradicted":0.1,
      "quote":"they shrink","start":1.0,"end":2.0,
      "closest":null,"misconception":null}],"transcript":null,"delivery":null,
      "text":"they shrink","models":{"judge":"1"},"seconds":0.5}');
INSERT INTO coverage VALUES (3, 'decay', 'Weights shrink.', 2.0, 'covered', 0.9, 0.1);
INSERT INTO attempts (question_id, question, started_at, state, device)
    VALUES ('core-02', '{"id":"core-02","ask":"How?","reference":"So.","concepts":[]}',
    '2025-03-02T12:00:00.000000+00:00', 'recording', '');
PRAGMA user_version = 1;
"""


@pytest.fixture
def old(tmp_path) -> Path:
    path = tmp_path / "history.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(VERSION_1)
    return path


@pytest.fixture
def newer_program(tmp_path) -> Path:
    """The migrations of a program that is one step ahead."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for file in MIGRATIONS.glob("*.sql"):
        (folder / file.name).write_text(file.read_text(encoding="utf-8"))
    step = "ALTER TABLE attempts ADD COLUMN note TEXT; -- with a ; in it\n"
    step += "UPDATE attempts SET note = 'old; kept';\n"
    (folder / "9999_note.sql").write_text(step)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_history_is_durable_and_watches_its_references(tmp_path):
    with Database(tmp_path / "new" / "history.sqlite") as database:
        assert database.version == NEWEST
        assert database.rows("PRAGMA journal_mode") == [("wal",)]
        assert database.rows("PRAGMA synchronous") == [(2,)]
        assert database.rows("PRAGMA foreign_keys") == [(1,)]
        assert database.rows("PRAGMA busy_timeout") == [(5000,)]
    assert names(tmp_path / "new") == ["history.sqlite"], "nothing to back up, nothing left over"


def test_a_version_1_file_opens_with_all_that_was_in_it(old):
    with Database(old) as database:
        attempts = Attempts(database)
        judged = attempts.get(3)
        assert judged.started_at == datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
        assert judged.question.concept("decay").essential
        assert judged.assessment is not None
        assert judged.assessment.evidence[0].quote == "they shrink"
        assert [attempt.id for attempt in attempts.unfinished()] == [4]
        assert attempts.all_judged()[0].verdicts == {"decay": "covered"}


def test_an_older_file_is_copied_beside_itself_and_then_brought_up_to_date(old, newer_program):
    with Database(old, newer_program) as database:
        assert database.version == 9999
        assert database.rows("SELECT id, note FROM attempts ORDER BY id") == [
            (3, "old; kept"),
            (4, "old; kept"),
        ]
    copy = old.with_name("history.form-1.sqlite")
    assert names(old.parent) == [copy.name, "history.sqlite", "migrations"]
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    with Database(copy) as database:
        assert Attempts(database).get(3).audio_seconds == 12.5


def test_opening_an_up_to_date_file_makes_no_copy(old, newer_program):
    Database(old, newer_program).close()
    old.with_name("history.form-1.sqlite").unlink()
    Database(old, newer_program).close()
    assert names(old.parent) == ["history.sqlite", "migrations"]


def test_a_migration_that_fails_changes_nothing(old, newer_program):
    bad = "ALTER TABLE attempts ADD COLUMN one TEXT;\nALTER TABLE nowhere ADD COLUMN two TEXT;\n"
    (newer_program / "9999_note.sql").write_text(bad)
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        Database(old, newer_program)
    with Database(old) as database:
        assert database.version == NEWEST
        assert "one" not in [row[1] for row in database.rows("PRAGMA table_info(attempts)")]


def test_a_file_of_a_newer_program_is_left_untouched(old, newer_program):
    Database(old, newer_program).close()
    before = old.read_bytes()
    with pytest.raises(KnownError, match="newer Viva Voce") as told:
        Database(old)
    assert str(old) in told.value.what
    assert old.read_bytes() == before


@pytest.mark.parametrize("how", ["no database", "torn header", "wiped schema"])
def test_a_damaged_file_is_named_and_kept(old, how):
    whole = old.read_bytes()
    damaged = {
        "no database": b"these are my notes, not a history\n" * 50,
        "torn header": b"SQLite format 3\x00" + bytes(84) + whole[100:],
        "wiped schema": whole[:100] + b"\xff" * 300 + whole[400:],
    }[how]
    old.write_bytes(damaged)
    with pytest.raises(KnownError) as told:
        Database(old)
    assert str(old) in told.value.what
    assert "damaged" in told.value.what
    assert "kept" in told.value.next_step
    assert old.read_bytes() == damaged


def test_damage_found_later_is_told_the_same_way(old):
    with Database(old) as database:  # brought up to date while it was whole
        (page,) = database.rows("SELECT rootpage FROM sqlite_master WHERE name = 'attempts'")[0]
    pages = old.read_bytes()
    # The schema stays; the rows are overwritten.
    start = 4096 * (page - 1)
    old.write_bytes(pages[:start] + b"\xff" * 4096 + pages[start + 4096 :])
    with Database(old) as database, pytest.raises(KnownError, match="damaged"):
        Attempts(database).history(10, 0)


def test_a_folder_where_the_file_should_be_is_told(tmp_path):
    (tmp_path / "history.sqlite").mkdir()
    with pytest.raises(KnownError, match="cannot be used"):
        Database(tmp_path / "history.sqlite")


def test_an_error_takes_the_whole_transaction_back(tmp_path):
    with Database(tmp_path / "history.sqlite") as database:
        database.execute("CREATE TABLE t (x)")

        def fail() -> None:
            with database.transaction():
                database.execute("INSERT INTO t VALUES (1)")
                raise KeyError("ours")

        with pytest.raises(KeyError):
            fail()
        assert database.rows("SELECT * FROM t") == []
        with database.transaction():
            database.execute_many("INSERT INTO t VALUES (?)", [(1,), (2,)])
        assert database.rows("SELECT x FROM t ORDER BY x") == [(1,), (2,)]


def test_a_slip_of_ours_is_not_blamed_on_the_file(tmp_path):
    with Database(tmp_path / "history.sqlite") as database:
        with pytest.raises(sqlite3.OperationalError):
            database.execute("SELECT * FROM nowhere")
        with pytest.raises(sqlite3.IntegrityError):
            database.execute("INSERT INTO coverage VALUES (99, 'a', 'b', 1, 'covered', 1, 0)")


@pytest.mark.parametrize("before", ["nothing", "an older file"])
def test_programs_may_open_a_history_at_once(tmp_path, request, before):
    path = tmp_path / "history.sqlite" if before == "nothing" else request.getfixturevalue("old")
    wrong: list[BaseException] = []
    all_ready = threading.Barrier(8)

    def open_it() -> None:
        all_ready.wait()
        try:
            Database(path).close()
        except (KnownError, sqlite3.Error) as error:
            wrong.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    with Database(path) as database:
        assert database.version == NEWEST
    copies = [] if before == "nothing" else ["history.form-1.sqlite"]
    assert names(path.parent) == [*copies, "history.sqlite"], "one copy, and none of a form between two steps"
