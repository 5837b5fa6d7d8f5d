"""A text of which one sentence is marked while it is read aloud."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from vivavoce.ui.theme import Tokens


class ReadLabel(QLabel):
    """Selectable text; the mark is a background and an underline, so colour does not stand alone."""

    def __init__(self, text: str, tokens: Tokens) -> None:
        super().__init__(text)
        self._plain = text
        self._tokens = tokens
        self.marked = ""
        """The sentence that is marked, empty for none."""
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def mark(self, start: int, end: int) -> None:
        """Mark the characters from `start` to `end`; 0, 0 marks nothing."""
        text = self._plain
        self.marked = text[start:end]
        if not self.marked:
            self.setTextFormat(Qt.TextFormat.PlainText)
            self.setText(text)
            return
        before, inside, after = (html.escape(part) for part in (text[:start], text[start:end], text[end:]))
        tokens = self._tokens
        style = f"background-color:{tokens.accent_soft};color:{tokens.text};text-decoration:underline"
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setText(f'{before}<span style="{style}">{inside}</span>{after}')
