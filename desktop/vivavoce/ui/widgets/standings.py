"""How topics and ideas stand, as tables: what a bar shows stands in numbers beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from vivavoce.core.evidence import VERDICTS
from vivavoce.core.idea_coverage import TREND_DAYS, TopicStanding
from vivavoce.ui.theme import VERDICT_NAMES, VERDICT_SIGNS, Tokens
from vivavoce.ui.widgets.parts import plain_tip

Index = QModelIndex | QPersistentModelIndex
_ROW_HEIGHT = 40
_HEADER_HEIGHT = 34
_SHARE = 1  # column of the bar
_TOPIC_COLUMNS = (
    "Topic",
    "Share covered",
    *(f"{VERDICT_SIGNS[verdict]} {VERDICT_NAMES[verdict]}" for verdict in VERDICTS),
    "Not yet asked",
    f"In {TREND_DAYS} days",
)
_TOPIC_WIDTHS = (178, 0, 96, 100, 90, 128, 118, 86)
_NUMBERS_FROM = 2
_IDEA_COLUMNS = ("Idea", "Topic", "Asked in")


class TopicModel(QAbstractTableModel):
    """Topics as the table reads them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._standings: tuple[TopicStanding, ...] = ()

    def show_standings(self, standings: Sequence[TopicStanding]) -> None:
        """Show these."""
        self.beginResetModel()
        self._standings = tuple(standings)
        self.endResetModel()

    def standing(self, row: int) -> TopicStanding:
        """The topic in a row."""
        return self._standings[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Number of topics."""
        return 0 if parent.isValid() else len(self._standings)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(_TOPIC_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows and what is read out."""
        standing = self._standings[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _topic_cells(standing)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{topic_name(standing.topic)}: {_topic_words(standing)[index.column()]}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{topic_name(standing.topic)}: {_topic_words(standing)[index.column()]}")
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() >= _NUMBERS_FROM:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TOPIC_COLUMNS[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section >= _NUMBERS_FROM else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class ShareDelegate(QStyledItemDelegate):
    """Draws the bar of a topic: covered, not clear, missed, said wrongly, and a rest that was not asked."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = tokens

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one bar with its share in numbers."""
        model = index.model()
        if not isinstance(model, TopicModel):
            return
        standing = model.standing(index.row())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(self.tokens.accent_soft))
        area = option.rect.adjusted(8, 0, -8, 0)
        text = QRect(area.right() - 44, area.top(), 44, area.height())
        painter.setPen(QColor(self.tokens.text))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(text, right, str(index.data()))
        bar = QRectF(area.left() + 0.5, area.center().y() - 6, max(0, area.width() - 56), 14)
        self._paint_bar(painter, bar, standing)
        painter.restore()

    def _paint_bar(self, painter: QPainter, bar: QRectF, standing: TopicStanding) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(bar, 4, 4)
        painter.setClipPath(shape)
        left = bar.left()
        counts = (standing.covered, standing.partial, standing.missed, standing.contradicted)
        for verdict, count in zip(VERDICTS, counts, strict=True):
            width = bar.width() * count / max(1, standing.ideas)
            piece = QRectF(left, bar.top(), width, bar.height())
            painter.fillRect(piece, QColor(self.tokens.verdict_soft(verdict)))
            if width >= 14:
                painter.setPen(QColor(self.tokens.verdict(verdict)))
                painter.drawText(piece, int(Qt.AlignmentFlag.AlignCenter), VERDICT_SIGNS[verdict])
            left += width
        painter.setClipping(False)
        painter.setPen(QPen(QColor(self.tokens.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(bar, 4, 4)


class _Table(QTableView):
    """A table whose rows are opened by a click or Enter."""

    def __init__(self, model: QAbstractTableModel, name: str) -> None:
        super().__init__()
        model.setParent(self)
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        across = self.horizontalHeader()
        across.setMinimumHeight(_HEADER_HEIGHT)
        across.setHighlightSections(False)
        across.setSectionsClickable(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.clicked.connect(self._open)
        self.activated.connect(self._open)

    def begin_at_top(self) -> None:
        """Select the first row."""
        self.setCurrentIndex(self.model().index(0, 0))

    def open_current(self) -> None:
        """Open the row that is selected."""
        if self.currentIndex().isValid():
            self._open(self.currentIndex())

    def _open(self, index: QModelIndex) -> None:
        raise NotImplementedError


class TopicTable(_Table):
    """Every topic in one row."""

    chosen = Signal(str)
    """The topic."""

    def __init__(self, tokens: Tokens) -> None:
        self.topics = TopicModel()
        super().__init__(self.topics, "Topics")
        self._delegate = ShareDelegate(tokens, self)
        self.setItemDelegateForColumn(_SHARE, self._delegate)
        for column, width in enumerate(_TOPIC_WIDTHS):
            if width:
                self.horizontalHeader().resizeSection(column, width)
        self.horizontalHeader().setMinimumSectionSize(80)
        self.horizontalHeader().setSectionResizeMode(_SHARE, QHeaderView.ResizeMode.Stretch)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._delegate.tokens = tokens
        self.viewport().update()

    def show_standings(self, standings: Sequence[TopicStanding]) -> None:
        """Show these."""
        self.topics.show_standings(standings)
        self.begin_at_top()

    def _open(self, index: QModelIndex) -> None:
        self.chosen.emit(self.topics.standing(index.row()).topic)


class IdeaRowsModel(QAbstractTableModel):
    """Ideas that wait to be asked: title, topic, and the titles of the questions that ask for them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, str, str], ...] = ()

    def show_rows(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of ideas."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(_IDEA_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows and what is read out."""
        title, topic, asked_in = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (title, topic, asked_in)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{title}, {topic}, asked in {asked_in}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip((title, topic, asked_in)[index.column()])
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Names of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _IDEA_COLUMNS[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class UnaskedTable(_Table):
    """Ideas that were not asked for yet; opening one practises the question that asks for it."""

    chosen = Signal(str)
    """The question's id."""

    def __init__(self) -> None:
        self.ideas = IdeaRowsModel()
        self._questions: tuple[str, ...] = ()
        super().__init__(self.ideas, "Ideas that were not asked for yet")
        across = self.horizontalHeader()
        across.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        across.resizeSection(1, 190)
        across.resizeSection(2, 300)

    def show_ideas(self, rows: Sequence[tuple[str, str, str]], questions: Sequence[str]) -> None:
        """Show rows of title, topic and titles, each with the id of the question it leads to."""
        self._questions = tuple(questions)
        self.ideas.show_rows(rows)
        self.begin_at_top()

    def _open(self, index: QModelIndex) -> None:
        self.chosen.emit(self._questions[index.row()])


def topic_name(topic: str) -> str:
    """A topic as it is shown."""
    return topic.replace("-", " ") or "no topic"


def _topic_cells(standing: TopicStanding) -> tuple[str, ...]:
    gained = standing.gained
    trend = "–" if gained == 0 else f"{'▲' if gained > 0 else '▼'} {abs(gained)}"
    counts = (standing.covered, standing.partial, standing.missed, standing.contradicted, standing.unasked)
    share = f"{round(100 * standing.share)} %"
    return (topic_name(standing.topic), share, *(str(count) if count else "·" for count in counts), trend)


def _topic_words(standing: TopicStanding) -> tuple[str, ...]:
    gained = standing.gained
    trend = "as many" if gained == 0 else f"{abs(gained)} {'more' if gained > 0 else 'fewer'}"
    return (
        f"{standing.ideas} ideas, {standing.asked} asked so far",
        f"{standing.covered} of {standing.ideas} ideas covered",
        f"{standing.covered} covered",
        f"{standing.partial} not clear",
        f"{standing.missed} missed",
        f"{standing.contradicted} said wrongly",
        f"{standing.unasked} not yet asked",
        f"{trend} covered {'than' if gained else 'as'} {TREND_DAYS} days ago",
    )
