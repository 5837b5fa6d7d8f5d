"""Which speech model is used: measured once, tried before it is kept, and the old one stays on a fault."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from vivavoce.errors import KnownError
from vivavoce.paths import home
from vivavoce.settings import Settings
from vivavoce.ui import hearing
from vivavoce.ui.engine_process import EngineProcess, Reply
from vivavoce.ui.hearing import Hearing, measured_text


class Bench:
    """A Hearing whose worker answers when told to."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.settings = settings
        self.busy = False
        self.engine = EngineProcess(home(folder), explicit_home=True)
        self.sent: list[dict[str, object]] = []
        self.engine.send = self.sent.append  # type: ignore[method-assign]
        self.hearing = Hearing(self.engine, lambda: self.settings, lambda: self.busy)
        self.hearing.changed.connect(lambda settings: setattr(self, "settings", settings))
        self.told: list[str] = []
        self.faults: list[KnownError] = []
        self.advice: list[str] = []
        self.hearing.told.connect(self.told.append)
        self.hearing.fault.connect(self.faults.append)
        self.hearing.advised.connect(self.advice.append)

    def reply(self) -> Reply:
        return self.engine.findChildren(Reply)[-1]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    del qtbot
    monkeypatch.setattr(hearing, "IDLE_MS", 0)


def test_a_fast_machine_keeps_base_and_is_measured_once(tmp_path: Path, qtbot: QtBot) -> None:
    bench = Bench(tmp_path, Settings())
    bench.hearing.engines_ready()
    qtbot.waitUntil(lambda: bool(bench.sent))
    bench.reply().done.emit(0.21)
    assert bench.settings == Settings(base_pace=0.21, measured_on=date.today().isoformat())
    assert not bench.advice
    assert "Base fits" in bench.told[-1]
    bench.hearing.engines_ready()
    qtbot.wait(20)
    assert len(bench.sent) == 1


def test_a_slow_machine_takes_tiny_and_says_so(tmp_path: Path, qtbot: QtBot) -> None:
    bench = Bench(tmp_path, Settings())
    bench.hearing.engines_ready()
    qtbot.waitUntil(lambda: bool(bench.sent))
    bench.reply().done.emit(1.4)
    assert bench.sent[-1]["do"] == "use_model"
    assert bench.settings.speech_model == "base", "until tiny is loaded"
    bench.reply().done.emit("whisper-tiny-en")
    assert bench.settings.speech_model == "tiny"
    assert "1.4 s" in bench.advice[0]


def test_who_measures_again_decides_alone(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Settings(base_pace=0.2, measured_on="2026-01-31"))
    bench.hearing.measure()
    bench.reply().done.emit(1.4)
    assert [one["do"] for one in bench.sent] == ["measure"]
    assert "Tiny fits this machine better" in measured_text(bench.settings)


def test_nothing_is_measured_in_the_middle_of_an_answer(tmp_path: Path, qtbot: QtBot) -> None:
    bench = Bench(tmp_path, Settings())
    bench.busy = True
    bench.hearing.engines_ready()
    qtbot.wait(20)
    assert not bench.sent
    bench.busy = False
    qtbot.waitUntil(lambda: bool(bench.sent))


@pytest.mark.parametrize("settings", [Settings(speech_model="tiny"), Settings(speech_model="/my/model")])
def test_a_model_that_was_chosen_is_not_measured_against(
    tmp_path: Path, qtbot: QtBot, settings: Settings
) -> None:
    bench = Bench(tmp_path, settings)
    bench.hearing.engines_ready()
    qtbot.wait(20)
    assert not bench.sent


def test_a_folder_that_does_not_work_changes_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path, dataclasses.replace(Settings(), measured_on="2026-01-31", base_pace=0.2))
    before = bench.settings
    bench.hearing.choose("/my/broken")
    assert bench.told[-1] == "Trying the model …"
    bench.reply().failed.emit(KnownError("model.bin is missing."))
    assert bench.settings == before
    assert bench.faults[0].what == "model.bin is missing."
    assert "Base needs 0.20 s" in bench.told[-1]
