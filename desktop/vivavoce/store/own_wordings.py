"""The user's own wordings, in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import cast

from vivavoce.core.own_wording import OwnWording, WordingKind, question_with_wordings
from vivavoce.core.question import Question
from vivavoce.store.database import Database, Row


class OwnWordings:
    """Keeps what the user said of verdicts. Every change is on the disk when the method returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, question_id: str, concept_id: str, kind: WordingKind, text: str, attempt_id: int, when: datetime
    ) -> OwnWording:
        """Keep a wording; the same words kept before for this concept, in either kind, are replaced."""
        words = " ".join(text.split())
        with self._database.transaction():
            self._database.execute(
                "DELETE FROM own_wordings "
                "WHERE question_id = ? AND concept_id = ? AND lower(text) = lower(?)",
                (question_id, concept_id, words),
            )
            cursor = self._database.execute(
                "INSERT INTO own_wordings (question_id, concept_id, kind, text, attempt_id, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (question_id, concept_id, kind, words, attempt_id, _text(when)),
            )
        number = cast("int", cursor.lastrowid)
        return OwnWording(number, question_id, concept_id, kind, words, attempt_id, when)

    def remove(self, number: int) -> None:
        """Forget a wording; one that is gone already is no fault."""
        self._database.execute("DELETE FROM own_wordings WHERE id = ?", (number,))

    def put_back(self, kept: tuple[OwnWording, ...], question_id: str) -> None:
        """Have exactly these wordings for a question, as they were before a change was undone."""
        with self._database.transaction():
            self._database.execute("DELETE FROM own_wordings WHERE question_id = ?", (question_id,))
            self._database.execute_many(
                "INSERT INTO own_wordings (id, question_id, concept_id, kind, text, attempt_id, created_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (w.id, w.question_id, w.concept_id, w.kind, w.text, w.attempt_id, _text(w.created_at))
                    for w in kept
                ],
            )

    def of_question(self, question_id: str) -> tuple[OwnWording, ...]:
        """The wordings for a question's concepts, oldest first."""
        rows = self._database.rows(
            "SELECT id, question_id, concept_id, kind, text, attempt_id, created_at FROM own_wordings "
            "WHERE question_id = ? ORDER BY id",
            (question_id,),
        )
        return tuple(_wording(row) for row in rows)

    def by_concept(self, question_id: str) -> Mapping[str, tuple[OwnWording, ...]]:
        """The wordings for a question by the id of their concept."""
        found: dict[str, tuple[OwnWording, ...]] = {}
        for wording in self.of_question(question_id):
            found[wording.concept_id] = (*found.get(wording.concept_id, ()), wording)
        return found

    def merged(self, question: Question) -> Question:
        """The question with the user's wordings in it, as it is to be judged."""
        return question_with_wordings(question, self.of_question(question.id))


def _wording(row: Row) -> OwnWording:
    number, question_id, concept_id, kind, text, attempt_id, created = row
    return OwnWording(
        id=cast("int", number),
        question_id=cast("str", question_id),
        concept_id=cast("str", concept_id),
        kind=cast("WordingKind", kind),
        text=cast("str", text),
        attempt_id=cast("int | None", attempt_id),
        created_at=datetime.fromisoformat(cast("str", created)),
    )


def _text(when: datetime) -> str:
    if when.tzinfo is None:
        raise ValueError(f"the time {when.isoformat()} has no time zone")
    return when.astimezone(timezone.utc).isoformat(timespec="microseconds")
