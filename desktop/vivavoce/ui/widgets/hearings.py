"""How an answer was written down, version by version, and the wish to listen to it once more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout

from vivavoce.core.attempt import Attempt
from vivavoce.core.transcript import Transcript, TranscriptKind
from vivavoce.store.transcripts import KeptTranscript
from vivavoce.ui.theme import GAP
from vivavoce.ui.widgets.parts import button, empty, label

_CAREFUL_BEAM = 10
_KINDS: dict[TranscriptKind, str] = {
    "live": "While you spoke",
    "whole file": "From the whole recording",
    "corrected": "Corrected by you",
}
_MODELS = {"whisper-base": "Base", "whisper-tiny-en": "Tiny"}


class Hearings(QFrame):
    """The newest version is the one above; the earlier ones can be looked at here."""

    again = Signal(int, str, int)
    """The attempt's number, the speech model ("" for the one in use) and the beam (0 for the usual)."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._attempt: Attempt | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        outer.setSpacing(GAP)
        head = QHBoxLayout()
        head.addWidget(label("How it was written down", "heading"), 1)
        self.again_button = button("Transcribe again", lambda: None)
        self.menu = QMenu(self.again_button)
        for text, model, beam in (
            ("More carefully: takes about twice as long", "", _CAREFUL_BEAM),
            ("With the model Base", "base", 0),
            ("With the model Tiny", "tiny", 0),
        ):
            action = self.menu.addAction(text)
            action.triggered.connect(lambda _, model=model, beam=beam: self._ask(model, beam))
        self.again_button.setMenu(self.menu)
        head.addWidget(self.again_button)
        outer.addLayout(head)
        self._list = QVBoxLayout()
        self._list.setSpacing(GAP)
        outer.addLayout(self._list)

    def show_versions(self, attempt: Attempt, versions: Sequence[KeptTranscript]) -> None:
        """Show how an attempt was written down, newest first; nothing for an answer without sound."""
        self._attempt = attempt
        empty(self._list)
        self.setVisible(attempt.audio_seconds > 0 and attempt.assessment is not None)
        shown = attempt.assessment.transcript if attempt.assessment is not None else None
        for version in reversed(versions):
            if version.transcript == shown:
                self._list.addWidget(label(f"{told(version)}: shown above", "muted"))
            else:
                self._add_earlier(version)

    def _add_earlier(self, version: KeptTranscript) -> None:
        words = label(version.transcript.text or "No words.", selectable=True)
        words.setAccessibleName(f"Words, {told(version)}")
        words.hide()
        line = QHBoxLayout()
        line.addWidget(label(told(version), "muted"), 1)
        show = button("Show the words", lambda: self._toggle(show, words), "quiet")
        line.addWidget(show)
        self._list.addLayout(line)
        self._list.addWidget(words)

    def _toggle(self, show: QPushButton, words: QLabel) -> None:
        words.setVisible(words.isHidden())
        show.setText("Show the words" if words.isHidden() else "Hide the words")

    def _ask(self, model: str, beam: int) -> None:
        if self._attempt is not None:
            self.again.emit(self._attempt.id, model, beam)


def told(version: KeptTranscript) -> str:
    """One line: how, by which model, when."""
    how = f"{_KINDS[version.transcript.kind]}{_model(version.transcript)}"
    return f"{how}, {version.when.astimezone():%d %b %H:%M}"


def _model(transcript: Transcript) -> str:
    if transcript.kind == "corrected":
        return ""
    name = _MODELS.get(transcript.model, Path(transcript.model).name)
    return f" by {name}, more carefully" if transcript.beam == _CAREFUL_BEAM else f" by {name}"
