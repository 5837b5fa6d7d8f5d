"""The bank page: every question to be read, and one to be written."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QWidget

from vivavoce.core.question import Question
from vivavoce.store.bank import Bank
from vivavoce.ui.theme import GAP, PAGE_MARGIN, Tokens
from vivavoce.ui.widgets.answer_trial import AnswerTrial
from vivavoce.ui.widgets.parts import button, column, label
from vivavoce.ui.widgets.question_editor import QuestionEditor
from vivavoce.ui.widgets.question_list import QuestionList
from vivavoce.ui.widgets.question_reader import QuestionReader

_LIST_WIDTH = 330
_TRIAL_WIDTH = 340
_LEAST_WIDTH = 205  # of the narrower column, in the smallest window
_EDITOR_WIDTH = (400, 960)


class BankPage(QStackedWidget):
    """A list beside the question that is read, or an editor beside an answer that is tried."""

    new = Signal()
    save = Signal()
    leave = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.questions = QuestionList(tokens, scores=False)
        self.reader = QuestionReader(tokens)
        self.editor = QuestionEditor(tokens)
        self.trial = AnswerTrial(tokens)
        self.count = label("", "small")
        self.heading = label("", "title")
        self.state = label("", "small")
        self.save_button = button("Save", self.save.emit, "primary", "Ctrl+S")
        self._browse = self._browsing()
        self._edit = self._editing()
        for page in (self._browse, self._edit):
            page.setObjectName("page")
            self.addWidget(page)
        self.questions.current_changed.connect(self._show_current)
        self.questions.shown_changed.connect(self._show_count)
        self.questions.chosen.connect(lambda _: self.reader.complete())
        self.reader.linked.connect(self.questions.select)

    def _browsing(self) -> QWidget:
        page = QWidget()
        outer = column(page, PAGE_MARGIN, 2 * GAP)
        head = QHBoxLayout()
        head.addWidget(label("Bank", "title"), 1)
        self.new_button = button("New question", self.new.emit)
        head.addWidget(self.new_button)
        outer.addLayout(head)
        left = QWidget()
        down = column(left, gap=GAP)
        down.addWidget(self.questions, 1)
        down.addWidget(self.count)
        outer.addWidget(_side_by_side(left, self.reader, _LIST_WIDTH, first=True), 1)
        return page

    def _editing(self) -> QWidget:
        page = QWidget()
        outer = column(page, PAGE_MARGIN, 2 * GAP)
        head = QHBoxLayout()
        head.setSpacing(2 * GAP)
        head.addWidget(button("←  Back", self.leave.emit, "quiet", "Esc"))
        head.addWidget(self.heading, 1)
        head.addWidget(self.save_button)
        outer.addLayout(head)
        outer.addWidget(self.state)
        self.editor.setMinimumWidth(_EDITOR_WIDTH[0])
        self.editor.setMaximumWidth(_EDITOR_WIDTH[1])
        outer.addWidget(_side_by_side(self.editor, self.trial, _TRIAL_WIDTH, first=False), 1)
        return page

    @property
    def editing(self) -> bool:
        """Whether the editor is shown."""
        return self.currentWidget() is self._edit

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        for part in (self.questions, self.reader, self.editor, self.trial):
            part.set_tokens(tokens)

    def show_bank(self, bank: Bank) -> None:
        """Offer the questions of a bank; what was selected stays selected."""
        self.questions.show_bank(bank)
        self._show_current(self.questions.current)

    def show_browser(self) -> None:
        """Show list and reader."""
        self.setCurrentWidget(self._browse)
        if self.isVisible():  # or it would take the focus from the page that is shown
            self.questions.list.setFocus()

    def show_editor(self, heading: str) -> None:
        """Show editor and trial."""
        self.heading.setText(heading)
        self.setCurrentWidget(self._edit)
        self.editor.texts["title"].setFocus()

    def focus_search(self) -> None:
        """Go to the search field."""
        if not self.editing:
            self.questions.search.setFocus()
            self.questions.search.selectAll()

    def focus_text(self) -> None:
        """Go from the list to the text of the question."""
        self.reader.complete()
        self.reader.text.setFocus()

    def _show_current(self, question: Question | None) -> None:
        self.reader.show_question(question, self.questions.bank)

    def _show_count(self, count: int) -> None:
        total = len(self.questions.bank.questions)
        self.count.setText(f"{count} of {total} questions")


def _side_by_side(left: QWidget, right: QWidget, width: int, *, first: bool) -> QSplitter:
    """Two columns with a handle between them; `width` is that of the first or of the second."""
    split = QSplitter(Qt.Orientation.Horizontal)
    split.setChildrenCollapsible(False)
    split.setHandleWidth(2 * GAP)
    split.addWidget(left)
    split.addWidget(right)
    split.setStretchFactor(0, 0 if first else 1)
    split.setStretchFactor(1, 1 if first else 0)
    split.setSizes([width, 10_000] if first else [10_000, width])
    (left if first else right).setMinimumWidth(_LEAST_WIDTH)
    return split
