from __future__ import annotations

import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import virtual_audio as virtual
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from vivavoce.core.spoken import spoken_form
from vivavoce.core.ticket import Ticket
from vivavoce.engines.voice import NaturalVoice
from vivavoce.paths import content, home
from vivavoce.store.bank import load_bank
from vivavoce.ui.app import App

ANSWER = (
    "Without a nonlinear activation, a stack of linear layers is just one big linear function. "
    "For hidden layers I start with ReLU, because it is simple and very cheap to compute."
)


@pytest.fixture(scope="session")
def sound() -> virtual.VirtualAudio:
    """A microphone to speak into and a speaker to listen to."""
    missing = virtual.missing_program()
    if missing is not None:
        pytest.skip(f"journeys need {missing} (Debian: pulseaudio pulseaudio-utils)")
    return virtual.shared()


@pytest.fixture(scope="session")
def spoken_answer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An answer to general-06, spoken; two of its seven concepts."""
    question = load_bank(content("data") / "bank").get("general-06")
    path = tmp_path_factory.mktemp("answer") / "answer.wav"
    NaturalVoice().speak(spoken_form(ANSWER, question.terms), path, 1.0, Ticket())
    with wave.open(str(path)) as file:
        assert file.getnframes() > 5 * file.getframerate()
    return path


@pytest.fixture
def start(qtbot: QtBot, sound: virtual.VirtualAudio, user_folder: Path) -> Iterator[Callable[[], App]]:
    """Starts the program with its window on the user's folder; as often as wanted, one at a time."""
    sound.replug()
    # Measured already: measuring takes the worker for seconds in the middle of a journey.
    (user_folder / "settings.toml").write_text('measured_on = "2026-01-31"\nbase_pace = 0.2\n')
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apps: list[App] = []

    def started() -> App:
        app = App(application, home(user_folder), explicit_home=True)
        apps.append(app)
        app.start()
        qtbot.waitUntil(lambda: bool(app.actions.bank.questions), timeout=20_000)
        qtbot.waitUntil(lambda: hasattr(app, "devices"), timeout=20_000)
        qtbot.waitUntil(lambda: any(one.is_default for one in app.devices.microphones()))
        app.window.activateWindow()
        return app

    yield started
    for app in apps:
        app.window.close()
        app.deleteLater()
        app.window.deleteLater()
    application.setStyleSheet("")
