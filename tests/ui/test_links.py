"""A missed concept leads to the questions that ask for the same, and to the answer that said it before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from vivavoce.core.attempt import Assessment
from vivavoce.core.evidence import Evidence, Verdict
from vivavoce.core.idea import Idea
from vivavoce.core.question import Concept, Question
from vivavoce.store.attempts import Attempts
from vivavoce.store.bank import Bank
from vivavoce.store.database import Database
from vivavoce.ui.links import Links
from vivavoce.ui.theme import LIGHT
from vivavoce.ui.widgets.attempt_view import AttemptView

NOON = datetime(2024, 11, 3, 12, tzinfo=timezone.utc)
LONG = "A very long title of a question " * 3
TITLES = {"a": "Air & light", "b": "Blue", "c": LONG.strip(), "d": ""}
QUESTIONS = tuple(
    Question(
        name,
        f"Why {name}?",
        "So.",
        (Concept("same", "It is so."), Concept(f"own-{name}", "Alone.")),
        title=title,
    )
    for name, title in TITLES.items()
)
SHARED = Idea("so", "It is so", "t", (*((question.id, "same") for question in QUESTIONS), ("gone", "same")))
BANK = Bank(QUESTIONS, listed_ideas=(SHARED,))


@pytest.fixture
def attempts(tmp_path: Path) -> Iterator[Attempts]:
    with Database(tmp_path / "history.sqlite") as database:
        yield Attempts(database)


def answer(attempts: Attempts, place: int, when: datetime, *verdicts: Verdict) -> int:
    question = QUESTIONS[place]
    begun = attempts.begin(question, "", when)
    evidence = tuple(
        Evidence(concept.id, concept.statement, verdict, 0.5, 0.5)
        for concept, verdict in zip(question.concepts, verdicts, strict=True)
    )
    attempts.judged(begun.id, Assessment(True, None, 50.0, None, evidence, None, None, "", {}, 0.1))
    return begun.id


def view_of(qtbot: QtBot, attempts: Attempts, number: int) -> AttemptView:
    view = AttemptView(LIGHT)
    qtbot.addWidget(view)
    view.set_links(Links(lambda: BANK, attempts).of)
    view.show_attempt(attempts.get(number))
    view.complete()
    return view


def links(view: AttemptView) -> list[QPushButton]:
    return [one for one in view.findChildren(QPushButton) if one.property("kind") == "link"]


def texts(view: AttemptView) -> list[str]:
    return [one.text() for one in view.findChildren(QLabel)]


@pytest.mark.parametrize("verdict", ["missed", "contradicted"])
def test_a_missed_concept_names_the_other_questions_and_leads_there(
    qtbot: QtBot, attempts: Attempts, verdict: Verdict
) -> None:
    view = view_of(qtbot, attempts, answer(attempts, 1, NOON, verdict, "covered"))
    assert "Also asked in:" in texts(view)
    assert "and 1 more" in texts(view), "the question that left the bank is not offered"
    first, second = links(view)
    assert first.text() == "Air && light"
    assert second.text().endswith(" …")
    assert second.accessibleName() == f"Practise: {QUESTIONS[2].title}"
    wanted: list[str] = []
    view.practise.connect(wanted.append)
    QTest.mouseClick(first, Qt.MouseButton.LeftButton)
    assert wanted == ["a"]


def test_it_says_when_the_same_was_said_before_and_opens_that_answer(
    qtbot: QtBot, attempts: Attempts
) -> None:
    earlier = answer(attempts, 0, NOON, "covered", "missed")
    now = answer(attempts, 1, NOON + timedelta(days=1), "missed", "missed")
    answer(attempts, 2, NOON + timedelta(days=2), "covered", "missed")
    view = view_of(qtbot, attempts, now)
    assert "You said this on 3 Nov 2024 in" in texts(view), "what came later is no matter"
    opened: list[int] = []
    view.opened.connect(opened.append)
    QTest.mouseClick(links(view)[-1], Qt.MouseButton.LeftButton)
    assert opened == [earlier]


def test_what_was_covered_or_stands_alone_says_nothing(qtbot: QtBot, attempts: Attempts) -> None:
    view = view_of(qtbot, attempts, answer(attempts, 0, NOON, "covered", "missed"))
    assert links(view) == []
    assert "Also asked in:" not in texts(view)


def test_an_answer_that_waits_for_its_verdict_has_no_links(attempts: Attempts) -> None:
    begun = attempts.begin(QUESTIONS[0], "", NOON)
    assert Links(lambda: BANK, attempts).of(begun) == {}


def test_a_question_that_no_longer_asks_for_the_same_is_not_named(attempts: Attempts) -> None:
    number = answer(attempts, 0, NOON, "missed", "covered")
    changed = replace(QUESTIONS[1], concepts=QUESTIONS[1].concepts[1:])
    bank = Bank((QUESTIONS[0], changed, *QUESTIONS[2:]), listed_ideas=(SHARED,))
    found = Links(lambda: bank, attempts).of(attempts.get(number))
    assert [name for name, _ in found["same"].asked_in] == ["c", "d"]
