"""The answers that were given, in the database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timezone
from typing import NamedTuple, cast

from vivavoce.core.attempt import Assessment, Attempt, AttemptState
from vivavoce.core.coverage import CoverageRow
from vivavoce.core.delivery import Verbatim, with_hesitation, with_hesitation_of
from vivavoce.core.evidence import Verdict
from vivavoce.core.plain import from_plain, to_plain
from vivavoce.core.question import Question
from vivavoce.errors import KnownError
from vivavoce.store.database import Database, Row, Value
from vivavoce.store.transcripts import KeptTranscript, keep_transcript, transcripts_of

_COLUMNS = "id, question, started_at, state, device, audio_seconds, assessment"


class LatestScore(NamedTuple):
    """How a question stands: its last score (None if no attempt was scored), judged attempts, last time."""

    score: float | None
    attempts: int
    last: datetime


class Covered(NamedTuple):
    """An answer that covered something: when, the attempt's number, the title of what was asked."""

    when: datetime
    attempt_id: int
    title: str


class Attempts:
    """Keeps attempts. Every change is on the disk when the method returns; times are UTC.

    A discarded attempt keeps what it was until it is purged. A number that no attempt has is a
    KnownError, as is a full or damaged disk.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, question: Question, device: str, when: datetime) -> Attempt:
        """A new attempt in state recording, kept before any audio flows; `when` has a time zone."""
        cursor = self._database.execute(
            "INSERT INTO attempts (question_id, question, started_at, state, device) "
            "VALUES (?, ?, ?, 'recording', ?)",
            (question.id, _json(question), _text(when), device),
        )
        return self.get(cast("int", cursor.lastrowid))

    def recorded(self, attempt_id: int, seconds: float) -> None:
        """The recording has ended, `seconds` long; a judged attempt stays judged."""
        with self._database.transaction():
            self._move(attempt_id, "recorded")
            self._change("audio_seconds = ?", "", (seconds,), attempt_id)

    def judged(self, attempt_id: int, assessment: Assessment) -> None:
        """Keep the assessment in place of any earlier one, and what it says of each concept.

        An attempt discarded meanwhile stays discarded and is judged when it is restored.
        """
        before = self.get(attempt_id)
        weights = {concept.id: concept.weight for concept in before.question.concepts}
        if assessment.delivery is not None and before.assessment is not None:
            delivery = with_hesitation_of(assessment.delivery, before.assessment.delivery)
            assessment = replace(assessment, delivery=delivery)
        with self._database.transaction():
            self._move(attempt_id, "judged")
            self._change("score = ?, assessment = ?", "", (assessment.score, _json(assessment)), attempt_id)
            if assessment.transcript is not None:
                keep_transcript(self._database, attempt_id, assessment.transcript, datetime.now(timezone.utc))
            self._database.execute("DELETE FROM coverage WHERE attempt_id = ?", (attempt_id,))
            self._database.execute_many(
                "INSERT INTO coverage "
                "(attempt_id, concept_id, statement, weight, verdict, covered, contradicted) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        attempt_id,
                        shown.concept_id,
                        shown.statement,
                        # Judged again by a bank that has a new concept: the question kept here lacks it.
                        weights.get(shown.concept_id, 1.0),
                        shown.verdict,
                        shown.covered,
                        shown.contradicted,
                    )
                    for shown in assessment.evidence
                ],
            )

    def delivered(self, attempt_id: int, heard: Verbatim) -> bool:
        """Add the hesitation that was heard to an attempt's delivery; False when it has none (any more).

        The verdict stays as it is: only the delivery is written anew.
        """
        with self._database.transaction():
            kept = self.get(attempt_id).assessment
            if kept is None or kept.delivery is None:
                return False
            told = replace(kept, delivery=with_hesitation(kept.delivery, heard))
            self._change("assessment = ?", "", (_json(told),), attempt_id)
        return True

    def transcripts(self, attempt_id: int) -> tuple[KeptTranscript, ...]:
        """Every version of what was heard of an attempt, oldest first."""
        return transcripts_of(self._database, attempt_id)

    def discard(self, attempt_id: int, when: datetime | None = None) -> None:
        """Take the attempt out of the history; `restore` brings it back as it was."""
        self._change(
            "state_before = state, state = 'discarded', discarded_at = ?",
            "state <> 'discarded' AND",
            (_text(when or datetime.now(timezone.utc)),),
            attempt_id,
        )

    def restore(self, attempt_id: int) -> None:
        """Bring a discarded attempt back as it was; one that is not discarded stays as it is."""
        self._change(
            "state = state_before, state_before = NULL, discarded_at = NULL",
            "state = 'discarded' AND",
            (),
            attempt_id,
        )

    def get(self, attempt_id: int) -> Attempt:
        """The attempt with that number."""
        found = self._select("WHERE id = ?", (attempt_id,))
        if not found:
            raise _unknown(attempt_id)
        return found[0]

    def unfinished(self) -> tuple[Attempt, ...]:
        """Attempts that are recorded or still said to be recording, oldest first."""
        return self._select("WHERE state IN ('recording', 'recorded') ORDER BY started_at, id")

    def of_question(self, question_id: str) -> tuple[Attempt, ...]:
        """The attempts at a question that are not discarded, oldest first."""
        of_it = "WHERE question_id = ? AND state <> 'discarded'"
        return self._select(f"{of_it} ORDER BY started_at, id", (question_id,))

    def history(self, limit: int, offset: int = 0) -> tuple[Attempt, ...]:
        """Attempts that are judged or wait for it, newest first."""
        newest_first = "WHERE state IN ('judged', 'recorded') ORDER BY started_at DESC, id DESC"
        return self._select(f"{newest_first} LIMIT ? OFFSET ?", (limit, offset))

    def all_judged(self) -> tuple[CoverageRow, ...]:
        """What every judged attempt showed, oldest first; one that was not scored has its score None."""
        verdicts: dict[int, dict[str, Verdict]] = {}
        statements: dict[int, dict[str, str]] = {}
        for attempt, concept, statement, verdict in self._database.rows(
            "SELECT attempt_id, concept_id, statement, verdict FROM coverage ORDER BY rowid"
        ):
            number, name = cast("int", attempt), cast("str", concept)
            verdicts.setdefault(number, {})[name] = cast("Verdict", verdict)
            statements.setdefault(number, {})[name] = cast("str", statement)
        topics = self._topics()
        return tuple(
            CoverageRow(
                number,
                question,
                started,
                score,
                verdicts.get(number, {}),
                statements.get(number, {}),
                topics.get(question, ""),
            )
            for number, question, started, score in self._judged_rows()
        )

    def last_covered(self, concepts: Iterable[tuple[str, str]], before: datetime) -> Covered | None:
        """The last judged attempt, of those begun before a moment, that covered one of the concepts.

        A concept is named by its question's id and its own.
        """
        found: list[Covered] = []
        for question_id, concept_id in concepts:
            for number, started, question in self._database.rows(
                "SELECT attempts.id, started_at, question FROM attempts "
                "JOIN coverage ON attempt_id = attempts.id "
                "WHERE question_id = ? AND concept_id = ? AND verdict = 'covered' AND state = 'judged' "
                "AND started_at < ? ORDER BY started_at DESC, attempts.id DESC LIMIT 1",
                (question_id, concept_id, _text(before)),
            ):
                asked = from_plain(Question, json.loads(cast("str", question)))
                found.append(Covered(_moment(started), cast("int", number), asked.title or asked.ask))
        return max(found, default=None)

    def latest_scores(self) -> dict[str, LatestScore]:
        """How every question with a judged attempt stands; one without a score hides no earlier one."""
        latest: dict[str, LatestScore] = {}
        for _, question, started, score in self._judged_rows():
            before = latest.get(question)
            latest[question] = LatestScore(
                before.score if score is None and before else score,
                before.attempts + 1 if before else 1,
                started,
            )
        return latest

    def purge_discarded(self, older_than: datetime) -> tuple[int, ...]:
        """Forget for good what was discarded before that time.

        Returns the numbers, so that their recordings can be deleted too.
        """
        old = "FROM attempts WHERE state = 'discarded' AND discarded_at < ?"
        with self._database.transaction():
            rows = self._database.rows(f"SELECT id {old} ORDER BY id", (_text(older_than),))
            self._database.execute(f"DELETE {old}", (_text(older_than),))
        return tuple(cast("int", row[0]) for row in rows)

    def _move(self, attempt_id: int, state: str) -> None:
        # A discarded attempt moves in what it was before. A judged one is not moved back to recorded.
        self._change(
            "state = CASE WHEN state IN ('discarded', 'judged') THEN state ELSE ? END, "
            "state_before = CASE WHEN state_before IN ('recording', 'recorded') THEN ? ELSE state_before END",
            "",
            (state, state),
            attempt_id,
        )

    def _change(self, assignments: str, condition: str, values: Row, attempt_id: int) -> None:
        sql = f"UPDATE attempts SET {assignments} WHERE {condition} id = ?"
        if self._database.execute(sql, (*values, attempt_id)).rowcount == 0:
            self.get(attempt_id)  # nothing to change is fine, an unknown number is not

    def _select(self, rest: str, values: Row = ()) -> tuple[Attempt, ...]:
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM attempts {rest}", values)
        return tuple(_attempt(row) for row in rows)

    def _topics(self) -> dict[str, str]:
        """The main topic of every question with a judged attempt, as it was asked last."""
        rows = self._database.rows(
            "SELECT question_id, question FROM attempts WHERE id IN "
            "(SELECT max(id) FROM attempts WHERE state = 'judged' GROUP BY question_id)"
        )
        topics = {
            cast("str", name): cast("list[str]", json.loads(cast("str", kept)).get("topics") or [""])
            for name, kept in rows
        }
        return {name: first for name, (first, *_) in topics.items()}

    def _judged_rows(self) -> list[tuple[int, str, datetime, float | None]]:
        rows = self._database.rows(
            "SELECT id, question_id, started_at, score FROM attempts WHERE state = 'judged' "
            "ORDER BY started_at, id"
        )
        return [
            (cast("int", row[0]), cast("str", row[1]), _moment(row[2]), cast("float | None", row[3]))
            for row in rows
        ]


def _attempt(row: Row) -> Attempt:
    number, question, started, state, device, seconds, judged = row
    return Attempt(
        id=cast("int", number),
        question=from_plain(Question, json.loads(cast("str", question))),
        started_at=_moment(started),
        state=cast("AttemptState", state),
        device=cast("str", device),
        audio_seconds=cast("float", seconds),
        assessment=None if judged is None else from_plain(Assessment, json.loads(cast("str", judged))),
    )


def _unknown(attempt_id: int) -> KnownError:
    return KnownError(f"There is no attempt {attempt_id} in the history.", "Choose one from the history.")


def _json(value: object) -> str:
    # NaN is no JSON: a score that is no number is a bug, to be seen before it is kept.
    return json.dumps(to_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _text(when: datetime) -> str:
    if when.tzinfo is None:
        raise ValueError(f"the time {when.isoformat()} has no time zone")
    # Always with microseconds: texts of one length sort by time.
    return when.astimezone(timezone.utc).isoformat(timespec="microseconds")


def _moment(value: Value) -> datetime:
    return datetime.fromisoformat(cast("str", value))
