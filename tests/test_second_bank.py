"""Nothing is tied to the first subject: a second bank ships, and it is whole too."""

from __future__ import annotations

import pytest

from vivavoce.core.question import Question
from vivavoce.paths import content
from vivavoce.store.bank import LEVELS, load_bank
from vivavoce.store.bank_check import check_bank

SQL = [f"sql-{number:02d}" for number in range(1, 13)]


@pytest.fixture(scope="module")
def questions() -> dict[str, Question]:
    bank = load_bank(content("data") / "bank" / "sql")
    assert bank.faults == ()
    return {question.id: question for question in bank.questions}


def test_the_sql_bank_is_sound_and_comes_after_the_levels_of_the_first(
    questions: dict[str, Question],
) -> None:
    assert check_bank(content("data") / "bank" / "sql") == []
    assert list(questions) == SQL
    assert {question.level for question in questions.values()} == {"sql"}
    whole = load_bank(content("data") / "bank")
    assert whole.levels == (*LEVELS, "sql")
    assert [question.id for question in whole.questions][-len(SQL) :] == SQL


@pytest.mark.parametrize("name", SQL)
def test_every_sql_question_is_whole(questions: dict[str, Question], name: str) -> None:
    question = questions[name]
    assert 4 <= len(question.concepts) <= 8
    assert 80 <= len(question.reference.split()) <= 160
    assert 120 <= len(question.explanation.split()) <= 300
    assert 1 <= len(question.follow_ups) <= 3
    assert 5 <= len(question.terms) <= 12
    assert 1 <= sum(concept.essential for concept in question.concepts) <= 3
    for concept in question.concepts:
        assert 3 <= len(concept.accepted) <= 6
        assert all(6 <= len(wording.split()) <= 25 for wording in concept.accepted)
        assert 1 <= len(concept.misconceptions) <= 3
        assert concept.probe
        assert len(concept.hints) == 2


def test_related_sql_questions_know_each_other(questions: dict[str, Question]) -> None:
    one_way = [
        (question.id, other)
        for question in questions.values()
        for other in question.related
        if question.id not in questions[other].related
    ]
    assert one_way == []
    assert all(2 <= len(question.related) <= 5 for question in questions.values())


def test_no_topic_is_shared_with_the_first_bank(questions: dict[str, Question]) -> None:
    # A filter by topic must not mix two subjects, as it would with "normalization".
    first = load_bank(content("data") / "bank" / "deep-learning")
    assert {topic for question in questions.values() for topic in question.topics}.isdisjoint(first.topics)
