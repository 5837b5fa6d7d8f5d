"""The progress page: which concepts fill in over time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from vivavoce.core.coverage import CoverageRow, concept_grid, level_grid
from vivavoce.store.bank import Bank
from vivavoce.ui.theme import GAP, PAGE_MARGIN, VERDICT_NAMES, VERDICT_SIGNS, Tokens
from vivavoce.ui.widgets.heatmap import Heatmap
from vivavoce.ui.widgets.parts import framed, label

_QUESTION, _LEVEL = "question", "level"


class ProgressPage(QWidget):
    """Two heatmaps in one place: concepts by attempts of a question, questions by days of a level."""

    opened = Signal(int)
    """The attempt's number."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("page")
        self._bank = Bank(())
        self._attempts: tuple[CoverageRow, ...] = ()
        self.view = QComboBox()
        self.view.setAccessibleName("What to show")
        self.view.setMinimumWidth(420)
        self.heatmap = Heatmap(tokens)
        signs = "    ".join(f"{VERDICT_SIGNS[verdict]} {name}" for verdict, name in VERDICT_NAMES.items())
        self.legend = label(f"{signs}      Click a cell, or press Enter on it, to open that answer.", "small")
        self.nothing = label("", "muted")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN)
        outer.setSpacing(2 * GAP)
        outer.addWidget(label("Progress", "title"))
        line = QHBoxLayout()
        line.addWidget(self.view)
        line.addStretch(1)
        outer.addLayout(line)
        outer.addWidget(self.nothing)
        self.frame = framed(self.heatmap)
        outer.addWidget(self.frame, 1)
        outer.addWidget(self.legend)
        outer.addStretch(0)
        self.view.currentIndexChanged.connect(lambda _: self._refresh())
        self.heatmap.opened.connect(self.opened)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self.heatmap.set_tokens(tokens)

    def show_coverage(self, bank: Bank, attempts: Sequence[CoverageRow]) -> None:
        """Show what the attempts showed; the choice of the view is kept."""
        self._bank = bank
        self._attempts = tuple(attempts)
        chosen = self.view.currentData()
        tried = {row.question_id for row in attempts}
        self.view.blockSignals(True)
        self.view.clear()
        for level in bank.levels:
            self.view.addItem(f"Level {level}: questions by day", (_LEVEL, level))
        for question in bank.questions:
            if question.id in tried:
                self.view.addItem(question.title or question.ask, (_QUESTION, question.id))
        self.view.setCurrentIndex(max(0, self._place(chosen)))
        self.view.blockSignals(False)
        self._refresh()

    def show_question(self, question_id: str) -> None:
        """Show the concepts of one question, when it was tried."""
        place = self._place((_QUESTION, question_id))
        if place >= 0:
            self.view.setCurrentIndex(place)

    def _place(self, data: object) -> int:
        # findData compares Python tuples by identity.
        wanted = tuple(data) if isinstance(data, (tuple, list)) else None
        for place in range(self.view.count()):
            if tuple(self.view.itemData(place)) == wanted:
                return place
        return -1

    def _refresh(self) -> None:
        chosen = self.view.currentData()
        if chosen is None:
            self.frame.hide()
            return
        kind, name = chosen
        if kind == _LEVEL:
            grid = level_grid(self._bank.search(level=name), self._attempts)
        else:
            grid = concept_grid(self._bank.get(name), self._attempts)
        self.heatmap.show_grid(grid)
        self.nothing.setText(
            "No answers here yet. Each answer you give adds a column: you see every concept fill in."
        )
        self.nothing.setVisible(grid.empty)
        self.frame.setVisible(not grid.empty)
        self.legend.setVisible(not grid.empty)
