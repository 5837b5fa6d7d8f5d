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
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import virtual_audio

from vivavoce.paths import content, home
from vivavoce.settings import Theme
from vivavoce.sound.audio_file import load_pcm
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
    samples, rate = load_pcm(content("data") / "selftest" / "answer.flac")
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
        app.window.progress.show_question("general-19")
        camera.take(f"{theme}-heatmap")
        camera.press(Qt.Key.Key_Return)
        camera.take(f"{theme}-review")
        app.actions.practise(app.actions.bank.get("general-01"))
        camera.take(f"{theme}-practice")
        app.actions.go("questions")


if __name__ == "__main__":
    main()
