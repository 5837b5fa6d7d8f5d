"""Concept coverage over attempts, as the grid a heatmap shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from vivavoce.core.evidence import Verdict
from vivavoce.core.question import Question

CREDIT: Mapping[Verdict, float] = {"covered": 1.0, "partial": 0.5, "missed": 0.0, "contradicted": 0.0}


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What one judged attempt showed, light enough to have thousands: verdicts by concept id, in order.

    `statements` (by concept id) and `topic` are those of the question as it was asked, for what has
    left the bank since; the topic is that of the question's last attempt.
    """

    attempt_id: int
    question_id: str
    started_at: datetime
    score: float | None
    verdicts: dict[str, Verdict]
    statements: dict[str, str] = field(default_factory=dict[str, str])
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the attempt it stands for, its value (0..1, None when not scored) and its verdict.

    A cell of a question over a day stands for the day's last scored attempt and has no verdict.
    """

    attempt_id: int
    value: float | None
    verdict: Verdict | None
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class CoverageGrid:
    """Rows by columns of cells; None where there was no attempt."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell | None, ...], ...]

    @property
    def empty(self) -> bool:
        """Whether no attempt is in it."""
        return not any(cell for line in self.cells for cell in line)


def concept_grid(question: Question, attempts: Iterable[CoverageRow]) -> CoverageGrid:
    """Concepts of one question by its attempts, oldest first."""
    mine = sorted(
        (row for row in attempts if row.question_id == question.id),
        key=lambda row: (row.started_at, row.attempt_id),
    )
    return CoverageGrid(
        rows=tuple(concept.statement for concept in question.concepts),
        columns=tuple(_moment(row.started_at) for row in mine),
        cells=tuple(tuple(_concept_cell(row, concept.id) for row in mine) for concept in question.concepts),
    )


def level_grid(questions: Sequence[Question], attempts: Iterable[CoverageRow]) -> CoverageGrid:
    """Questions by the days on which one of them was answered, in local time, oldest first."""
    ids = {question.id for question in questions}
    by_cell: dict[tuple[str, date], list[CoverageRow]] = {}
    for row in attempts:
        if row.question_id in ids:
            by_cell.setdefault((row.question_id, row.started_at.astimezone().date()), []).append(row)
    days = sorted({day for _, day in by_cell})
    return CoverageGrid(
        rows=tuple(question.title or question.ask for question in questions),
        columns=tuple(f"{day:%d %b}" for day in days),
        cells=tuple(
            tuple(_day_cell(by_cell.get((question.id, day), [])) for day in days) for question in questions
        ),
    )


def _concept_cell(row: CoverageRow, concept_id: str) -> Cell:
    # A concept that came into the bank after the attempt was never judged in it.
    verdict = row.verdicts.get(concept_id)
    return Cell(row.attempt_id, None if verdict is None else CREDIT[verdict], verdict)


def _day_cell(rows: list[CoverageRow]) -> Cell | None:
    if not rows:
        return None
    scored = [row for row in rows if row.score is not None]
    shown = max(scored or rows, key=lambda row: (row.started_at, row.attempt_id))
    value = None if shown.score is None else shown.score / 100.0
    return Cell(shown.attempt_id, value, None, len(rows))


def _moment(when: datetime) -> str:
    return f"{when.astimezone():%d %b %H:%M}"
