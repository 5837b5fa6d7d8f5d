"""A list of questions with its search: shared by the page to practise from and the bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QListView, QSizePolicy, QWidget

from vivavoce.core.question import Question
from vivavoce.store.attempts import LatestScore
from vivavoce.store.bank import Bank
from vivavoce.ui.theme import GAP, Tokens
from vivavoce.ui.widgets.parts import button, column, label
from vivavoce.ui.widgets.question_model import ORIGIN_NAMES, QuestionDelegate, QuestionModel

_SEARCH_DELAY_MS = 120


class QuestionList(QWidget):
    """Search, level, topic and, without scores, origin; below them what was found."""

    chosen = Signal(object)
    """A Question was clicked, or Enter pressed in the search."""
    current_changed = Signal(object)
    """The Question that is selected now, or None."""
    shown_changed = Signal(int)
    """How many questions are shown."""

    def __init__(self, tokens: Tokens, *, scores: bool) -> None:
        super().__init__()
        self._scores = scores
        self._bank = Bank(())
        self._standing: Mapping[str, LatestScore] = {}
        self._told: Question | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search questions, concepts, answers")
        self.search.setAccessibleName("Search questions")
        self.search.setClearButtonEnabled(True)
        self.level = _filter("Level")
        self.topic = _filter("Topic")
        self.origin = _filter("Origin")
        self.model = QuestionModel(self)
        self._delegate = QuestionDelegate(tokens, scores=scores, parent=self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName("Questions")
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.nothing = label("", "muted")
        self.nothing.hide()
        self.all_button = button("Show all questions", self.show_all, "quiet")
        self.all_button.hide()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SEARCH_DELAY_MS)
        self._later.timeout.connect(self._refresh)
        self._lay_out()
        self.search.textChanged.connect(lambda _: self._later.start())
        self.search.returnPressed.connect(self.open_current)
        for box in (self.level, self.topic, self.origin):
            box.currentIndexChanged.connect(lambda _: self._refresh())
        self.list.clicked.connect(lambda index: self.chosen.emit(self.model.question(index.row())))
        self.list.selectionModel().currentChanged.connect(lambda *_: self._tell())

    def _lay_out(self) -> None:
        outer = column(self, gap=2 * GAP if self._scores else GAP)
        filters = QHBoxLayout()
        filters.setSpacing(GAP)
        if self._scores:  # as wide as a page
            filters.addWidget(self.search, 1)
            filters.addWidget(self.level)
            filters.addWidget(self.topic)
            outer.addLayout(filters)
        else:
            outer.addWidget(self.search)
            for box in (self.level, self.topic, self.origin):
                box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                box.setMinimumContentsLength(3)
                box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            filters.addWidget(self.level)
            filters.addWidget(self.origin)
            outer.addLayout(filters)
            outer.addWidget(self.topic)
        outer.addWidget(self.nothing)
        outer.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(self.list, 1)
        outer.addStretch(0)

    @property
    def bank(self) -> Bank:
        """The bank whose questions are offered."""
        return self._bank

    @property
    def current(self) -> Question | None:
        """The question that is selected."""
        index = self.list.currentIndex()
        return self.model.question(index.row()) if index.isValid() else None

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._delegate.tokens = tokens
        self.list.viewport().update()

    def show_bank(self, bank: Bank, standing: Mapping[str, LatestScore] | None = None) -> None:
        """Offer the questions of a bank; filters and selection stay where they still fit."""
        self._bank = bank
        self._standing = standing or {}
        kinds = [(name, kind) for kind, name in ORIGIN_NAMES.items()]
        _offer(self.level, "All levels", [(name.replace("-", " "), name) for name in bank.levels])
        _offer(self.topic, "All topics", [(name.replace("-", " "), name) for name in bank.topics])
        _offer(self.origin, "All origins", kinds)
        self._refresh()

    def show_standing(self, standing: Mapping[str, LatestScore]) -> None:
        """Show new scores, the selection kept."""
        self._standing = standing
        self._refresh()

    def select(self, question_id: str) -> bool:
        """Select a question; one that the filters hide takes them away. False when there is none."""
        if question_id not in self._bank:
            return False
        ids = [question.id for question in self.shown()]
        if question_id not in ids:
            self.show_all()
            ids = [question.id for question in self.shown()]
        index = self.model.index(ids.index(question_id))
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index, QListView.ScrollHint.PositionAtCenter)
        return True

    def show_all(self) -> None:
        """Take search and filters away."""
        for box in (self.level, self.topic, self.origin):
            with QSignalBlocker(box):
                box.setCurrentIndex(0)
        with QSignalBlocker(self.search):
            self.search.clear()
        self._later.stop()
        self._refresh()

    def shown(self) -> tuple[Question, ...]:
        """The questions in the list, in order."""
        return tuple(self.model.question(row) for row in range(self.model.rowCount()))

    def open_current(self) -> None:
        """Choose the question that is selected."""
        if self._later.isActive():  # Enter came before the list had followed the search
            self._later.stop()
            self._refresh()
        if (question := self.current) is not None:
            self.chosen.emit(question)

    def _refresh(self) -> None:
        before = self.current
        found = self._bank.find(
            self.search.text(),
            self.level.currentData() or "",
            self.topic.currentData() or "",
            self.origin.currentData() or "",
        )
        self.model.show_found(found, self._bank, self._standing if self._scores else None)
        ids = [one.question.id for one in found]
        if found:
            row = ids.index(before.id) if before is not None and before.id in ids else 0
            self.list.setCurrentIndex(self.model.index(row))
        self.nothing.setText(self._reason())
        self.nothing.setVisible(not found)
        self.all_button.setVisible(not found and bool(self._bank.questions))
        if not found and self.list.hasFocus():
            self.search.setFocus()  # it would go to the sidebar
        self.list.setVisible(bool(found))
        self._tell()
        self.shown_changed.emit(len(found))

    def _reason(self) -> str:
        if not self._bank.questions:
            return "There are no questions. Put a question file into your banks folder (see Preferences)."
        if self.origin.currentData() and not self.search.text():
            return "There is none of this kind here. What you write or change yourself is listed here."
        return "No question matches. Try fewer words, or all levels and topics."

    def _tell(self) -> None:
        if (now := self.current) is not self._told:
            self._told = now
            self.current_changed.emit(now)


def _filter(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box


def _offer(box: QComboBox, everything: str, choices: Sequence[tuple[str, str]]) -> None:
    chosen = box.currentData()
    with QSignalBlocker(box):
        box.clear()
        box.addItem(everything, "")
        for shown, value in choices:
            box.addItem(shown, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
