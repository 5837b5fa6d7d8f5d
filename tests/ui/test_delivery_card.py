"""The delivery of an answer: shown kindly, completed when the second listening is done, never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from vivavoce.core.attempt import Assessment, Attempt
from vivavoce.core.delivery import Delivery, Verbatim
from vivavoce.core.hesitation import Filler, Repeat
from vivavoce.core.pace import PacePoint
from vivavoce.core.question import Concept, Question
from vivavoce.core.transcript import Segment, Transcript, Word
from vivavoce.paths import home
from vivavoce.store.attempts import Attempts
from vivavoce.store.database import Database
from vivavoce.ui.delivery_listening import DeliveryListening
from vivavoce.ui.engine_process import EngineProcess, Reply
from vivavoce.ui.session import Phase
from vivavoce.ui.theme import LIGHT
from vivavoce.ui.widgets.attempt_view import AttemptView
from vivavoce.ui.widgets.delivery_card import DeliveryCard, PaceLine
from vivavoce.ui.widgets.recorder_card import RecorderCard

SKY = Question("sky", "Why is the sky blue?", "Short waves.", (Concept("short", "Short waves."),))
DELIVERY = Delivery(
    80, 40.0, 124.0, 3, 1, speaking=33.0, while_speaking=145.0, pause_seconds=4.2, longest_pause=(12.0, 14.1),
    pace=(PacePoint(1.0, 16.0, 110.0), PacePoint(16.0, 31.0, 138.0)), fillers=(Filler(2.0, 2.2, "um"),),
    first_word=1.0, first_concept=5.2,
)  # fmt: skip
HEARD = Verbatim((Filler(2.1, 2.3, "uh"), Filler(9.0, 9.2, "um")), (Repeat("repetition", 5.0, 5.5, "the"),))


def judged(delivery: Delivery | None = DELIVERY) -> Assessment:
    words = (Word(1.0, 1.4, "short", 0.9), Word(1.5, 1.9, "waves", 0.9))
    transcript = Transcript(
        "short waves", "en", 40.0, 33.0, "m", "cpu", True, None, (Segment(1.0, 1.9, "short waves", words),)
    )
    return Assessment(True, None, 50.0, (40.0, 60.0), (), transcript, delivery, "short waves", {}, 1.0)


class HandSession(QObject):
    """A session that is where the test says."""

    phase_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.phase = Phase.JUDGED

    def to(self, phase: Phase) -> None:
        self.phase = phase
        self.phase_changed.emit(phase)


class Desk:
    """Store, engine whose requests are only written down, session, and what is under test."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "history.sqlite3")
        self.attempts = Attempts(self.database)
        self.engine = EngineProcess(home(folder), explicit_home=True)
        self.sent: list[dict[str, Any]] = []
        self.engine.send = self.sent.append  # type: ignore[method-assign]
        self.session = HandSession()
        self.listening = DeliveryListening(self.attempts, self.engine, self.session)  # type: ignore[arg-type]
        self.told: list[Attempt] = []
        self.listening.delivered.connect(self.told.append)

    def answered(self, assessment: Assessment | None = None) -> Attempt:
        begun = self.attempts.begin(SKY, "Microphone", datetime.now(timezone.utc))
        self.attempts.recorded(begun.id, 40.0)
        self.attempts.judged(begun.id, assessment or judged())
        return self.attempts.get(begun.id)

    def asked(self) -> list[int]:
        return [request["attempt"] for request in self.sent if request["do"] == "delivery"]

    def reply(self) -> Reply:
        return next(one for one in self.engine.findChildren(Reply) if one.number == self.sent[-1]["id"])


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    del qtbot  # an application
    desk = Desk(tmp_path)
    yield desk
    desk.engine.deleteLater()
    desk.database.close()


def texts(widget: Any) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel))


def test_after_the_verdict_it_listens_and_keeps_what_it_heard(desk: Desk):
    attempt = desk.answered()
    desk.listening.add(attempt)
    desk.listening.add(attempt)
    assert desk.asked() == [attempt.id], "once"
    desk.reply().done.emit(HEARD)
    kept = desk.attempts.get(attempt.id).assessment
    assert kept is not None
    assert kept.delivery is not None
    assert (kept.delivery.fillers_at_least, kept.delivery.listened) == (2, True)
    assert kept.score == 50.0
    assert kept.transcript == judged().transcript, "it never becomes the transcript"
    assert [one.id for one in desk.told] == [attempt.id]
    desk.listening.add(desk.attempts.get(attempt.id))
    assert desk.asked() == [attempt.id], "never twice"


def test_who_records_again_does_not_wait_for_it(desk: Desk):
    attempt = desk.answered()
    desk.listening.add(attempt)
    reply = desk.reply()
    desk.session.to(Phase.STARTING)
    assert desk.sent[-1] == {"id": reply.number, "do": "cancel"}
    reply.cancelled.emit()
    desk.session.to(Phase.RECORDING)
    desk.session.to(Phase.JUDGING)
    assert desk.asked() == [attempt.id]
    desk.session.to(Phase.JUDGED)
    assert desk.asked() == [attempt.id, attempt.id], "it is done when there is time"


def test_an_answer_done_before_it_could_be_taken_back_is_not_heard_twice(desk: Desk):
    attempt = desk.answered()
    desk.listening.add(attempt)
    reply = desk.reply()
    desk.session.to(Phase.STARTING)
    reply.done.emit(HEARD)
    desk.session.to(Phase.JUDGED)
    assert desk.asked() == [attempt.id]
    assert len(desk.told) == 1


def test_one_that_fails_does_not_stop_the_others(desk: Desk):
    first, second = desk.answered(), desk.answered()
    desk.listening.add(first)
    desk.listening.add(second)
    desk.reply().failed.emit(ValueError("gone"))
    assert desk.asked() == [first.id, second.id]


def test_an_answer_without_words_is_not_listened_to(desk: Desk):
    desk.listening.add(desk.answered(judged(Delivery(0, 12.0, 0.0, 0, 0))))
    desk.listening.add(desk.answered(judged(None)))
    assert desk.asked() == []


def test_judged_again_the_hesitation_that_was_heard_stays(desk: Desk):
    attempt = desk.answered()
    assert desk.attempts.delivered(attempt.id, HEARD)
    desk.attempts.judged(attempt.id, judged())
    kept = desk.attempts.get(attempt.id).assessment
    assert kept is not None
    assert kept.delivery is not None
    assert kept.delivery.listened


def test_the_card_shows_numbers_and_no_judgement(qtbot: QtBot):
    card = DeliveryCard(DELIVERY, LIGHT, playable=True)
    qtbot.addWidget(card)
    said = texts(card)
    for text in ("124", "145", "words a minute while speaking", "at least 1", "0:05", "2.1 s", "in a moment"):
        assert text in said
    for word in ("good", "bad", "slow", "fast", "too", "should", "ideal"):
        assert f" {word} " not in f" {said.lower()} "
    card.show_delivery(replace(DELIVERY, listened=True, fillers_at_least=2, repeats=HEARD.repeats))
    qtbot.waitUntil(lambda: "at least 2" in texts(card))
    assert "Said again: “the” at 0:05" in texts(card)


def test_the_pace_is_a_table_too(qtbot: QtBot):
    card = DeliveryCard(DELIVERY, LIGHT, playable=True)
    qtbot.addWidget(card)
    assert card.findChild(PaceLine).accessibleName() == "Pace: between 110 and 138 words a minute"
    assert card.table is not None
    assert not card.table.isVisibleTo(card)
    toggle = next(one for one in card.findChildren(QPushButton) if "table" in one.text())
    toggle.click()
    assert card.table.isVisibleTo(card)
    assert [card.table.item(1, column).text() for column in range(3)] == ["0:16", "0:31", "138"]  # type: ignore[union-attr]
    assert toggle.text() == "Hide the table"
    played: list[float] = []
    card.play_from.connect(played.append)
    card.table.cellActivated.emit(1, 0)
    assert played == [16.0]


def test_what_was_heard_since_comes_into_the_answer_that_is_shown(desk: Desk, qtbot: QtBot):
    view = AttemptView(LIGHT)
    qtbot.addWidget(view)
    attempt = desk.answered()
    view.show_attempt(attempt)
    view.complete()
    desk.attempts.delivered(attempt.id, HEARD)
    view.show_delivery(desk.attempts.get(attempt.id))
    qtbot.waitUntil(lambda: "at least 2" in texts(view))
    assert "at least 2 fillers" in texts(view)
    other = desk.answered()
    view.show_delivery(other)
    assert view.attempt is not None
    assert view.attempt.id == attempt.id, "another answer's delivery is not shown here"


def test_it_may_come_before_the_card_is_laid_out(desk: Desk, qtbot: QtBot):
    view = AttemptView(LIGHT)
    qtbot.addWidget(view)
    attempt = desk.answered()
    view.show_attempt(attempt)
    desk.attempts.delivered(attempt.id, HEARD)
    view.show_delivery(desk.attempts.get(attempt.id))
    view.complete()
    assert "at least 2" in texts(view.findChild(DeliveryCard))


def test_a_warning_while_recording_is_announced_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []
    monkeypatch.setattr("vivavoce.ui.widgets.recorder_card.announce", lambda _widget, text: said.append(text))
    card = RecorderCard(LIGHT)
    qtbot.addWidget(card)
    for text in ("I hear nothing from X.", "I hear nothing from X.", "", "X is too loud."):
        card.show_warning(text)
    assert said == ["I hear nothing from X.", "X is too loud."]
    assert card.warning.accessibleName() == "X is too loud."


def test_an_announcement_is_sent_and_harms_nothing(qtbot: QtBot):
    card = RecorderCard(LIGHT)
    qtbot.addWidget(card)
    QAccessible.setActive(True)
    try:
        card.show_warning("I hear nothing from X.")
    finally:
        QAccessible.setActive(False)
