"""A file that somebody has becomes an answer like any other, or leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from vivavoce.core.question import Concept, Question
from vivavoce.errors import KnownError
from vivavoce.paths import home
from vivavoce.store.bank import Bank
from vivavoce.ui.app import App
from vivavoce.ui.engine_process import Reply
from vivavoce.ui.session import Phase

SKY, SEA = (
    Question(
        id=name, ask=f"Why is the {name} blue?", title=name, level="general", topics=("light",),
        reference="Short waves.", concepts=(Concept("short", "Short waves are scattered."),),
    )
    for name in ("sky", "sea")
)  # fmt: skip


@pytest.fixture
def app(qtbot: QtBot, tmp_path: Path) -> Iterator[App]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    app = App(application, home(tmp_path), explicit_home=True)
    app.sent = []  # type: ignore[attr-defined]
    app.engine.send = app.sent.append  # type: ignore[attr-defined, method-assign]
    app.recorder = SimpleNamespace(peaks=[])  # type: ignore[assignment]
    app.actions.bank = Bank((SKY, SEA))
    app.window.questions.show_bank(app.actions.bank, {})
    app.window.show()
    qtbot.waitActive(app.window)
    app.actions.practise(SKY)
    app.speech.stop()
    yield app
    app.window.close()
    app.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    application.setStyleSheet("")


def reply_of(app: App, do: str = "bring") -> Reply:
    return [one for one in app.engine.findChildren(Reply) if one.request["do"] == do][-1]


def dropped(app: App, *paths: Path) -> bool:
    """Drag files onto the page and let them go; whether the page took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    form = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPointF(9, 9).toPoint(), Qt.DropAction.CopyAction, data, *form)
    enter.ignore()
    page = app.window.practice
    page.dragEnterEvent(enter)
    if enter.isAccepted():
        page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, *form))
    return enter.isAccepted()


def test_a_dropped_file_is_taken_in_and_judged(app: App, tmp_path: Path) -> None:
    assert dropped(app, tmp_path / "my answer.mp3")
    reply = reply_of(app)
    assert reply.request["source"] == str(tmp_path / "my answer.mp3")
    reply.progress.emit("reading the file", 0.4)
    assert app.window.notice.text == "Reading my answer.mp3 … 40 %"
    number = reply.request["attempt"]
    app.recordings.flac_path(number).parent.mkdir(parents=True, exist_ok=True)
    app.recordings.flac_path(number).write_bytes(b"fLaC")
    reply.done.emit(12.5)
    assert app.session.phase is Phase.JUDGING
    assert reply_of(app, "assess").request["recording"] == str(app.recordings.flac_path(number))
    attempt = app.attempts.get(number)
    assert (attempt.audio_seconds, attempt.file_name) == (12.5, "my answer.mp3")
    assert not app.window.notice.isVisible()


def test_a_file_that_is_no_sound_leaves_nothing_behind(app: App, tmp_path: Path) -> None:
    app.bringing.bring(tmp_path / "notes.txt")
    reply_of(app).failed.emit(KnownError("notes.txt cannot be read as sound.", "Choose a recording."))
    assert app.window.notice.text == "notes.txt cannot be read as sound. Choose a recording."
    assert app.attempts.history(10) == ()
    assert app.session.phase is Phase.IDLE


def test_it_can_be_taken_back(app: App, tmp_path: Path) -> None:
    app.bringing.bring(tmp_path / "long.mp4")
    cancel = next(one for one in app.window.notice.findChildren(QPushButton) if one.text() == "Cancel")
    cancel.click()
    reply = reply_of(app)
    assert {"id": reply.number, "do": "cancel"} in app.sent  # type: ignore[attr-defined]
    reply.cancelled.emit()
    assert app.attempts.history(10) == ()
    assert not app.bringing.busy


def test_who_has_gone_on_finds_it_in_the_history(app: App, tmp_path: Path) -> None:
    app.bringing.bring(tmp_path / "talk.m4a")
    reply = reply_of(app)
    app.actions.practise(SEA)
    reply.done.emit(3.0)
    assert app.session.phase is Phase.IDLE
    assert "in the history" in app.window.notice.text
    (attempt,) = app.attempts.history(10)
    assert (attempt.question.id, attempt.state) == ("sky", "recorded")


def test_two_files_or_a_link_are_not_taken(app: App, tmp_path: Path) -> None:
    assert not dropped(app, tmp_path / "a.wav", tmp_path / "b.wav")
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.mp3")])
    event = QDragEnterEvent(
        QPointF(9, 9).toPoint(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    event.ignore()
    app.window.practice.dragEnterEvent(event)
    assert not event.isAccepted()
