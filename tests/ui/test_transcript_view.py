"""The words of an answer as they stand on the page."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from vivavoce.core.transcript import Segment, Transcript, Word
from vivavoce.ui.theme import LIGHT
from vivavoce.ui.widgets.transcript_view import TranscriptView


def test_a_term_that_was_perhaps_not_said_is_slanted_and_says_why(qtbot: QtBot):
    told = {"An": None, "Adam": False, "is": None, "optimizer": True}
    words = tuple(Word(at, at + 0.5, word, 0.9, sure) for at, (word, sure) in enumerate(told.items()))
    segment = Segment(0, 4, " ".join(told), words)
    view = TranscriptView(LIGHT)
    qtbot.addWidget(view)
    view.show_transcript(
        Transcript(segment.text, "en", 4, 4, "base", "cpu", True, None, (segment,)), evidence=()
    )
    looks: dict[str, tuple[bool, str]] = {}
    cursor = view.textCursor()
    for word in told:
        cursor.setPosition(segment.text.index(word) + 1)
        looks[word] = cursor.charFormat().fontItalic(), cursor.charFormat().toolTip()
    assert [word for word, (slanted, _) in looks.items() if slanted] == ["Adam"]
    assert "Perhaps you said something else" in looks["Adam"][1]
    assert looks["optimizer"] == (False, "")
