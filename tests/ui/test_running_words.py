"""The words of an answer while it is spoken: quiet, at rest, and at their end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from vivavoce.core.manner import shows_words
from vivavoce.core.transcript import Heard
from vivavoce.ui.session import Phase
from vivavoce.ui.theme import LIGHT
from vivavoce.ui.widgets.recorder_card import RecorderCard
from vivavoce.ui.widgets.running_words import RunningWords


@pytest.fixture
def words(qtbot: QtBot) -> Iterator[RunningWords]:
    page = QWidget()  # with no layout, so that the window's size is nobody's concern
    qtbot.addWidget(page)
    words = RunningWords(LIGHT)
    words.setParent(page)
    words.resize(500, 200)
    page.show()
    yield words  # noqa: PT022  the page must live as long


def test_nothing_moves_while_the_words_come(words: RunningWords) -> None:
    before = words.sizeHint().height(), words.words.height()
    for count in (1, 40, 1500):
        words.show_heard(Heard("word " * count, "and <more>", 12.0))
        assert (words.sizeHint().height(), words.words.height()) == before
    assert words.words.toPlainText().endswith("and <more>")
    words.clear()
    assert words.words.toPlainText().strip() == ""
    assert words.behind.text() == ""


def test_the_end_is_in_sight_unless_somebody_reads_further_up(words: RunningWords) -> None:
    bar = words.words.verticalScrollBar()
    words.show_heard(Heard("word " * 600))
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    bar.setValue(3)
    words.show_heard(Heard("word " * 700))
    assert bar.value() == 3


def test_how_far_behind_it_is_is_said_from_five_seconds_on(words: RunningWords) -> None:
    words.show_heard(Heard("one", behind=5.0))
    assert words.behind.text() == ""
    words.show_heard(Heard("one", behind=12.4))
    assert "12 s behind" in words.behind.text()


def test_words_are_shown_where_they_are_wanted_and_never_in_an_interview(qtbot: QtBot) -> None:
    assert shows_words("learn", True)
    assert shows_words("practise", True)
    assert not shows_words("practise", False)
    assert not shows_words("interview", True)
    card = RecorderCard(LIGHT)
    qtbot.addWidget(card)
    for wanted in (True, False):
        card.show_words(wanted)
        card.show_phase(Phase.RECORDING)
        assert card.words.isVisibleTo(card) is wanted
        card.show_phase(Phase.JUDGED)
        assert not card.words.isVisibleTo(card)
