"""A coverage grid as a table: every cell has a name, a value and can be reached by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from vivavoce.core.coverage import Cell, CoverageGrid
from vivavoce.ui.theme import VERDICT_NAMES, VERDICT_SIGNS, Tokens
from vivavoce.ui.widgets.parts import plain_tip

Index = QModelIndex | QPersistentModelIndex
_CELL = QSize(64, 40)
_ROW_NAME_WIDTH = 440
_ROW_NAME_MARGIN = 30


def cell_text(cell: Cell | None) -> str:
    """What a cell says in words, for a screen reader and a tooltip."""
    if cell is None:
        return "no attempt"
    if cell.verdict is not None:
        said = VERDICT_NAMES[cell.verdict]
    else:
        said = "not scored" if cell.value is None else f"{round(100 * cell.value)} of 100"
    return f"{said}, {cell.attempts} attempts" if cell.attempts > 1 else said


class CoverageModel(QAbstractTableModel):
    """A CoverageGrid as Qt's views read it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = CoverageGrid((), (), ())

    def show_grid(self, grid: CoverageGrid) -> None:
        """Show another grid."""
        self.beginResetModel()
        self._grid = grid
        self.endResetModel()

    def cell(self, index: Index) -> Cell | None:
        """The cell at an index."""
        return self._grid.cells[index.row()][index.column()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Number of concepts or questions."""
        return 0 if parent.isValid() else len(self._grid.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of attempts or days."""
        return 0 if parent.isValid() else len(self._grid.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What is shown and what is read out."""
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            if cell is None:
                return ""
            if cell.verdict is not None:
                return VERDICT_SIGNS[cell.verdict]
            return "–" if cell.value is None else str(round(100 * cell.value))
        where = f"{self._grid.rows[index.row()]}, {self._grid.columns[index.column()]}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{where}: {cell_text(cell)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{where}: {cell_text(cell)}")
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Names of rows and columns."""
        names = self._grid.columns if orientation == Qt.Orientation.Horizontal else self._grid.rows
        if role == Qt.ItemDataRole.DisplayRole:
            return names[section] if orientation == Qt.Orientation.Horizontal else _shortened(names[section])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(names[section])
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Vertical:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class CoverageDelegate(QStyledItemDelegate):
    """Draws a cell as a tile: colour for the value, a sign or a number beside it."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = tokens

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one tile."""
        model = index.model()
        cell = model.cell(index) if isinstance(model, CoverageModel) else None
        tile: QRect = option.rect.adjusted(3, 3, -3, -3)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if cell is None:
            painter.setPen(QPen(QColor(self.tokens.line), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._ground(cell)))
        painter.drawRoundedRect(tile, 6, 6)
        if cell is not None:
            painter.setPen(QColor(self._ink(cell)))
            painter.drawText(tile, int(Qt.AlignmentFlag.AlignCenter), str(index.data()))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(self.tokens.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(tile, 6, 6)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All tiles are of one size."""
        del option, index
        return _CELL

    def _ground(self, cell: Cell) -> str:
        if cell.verdict is not None:
            return self.tokens.verdict_soft(cell.verdict)
        if cell.value is None:
            return self.tokens.missed_soft
        if cell.value >= 0.75:
            return self.tokens.covered_soft
        return self.tokens.partial_soft if cell.value >= 0.4 else self.tokens.contradicted_soft

    def _ink(self, cell: Cell) -> str:
        if cell.verdict is not None:
            return self.tokens.verdict(cell.verdict)
        if cell.value is None:
            return self.tokens.missed
        if cell.value >= 0.75:
            return self.tokens.covered
        return self.tokens.partial if cell.value >= 0.4 else self.tokens.contradicted


class Heatmap(QTableView):
    """Click, or Enter on a cell, opens the attempt it stands for."""

    opened = Signal(int)
    """The attempt's number."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.coverage = CoverageModel(self)
        self.setModel(self.coverage)
        self._delegate = CoverageDelegate(tokens, self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Concept coverage")
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setDefaultSectionSize(_CELL.width() + 40)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(_CELL.height() + 4)
        down.setFixedWidth(_ROW_NAME_WIDTH)
        for header in (across, down):
            header.setSectionsClickable(False)
            header.setHighlightSections(False)
        self.clicked.connect(self._open)
        self.activated.connect(self._open)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._delegate.tokens = tokens
        self.viewport().update()

    def show_grid(self, grid: CoverageGrid) -> None:
        """Show a grid, its newest column in sight."""
        self.coverage.show_grid(grid)
        if grid.columns and grid.rows:
            last = len(grid.columns) - 1
            tried = [row for row, line in enumerate(grid.cells) if line[last] is not None]
            newest = self.coverage.index(tried[0] if tried else 0, last)
            self.setCurrentIndex(newest)
            self.scrollTo(newest)

    def open_current(self) -> None:
        """Open the attempt of the cell that has the focus."""
        index = self.currentIndex()
        if index.isValid():
            self._open(index)

    def _open(self, index: QModelIndex) -> None:
        cell = self.coverage.cell(index)
        if cell is not None:
            self.opened.emit(cell.attempt_id)


def _shortened(text: str) -> str:
    # A header under a style sheet does not elide by itself.
    metrics = QFontMetrics(QApplication.font())
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, _ROW_NAME_WIDTH - _ROW_NAME_MARGIN)
