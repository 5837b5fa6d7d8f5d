"""Questions as rows of a list: what a row holds, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from vivavoce.core.question import Concept, Question
from vivavoce.core.question_search import Found
from vivavoce.store.attempts import LatestScore
from vivavoce.store.bank import Bank, OriginKind
from vivavoce.ui.theme import Tokens
from vivavoce.ui.widgets.parts import plain_tip

Index = QModelIndex | QPersistentModelIndex
QUESTION_ROLE = Qt.ItemDataRole.UserRole
STANDING_ROLE = Qt.ItemDataRole.UserRole + 1
CONCEPT_ROLE = Qt.ItemDataRole.UserRole + 2
ORIGIN_ROLE = Qt.ItemDataRole.UserRole + 3
ORIGIN_NAMES: dict[OriginKind, str] = {
    "shipped": "Shipped",
    "own": "Yours",
    "changed": "Changed by you",
}
_ROW_HEIGHT = 64


class QuestionModel(QAbstractListModel):
    """Questions as the list reads them: found, and with how each stands or where it comes from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: tuple[Found, ...] = ()
        self._standing: Mapping[str, LatestScore] | None = None
        self._bank = Bank(())

    def show_found(
        self, found: Sequence[Found], bank: Bank, standing: Mapping[str, LatestScore] | None
    ) -> None:
        """Show these questions of a bank; without `standing` each says where it comes from."""
        self.beginResetModel()
        self._found = tuple(found)
        self._bank = bank
        self._standing = standing
        self.endResetModel()

    def question(self, row: int) -> Question:
        """The question in a row."""
        return self._found[row].question

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Number of questions."""
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a row shows and what is read out."""
        found = self._found[index.row()]
        question = found.question
        if role == Qt.ItemDataRole.DisplayRole:
            return question.title or question.ask
        if role == Qt.ItemDataRole.AccessibleTextRole:
            told = [question.title or question.ask, question.level, self._side(question)]
            told += [f"found in: {found.concept.statement}"] if found.concept is not None else []
            return ", ".join(told)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(question.ask)
        if role == QUESTION_ROLE:
            return question
        if role == STANDING_ROLE:
            return None if self._standing is None else self._standing.get(question.id)
        if role == CONCEPT_ROLE:
            return found.concept
        if role == ORIGIN_ROLE:
            return "" if self._standing is not None else self._origin(question)
        return None

    def _side(self, question: Question) -> str:
        if self._standing is None:
            return self._origin(question).lower()
        return standing_text(self._standing.get(question.id))

    def _origin(self, question: Question) -> str:
        origin = self._bank.origin(question.id)
        return "" if origin is None else ORIGIN_NAMES[origin.kind]


def standing_text(standing: LatestScore | None) -> str:
    """How a question stands, in words."""
    if standing is None:
        return "not tried yet"
    times = f"{standing.attempts} attempt{'' if standing.attempts == 1 else 's'}"
    return f"{times}, not scored" if standing.score is None else f"last score {standing.score:.0f}, {times}"


class QuestionDelegate(QStyledItemDelegate):
    """Draws a question: title, level and topics or the concept that was found, last score or origin."""

    def __init__(self, tokens: Tokens, *, scores: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tokens = tokens
        self._scores = scores

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
        right = (
            self._paint_standing(painter, inner, option.font, standing)
            if self._scores
            else self._paint_origin(painter, inner, option.font, str(index.data(ORIGIN_ROLE)))
        )
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
        below = QRect(inner.left(), inner.top() + 24, width, 18)
        concept: Concept | None = index.data(CONCEPT_ROLE)
        topics = " · ".join(topic.replace("-", " ") for topic in question.topics)
        text = f"{question.level}  ·  {topics}" if concept is None else f"Found in: {concept.statement}"
        text = QFontMetrics(small).elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_origin(self, painter: QPainter, inner: QRect, font: QFont, origin: str) -> int:
        """Say at the right what is not shipped; returns where the text must end."""
        if origin in ("", ORIGIN_NAMES["shipped"]):
            return inner.right() + 12
        small = QFont(font)
        small.setPixelSize(12)
        text = origin.split()[0]
        width = QFontMetrics(small).horizontalAdvance(text) + 16
        badge = QRect(inner.right() - width, inner.top() + 1, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.tokens.accent_soft))
        painter.drawRoundedRect(badge, 9, 9)
        painter.setFont(small)
        painter.setPen(QColor(self.tokens.accent))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
        return badge.left()

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
