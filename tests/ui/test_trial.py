"""An answer is tried when the typing rests; one request runs at a time and the newest wins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from vivavoce.core.attempt import Assessment
from vivavoce.core.plain import to_plain
from vivavoce.core.question import Concept, Question
from vivavoce.errors import KnownError
from vivavoce.paths import home
from vivavoce.ui.engine_process import EngineProcess
from vivavoce.ui.trial import Trial

SKY = Question("sky", "Why is it blue?", "Short waves.", (Concept("short", "Short waves are scattered."),))
OTHER = Question("sky", "Why is it blue?", "Short waves.", (Concept("short", "Long waves are not."),))


class HandWorker:
    """The worker's end of the line: what was asked of it, and answers when the test says so."""

    def __init__(self, engine: EngineProcess) -> None:
        self.requests: list[dict[str, Any]] = []
        self._engine = engine
        engine.send = self.requests.append  # type: ignore[method-assign]

    def texts(self) -> list[str]:
        return [one["text"] for one in self.requests if one["do"] == "assess_text"]

    def cancelled(self) -> list[int]:
        return [one["id"] for one in self.requests if one["do"] == "cancel"]

    def answer(self, event: str, **values: object) -> None:
        number = [one["id"] for one in self.requests if one["do"] == "assess_text"][-1]
        self._engine._handle({"id": number, "event": event, **values})  # the line as it is read


def assessment(text: str) -> dict[str, Any]:
    return to_plain(Assessment(True, None, 50.0, (40.0, 60.0), (), None, None, text, {}, 0.1))


@pytest.fixture
def engine(qtbot: QtBot, tmp_path: Path) -> Iterator[EngineProcess]:
    del qtbot
    engine = EngineProcess(home(tmp_path), True)
    yield engine
    engine.deleteLater()


@pytest.fixture
def worker(engine: EngineProcess) -> HandWorker:
    return HandWorker(engine)


@pytest.fixture
def trial(engine: EngineProcess, worker: HandWorker) -> Trial:
    del worker
    return Trial(engine, engine)


def test_only_what_stands_when_the_typing_rests_is_sent(
    trial: Trial, worker: HandWorker, qtbot: QtBot
) -> None:
    for text in ("short", "short waves", "short waves are scattered"):
        trial.ask(text, SKY)
    assert worker.texts() == []
    with qtbot.waitSignal(trial.waiting):
        pass
    assert worker.texts() == ["short waves are scattered"]
    assert worker.requests[0]["question"] == to_plain(SKY), "the question as it is written now"
    with qtbot.waitSignal(trial.judged) as judged:
        worker.answer("done", result=assessment("short waves are scattered"))
    assert judged.args[0].score == 50.0
    trial.ask("short waves are scattered ", SKY)
    assert not trial._rest.isActive(), "nothing has changed"


def test_what_is_typed_meanwhile_takes_its_place(trial: Trial, worker: HandWorker, qtbot: QtBot) -> None:
    judged: list[Assessment] = []
    trial.judged.connect(judged.append)
    with qtbot.waitSignal(trial.waiting):
        trial.ask("one", SKY)
    trial.ask("two", SKY)
    trial.ask("three", SKY)
    assert len(worker.cancelled()) == 1
    qtbot.waitUntil(lambda: not trial._rest.isActive())
    assert worker.texts() == ["one"], "one at a time"
    worker.answer("done", result=assessment("one"))
    assert judged == [], "an old verdict is not shown"
    assert worker.texts() == ["one", "three"]
    worker.answer("done", result=assessment("three"))
    assert [one.text for one in judged] == ["three"]


def test_another_question_is_judged_anew(trial: Trial, worker: HandWorker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(trial.waiting):
        trial.ask("one", SKY)
    worker.answer("done", result=assessment("one"))
    with qtbot.waitSignal(trial.waiting):
        trial.ask("one", OTHER)
    assert worker.requests[-1]["question"]["concepts"][0]["statement"] == "Long waves are not."


def test_to_clear_the_field_takes_back_what_runs(trial: Trial, worker: HandWorker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(trial.waiting):
        trial.ask("one", SKY)
    with qtbot.waitSignal(trial.cleared):
        trial.ask("  ", SKY)
    assert len(worker.cancelled()) == 1
    judged: list[Assessment] = []
    trial.judged.connect(judged.append)
    worker.answer("cancelled")
    assert judged == []
    assert worker.texts() == ["one"]


def test_a_fault_is_told_and_the_next_answer_is_tried(trial: Trial, worker: HandWorker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(trial.waiting):
        trial.ask("one", SKY)
    with qtbot.waitSignal(trial.failed) as failed:
        worker.answer("failed", what="The model is not there.", next_step="Install it.")
    assert isinstance(failed.args[0], KnownError)
    with qtbot.waitSignal(trial.waiting):
        trial.ask("two", SKY)
