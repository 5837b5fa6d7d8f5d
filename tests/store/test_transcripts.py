"""What was heard of an answer is kept in every version, and none is written over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from vivavoce.core.attempt import Assessment
from vivavoce.core.plain import to_plain
from vivavoce.core.question import Question
from vivavoce.core.transcript import Segment, Transcript, Word
from vivavoce.store.attempts import Attempts
from vivavoce.store.database import MIGRATIONS, Database

NOW = datetime(2026, 2, 1, 9, tzinfo=timezone.utc)
SKY = Question("sky", "Why?", "Scattering.", ())
WORD = Word(0.1, 0.5, "Scattering", 0.9)
LIVE = Transcript(
    "Scattering", "en", 2.0, 1.0, "whisper-base", "cpu (int8)", True, None,
    (Segment(0.1, 0.5, "Scattering", (WORD,)),), kind="live", beam=5,
)  # fmt: skip
AGAIN = replace(LIVE, kind="whole file", beam=10)


def judged(transcript: Transcript | None) -> Assessment:
    text = "" if transcript is None else transcript.text
    return Assessment(False, "Short.", None, None, (), transcript, None, text, {}, 0.1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "history.sqlite") as opened:
        yield opened


def test_a_later_hearing_stands_beside_the_first(database: Database):
    attempts = Attempts(database)
    number = attempts.begin(SKY, "USB", NOW).id
    attempts.recorded(number, 2.0)
    attempts.judged(number, judged(LIVE))
    attempts.judged(number, judged(AGAIN))
    assert [kept.transcript for kept in attempts.transcripts(number)] == [LIVE, AGAIN]
    shown = attempts.get(number).assessment
    assert shown is not None
    assert shown.transcript == AGAIN


def test_the_same_words_judged_again_are_no_new_version(database: Database):
    attempts = Attempts(database)
    number = attempts.begin(SKY, "USB", NOW).id
    for _ in range(3):
        attempts.judged(number, judged(LIVE))
    attempts.judged(number, judged(None))
    assert [kept.transcript for kept in attempts.transcripts(number)] == [LIVE]


def test_versions_go_with_their_attempt(database: Database):
    attempts = Attempts(database)
    number = attempts.begin(SKY, "USB", NOW).id
    attempts.judged(number, judged(LIVE))
    attempts.discard(number, NOW)
    attempts.purge_discarded(datetime.now(timezone.utc))
    assert database.rows("SELECT count(*) FROM transcripts") == [(0,)]


def test_what_was_heard_before_there_were_versions_is_taken_over(tmp_path: Path):
    before = tmp_path / "before"
    before.mkdir()
    for file in MIGRATIONS.glob("*.sql"):
        if int(file.name[:4]) < 3:
            (before / file.name).write_text(file.read_text(encoding="utf-8"))
    path = tmp_path / "history.sqlite"
    old = to_plain(judged(LIVE))
    for key in ("kind", "beam"):
        del old["transcript"][key]
    with Database(path, before) as database:
        for assessment in (json.dumps(old), json.dumps(to_plain(judged(None))), None):
            database.execute(
                "INSERT INTO attempts (question_id, question, started_at, state, device, assessment) "
                "VALUES ('sky', ?, ?, 'judged', '', ?)",
                (json.dumps(to_plain(SKY)), NOW.isoformat(timespec="microseconds"), assessment),
            )
    with Database(path) as database:
        attempts = Attempts(database)
        (kept,) = attempts.transcripts(1)
        assert kept.when == NOW
        assert kept.transcript == replace(LIVE, kind="whole file", beam=0)
        assert attempts.transcripts(2) == attempts.transcripts(3) == ()
