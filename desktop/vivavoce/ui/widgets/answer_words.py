"""The words of an answer with what can be done to them: heard, selected as a proof, put right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QWidget

from vivavoce.core.attempt import Assessment
from vivavoce.core.corrected_transcript import readable_text
from vivavoce.core.evidence import Evidence
from vivavoce.core.own_wording import selection_fault
from vivavoce.core.transcript import Transcript
from vivavoce.ui.theme import GAP, Tokens
from vivavoce.ui.widgets.parts import bring_into_view, button, card, column, label
from vivavoce.ui.widgets.transcript_view import TranscriptView

_HEARD_ABOUT = "Click a word to hear it from there. Marked words proved a concept."
_MANY_LINES = 7


class AnswerWords(QWidget):
    """A card with the transcript; one thing at a time is done to it."""

    play = Signal(float)
    """Seconds of the recording."""
    selected = Signal(str, str)
    """Concept id, and the words in which it was said."""
    corrected = Signal(str)
    """The whole text as it should have been heard."""

    def __init__(self, assessment: Assessment, heard: Transcript | None, tokens: Tokens) -> None:
        super().__init__()
        self._assessment = assessment
        self._concept_id = ""
        self.view = TranscriptView(tokens)
        self.view.play.connect(self.play)
        self.view.taken.connect(self.take)
        self.view.given_up.connect(self.leave)
        self.setFocusProxy(self.view)
        outer = column(self)
        outer.addLayout(self._head())
        frame, inner = card()
        inner.setSpacing(GAP)
        self._about = label(_HEARD_ABOUT, "small")
        self._task = label("", "heading")
        self._fault = label("", "wrong")
        self._editor = _editor()
        self._tools = self._tool_line()
        for part in (self._task, self._about, self.view, self._editor, self._fault, self._tools):
            inner.addWidget(part)
        self._show_words()
        outer.addWidget(frame)
        if heard is not None:
            outer.addWidget(_Heard(heard, self))
        self._rest()
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self._editor, self.take)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)

    @property
    def busy(self) -> bool:
        """Whether words are being selected or corrected."""
        return self.view.selecting or self.correcting

    @property
    def correcting(self) -> bool:
        """Whether the words are being corrected."""
        return not self._editor.isHidden()

    @property
    def editor(self) -> QPlainTextEdit:
        """Where the words are corrected."""
        return self._editor

    @property
    def fault(self) -> str:
        """What is said against the selection or the correction, empty when nothing is."""
        return self._fault.text()

    def select_for(self, evidence: Evidence) -> None:
        """Ask for the words in which a concept was said; what came nearest is selected already."""
        self._rest()
        self._concept_id = evidence.concept_id
        first, last = self._nearest(evidence)
        self._begin(f"Select the words in which you said: {evidence.statement}", "Keep these words")
        self._about.setText(
            "With the mouse, or with Shift and the arrow keys. Enter keeps them, Esc goes back."
        )
        self._about.show()
        self.view.begin_selection(self._task.text(), first, last)

    def correct(self) -> None:
        """Let the words be put right."""
        transcript = self._assessment.transcript
        if transcript is None:
            return
        self._rest()
        self._begin("Correct the words", "Judge again")
        self._about.setText(
            "Write what you really said. What was heard is kept. Ctrl+Enter judges, Esc goes back."
        )
        self._editor.setPlainText(readable_text(transcript))
        self._editor.setFixedHeight(max(self.view.height(), _MANY_LINES * self.fontMetrics().lineSpacing()))
        self.view.hide()
        self._editor.show()
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        bring_into_view(self)

    def take(self) -> None:
        """Take what is selected or written, unless something speaks against it."""
        if self.correcting:
            self._take_correction()
        elif self.view.selecting:
            words, (first, last) = self.view.words, self.view.chosen
            fault = selection_fault(words, first, last)
            if fault is None:
                concept = self._concept_id
                self.leave()
                self.selected.emit(concept, " ".join(words[first : last + 1]))
            else:
                self._say(fault)

    def leave(self) -> None:
        """Change nothing."""
        self._rest()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_correction(self) -> None:
        text = " ".join(self._editor.toPlainText().split())
        transcript = self._assessment.transcript
        if not text:
            self._say("Nothing is left to judge. Write what you said, or cancel: what was heard is kept.")
            return
        self.leave()
        if transcript is not None and text != readable_text(transcript):
            self.corrected.emit(text)

    def _begin(self, task: str, take: str) -> None:
        self._task.setText(task)
        self._task.show()
        self._take.setText(take)
        self._tools.show()
        self._correct.hide()

    def _rest(self) -> None:
        if self.view.selecting:
            self.view.end_selection()
        for part in (self._task, self._fault, self._editor, self._tools):
            part.hide()
        self._fault.setText("")
        self._about.setText(_HEARD_ABOUT)
        self._about.setVisible(self._assessment.transcript is not None)
        self._correct.setVisible(self._assessment.transcript is not None)
        self.view.show()

    def _say(self, fault: str) -> None:
        self._fault.setText(fault)
        self._fault.show()
        self.view.setAccessibleDescription(fault)

    def _nearest(self, evidence: Evidence) -> tuple[int, int]:
        words = list(self.view.words)
        near = (evidence.quote or evidence.closest or "").split()
        for first in range(len(words) - len(near) + 1 if near else 0):
            if words[first : first + len(near)] == near:
                return first, first + len(near) - 1
        return 0, 0

    def _show_words(self) -> None:
        if self._assessment.transcript is not None:
            self.view.show_transcript(self._assessment.transcript, self._assessment.evidence)
        else:
            self.view.show_text(self._assessment.text)

    def _head(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(label("Your answer", "heading"), 1)
        self._correct = button("Correct the words", self.correct, "quiet")
        line.addWidget(self._correct)
        return line

    def _tool_line(self) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        self._take = button("Keep these words", self.take, "primary")
        line.addWidget(self._take)
        line.addWidget(button("Cancel", self.leave, "quiet"))
        line.addStretch(1)
        return made


class _Heard(QFrame):
    """What was heard before the user corrected it, shown on demand."""

    def __init__(self, heard: Transcript, words: AnswerWords) -> None:
        super().__init__()
        inner = column(self)
        line = QHBoxLayout()
        line.addWidget(label("You corrected these words.", "small"), 1)
        self._toggle = button("Show what was heard", self._turn, "link")
        line.addWidget(self._toggle)
        inner.addLayout(line)
        self._frame, down = card()
        self._view = TranscriptView(words.view.tokens)
        self._view.show_transcript(heard, ())
        self._view.setAccessibleName("What was heard")
        self._view.play.connect(words.play)
        down.addWidget(self._view)
        self._frame.hide()
        inner.addWidget(self._frame)

    def _turn(self) -> None:
        shown = self._frame.isHidden()
        self._frame.setVisible(shown)
        self._toggle.setText("Hide what was heard" if shown else "Show what was heard")


def _editor() -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setAccessibleName("What you really said")
    made.setTabChangesFocus(True)
    return made
