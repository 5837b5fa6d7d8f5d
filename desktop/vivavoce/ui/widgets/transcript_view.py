"""The words of an answer; a click on one plays from there, and words can be selected as a proof."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from vivavoce.core.answer import AnswerWord, answer_from_transcript
from vivavoce.core.evidence import Evidence
from vivavoce.core.transcript import Transcript
from vivavoce.ui.theme import Tokens
from vivavoce.ui.widgets.parts import keep_in_view

_NAME = "Your answer, word for word"
_UNSURE = ' title="Perhaps you said something else: a second look does not confirm this expected word."'
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_LINES = {
    Qt.Key.Key_Up: QTextCursor.MoveOperation.Up,
    Qt.Key.Key_Down: QTextCursor.MoveOperation.Down,
    Qt.Key.Key_Home: QTextCursor.MoveOperation.StartOfLine,
    Qt.Key.Key_End: QTextCursor.MoveOperation.EndOfLine,
}
_ACCEPT = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TranscriptView(QTextBrowser):
    """Flowing text; words that proved a concept lie on the colour of its verdict.

    While words are being selected, a click plays nothing: the mouse and the arrow keys select whole
    words, Enter takes them and Esc gives it up.
    """

    play = Signal(float)
    """Seconds of the recording."""
    taken = Signal()
    """Enter was pressed while words were being selected."""
    given_up = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.tokens = tokens
        self._words: tuple[AnswerWord, ...] = ()
        self._anchor = self._head = 0
        self._flags = self.textInteractionFlags()
        self.selecting = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAccessibleName(_NAME)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.anchorClicked.connect(self._on_word)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    @property
    def words(self) -> tuple[str, ...]:
        """The words as they stand there."""
        return tuple(self.toPlainText().split())

    @property
    def chosen(self) -> tuple[int, int]:
        """Positions of the first and the last word that are selected."""
        return min(self._anchor, self._head), max(self._anchor, self._head)

    def show_transcript(self, transcript: Transcript, evidence: Sequence[Evidence]) -> None:
        """Show the words, each a link to its second."""
        self._words = answer_from_transcript(transcript).words
        parts = [
            f'<a href="w:{index}"{_UNSURE if word.unsure else ""} style="{self._look(word)}'
            f'{self._ground(word, evidence)}">{html.escape(word.text)}</a>'
            for index, word in enumerate(self._words)
        ]
        self.setHtml(f'<p style="line-height:150%">{" ".join(parts)}</p>')

    def show_text(self, text: str) -> None:
        """Show a typed answer, which has no seconds."""
        self._words = ()
        self.setHtml(f'<p style="line-height:150%">{html.escape(text)}</p>')

    def begin_selection(self, about: str, first: int, last: int) -> None:
        """Let words be selected, those from `first` to `last` to begin with; `about` says what for."""
        self.selecting = True
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(about)
        self._choose(first, last)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def end_selection(self) -> None:
        """Be a text to click on again."""
        self.selecting = False
        self.setTextInteractionFlags(self._flags)
        self.setAccessibleName(_NAME)
        cursor = self.textCursor()
        cursor.clearSelection()
        self.setTextCursor(cursor)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of a selection from the window, where they mean something else."""
        if event.type() == QEvent.Type.ShortcutOverride and self._takes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move or stretch the selection by words and lines, take it or give it up."""
        if not self.selecting:
            super().keyPressEvent(event)
            return
        key = Qt.Key(event.key())
        if key in _ACCEPT:
            self.taken.emit()
        elif key == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif key in _STEPS or key in _LINES:
            head = self._head + _STEPS[key] if key in _STEPS else self._by_line(_LINES[key])
            stretch = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._choose(self._anchor if stretch else head, head)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin anew: Qt would drag away what is selected already, when it is pressed on."""
        cursor = self.textCursor()
        if self.selecting and not event.modifiers():
            cursor.clearSelection()
            self.setTextCursor(cursor)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take whole words of what was drawn over."""
        super().mouseReleaseEvent(event)
        if self.selecting:
            cursor = self.textCursor()
            back = cursor.position() < cursor.anchor()
            first, last = self._at(cursor.selectionStart()), self._at(max(0, cursor.selectionEnd() - 1))
            last = max(first, last)
            self._choose(*((last, first) if back else (first, last)))

    def _takes(self, event: QEvent) -> bool:
        keys = (*_STEPS, *_LINES, *_ACCEPT, Qt.Key.Key_Escape)
        return self.selecting and isinstance(event, QKeyEvent) and event.key() in keys

    def _choose(self, anchor: int, head: int) -> None:
        spans = self._spans()
        if not spans:
            return
        self._anchor, self._head = (min(max(place, 0), len(spans) - 1) for place in (anchor, head))
        first, last = self.chosen
        start, end = spans[first][0], spans[last][1]
        cursor = self.textCursor()
        # The end that moves is the cursor's own, so that it is the one that is scrolled to.
        forward = self._head >= self._anchor
        cursor.setPosition(start if forward else end)
        cursor.setPosition(end if forward else start, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        keep_in_view(self, self.cursorRect())

    def _by_line(self, move: QTextCursor.MoveOperation) -> int:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._spans()[self._head][0])
        cursor.movePosition(move)
        return self._at(cursor.position())

    def _spans(self) -> list[tuple[int, int]]:
        """Where each word begins and ends in the text."""
        return [found.span() for found in re.finditer(r"\S+", self.toPlainText())]

    def _at(self, position: int) -> int:
        """The word at a position of the text, or the next one."""
        spans = self._spans()
        return next((at for at, (_, end) in enumerate(spans) if position < end), max(0, len(spans) - 1))

    def _look(self, word: AnswerWord) -> str:
        """How a word is written: one that was perhaps not said is slanted and pale, and says why."""
        if word.unsure:
            return f"color:{self.tokens.muted};font-style:italic;text-decoration:none;"
        return f"color:{self.tokens.text};text-decoration:none;"

    def _ground(self, word: AnswerWord, evidence: Sequence[Evidence]) -> str:
        if word.start is None or word.end is None:
            return ""
        middle = (word.start + word.end) / 2
        for one in evidence:
            if one.quote and one.start is not None and one.end is not None and one.start <= middle <= one.end:
                return f"background-color:{self.tokens.verdict_soft(one.verdict)};"
        return ""

    def _on_word(self, url: QUrl) -> None:
        kind, _, index = url.toString().partition(":")
        start = self._words[int(index)].start if kind == "w" else None
        if start is not None:
            self.play.emit(start)

    def _fit(self) -> None:
        """Be as high as the text: the page scrolls, not a box in it."""
        self.setFixedHeight(int(self.document().size().height()) + 8)
