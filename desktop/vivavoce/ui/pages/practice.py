"""The practice page: one question, asked, answered aloud and judged."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout

from vivavoce.core.attempt import Attempt
from vivavoce.core.question import Question
from vivavoce.core.transcript import Transcript
from vivavoce.ui.session import Phase
from vivavoce.ui.theme import GAP, Tokens
from vivavoce.ui.widgets.attempt_view import AttemptView
from vivavoce.ui.widgets.parts import Page, button, card, label, line_label, restyle
from vivavoce.ui.widgets.recorder_card import RecorderCard


class PracticePage(Page):
    """Shows what the session says; asks for everything by a signal."""

    back = Signal()
    hear = Signal()
    next = Signal()
    choose_file = Signal()
    dropped = Signal(str)
    """The path of a file that was dropped on the page."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__("Practice")
        self._question: Question | None = None
        self._hint_count = 0
        self.place = line_label("", "small")
        self.ask = label("", "question", selectable=True)
        self.hear_button = button("▶  Hear the question", self.hear.emit, tip="R")
        self.hint_button = button("Hint", self.show_hint, "quiet", "H")
        self.file_button = button(
            "Judge a recording I have …", self.choose_file.emit, "quiet", "Or drop a sound file on this page"
        )
        self.hints = label("", "muted")
        self.hints.hide()
        self.recorder = RecorderCard(tokens)
        self.heard_card, inner = card()
        inner.addWidget(label("What was heard", "heading"))
        self.heard = label("", selectable=True)
        inner.addWidget(self.heard)
        self.answer = AttemptView(tokens)
        self.next_button = button("Next question  →", self.next.emit, "primary", "Enter")
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(button("←  Questions", self.back.emit, "quiet"))
        head.addStretch(1)
        head.addWidget(self.place)
        self.body.addLayout(head)
        self.body.addWidget(self.ask)
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.addWidget(self.hear_button)
        line.addWidget(self.hint_button)
        line.addStretch(1)
        line.addWidget(self.file_button)
        self.body.addLayout(line)
        self.body.addWidget(self.hints)
        self.body.addWidget(self.recorder)
        self.body.addWidget(self.heard_card)
        self.body.addWidget(self.answer)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.next_button)
        self.body.addLayout(foot)
        self.body.addStretch(1)
        self.setAcceptDrops(True)
        self.show_phase(Phase.IDLE)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file that lies on this machine."""
        if self.file_button.isEnabled() and _file_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the file on."""
        if path := _file_of(event.mimeData()):
            event.acceptProposedAction()
            self.dropped.emit(path)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self.recorder.set_tokens(tokens)
        self.answer.set_tokens(tokens)

    def show_question(self, question: Question) -> None:
        """Begin with a question."""
        self._question = question
        self._hint_count = 0
        self.hints.hide()
        self.hint_button.setEnabled(any(concept.hints for concept in question.concepts))
        topics = " · ".join(topic.replace("-", " ") for topic in question.topics)
        self.place.setText("  ·  ".join(part for part in (question.level, topics) if part))
        self.ask.setText(question.ask)
        self.answer.clear()
        self.heard_card.hide()
        self.verticalScrollBar().setValue(0)

    def show_phase(self, phase: Phase) -> None:
        """Offer what fits the phase."""
        self.recorder.show_phase(phase)
        self.hear_button.setEnabled(phase in (Phase.IDLE, Phase.JUDGED))
        self.file_button.setEnabled(phase in (Phase.IDLE, Phase.JUDGED))
        if phase is not Phase.JUDGED:
            self.answer.clear()
        if phase is not Phase.JUDGING:
            self.heard_card.hide()
        self.next_button.setVisible(phase in (Phase.IDLE, Phase.JUDGED))
        self.next_button.setText("Next question  →" if phase is Phase.JUDGED else "Skip  →")
        self._move_focus(phase)
        restyle(self.next_button, "primary" if phase is Phase.JUDGED else "quiet")

    def _move_focus(self, phase: Phase) -> None:
        """Keep the focus on the page: Qt gives it to the sidebar when its button is switched off."""
        if not self.isVisible():
            return
        if phase in (Phase.IDLE, Phase.STARTING):
            self.recorder.record_button.setFocus()
        elif phase in (Phase.FINISHING, Phase.JUDGING):
            self.setFocus()

    def show_heard(self, transcript: Transcript) -> None:
        """Show the words before the verdict is in."""
        if transcript.text:
            self.heard.setText(transcript.text)
            self.heard_card.show()

    def show_attempt(self, attempt: Attempt) -> None:
        """Show the verdict."""
        self.answer.show_attempt(attempt)

    def show_sound(self, kind: str) -> None:
        """Say on the button what pressing it does now."""
        self.hear_button.setText("■  Stop the voice" if kind == "question" else "▶  Hear the question")

    def show_hint(self) -> None:
        """Give the next hint, first of all the topics, then first words, concept by concept."""
        if self._question is None:
            return
        most = max((len(concept.hints) for concept in self._question.concepts), default=0)
        ladder = [
            concept.hints[step]
            for step in range(most)
            for concept in self._question.concepts
            if step < len(concept.hints)
        ]
        if self._hint_count < len(ladder):
            self._hint_count += 1
        self.hints.setText("\n".join(f"•  {hint}" for hint in ladder[: self._hint_count]))
        self.hints.setVisible(bool(ladder))
        self.hint_button.setEnabled(self._hint_count < len(ladder))


def _file_of(data: QMimeData) -> str:
    """The path of the one file that is dragged, empty for anything else."""
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 else ""
