"""Attempts fill a grid: which concepts were said when, and which questions on which days."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from vivavoce.core.coverage import CREDIT, Cell, CoverageRow, concept_grid, level_grid
from vivavoce.core.evidence import VERDICTS, Verdict
from vivavoce.core.question import Concept, Question

MORNING = datetime(2025, 3, 1, 9, 0, tzinfo=timezone.utc)
CONCEPTS = (Concept("decay", "Weights shrink."), Concept("penalty", "The loss grows."))
QUESTION = Question("core-01", "What is weight decay?", "It shrinks.", CONCEPTS, title="Weight decay")
OTHER = Question("core-02", "What is dropout?", "It drops.", (Concept("drop", "Units are dropped."),))


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Days are those of the user's clock: here it stands in Greenwich."""
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone cannot be set here")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def row(
    attempt: int,
    *,
    question: Question = QUESTION,
    hours: float = 0.0,
    score: float | None = 50.0,
    **verdicts: Verdict,
) -> CoverageRow:
    return CoverageRow(attempt, question.id, MORNING + timedelta(hours=hours), score, verdicts)


def test_a_concept_fills_in_from_attempt_to_attempt_oldest_first():
    grid = concept_grid(
        QUESTION,
        [
            row(8, hours=48, decay="covered", penalty="partial"),
            row(7, decay="missed", penalty="contradicted"),
        ],
    )
    assert grid.rows == ("Weights shrink.", "The loss grows.")
    assert grid.columns == ("01 Mar 09:00", "03 Mar 09:00")
    assert grid.cells == (
        (Cell(7, 0.0, "missed"), Cell(8, 1.0, "covered")),
        (Cell(7, 0.0, "contradicted"), Cell(8, 0.5, "partial")),
    )


def test_every_cell_leads_to_the_attempt_it_stands_for():
    rows = [row(number, hours=number, decay="covered", penalty="missed") for number in (3, 1, 2)]
    grid = concept_grid(QUESTION, rows)
    assert [[cell and cell.attempt_id for cell in line] for line in grid.cells] == [[1, 2, 3]] * 2


def test_attempts_at_other_questions_stay_out():
    grid = concept_grid(QUESTION, [row(1, question=OTHER, drop="covered")])
    assert grid.columns == ()
    assert grid.cells == ((), ())
    assert grid.empty


def test_a_concept_that_came_later_was_not_judged_and_that_is_not_missed():
    cell = concept_grid(QUESTION, [row(1, decay="covered")]).cells[1][0]
    assert cell == Cell(1, None, None)


def test_a_verdict_on_a_concept_that_has_left_the_bank_is_passed_over():
    grid = concept_grid(QUESTION, [row(1, decay="covered", penalty="covered", gone="missed")])
    assert len(grid.rows) == 2


def test_two_attempts_of_one_moment_stand_in_the_order_they_were_made():
    grid = concept_grid(QUESTION, [row(5, decay="missed"), row(4, decay="covered")])
    assert [cell and cell.attempt_id for cell in grid.cells[0]] == [4, 5]


def test_every_verdict_has_its_credit():
    assert set(CREDIT) == set(VERDICTS)
    assert CREDIT["covered"] > CREDIT["partial"] > CREDIT["missed"] == CREDIT["contradicted"] == 0.0


def test_a_level_shows_its_questions_by_the_days_they_were_answered():
    rows = [row(3, question=OTHER, hours=24, score=80.0), row(1, score=40.0)]
    grid = level_grid([QUESTION, OTHER], rows)
    assert grid.rows == ("Weight decay", "What is dropout?"), "a question without a title shows what it asks"
    assert grid.columns == ("01 Mar", "02 Mar")
    assert grid.cells == ((Cell(1, 0.4, None), None), (None, Cell(3, 0.8, None)))


def test_a_day_shows_its_last_scored_attempt_and_how_many_there_were():
    rows = [
        row(1, score=90.0),
        row(2, hours=1, score=60.0),
        row(3, hours=2, score=None),
    ]
    assert level_grid([QUESTION], rows).cells == ((Cell(2, 0.6, None, attempts=3),),)


def test_a_day_with_unscored_attempts_only_has_a_cell_without_a_value():
    rows = [row(1, score=None), row(2, hours=1, score=None)]
    grid = level_grid([QUESTION], rows)
    assert grid.cells == ((Cell(2, None, None, attempts=2),),)
    assert not grid.empty


def test_a_score_of_nothing_is_not_the_same_as_none():
    assert level_grid([QUESTION], [row(1, score=0.0), row(2, hours=1, score=None)]).cells == (
        (Cell(1, 0.0, None, attempts=2),),
    )


def test_days_are_those_of_the_users_clock(monkeypatch: pytest.MonkeyPatch):
    late = [row(1, hours=14.5), row(2, hours=15.5)]  # 23:30 and half past midnight in Greenwich
    assert level_grid([QUESTION], late).columns == ("01 Mar", "02 Mar")
    monkeypatch.setenv("TZ", "XST-2")  # two hours ahead of Greenwich
    time.tzset()
    assert level_grid([QUESTION], late).columns == ("02 Mar",)
    assert concept_grid(QUESTION, late).columns == ("02 Mar 01:30", "02 Mar 02:30")


def test_the_same_day_of_two_years_is_two_days():
    grid = level_grid([QUESTION], [row(1), row(2, hours=24 * 365)])
    assert [cell and cell.attempt_id for cell in grid.cells[0]] == [1, 2]


def test_without_attempts_the_questions_are_there_and_the_grid_is_empty():
    grid = level_grid([QUESTION, OTHER], [row(1, question=Question("x", "?", "!", ()))])
    assert grid.rows == ("Weight decay", "What is dropout?")
    assert grid.columns == ()
    assert grid.empty
