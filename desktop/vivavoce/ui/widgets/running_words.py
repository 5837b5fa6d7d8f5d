"""The words of an answer while it is spoken: a few quiet lines that follow the end."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QTextBrowser, QVBoxLayout, QWidget

from vivavoce.core.transcript import Heard
from vivavoce.ui.theme import Tokens
from vivavoce.ui.widgets.parts import line_label

_LINES = 4
_BEHIND_SECONDS = 5.0
"""A machine that keeps up is a second or two behind; nobody need know."""


class RunningWords(QWidget):
    """As high from the first word to the last, so that nothing on the page moves while one speaks."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._heard = Heard("")
        self.words = QTextBrowser()
        self.words.setFrameShape(QFrame.Shape.NoFrame)
        self.words.setAccessibleName("Your words so far")
        self.words.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # To be scrolled by hand, but not in the way of the keys that pause and stop.
        self.words.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.behind = line_label("", "small")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.words)
        outer.addWidget(self.behind)
        self._fit()

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        self.show_heard(self._heard)

    def show_heard(self, heard: Heard) -> None:
        """Show the words so far; the last ones, which may still change, are paler."""
        bar = self.words.verticalScrollBar()
        follows = bar.value() >= bar.maximum()  # unless somebody has scrolled up to read
        self._heard = heard
        sure = f'<span style="color:{self._tokens.text}">{html.escape(heard.text)}</span>'
        tail = f'<span style="color:{self._tokens.muted}">{html.escape(heard.tail)}</span>'
        place = bar.value()
        self.words.setHtml(f'<p style="line-height:130%">{sure} {tail}</p>')
        bar.setValue(bar.maximum() if follows else place)
        late = heard.behind > _BEHIND_SECONDS
        self.behind.setText(f"{heard.behind:.0f} s behind: nothing is lost" if late else "")

    def clear(self) -> None:
        """Begin anew."""
        self.show_heard(Heard(""))

    def _fit(self) -> None:
        line = self.words.fontMetrics().lineSpacing()
        self.words.setFixedHeight(round(1.3 * line * _LINES) + 8)
        # The line keeps its place while it is empty.
        self.behind.setFixedHeight(self.behind.fontMetrics().lineSpacing() + 2)
