"""The review page: one earlier answer, to be read and heard again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from vivavoce.core.attempt import Attempt
from vivavoce.store.transcripts import KeptTranscript
from vivavoce.ui.theme import Tokens
from vivavoce.ui.widgets.attempt_view import AttemptView
from vivavoce.ui.widgets.hearings import Hearings
from vivavoce.ui.widgets.parts import Page, button, label, line_label


class ReviewPage(Page):
    """Shows one Attempt and nothing else."""

    back = Signal()
    again = Signal(object)
    """The Question, to be practised again."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__("Review")
        self.when = line_label("", "small")
        self.ask = label("", "question", selectable=True)
        self.answer = AttemptView(tokens)
        self.hearings = Hearings()
        self._versions_of: Callable[[Attempt], Sequence[KeptTranscript]] = lambda _: ()
        head = QHBoxLayout()
        head.addWidget(button("←  Back", self.back.emit, "quiet"))
        head.addStretch(1)
        head.addWidget(self.when)
        self.body.addLayout(head)
        self.body.addWidget(self.ask)
        self.body.addWidget(self.answer)
        self.body.addWidget(self.hearings)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(button("Practise this again", self._again, "primary"))
        self.body.addLayout(foot)
        self.body.addStretch(1)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self.answer.set_tokens(tokens)

    def set_versions(self, versions_of: Callable[[Attempt], Sequence[KeptTranscript]]) -> None:
        """Let a function say in which versions the words of an attempt are kept."""
        self._versions_of = versions_of

    def show_attempt(self, attempt: Attempt) -> None:
        """Show an attempt."""
        device = f"  ·  {attempt.device}" if attempt.device else ""
        self.when.setText(f"{attempt.started_at.astimezone():%A, %d %B %Y, %H:%M}{device}")
        self.ask.setText(attempt.question.ask)
        self.answer.show_attempt(attempt)
        self.hearings.show_versions(attempt, self._versions_of(attempt))
        self.verticalScrollBar().setValue(0)

    def _again(self) -> None:
        if self.answer.attempt is not None:
            self.again.emit(self.answer.attempt.question)
