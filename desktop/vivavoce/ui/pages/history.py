"""The history: every answer, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from vivavoce.core.attempt import Attempt
from vivavoce.ui.theme import GAP, PAGE_MARGIN
from vivavoce.ui.widgets.attempt_view import headline
from vivavoce.ui.widgets.parts import framed, label, plain_tip

Index = QModelIndex | QPersistentModelIndex
_COLUMNS = ("When", "Question", "Score", "Concepts", "Length")
_MOST = 1000


class HistoryModel(QAbstractTableModel):
    """Attempts as the table reads them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._attempts: tuple[Attempt, ...] = ()

    def show_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Show these."""
        self.beginResetModel()
        self._attempts = tuple(attempts)
        self.endResetModel()

    def attempt(self, row: int) -> Attempt:
        """The attempt in a row."""
        return self._attempts[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Number of attempts."""
        return 0 if parent.isValid() else len(self._attempts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows and what is read out."""
        attempt = self._attempts[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(attempt)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(_cells(attempt))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(attempt.question.ask)
        if role == Qt.ItemDataRole.TextAlignmentRole and _COLUMNS[index.column()] in ("Score", "Length"):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            right = _COLUMNS[section] in ("Score", "Length")
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class HistoryPage(QWidget):
    """Enter or a click opens an answer."""

    opened = Signal(int)
    """The attempt's number."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.model = HistoryModel(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName("Answers, newest first")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(44)
        across = self.table.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 140), (2, 80), (3, 300), (4, 90)):
            across.resizeSection(column, width)
        self.nothing = label(
            "Nothing here yet. Answer a question aloud, and it is kept here to be heard again.", "muted"
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN)
        outer.setSpacing(2 * GAP)
        outer.addWidget(label("History", "title"))
        outer.addWidget(self.nothing)
        self.frame = framed(self.table)
        outer.addWidget(self.frame, 1)
        outer.addStretch(0)
        self.table.clicked.connect(self._open)
        self.table.activated.connect(self._open)

    def show_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Show these, newest first."""
        self.model.show_attempts(attempts[:_MOST])
        self.nothing.setVisible(not attempts)
        self.frame.setVisible(bool(attempts))
        if attempts:
            self.table.setCurrentIndex(self.model.index(0, 0))

    def open_current(self) -> None:
        """Open the answer that is selected."""
        index = self.table.currentIndex()
        if index.isValid():
            self._open(index)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.model.attempt(index.row()).id)


def _cells(attempt: Attempt) -> tuple[str, ...]:
    assessment = attempt.assessment
    scored = assessment is not None and assessment.score is not None
    seconds = round(attempt.audio_seconds)
    return (
        f"{attempt.started_at.astimezone():%d %b %H:%M}",
        (attempt.question.title or attempt.question.ask) + ("  (from a file)" if attempt.file_name else ""),
        f"{assessment.score:.0f}" if assessment is not None and scored else "–",
        headline(assessment) if assessment is not None else "Not judged yet",
        f"{seconds // 60}:{seconds % 60:02d}",
    )
