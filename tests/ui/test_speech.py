"""What is heard: sentence by sentence, the first before the others are made, silent at once, made once."""

from __future__ import annotations

import dataclasses
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from vivavoce.core.question import Question, Term
from vivavoce.core.spoken import Pronunciation, Saying
from vivavoce.errors import KnownError
from vivavoce.paths import home
from vivavoce.settings import Settings
from vivavoce.store.audio import Recordings
from vivavoce.ui.engine_process import EngineProcess, Reply
from vivavoce.ui.speech import Speech

QUESTION = Question(
    "q",
    "Why ReLU? Say it briefly.",
    "First one. Then ReLU. At last three.",
    (),
    terms=(Term("ReLU", "ray loo"),),
)
TABLE = Pronunciation((Saying("ReLU", "ray loo", "ɹˈɛlˌu"),))


class HandPlayer(QObject):
    """A speaker that plays to the end when the test says so."""

    finished = Signal()
    position_changed = Signal(float)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.active = False
        self.paused = False
        self.played = 0

    def set_device(self, device_id: str) -> None:
        del device_id

    def play(self, *_: object) -> None:
        self.active = True
        self.played += 1

    def stop(self) -> None:
        self.active = False

    def end(self) -> None:
        self.active = False
        self.finished.emit()


class Stage:
    """Speech with a worker that answers when told to."""

    def __init__(self, folder: Path) -> None:
        self.engine = EngineProcess(home(folder), explicit_home=True)
        self.sent: list[dict[str, object]] = []
        self.engine.send = self.sent.append  # type: ignore[method-assign]
        self.speech = Speech(self.engine, Recordings(folder), folder / "speech", Settings())
        self.speech.set_pronunciation(TABLE)
        self.player = HandPlayer()
        self.speech.set_player(self.player)  # type: ignore[arg-type]
        self.marked: list[tuple[str, int, int]] = []
        self.speech.sentence_changed.connect(lambda *where: self.marked.append(where))

    @property
    def waiting(self) -> list[Reply]:
        taken_back = {one["id"] for one in self.sent if one["do"] == "cancel"}
        return [
            one
            for one in self.engine.findChildren(Reply)
            if one.number in self.engine._replies and one.number not in taken_back
        ]

    def make(self) -> str:
        """The worker makes what it was asked for; the text."""
        (reply,) = self.waiting
        path = Path(str(reply.request["to"]))
        path.parent.mkdir(exist_ok=True)
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(24_000)
            out.writeframes(bytes(4_800))
        self.engine._handle({"id": reply.number, "event": "done", "result": str(path)})
        return str(reply.request["text"])


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Stage:
    del qtbot
    return Stage(tmp_path)


def asked(stage: Stage, qtbot: QtBot, count: int = 1) -> None:
    qtbot.waitUntil(lambda: len(stage.waiting) == count)


def test_the_first_sentence_is_heard_while_the_next_is_made(stage: Stage, qtbot: QtBot) -> None:
    stage.speech.tell(QUESTION)
    assert stage.make() == "First one."
    assert stage.player.played == 1
    assert stage.marked[-1] == ("model", 0, 10)
    asked(stage, qtbot)
    assert stage.make() == "Then [ReLU](/ɹˈɛlˌu/).", "made while the first is heard"
    assert stage.player.played == 1
    stage.player.end()
    assert stage.player.played == 2
    assert stage.marked[-1] == ("model", 11, 21)
    stage.player.end()
    assert stage.speech.kind == "model", "it waits for the last one"
    asked(stage, qtbot)
    stage.make()
    assert stage.player.played == 3
    stage.player.end()
    assert stage.speech.kind == ""
    assert stage.marked[-1] == ("model", 0, 0)


def test_stop_is_at_once_and_what_comes_late_is_not_heard(stage: Stage, qtbot: QtBot) -> None:
    stage.speech.tell(QUESTION)
    stage.make()
    asked(stage, qtbot)
    (late,) = stage.waiting
    stage.speech.stop()
    assert not stage.player.active
    assert {"id": late.number, "do": "cancel"} in stage.sent
    stage.engine._handle({"id": late.number, "event": "done", "result": late.request["to"]})
    assert stage.player.played == 1
    assert stage.speech.kind == ""


def test_a_sound_is_made_once_for_a_voice_and_a_speed(stage: Stage, qtbot: QtBot) -> None:
    for _ in range(2):
        stage.speech.ask(QUESTION)
        while stage.speech.kind:
            if stage.waiting:
                stage.make()
            stage.player.end()
            qtbot.wait(1)
    assert sum(one["do"] == "speak" for one in stage.sent) == 2, "two sentences"
    stage.speech.set_settings(dataclasses.replace(Settings(), voice_speed=1.2))
    stage.speech.ask(QUESTION)
    assert len(stage.waiting) == 1


def test_questions_are_made_ahead_when_the_voice_is_there(stage: Stage, qtbot: QtBot) -> None:
    other = dataclasses.replace(QUESTION, id="r", ask="Another one?")
    stage.speech.prepare([QUESTION, other])
    qtbot.wait(1)
    assert not stage.waiting, "the voice is not loaded"
    stage.speech.voice_is_ready()
    texts = []
    for _ in range(3):
        asked(stage, qtbot)
        texts.append(stage.make())
    assert texts == ["Why [ReLU](/ɹˈɛlˌu/)?", "Say it briefly.", "Another one?"]
    assert stage.player.played == 0, "made and not heard"
    stage.speech.ask(other)
    assert stage.player.played == 1, "heard at once"


def test_who_waits_goes_before_what_is_made_ahead(stage: Stage, qtbot: QtBot) -> None:
    stage.speech.voice_is_ready()
    stage.speech.prepare([QUESTION])
    asked(stage, qtbot)
    stage.speech.tell(QUESTION)
    assert [one.request["text"] for one in stage.waiting] == ["First one."]


def test_the_system_voice_steps_in_with_respellings(stage: Stage) -> None:
    faults: list[KnownError] = []
    stage.speech.fault.connect(faults.append)
    stage.speech.ask(QUESTION)
    (reply,) = stage.waiting
    stage.engine._handle({"id": reply.number, "event": "failed", "what": "No voice.", "next_step": ""})
    assert [error.what for error in faults] == ["No voice."]
    (reply,) = stage.waiting
    assert (reply.request["voice"], reply.request["text"]) == ("system", "Why ray loo?")
    stage.make()
    assert stage.player.played == 1


@pytest.mark.parametrize("begin", [lambda speech: speech.try_voice("system:Anna", 1.5)])
def test_a_voice_is_tried_before_it_is_chosen(stage: Stage, begin: Callable[[Speech], None]) -> None:
    begin(stage.speech)
    (reply,) = stage.waiting
    assert (reply.request["voice"], reply.request["speed"]) == ("system:Anna", 1.5)
    assert stage.speech.kind == "try"
