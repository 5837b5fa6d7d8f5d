"""What the session decides, with a hand-made microphone and a worker that answers when told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from vivavoce.core.attempt import Assessment
from vivavoce.core.question import Concept, Question
from vivavoce.errors import KnownError
from vivavoce.paths import home
from vivavoce.store.bank import Bank
from vivavoce.ui.app import App
from vivavoce.ui.engine_process import Reply
from vivavoce.ui.session import Phase

SKY = Question(
    id="sky", ask="Why is the sky blue?", title="Sky", level="general", topics=("light",),
    reference="Short waves are scattered more.", concepts=(Concept("short", "Short waves are scattered."),),
)  # fmt: skip
ASSESSMENT = Assessment(False, "Nothing.", None, None, (), None, None, "", {}, 0.1)


class HandMicrophone(QObject):
    """A recorder that records what the test says."""

    listening = Signal()
    finished = Signal(float)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0
        self.sink: Any = None
        self.on_pause: Callable[[], None] = lambda: None
        self.peaks: list[float] = []

    def start(self, device_id: str, sink: object) -> None:
        del device_id
        self.seconds = 0.0
        self.sink = sink

    def speak(self, seconds: float) -> None:
        self.sink.write(b"\x01\x00" * round(16_000 * seconds))
        self.seconds += seconds

    def pause(self) -> None:
        self.on_pause()

    def resume(self) -> None:
        pass

    def stop(self) -> None:
        self.sink.close()
        self.finished.emit(self.seconds)

    def cancel(self) -> None:
        self.sink.close()


class HandDevices:
    """One microphone, always there."""

    def find(self, device_id: str) -> HandDevices:
        del device_id
        return self

    def description(self) -> str:
        return "Hand microphone"


@pytest.fixture
def app(qtbot: QtBot, tmp_path: Path) -> Iterator[App]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    app = App(application, home(tmp_path), explicit_home=True)
    app.sent = []  # type: ignore[attr-defined]
    app.engine.send = app.sent.append  # type: ignore[attr-defined, method-assign]
    app.recorder = HandMicrophone()  # type: ignore[assignment]
    app.devices = HandDevices()  # type: ignore[assignment]
    app.session.set_recorder(app.recorder, app.devices)
    app.actions.bank = Bank((SKY,))
    app.window.questions.show_bank(app.actions.bank, {})
    app.window.show()
    app.window.activateWindow()
    qtbot.waitActive(app.window)
    app.actions.practise(SKY)
    app.speech.stop()
    yield app
    app.window.close()
    app.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # or every sheet dresses it again
    application.setStyleSheet("")


def record(app: App, seconds: float) -> int:
    QTest.keyClick(app.window, Qt.Key.Key_Space)
    app.recorder.listening.emit()
    if seconds:
        app.recorder.speak(seconds)  # type: ignore[attr-defined]
    return app.session.attempt_id


def reply_of(app: App) -> Reply:
    return next(one for one in app.engine.findChildren(Reply) if one.request["do"] == "assess")


def notice_button(app: App, text: str) -> QPushButton:
    return next(one for one in app.window.notice.findChildren(QPushButton) if one.text() == text)


def test_start_again_keeps_the_first_recording_within_reach(app: App) -> None:
    first = record(app, 3.0)
    QTest.keyClick(app.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert app.session.phase is Phase.STARTING
    assert app.session.attempt_id != first
    app.recorder.listening.emit()
    assert app.window.notice.isVisible()
    notice_button(app, "Undo").click()
    assert app.attempts.get(first).state == "recorded"
    assert app.session.phase is Phase.RECORDING, "the new recording goes on"
    assert first in [attempt.id for attempt in app.attempts.history(10)]


def test_undo_can_be_pressed_with_the_space_bar(app: App) -> None:
    number = record(app, 3.0)
    QTest.keyClick(app.window, Qt.Key.Key_Escape)
    assert app.attempts.get(number).state == "discarded"
    notice_button(app, "Undo").setFocus()
    QTest.keyClick(app.window, Qt.Key.Key_Space)
    assert app.session.phase is Phase.JUDGING
    assert app.session.attempt_id == number


def test_a_database_that_cannot_be_written_leaves_no_dead_page(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = record(app, 3.0)

    def full(*_: object) -> None:
        raise KnownError("The disk is full.", "Make room.")

    monkeypatch.setattr(app.attempts, "recorded", full)
    app.recorder.failed.emit(KnownError("The recording could not be written on.", "3 seconds are kept."))
    assert app.session.phase is Phase.IDLE
    assert app.window.practice.recorder.record_button.isEnabled()
    assert "3 seconds are kept." in app.window.notice.text
    assert app.recordings.existing(number) is not None


def test_a_recording_that_ends_while_it_is_paused_is_not_shown_as_paused(app: App) -> None:
    record(app, 3.0)
    app.recorder.on_pause = lambda: app.recorder.failed.emit(KnownError("Gone."))  # type: ignore[attr-defined]
    QTest.keyClick(app.window, Qt.Key.Key_P)
    assert app.session.phase is Phase.IDLE


def test_stopping_before_anything_was_heard_leaves_nothing_behind(app: App) -> None:
    number = record(app, 0.0)
    QTest.keyClick(app.window, Qt.Key.Key_Space)
    assert app.session.phase is Phase.IDLE
    assert "Nothing was recorded." in app.window.notice.text
    assert app.recordings.existing(number) is None
    assert app.attempts.history(10) == ()


def test_judging_can_be_put_off_at_once_and_a_late_verdict_is_filed_away(app: App) -> None:
    number = record(app, 3.0)
    QTest.keyClick(app.window, Qt.Key.Key_Space)
    assert app.session.phase is Phase.JUDGING
    QTest.keyClick(app.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert app.session.phase is Phase.JUDGING, "there is nothing to start again"
    QTest.keyClick(app.window, Qt.Key.Key_Escape)
    assert app.session.phase is Phase.IDLE
    assert "Your recording is kept." in app.window.notice.text
    app.actions.go("history")
    assert app.window.history.model.index(0, 3).data() == "Not judged yet"
    reply_of(app).done.emit(ASSESSMENT)
    assert app.attempts.get(number).state == "judged"
    assert app.session.phase is Phase.IDLE


def test_a_verdict_belongs_to_the_question_it_was_asked_for(app: App) -> None:
    number = record(app, 3.0)
    QTest.keyClick(app.window, Qt.Key.Key_Space)
    app.actions.practise(SKY)
    app.speech.stop()
    reply_of(app).done.emit(ASSESSMENT)
    assert app.attempts.get(number).state == "judged"
    assert app.session.phase is Phase.IDLE
    assert app.window.practice.answer.attempt is None


def test_leaving_while_recording_is_refused_and_closing_keeps_it(app: App) -> None:
    number = record(app, 3.0)
    app.actions.go("history")
    assert app.window.page is app.window.practice
    app.session.leave()
    assert app.attempts.get(number).state == "recorded"


def test_boxes_and_buttons_of_other_pages_follow_the_keyboard(app: App) -> None:
    app.actions.go("preferences")
    box = app.window.preferences.read_aloud
    box.setFocus()
    before = box.isChecked()
    QTest.keyClick(app.window, Qt.Key.Key_Space)
    assert box.isChecked() is not before


def test_the_arrows_move_in_the_heatmap(app: App) -> None:
    for _ in range(2):
        number = record(app, 3.0)
        QTest.keyClick(app.window, Qt.Key.Key_Space)
        app.engine.findChildren(Reply)[-1].done.emit(ASSESSMENT)
        assert app.attempts.get(number).state == "judged"
    app.actions.go("progress")
    app.window.progress.show_question("sky")
    heatmap = app.window.progress.heatmap
    heatmap.setFocus()
    assert heatmap.currentIndex().column() == 1
    QTest.keyClick(heatmap, Qt.Key.Key_Left)
    assert heatmap.currentIndex().column() == 0
