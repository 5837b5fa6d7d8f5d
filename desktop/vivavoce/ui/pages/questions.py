"""The question list: what can be practised, and how each question stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from vivavoce.core.question import Question
from vivavoce.store.attempts import LatestScore
from vivavoce.store.bank import Bank
from vivavoce.ui.theme import GAP, PAGE_MARGIN, Tokens
from vivavoce.ui.widgets.parts import button, label, plain_tip

Index = QModelIndex | QPersistentModelIndex
QUESTION_ROLE = Qt.ItemDataRole.UserRole
STANDING_ROLE = Qt.ItemDataRole.UserRole + 1
_ROW_HEIGHT = 64
_SEARCH_DELAY_MS = 120


class QuestionModel(QAbstractListModel):
    """Questions as the list reads them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._questions: tuple[Question, ...] = ()
        self._standing: Mapping[str, LatestScore] = {}

    def show_questions(self, questions: Sequence[Question], standing: Mapping[str, LatestScore]) -> None:
        """Show these, with how each stands."""
        self.beginResetModel()
        self._questions = tuple(questions)
        self._standing = standing
        self.endResetModel()

    def question(self, row: int) -> Question:
        """The question in a row."""
        return self._questions[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Number of questions."""
        return 0 if parent.isValid() else len(self._questions)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row shows and what is read out."""
        question = self._questions[index.row()]
        standing = self._standing.get(question.id)
        if role == Qt.ItemDataRole.DisplayRole:
            return question.title or question.ask
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{question.title or question.ask}, {question.level}, {standing_text(standing)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(question.ask)
        if role == QUESTION_ROLE:
            return question
        if role == STANDING_ROLE:
            return standing
        return None


def standing_text(standing: LatestScore | None) -> str:
    """How a question stands, in words."""
    if standing is None:
        return "not tried yet"
    times = f"{standing.attempts} attempt{'' if standing.attempts == 1 else 's'}"
    return f"{times}, not scored" if standing.score is None else f"last score {standing.score:.0f}, {times}"


class QuestionDelegate(QStyledItemDelegate):
    """Draws a question: title, level and topics, last score."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = tokens

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows are of one height."""
        del index
        return QSize(option.rect.width(), _ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        tokens = self.tokens
        question: Question = index.data(QUESTION_ROLE)
        standing: LatestScore | None = index.data(STANDING_ROLE)
        area: QRect = option.rect.adjusted(6, 2, -6, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft if selected else tokens.raised))
            painter.drawRoundedRect(area, 8, 8)
        inner = area.adjusted(14, 9, -14, -8)
        right = self._paint_standing(painter, inner, option.font, standing)
        title_font = QFont(option.font)
        title_font.setWeight(QFont.Weight.DemiBold)
        title_font.setPixelSize(15)
        painter.setFont(title_font)
        painter.setPen(QColor(tokens.text))
        width = right - inner.left() - 12
        title = QFontMetrics(title_font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(inner.left(), inner.top(), width, 22), Qt.AlignmentFlag.AlignVCenter, title)
        small = QFont(option.font)
        small.setPixelSize(12)
        painter.setFont(small)
        painter.setPen(QColor(tokens.muted))
        topics = " · ".join(topic.replace("-", " ") for topic in question.topics)
        below = QRect(inner.left(), inner.top() + 24, width, 18)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, f"{question.level}  ·  {topics}")
        painter.restore()

    def _paint_standing(
        self, painter: QPainter, inner: QRect, font: QFont, standing: LatestScore | None
    ) -> int:
        """Draw the last score at the right; returns where the text must end."""
        tokens = self.tokens
        number = QFont(font)
        number.setPixelSize(15)
        number.setWeight(QFont.Weight.Bold)
        box = QRect(inner.right() - 96, inner.top(), 96, inner.height())
        painter.setFont(number)
        if standing is None:
            small = QFont(font)
            small.setPixelSize(12)
            painter.setFont(small)
            painter.setPen(QColor(tokens.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "not tried")
            return box.left()
        shown = "–" if standing.score is None else f"{standing.score:.0f}"
        painter.setPen(QColor(tokens.text))
        painter.drawText(
            QRect(box.right() - 34, box.top(), 34, box.height()),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            shown,
        )
        track = QRect(box.left(), box.center().y() - 3, 52, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.line))
        painter.drawRoundedRect(track, 3, 3)
        if standing.score:
            painter.setBrush(QColor(tokens.accent))
            painter.drawRoundedRect(
                QRect(track.left(), track.top(), max(6, round(0.52 * standing.score)), 6), 3, 3
            )
        return box.left()


class QuestionsPage(QWidget):
    """Search, level and topic; Enter or a click opens the question."""

    chosen = Signal(object)
    """The Question."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("page")
        self._bank = Bank(())
        self._standing: Mapping[str, LatestScore] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search questions, concepts, answers")
        self.search.setAccessibleName("Search questions")
        self.search.setClearButtonEnabled(True)
        self.level = QComboBox()
        self.level.setAccessibleName("Level")
        self.topic = QComboBox()
        for box in (self.level, self.topic):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.topic.setAccessibleName("Topic")
        self.model = QuestionModel(self)
        self._delegate = QuestionDelegate(tokens, self)
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
        self.count = label("", "small")
        self.start = button("Practise this question", self._open_current, "primary", "Enter")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SEARCH_DELAY_MS)
        self._later.timeout.connect(self._refresh)
        self._lay_out()
        self.search.textChanged.connect(lambda _: self._later.start())
        self.search.returnPressed.connect(self._open_current)
        self.level.currentIndexChanged.connect(lambda _: self._refresh())
        self.topic.currentIndexChanged.connect(lambda _: self._refresh())
        self.list.clicked.connect(lambda index: self.chosen.emit(self.model.question(index.row())))

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN)
        outer.setSpacing(2 * GAP)
        outer.addWidget(label("What do you want to practise?", "title"))
        filters = QHBoxLayout()
        filters.setSpacing(GAP)
        filters.addWidget(self.search, 1)
        filters.addWidget(self.level)
        filters.addWidget(self.topic)
        outer.addLayout(filters)
        outer.addWidget(self.nothing)
        outer.addWidget(self.list, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.count, 1)
        foot.addWidget(self.start)
        outer.addLayout(foot)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._delegate.tokens = tokens
        self.list.viewport().update()

    def show_bank(self, bank: Bank, standing: Mapping[str, LatestScore]) -> None:
        """Offer the questions of a bank."""
        self._bank = bank
        self._standing = standing
        for box, names, everything in (
            (self.level, bank.levels, "All levels"),
            (self.topic, bank.topics, "All topics"),
        ):
            box.blockSignals(True)
            box.clear()
            box.addItem(everything, "")
            for name in names:
                box.addItem(name.replace("-", " "), name)
            box.blockSignals(False)
        self._refresh()

    def show_standing(self, standing: Mapping[str, LatestScore]) -> None:
        """Show new scores, the selection kept."""
        self._standing = standing
        self._refresh()

    def shown(self) -> tuple[Question, ...]:
        """The questions in the list, in order."""
        return tuple(self.model.question(row) for row in range(self.model.rowCount()))

    def after(self, question: Question) -> Question | None:
        """The question that follows in the list, the first one after the last."""
        shown = self.shown() or self._bank.questions
        if not shown:
            return None
        ids = [other.id for other in shown]
        place = ids.index(question.id) + 1 if question.id in ids else 0
        return shown[place % len(shown)]

    def open_current(self) -> None:
        """Practise the question that is selected."""
        self._open_current()

    def _open_current(self) -> None:
        if self._later.isActive():  # Enter came before the list had followed the search
            self._later.stop()
            self._refresh()
        index = self.list.currentIndex()
        if index.isValid():
            self.chosen.emit(self.model.question(index.row()))

    def _refresh(self) -> None:
        before = self.list.currentIndex().data(QUESTION_ROLE)
        found = self._bank.search(
            self.search.text(), self.level.currentData() or "", self.topic.currentData() or ""
        )
        self.model.show_questions(found, self._standing)
        ids = [question.id for question in found]
        if found:
            row = ids.index(before.id) if before is not None and before.id in ids else 0
            self.list.setCurrentIndex(self.model.index(row))
        self.nothing.setText(
            "No question matches. Try fewer words, or all levels and topics."
            if self._bank.questions
            else "There are no questions. Put a question file into your banks folder (see Preferences)."
        )
        self.nothing.setVisible(not found)
        self.list.setVisible(bool(found))
        self.start.setEnabled(bool(found))
        self.count.setText(f"{len(found)} of {len(self._bank.questions)} questions")
