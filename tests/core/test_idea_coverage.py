"""What was said of an idea counts wherever it was said; topics add it up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from vivavoce.core.coverage import Cell, CoverageRow
from vivavoce.core.evidence import Verdict
from vivavoce.core.idea import Idea, ideas_of
from vivavoce.core.idea_coverage import (
    IdeaStanding,
    TopicStanding,
    idea_grid,
    idea_standings,
    topic_standings,
)
from vivavoce.core.question import Concept, Question

MORNING = datetime(2025, 3, 3, 9, 0, tzinfo=timezone.utc)  # a Monday
NOW = MORNING + timedelta(days=30)
SKY = Question(
    "sky",
    "Why blue?",
    "Scattering.",
    (Concept("scatter", "Air scatters light."), Concept("sun", "The sun shines.")),
    topics=("light",),
)
SUNSET = Question("sunset", "Why red?", "Scattering.", (Concept("far", "Far light is scattered."),))
SCATTERING = Idea("scattering", "Light is scattered", "light", (("sky", "scatter"), ("sunset", "far")))
INDEX = ideas_of([SKY, SUNSET], [SCATTERING])


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


def row(attempt: int, question: str, days: float = 0.0, **verdicts: Verdict) -> CoverageRow:
    return CoverageRow(attempt, question, MORNING + timedelta(days=days), 50.0, verdicts)


def standing(attempts: list[CoverageRow], idea: str = "scattering") -> IdeaStanding:
    return next(one for one in idea_standings(INDEX, attempts) if one.idea.id == idea)


def test_an_idea_gathers_what_was_said_in_every_question_oldest_first():
    found = standing(
        [
            row(9, "sunset", 2, far="missed"),
            row(7, "sky", scatter="contradicted"),
            row(8, "sky", 1, scatter="covered"),
        ]
    )
    assert [(one.attempt_id, one.verdict) for one in found.showings] == [
        (7, "contradicted"),
        (8, "covered"),
        (9, "missed"),
    ]
    assert (found.latest, found.best, found.attempts) == ("missed", "covered", 3)
    assert found.last_seen == MORNING + timedelta(days=2)


def test_an_idea_that_was_never_asked_for_has_nothing_to_show():
    found = standing([row(1, "sky", scatter="covered")], "sky/sun")
    assert (found.latest, found.best, found.attempts, found.last_seen) == (None, None, 0, None)


def test_a_concept_that_left_the_bank_counts_for_its_topic_under_its_last_statement():
    gone = [
        CoverageRow(1, "moon", MORNING, 50.0, {"rock": "missed"}, {"rock": "It is rock."}, "space"),
        CoverageRow(2, "moon", NOW, 50.0, {"rock": "covered"}, {"rock": "The moon is rock."}, "space"),
    ]
    found = idea_standings(INDEX, gone)[-1]
    assert found.idea == Idea("moon/rock", "The moon is rock.", "space", (("moon", "rock"),))
    assert (found.latest, found.attempts) == ("covered", 2)
    assert topic_standings([found], NOW)[0].covered == 1


def test_a_listed_idea_whose_questions_left_the_bank_still_shows_what_was_said():
    index = ideas_of([SUNSET], [Idea("old", "Old", "space", (("a", "x"), ("b", "y")))])
    (found,) = [one for one in idea_standings(index, [row(1, "a", x="covered")]) if one.showings]
    assert found.idea.title == "Old"


def test_the_grid_shows_ideas_by_days_and_the_last_attempt_of_each():
    attempts = [
        row(1, "sky", scatter="missed"),
        row(2, "sunset", 0.1, far="covered"),
        row(3, "sky", 2, scatter="partial", sun="covered"),
    ]
    grid = idea_grid([one for one in idea_standings(INDEX, attempts) if one.showings])
    assert grid.rows == ("Light is scattered", "The sun shines.")
    assert grid.columns == ("03 Mar", "05 Mar")
    assert grid.cells == (
        (Cell(2, 1.0, "covered", 2), Cell(3, 0.5, "partial")),
        (None, Cell(3, 1.0, "covered")),
    )


def test_many_days_are_shown_by_weeks_that_begin_on_monday():
    attempts = [row(day + 1, "sky", day, scatter="covered") for day in range(22)]
    grid = idea_grid([standing(attempts)])
    assert grid.columns == ("week 03 Mar", "week 10 Mar", "week 17 Mar", "week 24 Mar")
    assert [cell and (cell.attempt_id, cell.attempts) for cell in grid.cells[0]] == [
        (7, 7),
        (14, 7),
        (21, 7),
        (22, 1),
    ]


def test_without_ideas_the_grid_is_empty():
    assert idea_grid([]).empty


def test_a_topic_adds_up_the_last_verdicts_of_its_ideas():
    attempts = [row(1, "sky", scatter="covered", sun="contradicted"), row(2, "sunset", 1, far="missed")]
    (light,) = topic_standings(idea_standings(INDEX, attempts), NOW)
    assert light == TopicStanding("light", 2, 0, 0, 1, 1, 0), "scattering was missed the last time"
    assert (light.asked, light.unasked, light.share) == (2, 0, 0.0)


def test_the_trend_is_what_was_gained_or_lost_in_a_week():
    before = row(1, "sky", 0, scatter="covered", sun="missed")
    lately = row(2, "sky", 29, scatter="missed", sun="covered")
    standings = idea_standings(INDEX, [before, lately])
    assert topic_standings(standings[:1], NOW)[0].gained == -1
    assert topic_standings(standings[1:], NOW)[0].gained == 1
    assert topic_standings(standings, NOW)[0].gained == 0
    assert topic_standings(idea_standings(INDEX, [before]), NOW)[0].gained == 0


def test_topics_with_answers_come_first():
    moon = Question("moon", "?", "!", (Concept("rock", "Rock."),), topics=("a-topic",))
    standings = idea_standings(ideas_of([SKY, moon], []), [row(1, "sky", sun="covered")])
    found = topic_standings(standings, NOW)
    assert [(one.topic, one.share) for one in found] == [("light", 0.5), ("a-topic", 0.0)]
