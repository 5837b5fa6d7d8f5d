"""What was answered is kept through every turn: recorded, judged, discarded, brought back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from vivavoce.core.attempt import Assessment, Attempt
from vivavoce.core.coverage import CoverageRow
from vivavoce.core.evidence import Evidence
from vivavoce.core.question import Concept, Question
from vivavoce.errors import KnownError
from vivavoce.store.attempts import Attempts
from vivavoce.store.database import Database

NOON = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
STATEMENTS = {"zeal": "Zeal comes first.", "anchor": "An anchor comes second."}


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    with Database(tmp_path / "history.sqlite") as opened:
        yield opened


@pytest.fixture
def attempts(database) -> Attempts:
    return Attempts(database)


def question(name: str = "core-01") -> Question:
    concepts = (Concept("zeal", "Zeal comes first.", 2.0, True), Concept("anchor", "An anchor comes second."))
    return Question(name, "Why?", "Since.", concepts, level="core", topics=("regularization",))


def assessment(score: float | None = 80.0, verdict: str = "covered") -> Assessment:
    evidence = (
        Evidence("zeal", "Zeal comes first.", verdict, 0.9, 0.1, "zeal", 1.0, 2.0),
        Evidence("anchor", "An anchor comes second.", "missed", 0.2, 0.1),
    )
    scored = score is not None
    band = (score - 5, score + 5) if scored else None
    reason = None if scored else "Nothing was said."
    return Assessment(
        scored, reason, score, band, evidence if scored else (), None, None, "zeal", {"j": "1"}, 0.5
    )


def judged(attempts: Attempts, name: str, when: datetime, score: float | None = 80.0) -> int:
    attempt = attempts.begin(question(name), "USB", when)
    attempts.recorded(attempt.id, 9.5)
    attempts.judged(attempt.id, assessment(score))
    return attempt.id


def test_an_attempt_is_on_the_disk_before_any_audio_flows(tmp_path, attempts):
    begun = attempts.begin(question(), "USB", NOON)
    assert begun == Attempt(begun.id, question(), NOON, "recording", "USB", 0.0, None)
    # Another program sees it, as the next start does after a crash.
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as other:
        assert other.execute("SELECT id, state FROM attempts").fetchall() == [(begun.id, "recording")]


def test_an_answer_goes_from_recording_to_judged(attempts):
    attempt = attempts.begin(question(), "USB", NOON)
    attempts.recorded(attempt.id, 9.5)
    assert attempts.get(attempt.id).state == "recorded"
    assert attempts.get(attempt.id).audio_seconds == 9.5
    attempts.judged(attempt.id, assessment())
    found = attempts.get(attempt.id)
    assert found.state == "judged"
    assert found.assessment == assessment()


def test_the_time_comes_back_in_utc(attempts):
    zone = timezone(timedelta(hours=5, minutes=30))
    attempt = attempts.begin(question(), "", NOON.astimezone(zone))
    assert attempt.started_at == NOON
    assert attempt.started_at.utcoffset() == timedelta(0)
    with pytest.raises(ValueError, match="no time zone"):
        attempts.begin(question(), "", datetime(2025, 3, 1))


def test_the_question_stays_as_it_was_asked(attempts):
    number = judged(attempts, "core-01", NOON)
    attempts.begin(Question("core-01", "Changed?", "Other.", ()), "", NOON + HOUR)
    assert attempts.get(number).question.ask == "Why?"


def test_judging_again_replaces_the_verdicts(attempts):
    number = judged(attempts, "core-01", NOON, 80.0)
    attempts.judged(number, assessment(20.0, "contradicted"))
    (row,) = attempts.all_judged()
    assert row.score == 20.0
    assert row.verdicts == {"zeal": "contradicted", "anchor": "missed"}


def test_a_late_end_of_recording_does_not_undo_the_judgement(attempts):
    number = judged(attempts, "core-01", NOON)
    attempts.recorded(number, 11.0)
    assert attempts.get(number).state == "judged"
    assert attempts.get(number).audio_seconds == 11.0


@pytest.mark.parametrize("before", ["recording", "recorded", "judged"])
def test_discard_can_be_undone_whatever_the_attempt_was(attempts, before):
    attempt = attempts.begin(question(), "USB", NOON)
    if before != "recording":
        attempts.recorded(attempt.id, 9.5)
    if before == "judged":
        attempts.judged(attempt.id, assessment())
    was = attempts.get(attempt.id)
    attempts.discard(attempt.id)
    attempts.discard(attempt.id)
    assert attempts.get(attempt.id).state == "discarded"
    assert attempts.unfinished() == attempts.history(10, 0) == attempts.of_question("core-01") == ()
    assert attempts.all_judged() == ()
    assert attempts.latest_scores() == {}
    attempts.restore(attempt.id)
    attempts.restore(attempt.id)
    assert attempts.get(attempt.id) == was


def test_a_verdict_that_comes_after_the_discard_waits_for_the_undo(attempts):
    attempt = attempts.begin(question(), "USB", NOON)
    attempts.discard(attempt.id)
    attempts.recorded(attempt.id, 9.5)
    attempts.judged(attempt.id, assessment())
    assert attempts.get(attempt.id).state == "discarded"
    attempts.restore(attempt.id)
    assert attempts.get(attempt.id).state == "judged"
    assert attempts.get(attempt.id).audio_seconds == 9.5


def test_unfinished_attempts_come_oldest_first(attempts):
    late = attempts.begin(question("core-02"), "", NOON + HOUR)
    early = attempts.begin(question("core-01"), "", NOON)
    attempts.recorded(early.id, 3.0)
    judged(attempts, "core-03", NOON - HOUR)
    assert [attempt.id for attempt in attempts.unfinished()] == [early.id, late.id]


def test_the_history_comes_newest_first_in_pages(attempts):
    numbers = [judged(attempts, "core-01", NOON + hour * HOUR) for hour in (2, 0, 3, 1)]
    attempts.begin(question(), "", NOON)
    newest_first = [numbers[2], numbers[0], numbers[3], numbers[1]]
    assert [attempt.id for attempt in attempts.history(3, 0)] == newest_first[:3]
    assert [attempt.id for attempt in attempts.history(3, 3)] == newest_first[3:]
    # Times of a whole second sort with those that have a fraction.
    between = judged(attempts, "core-01", NOON + 2 * HOUR + timedelta(microseconds=1))
    assert [attempt.id for attempt in attempts.history(2, 0)] == [numbers[2], between]


def test_the_attempts_of_one_question_stand_side_by_side(attempts):
    second = judged(attempts, "core-01", NOON + HOUR)
    first = judged(attempts, "core-01", NOON)
    judged(attempts, "core-02", NOON)
    assert [attempt.id for attempt in attempts.of_question("core-01")] == [first, second]


def test_rows_for_a_heatmap_hold_the_verdicts_in_the_order_of_the_concepts(attempts):
    second = judged(attempts, "core-02", NOON + HOUR, None)
    first = judged(attempts, "core-01", NOON)
    rows = attempts.all_judged()
    assert rows == (
        CoverageRow(
            first,
            "core-01",
            NOON,
            80.0,
            {"zeal": "covered", "anchor": "missed"},
            STATEMENTS,
            "regularization",
        ),
        CoverageRow(second, "core-02", NOON + HOUR, None, {}, {}, "regularization"),
    )
    assert list(rows[0].verdicts) == ["zeal", "anchor"]


def test_the_topic_is_that_of_the_last_time_the_question_was_asked(attempts):
    judged(attempts, "core-01", NOON)
    moved = replace(question("core-01"), topics=("training",))
    last = attempts.begin(moved, "USB", NOON + HOUR)
    attempts.judged(last.id, assessment())
    assert [row.topic for row in attempts.all_judged()] == ["training", "training"]


def test_the_last_answer_that_covered_one_of_several_concepts_is_found(attempts):
    wanted = [("core-01", "zeal"), ("core-02", "zeal"), ("core-03", "zeal")]
    first = judged(attempts, "core-01", NOON)
    second = judged(attempts, "core-02", NOON + HOUR)
    judged(attempts, "core-04", NOON + 2 * HOUR)
    later = judged(attempts, "core-03", NOON + 3 * HOUR)
    assert attempts.last_covered(wanted, NOON + 3 * HOUR) == (NOON + HOUR, second, "Why?"), (
        "not the later one"
    )
    attempts.discard(second)
    assert attempts.last_covered(wanted, NOON + 3 * HOUR) == (NOON, first, "Why?")
    assert attempts.last_covered(wanted, NOON) is None
    assert attempts.last_covered([("core-01", "anchor")], NOON + 9 * HOUR) is None, "it was missed"
    assert attempts.last_covered(wanted, NOON + 9 * HOUR) == (NOON + 3 * HOUR, later, "Why?")


def test_an_unusable_recording_does_not_hide_the_score_before_it(attempts):
    judged(attempts, "core-01", NOON, 40.0)
    judged(attempts, "core-01", NOON + HOUR, 60.0)
    judged(attempts, "core-01", NOON + 2 * HOUR, None)
    judged(attempts, "core-02", NOON, None)
    assert attempts.latest_scores() == {
        "core-01": (60.0, 3, NOON + 2 * HOUR),
        "core-02": (None, 1, NOON),
    }


def test_purging_forgets_only_what_was_discarded_long_ago(attempts, database):
    old, fresh, kept = (judged(attempts, "core-01", NOON) for _ in range(3))
    attempts.discard(old, NOON)
    attempts.discard(fresh, NOON + 2 * HOUR)
    assert attempts.purge_discarded(NOON + HOUR) == (old,)
    with pytest.raises(KnownError, match=f"no attempt {old}"):
        attempts.get(old)
    attempts.restore(fresh)
    assert {attempt.id for attempt in attempts.history(10, 0)} == {fresh, kept}
    assert database.rows("SELECT DISTINCT attempt_id FROM coverage ORDER BY 1") == [(fresh,), (kept,)]


def test_the_number_of_a_purged_attempt_is_not_given_again(attempts):
    last = judged(attempts, "core-01", NOON)
    attempts.discard(last, NOON)
    attempts.purge_discarded(NOON + HOUR)
    assert attempts.begin(question(), "", NOON).id > last


def test_a_number_that_no_attempt_has_is_told(attempts):
    for ask in (
        attempts.get,
        attempts.discard,
        attempts.restore,
        lambda number: attempts.recorded(number, 1.0),
        lambda number: attempts.judged(number, assessment()),
    ):
        with pytest.raises(KnownError, match="no attempt 99"):
            ask(99)


def test_a_score_that_is_no_number_is_not_kept(attempts):
    number = judged(attempts, "core-01", NOON)
    with pytest.raises(ValueError, match="not JSON compliant"):
        attempts.judged(number, assessment(float("nan")))
    assert attempts.get(number).assessment == assessment()
    assert attempts.all_judged()[0].score == 80.0
