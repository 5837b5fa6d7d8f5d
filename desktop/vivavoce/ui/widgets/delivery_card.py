"""How an answer was delivered: numbers, the pace as a line with its table, and where one hesitated.

No targets and no judging words: how fast and how smoothly one talks counts nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from vivavoce.core.delivery import Delivery
from vivavoce.core.pace import PacePoint
from vivavoce.ui.theme import GAP, Tokens
from vivavoce.ui.widgets.parts import button, column, label, line_label

_COLUMNS = 3
_LINE_HEIGHT = 64
_ROW_HEIGHT = 30


class DeliveryCard(QFrame):
    """The delivery of one answer; its moments can be heard."""

    play_from = Signal(float)

    def __init__(self, delivery: Delivery, tokens: Tokens, *, playable: bool) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName("How you spoke")
        self._tokens = tokens
        self._playable = playable
        self._body = column(self, margin=2 * GAP, gap=GAP)
        self._numbers = QGridLayout()
        self._numbers.setHorizontalSpacing(3 * GAP)
        self._numbers.setVerticalSpacing(GAP)
        self._body.addLayout(self._numbers)
        self.hesitation = label("", "small")
        self._body.addWidget(self.hesitation)
        self.repeats = label("", "small", selectable=True)
        self._body.addWidget(self.repeats)
        self.table: QTableWidget | None = None
        if delivery.pace:
            self._add_pace(delivery.pace)
        self.show_delivery(delivery)

    def show_delivery(self, delivery: Delivery) -> None:
        """Show these numbers; the line of the pace stays as it is."""
        while self._numbers.count():
            item = self._numbers.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        for place, (value, name) in enumerate(numbers_of(delivery)):
            cell = QWidget()
            inner = column(cell, gap=0)
            inner.addWidget(line_label(value, "heading"))
            inner.addWidget(label(name, "small"))
            cell.setAccessibleName(f"{name}: {value}")
            self._numbers.addWidget(cell, place // _COLUMNS, place % _COLUMNS)
        self.hesitation.setText(
            "Um and uh were listened for separately; some are always missed, so it is “at least”."
            if delivery.listened
            else "Um and uh are listened for separately, in a moment."
        )
        self.repeats.setText(repeats_text(delivery))
        self.repeats.setVisible(bool(delivery.repeats))

    def _add_pace(self, pace: tuple[PacePoint, ...]) -> None:
        self._body.addWidget(label("Pace over the answer, words a minute", "field"))
        self._body.addWidget(PaceLine(pace, self._tokens))
        self.table = pace_table(pace)
        self.table.setVisible(False)
        if self._playable:
            self.table.cellActivated.connect(lambda row, _: self.play_from.emit(pace[row].start))
        self._toggle = button("Show the pace as a table", self._toggle_table, "quiet")
        self._body.addWidget(self._toggle, 0, Qt.AlignmentFlag.AlignLeft)
        self._body.addWidget(self.table)

    def _toggle_table(self) -> None:
        if self.table is not None:
            shown = not self.table.isVisibleTo(self)
            self.table.setVisible(shown)
            self._toggle.setText("Hide the table" if shown else "Show the pace as a table")


class PaceLine(QWidget):
    """The pace from window to window; the table beside it says the same."""

    def __init__(self, pace: tuple[PacePoint, ...], tokens: Tokens) -> None:
        super().__init__()
        self._pace = pace
        self._tokens = tokens
        self.setFixedHeight(_LINE_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        rates = [point.words_per_minute for point in pace]
        self.setAccessibleName(f"Pace: between {min(rates):.0f} and {max(rates):.0f} words a minute")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line from 0 up, with its lowest and highest value."""
        del event
        rates = [point.words_per_minute for point in self._pace]
        most = max(*rates, 1.0)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(4, 8, self.width() - 62, self.height() - 16)
        painter.setPen(QPen(QColor(self._tokens.line), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        step = area.width() / max(1, len(rates) - 1)
        points = [
            QPointF(area.left() + place * step, area.bottom() - area.height() * rate / most)
            for place, rate in enumerate(rates)
        ]
        painter.setPen(QPen(QColor(self._tokens.accent), 2))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(QColor(self._tokens.accent))
        for point in points:
            painter.drawEllipse(point, 2.5, 2.5)
        painter.setPen(QColor(self._tokens.muted))
        beside = QRectF(area.right() + 8, area.top() - 8, 52, 16)
        painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, f"{most:.0f}")
        beside.moveTop(area.bottom() - 8)
        painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "0")
        painter.end()


def pace_table(pace: tuple[PacePoint, ...]) -> QTableWidget:
    """The pace as rows of from, to and words a minute."""
    table = QTableWidget(len(pace), 3)
    table.setAccessibleName("Pace over the answer")
    table.setHorizontalHeaderLabels(["From", "To", "Words a minute"])
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.verticalHeader().hide()
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    for row, point in enumerate(pace):
        for place, text in enumerate(
            (_clock(point.start), _clock(point.end), f"{point.words_per_minute:.0f}")
        ):
            table.setItem(row, place, QTableWidgetItem(text))
        table.setRowHeight(row, _ROW_HEIGHT)
    table.setFixedHeight(_ROW_HEIGHT * (len(pace) + 1) + GAP)
    return table


def numbers_of(delivery: Delivery) -> list[tuple[str, str]]:
    """The numbers with their names, those that are known."""
    shown = [(f"{delivery.words}", "words")]
    if delivery.speaking:
        shown.append((_clock(delivery.speaking), "speaking"))
    if delivery.words_per_minute:
        shown.append((f"{delivery.words_per_minute:.0f}", "words a minute, pauses and all"))
    if delivery.while_speaking:
        shown.append((f"{delivery.while_speaking:.0f}", "words a minute while speaking"))
    pauses = f"{delivery.pauses}"
    if delivery.pause_seconds:
        pauses += f"  ·  {delivery.pause_seconds:.0f} s"
    shown.append((pauses, "pauses of half a second or more"))
    if delivery.longest_pause is not None:
        start, end = delivery.longest_pause
        shown.append((f"{end - start:.1f} s", f"longest pause, at {_clock(start)}"))
    if delivery.listened or delivery.fillers_at_least:
        count = delivery.fillers_at_least
        shown.append((f"at least {count}" if count else "none heard", "um, uh and the like"))
    if delivery.first_concept is not None:
        shown.append((_clock(delivery.first_concept), "until the first concept"))
    return shown


def repeats_text(delivery: Delivery) -> str:
    """The words that were said again, with their times."""
    if not delivery.repeats:
        return ""
    told = "; ".join(f"“{one.text}” at {_clock(one.start)}" for one in delivery.repeats)
    return f"Said again: {told}"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
