"""The live level of the microphone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from vivavoce.ui.theme import Tokens

_FLOOR_DBFS = -60.0
_LOUD_DBFS = -3.0


class LevelMeter(QWidget):
    """A bar from -60 to 0 dBFS; above -3 dBFS it warns of clipping."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._peak = _FLOOR_DBFS
        self.setFixedSize(140, 8)
        self.setAccessibleName("Microphone level")

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        self.update()

    def show_level(self, peak_dbfs: float) -> None:
        """Show a peak in dBFS; it falls slowly so that the eye can follow."""
        self._peak = max(peak_dbfs, self._peak - 3.0, _FLOOR_DBFS)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._tokens.line))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), self.height()), 4, 4)
        share = min(1.0, max(0.0, 1.0 - self._peak / _FLOOR_DBFS))
        if share > 0.01:
            loud = self._peak > _LOUD_DBFS
            painter.setBrush(QColor(self._tokens.contradicted if loud else self._tokens.covered))
            painter.drawRoundedRect(QRectF(0, 0, max(8.0, share * self.width()), self.height()), 4, 4)
        painter.end()
