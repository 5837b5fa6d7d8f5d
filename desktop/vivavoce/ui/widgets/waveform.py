"""The outline of a recording as it grows, or of one that is played."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vivavoce.ui.theme import Tokens

_BAR = 3
_STEP = 5


class Waveform(QWidget):
    """Bars of peaks (0..1, one for each 50 ms), newest at the right edge."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._peaks: list[float] = []
        self._live = False
        self.setMinimumHeight(72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Sound level over time")

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        self.update()

    def show_peaks(self, peaks: list[float], *, live: bool) -> None:
        """Draw these; `live` in the colour of a running recording."""
        self._peaks = peaks
        self._live = live
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as many bars as fit; a longer recording scrolls."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        fit = max(1, self.width() // _STEP)
        shown = self._peaks[-fit:]
        painter.setBrush(QColor(self._tokens.line))
        for place in range(fit - len(shown)):
            painter.drawRoundedRect(QRectF(place * _STEP, middle - 1, _BAR, 2), 1, 1)
        painter.setBrush(QColor(self._tokens.record if self._live else self._tokens.muted))
        for place, peak in enumerate(shown, fit - len(shown)):
            # A square root: speech at -30 dBFS must still be seen to move.
            half = max(1.0, (peak**0.5) * (middle - 4))
            painter.drawRoundedRect(QRectF(place * _STEP, middle - half, _BAR, 2 * half), 1.5, 1.5)
        painter.end()
