"""The question list: what can be practised, and how each question stands."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vivavoce.core.question import Question
from vivavoce.store.attempts import LatestScore
from vivavoce.store.bank import Bank
from vivavoce.ui.theme import GAP, PAGE_MARGIN, Tokens
from vivavoce.ui.widgets.parts import button, label
from vivavoce.ui.widgets.question_list import QuestionList


class QuestionsPage(QWidget):
    """Search, level and topic; Enter or a click opens the question."""

    chosen = Signal(object)
    """The Question."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("page")
        self.questions = QuestionList(tokens, scores=True)
        self.search = self.questions.search
        self.level = self.questions.level
        self.topic = self.questions.topic
        self.model = self.questions.model
        self.list = self.questions.list
        self.nothing = self.questions.nothing
        self.count = label("", "small")
        self.start = button("Practise this question", self.open_current, "primary", "Enter")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN)
        outer.setSpacing(2 * GAP)
        outer.addWidget(label("What do you want to practise?", "title"))
        outer.addWidget(self.questions, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.count, 1)
        foot.addWidget(self.start)
        outer.addLayout(foot)
        self.questions.chosen.connect(self.chosen)
        self.questions.shown_changed.connect(self._show_count)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self.questions.set_tokens(tokens)

    def show_bank(self, bank: Bank, standing: Mapping[str, LatestScore]) -> None:
        """Offer the questions of a bank."""
        self.questions.show_bank(bank, standing)

    def show_standing(self, standing: Mapping[str, LatestScore]) -> None:
        """Show new scores, the selection kept."""
        self.questions.show_standing(standing)

    def shown(self) -> tuple[Question, ...]:
        """The questions in the list, in order."""
        return self.questions.shown()

    def after(self, question: Question) -> Question | None:
        """The question that follows in the list, the first one after the last."""
        shown = self.shown() or self.questions.bank.questions
        if not shown:
            return None
        ids = [other.id for other in shown]
        place = ids.index(question.id) + 1 if question.id in ids else 0
        return shown[place % len(shown)]

    def coming(self, question: Question | None, count: int) -> tuple[Question, ...]:
        """That question and those that follow it in the list, `count` at most; without one, the first."""
        shown = self.shown()
        places = [place for place, other in enumerate(shown) if question and other.id == question.id]
        first = places[0] if places else 0
        return tuple([*shown[first:], *shown[:first]][:count])

    def open_current(self) -> None:
        """Practise the question that is selected."""
        self.questions.open_current()

    def _show_count(self, count: int) -> None:
        self.start.setEnabled(count > 0)
        self.count.setText(f"{count} of {len(self.questions.bank.questions)} questions")
