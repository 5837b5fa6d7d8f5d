"""What can go wrong while somebody speaks, and that nothing said is lost by it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from virtual_audio import VirtualAudio

from vivavoce.audio_file import read_pcm
from vivavoce.ui.app import App
from vivavoce.ui.session import Phase

MINUTE = 60_000
_VICTIM = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from vivavoce.paths import home
from vivavoce.ui.app import App

application = QApplication([])
app = App(application, home(Path(sys.argv[1])), explicit_home=True)
app.start("general-06")
app.session.phase_changed.connect(lambda phase: print(phase.value, flush=True))

def begin():
    app.session.record()
    app.recorder.elapsed.connect(lambda seconds: print(seconds, flush=True))

from PySide6.QtCore import QTimer
QTimer.singleShot(1500, begin)
application.exec()
"""


def test_a_killed_window_loses_nothing_it_said_it_had_and_offers_the_answer_again(
    start: Callable[[], App], sound: VirtualAudio, spoken_answer: Path, user_folder: Path, qtbot: QtBot
) -> None:
    victim = subprocess.Popen(
        [sys.executable, "-c", _VICTIM, str(user_folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert victim.stdout is not None
    for line in victim.stdout:
        if line.strip() == "recording":
            break
    sound.feed(spoken_answer)
    said = 0.0
    for line in victim.stdout:
        if line[0].isdigit():
            said = float(line)
            if said > 8.0:
                break
    children = psutil.Process(victim.pid).children(recursive=True)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    victim.stdout.close()
    psutil.wait_procs(children, timeout=20)
    assert not any(child.is_running() for child in children), "the worker outlived its window"

    app = start()
    qtbot.waitUntil(lambda: "is not judged yet" in app.window.notice.text, timeout=MINUTE)
    (left,) = app.attempts.unfinished()
    path = app.recordings.existing(left.id)
    assert path is not None
    pcm, rate = read_pcm(path)
    assert pcm.size / rate >= said
    _press(app, "Judge it")
    qtbot.waitUntil(lambda: app.session.phase is Phase.JUDGED, timeout=2 * MINUTE)
    assessment = app.attempts.get(left.id).assessment
    assert assessment is not None
    assert "linear" in assessment.text.lower()


def test_a_killed_worker_is_started_again_and_the_verdict_comes_all_the_same(
    start: Callable[[], App], sound: VirtualAudio, spoken_answer: Path, qtbot: QtBot
) -> None:
    app = start()
    _record(app, sound, spoken_answer, qtbot)
    qtbot.waitUntil(lambda: app.session.phase is Phase.JUDGING, timeout=MINUTE)
    with qtbot.waitSignal(app.engine.restarted, timeout=MINUTE):
        os.kill(app.engine.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: app.session.phase is Phase.JUDGED, timeout=2 * MINUTE)


def test_a_worker_that_dies_while_it_listens_costs_no_word(
    start: Callable[[], App], sound: VirtualAudio, spoken_answer: Path, qtbot: QtBot
) -> None:
    app = start()
    qtbot.waitUntil(lambda: app.engine.states.get("speech") == "ready", timeout=MINUTE)
    app.actions.practise(app.actions.bank.get("general-06"))
    app.speech.stop()
    app.session.record()
    qtbot.waitUntil(lambda: app.session.phase is Phase.RECORDING, timeout=MINUTE)
    speaker = sound.feed(spoken_answer)
    with qtbot.waitSignal(app.session.heard, timeout=MINUTE):
        pass
    with qtbot.waitSignal(app.engine.restarted, timeout=MINUTE):
        os.kill(app.engine.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: speaker.poll() is not None, timeout=MINUTE)
    app.session.stop()
    qtbot.waitUntil(lambda: app.session.phase is Phase.JUDGED, timeout=2 * MINUTE)
    assessment = app.attempts.get(app.session.attempt_id).assessment
    assert assessment is not None
    assert "one big linear function" in assessment.text.lower()


def test_a_discarded_recording_comes_back_with_undo(
    start: Callable[[], App], sound: VirtualAudio, spoken_answer: Path, qtbot: QtBot
) -> None:
    app = start()
    app.actions.practise(app.actions.bank.get("general-06"))
    QTest.keyClick(app.window, Qt.Key.Key_Escape)  # the voice
    QTest.keyClick(app.window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: app.session.phase is Phase.RECORDING, timeout=MINUTE)
    speaker = sound.feed(spoken_answer)
    qtbot.waitUntil(lambda: speaker.poll() is not None, timeout=MINUTE)
    number = app.session.attempt_id
    QTest.keyClick(app.window, Qt.Key.Key_Escape)
    assert app.session.phase is Phase.IDLE
    assert app.attempts.get(number).state == "discarded"
    _press(app, "Undo")
    qtbot.waitUntil(lambda: app.session.phase is Phase.JUDGED, timeout=2 * MINUTE)
    assert app.attempts.get(number).state == "judged"


# Qt's own words when a device that it still lists has gone.
@pytest.mark.qt_log_ignore("Stream failed to connect")
def test_without_a_microphone_it_says_so_and_goes_on_when_one_is_plugged_in(
    start: Callable[[], App], sound: VirtualAudio, qtbot: QtBot
) -> None:
    app = start()
    app.actions.practise(app.actions.bank.get("general-06"))
    app.speech.stop()
    sound.unplug()
    QTest.keyClick(app.window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: app.session.phase is Phase.IDLE, timeout=MINUTE)
    assert "icrophone" in app.window.notice.text
    assert not app.attempts.unfinished()
    sound.replug()
    QTest.keyClick(app.window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: app.session.phase is Phase.RECORDING, timeout=MINUTE)
    app.session.cancel()


def test_silence_is_not_scored_and_the_reason_is_shown(start: Callable[[], App], qtbot: QtBot) -> None:
    app = start()
    app.actions.practise(app.actions.bank.get("general-06"))
    app.speech.stop()
    app.session.record()
    qtbot.waitUntil(lambda: app.window.practice.recorder.warning.text() != "", timeout=MINUTE)
    assert "I hear nothing from Virtual microphone" in app.window.practice.recorder.warning.text()
    app.session.stop()
    qtbot.waitUntil(lambda: app.session.phase is Phase.JUDGED, timeout=2 * MINUTE)
    attempt = app.attempts.get(app.session.attempt_id)
    assert attempt.assessment is not None
    assert not attempt.assessment.scored
    assert "No speech was heard in the recording." in (attempt.assessment.reason or "")
    assert attempt.assessment.text == ""


def _record(app: App, sound: VirtualAudio, wav: Path, qtbot: QtBot) -> None:
    """Answer general-06 with a sound file and stop."""
    app.actions.practise(app.actions.bank.get("general-06"))
    app.speech.stop()
    app.session.record()
    qtbot.waitUntil(lambda: app.session.phase is Phase.RECORDING, timeout=MINUTE)
    speaker = sound.feed(wav)
    qtbot.waitUntil(lambda: speaker.poll() is not None, timeout=MINUTE)
    app.session.stop()


def _press(app: App, text: str) -> None:
    button = next(one for one in app.window.notice.findChildren(QPushButton) if one.text() == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
