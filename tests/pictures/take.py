"""Takes pictures of every state of the window, light and dark, for looking at.

Drives the real program with a virtual microphone and speaker: `make screenshots` writes into
build/pictures. Needs a display (Xvfb will do) with a window manager or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import virtual_audio

from vivavoce.audio_file import read_pcm
from vivavoce.paths import content, home
from vivavoce.settings import Theme
from vivavoce.ui.app import App
from vivavoce.ui.session import Phase

PATIENCE_S = 120.0


class Camera:
    """Waits, presses keys and takes pictures."""

    def __init__(self, application: QApplication, app: App, folder: Path) -> None:
        self._application = application
        self.app = app
        self._folder = folder
        self._number = 0
        folder.mkdir(parents=True, exist_ok=True)

    def wait(self, seconds: float) -> None:
        """Let the window live for a while."""
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def until(self, ready: Callable[[], bool]) -> None:
        """Let the window live until something is so."""
        for _ in range(round(PATIENCE_S / 0.05)):
            if ready():
                return
            self.wait(0.05)
        raise TimeoutError(self.app.window.notice.text)

    def take(self, name: str) -> None:
        """Take one picture."""
        self.wait(0.2)
        self._number += 1
        path = self._folder / f"{self._number:02d}-{name}.png"
        self.app.window.grab().save(str(path))
        print(path)

    def click(self, text: str) -> None:
        """Click the button with that text."""
        buttons = self.app.window.findChildren(QPushButton)
        next(one for one in buttons if one.text() == text and one.isVisible()).click()

    def press(self, key: Qt.Key) -> None:
        """Press a key."""
        QTest.keyClick(self.app.window, key)


def main() -> None:
    """Practise one question and take pictures on the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=Path("build/pictures"))
    parser.add_argument("--size", default="1280x720")
    arguments = parser.parse_args()
    server = virtual_audio.shared()
    server.replug()
    application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as scratch:
        app = App(application, home(Path(scratch)), explicit_home=True)
        app.window.resize(*(int(part) for part in arguments.size.split("x")))
        app.start()
        camera = Camera(application, app, arguments.to)
        _practise(camera, server, Path(scratch))
        _look_back(camera)
        app.window.close()


def _practise(camera: Camera, server: virtual_audio.VirtualAudio, scratch: Path) -> None:
    app = camera.app
    app.window.activateWindow()
    camera.until(lambda: hasattr(app, "devices"))
    camera.take("questions")
    app.actions.practise(app.actions.bank.get("general-19"))
    camera.until(lambda: app.player.active)
    camera.take("asking")
    camera.until(lambda: not app.speech.kind)
    camera.press(Qt.Key.Key_Space)
    camera.until(lambda: app.session.phase is Phase.RECORDING)
    samples, rate = read_pcm(content("data") / "selftest" / "answer.flac")
    speaker = server.feed(virtual_audio.write_wav(scratch / "answer.wav", samples, rate))
    camera.wait(12)
    camera.take("recording")
    camera.press(Qt.Key.Key_P)
    camera.take("paused")
    camera.press(Qt.Key.Key_P)
    camera.until(lambda: speaker.poll() is not None)
    camera.press(Qt.Key.Key_Space)
    camera.until(lambda: app.session.phase is Phase.JUDGING)
    camera.wait(1)
    camera.take("judging")
    camera.until(lambda: app.session.phase is Phase.JUDGED)
    camera.take("verdict")
    bar = app.window.practice.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    camera.take("verdict-middle")
    camera.press(Qt.Key.Key_M)
    camera.wait(0.2)
    bar.setValue(bar.maximum())
    camera.take("model-answer")


def _look_back(camera: Camera) -> None:
    app = camera.app
    themes: tuple[Theme, ...] = ("light", "dark")
    for theme in themes:
        app.window.preferences.changed.emit(dataclasses.replace(app.settings, theme=theme))
        for section in ("questions", "history", "progress", "preferences"):
            app.actions.go(section)
            camera.wait(0.5)
            camera.take(f"{theme}-{section}")
        app.actions.go("progress")
        for view in ("idea", "topic"):
            app.window.progress.show_view(view)
            camera.take(f"{theme}-progress-by-{view}")
        app.window.progress.show_question("general-19")
        app.window.progress.heatmap.setFocus()  # what it was on is hidden in this view
        camera.take(f"{theme}-heatmap")
        camera.press(Qt.Key.Key_Return)
        camera.take(f"{theme}-review")
        _dispute(camera, theme)
        app.actions.practise(app.actions.bank.get("general-01"))
        camera.take(f"{theme}-practice")
        _write(camera, theme)
        app.actions.go("questions")


def _dispute(camera: Camera, theme: Theme) -> None:
    app = camera.app
    view, notice = app.window.review.answer, app.window.notice
    camera.press(Qt.Key.Key_I)
    camera.wait(0.2)
    camera.take(f"{theme}-dispute-select")
    if (words := view.words) is not None:
        for _ in range(8):
            QTest.keyClick(words.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClick(words.view, Qt.Key.Key_Return)
    camera.until(lambda: notice.isVisible() and "own wording" in notice.text)
    camera.wait(1.0)
    camera.take(f"{theme}-dispute-judged")
    camera.click("Undo")
    camera.wait(0.2)
    view.complete()
    if (words := view.words) is not None:
        words.correct()
        words.editor.setPlainText(f"In the end, {words.editor.toPlainText()}")
        camera.wait(0.2)
        camera.take(f"{theme}-correcting")
        words.take()
    camera.until(lambda: "Judged again" in notice.text)
    view.complete()
    camera.wait(0.2)
    camera.click("Show what was heard")
    view.reveal("")
    camera.wait(1.0)
    camera.take(f"{theme}-corrected")
    camera.click("Undo")


def _write(camera: Camera, theme: Theme) -> None:
    app = camera.app
    app.actions.go("bank")
    page = app.window.bank
    page.questions.search.setText("wired to a small patch")
    camera.until(lambda: len(page.questions.shown()) == 1)
    page.reader.complete()
    camera.take(f"{theme}-bank-reading")
    page.questions.search.setText("xylophone quilts")
    camera.until(lambda: not page.questions.shown())
    camera.take(f"{theme}-bank-empty-search")
    page.questions.search.clear()
    camera.until(lambda: len(page.questions.shown()) > 1)
    app.authoring.edit(app.actions.bank.get("core-33"))
    page.trial.edit.setPlainText(
        "Its layers slide small learned filters over the image, with the same weights at every position. "
        "In between, pooling makes the maps larger again."
    )
    camera.until(lambda: bool(page.trial.score.text()))
    camera.take(f"{theme}-bank-trial")
    page.trial.check_button.click()
    camera.until(lambda: not page.trial.bar.isVisible())
    page.editor.concepts[0].toggle()
    camera.wait(0.2)
    page.editor.ensureWidgetVisible(page.editor.concepts[0].lists["misconceptions"])
    page.trial.ensureWidgetVisible(page.trial.check_button)
    camera.take(f"{theme}-bank-wordings")
    page.leave.emit()


if __name__ == "__main__":
    main()
