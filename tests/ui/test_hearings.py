"""How an answer was written down: every version within reach, and one more when it is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from vivavoce.core.attempt import Assessment, Attempt
from vivavoce.core.question import Question
from vivavoce.core.transcript import Transcript
from vivavoce.store.transcripts import KeptTranscript
from vivavoce.ui.widgets.hearings import Hearings, told

NOW = datetime(2026, 2, 1, 9, tzinfo=timezone.utc)
LIVE = Transcript("first words", "en", 2.0, 1.0, "whisper-base", "cpu", True, None, (), kind="live", beam=5)
AGAIN = replace(LIVE, text="better words", kind="whole file", beam=10)
VERSIONS = (KeptTranscript(NOW, LIVE), KeptTranscript(NOW, AGAIN))
ATTEMPT = Attempt(
    7, Question("q", "Why?", "So.", ()), NOW, "judged", "", 2.0,
    Assessment(False, "", None, None, (), AGAIN, None, AGAIN.text, {}, 0.1),
)  # fmt: skip


def made(qtbot: QtBot) -> Hearings:
    page = QWidget()
    qtbot.addWidget(page)
    hearings = Hearings()
    hearings.setParent(page)
    hearings.page = page  # type: ignore[attr-defined]  # which lives as long
    return hearings


def test_earlier_words_can_be_looked_at_and_put_away(qtbot: QtBot) -> None:
    hearings = made(qtbot)
    hearings.show_versions(ATTEMPT, VERSIONS)
    (first,) = [one for one in hearings.findChildren(QLabel) if one.text() == "first words"]
    assert not [one for one in hearings.findChildren(QLabel) if one.text() == "better words"], "shown above"
    (show,) = [one for one in hearings.findChildren(QPushButton) if one.text() == "Show the words"]
    assert first.isHidden()
    show.click()
    assert not first.isHidden()
    show.click()
    assert first.isHidden()


def test_versions_say_how_they_came_about() -> None:
    assert told(VERSIONS[0]).startswith("While you spoke by Base, 01 Feb")
    assert told(VERSIONS[1]).startswith("From the whole recording by Base, more carefully, 01 Feb")
    assert told(KeptTranscript(NOW, replace(LIVE, kind="corrected"))).startswith("Corrected by you, ")


def test_it_is_listened_to_again_by_wish(qtbot: QtBot) -> None:
    hearings = made(qtbot)
    hearings.show_versions(ATTEMPT, VERSIONS)
    wished: list[tuple[int, str, int]] = []
    hearings.again.connect(lambda *wish: wished.append(wish))
    for action in hearings.menu.actions():
        action.trigger()
    assert wished == [(7, "", 10), (7, "base", 0), (7, "tiny", 0)]


def test_an_answer_that_was_typed_or_is_not_judged_has_nothing_to_hear(qtbot: QtBot) -> None:
    hearings = made(qtbot)
    hearings.show_versions(replace(ATTEMPT, audio_seconds=0.0), ())
    assert hearings.isHidden()
    hearings.show_versions(replace(ATTEMPT, assessment=None), ())
    assert hearings.isHidden()
