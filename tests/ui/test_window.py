"""The window without sound and without the worker: pages, keys, texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from vivavoce.core.attempt import Assessment, Attempt
from vivavoce.core.delivery import Delivery
from vivavoce.core.evidence import Evidence
from vivavoce.core.question import Concept, Question
from vivavoce.core.transcript import Segment, Transcript, Word
from vivavoce.paths import home
from vivavoce.store.bank import Bank
from vivavoce.ui.session import Phase
from vivavoce.ui.theme import DARK, LIGHT
from vivavoce.ui.window import Window

QUESTIONS = (
    Question(
        id="one",
        ask="Why is the sky blue?",
        title="The sky",
        level="general",
        topics=("light",),
        reference="Short waves are scattered more.",
        explanation="First.\n\n```python\nx = 1\n\ny = 2\n```\n\nLast.",
        concepts=(
            Concept("short", "Short waves are scattered more.", essential=True, probe="Which waves?"),
            Concept("sun", "Sunlight holds all colors.", hints=("Think of a prism.", "Sunlight holds ...")),
        ),
    ),
    Question(id="two", ask="Why is water wet?", title="Water", level="core", topics=("matter",),
             reference="It sticks.", concepts=(Concept("sticks", "Water sticks to things."),)),
)  # fmt: skip


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Window]:
    window = Window(home(tmp_path), LIGHT)
    qtbot.addWidget(window)
    window.questions.show_bank(Bank(QUESTIONS), {})
    window.show_page(window.questions, "questions")
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    yield window
    window.close()


def judged(scored: bool = True) -> Attempt:
    words = tuple(
        Word(0.5 * at, 0.5 * at + 0.4, word, 0.9)
        for at, word in enumerate("the short waves are scattered more".split())
    )
    evidence = (
        Evidence("short", "Short waves are scattered more.", "covered", 0.9, 0.0,
                 quote="short waves are scattered more", start=0.5, end=2.9),
        Evidence("sun", "Sunlight holds all colors.", "missed", 0.1, 0.0, closest="the short waves"),
    )  # fmt: skip
    transcript = Transcript("the short waves are scattered more", "en", 3.0, 2.9, "m", "cpu", scored,
                            None, (Segment(0.0, 2.9, "", words),))  # fmt: skip
    assessment = Assessment(
        scored=scored,
        reason=None if scored else "No speech was heard in the recording.",
        score=50.0 if scored else None,
        band=(40.0, 60.0) if scored else None,
        evidence=evidence if scored else (),
        transcript=transcript,
        delivery=Delivery(6, 3.0, 124.0, 0, 0),
        text=transcript.text,
        models={},
        seconds=1.0,
    )
    return Attempt(1, QUESTIONS[0], datetime.now(timezone.utc), "judged", "Microphone", 3.0, assessment)


def texts(widget: object) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))  # type: ignore[attr-defined]


def test_a_space_in_the_search_field_is_a_space(window: Window, qtbot: QtBot) -> None:
    pressed: list[str] = []
    window.on_key("record", lambda: pressed.append("space"))
    window.questions.search.setFocus()
    QTest.keyClicks(window.questions.search, "the sky")
    assert window.questions.search.text() == "the sky"
    assert pressed == []
    qtbot.waitUntil(lambda: [question.id for question in window.questions.shown()] == ["one"])


def test_a_space_elsewhere_records_and_presses_no_button(window: Window) -> None:
    pressed: list[str] = []
    window.on_key("record", lambda: pressed.append("space"))
    window.show_page(window.practice, "questions")
    window.practice.show_question(QUESTIONS[0])
    clicked: list[str] = []
    window.practice.hear.connect(lambda: clicked.append("hear"))
    window.practice.hear_button.setFocus()
    QTest.keyClick(window.practice.hear_button, Qt.Key.Key_Space)
    assert (pressed, clicked) == (["space"], [])


def test_the_list_follows_level_topic_and_search_and_says_when_nothing_matches(
    window: Window, qtbot: QtBot
) -> None:
    page = window.questions
    page.level.setCurrentIndex(page.level.findData("core"))
    assert [question.id for question in page.shown()] == ["two"]
    page.level.setCurrentIndex(0)
    page.search.setText("no such words")
    qtbot.waitUntil(lambda: not page.shown())
    assert page.nothing.isVisible()
    assert not page.start.isEnabled()
    assert page.after(QUESTIONS[0]) == QUESTIONS[1]


def test_the_buttons_offer_what_the_phase_allows(window: Window) -> None:
    card = window.practice.recorder
    window.show_page(window.practice, "questions")
    window.practice.show_question(QUESTIONS[0])
    window.practice.show_phase(Phase.IDLE)
    assert (card.record_button.text(), card.pause_button.isVisible()) == ("●  Record", False)
    window.practice.show_phase(Phase.RECORDING)
    assert (card.record_button.text(), card.pause_button.isVisible()) == ("■  Stop and judge", True)
    assert not window.practice.hear_button.isEnabled(), "speech never overlaps recording"
    window.practice.show_phase(Phase.JUDGING)
    assert not card.record_button.isEnabled()
    assert card.bar.isVisible()


def test_a_verdict_shows_the_quote_the_probe_and_the_way_to_the_model_answer(window: Window) -> None:
    window.review.show_attempt(judged())
    window.show_page(window.review, "history")
    view = window.review.answer
    view.complete()
    said = texts(view)
    assert "1 of 2 concepts covered, 1 missed" in said
    assert "Likely between 40 and 60 of 100." in said
    assert "Closest you came: “the short waves”" in said
    quote = next(one for one in view.findChildren(QPushButton) if one.accessibleName().startswith("Hear: "))
    played: list[tuple[float, float]] = []
    view.play_span.connect(lambda start, end: played.append((start, end)))
    QTest.mouseClick(quote, Qt.MouseButton.LeftButton)
    assert played == [(0.5, 2.9)]
    model = next(one for one in view.findChildren(QLabel) if one.accessibleName() == "Model answer")
    assert not model.isVisible()
    view.toggle_model()
    assert model.isVisible()
    window.set_tokens(DARK)
    assert "1 of 2 concepts covered, 1 missed" in texts(view), "other colours lose nothing"


def test_an_answer_that_was_not_scored_says_why_and_that_it_is_kept(window: Window) -> None:
    window.review.show_attempt(judged(scored=False))
    window.show_page(window.review, "history")
    said = texts(window.review.answer)
    assert "Not scored" in said
    assert "No speech was heard in the recording. Your recording is kept." in said


def test_hints_come_one_by_one(window: Window) -> None:
    window.practice.show_question(QUESTIONS[0])
    window.practice.show_hint()
    assert window.practice.hints.text() == "•  Think of a prism."
    window.practice.show_hint()
    assert window.practice.hints.text().endswith("Sunlight holds ...")
    assert not window.practice.hint_button.isEnabled()


def test_everything_that_can_be_used_has_a_name_for_a_screen_reader(window: Window) -> None:
    for page in (window.practice, window.review):
        page.show_attempt(judged())
        page.answer.complete()
    nameless = [
        widget
        for kind in (QAbstractButton, QLineEdit, QComboBox)
        for widget in window.findChildren(kind)
        # Qt's own parts (the cross in a search field, the corner of a table) name themselves.
        if type(widget).__module__.startswith("PySide6")
        and type(widget) in (QPushButton, QLineEdit, QComboBox)
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_an_undo_in_a_notice_acts_once_and_takes_the_notice_away(window: Window) -> None:
    acts: list[str] = []
    window.notice.show_text("Discarded.", (("Undo", lambda: acts.append("undo")),))
    undo = next(one for one in window.notice.findChildren(QPushButton) if one.text() == "Undo")
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert acts == ["undo"]
    assert not window.notice.isVisible()
