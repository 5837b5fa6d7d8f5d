"""The words of an answer; a click on one plays from there."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from vivavoce.core.evidence import Evidence
from vivavoce.core.transcript import Transcript, Word
from vivavoce.ui.theme import Tokens


class TranscriptView(QTextBrowser):
    """Flowing text; words that proved a concept lie on the colour of its verdict."""

    play = Signal(float)
    """Seconds of the recording."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._words: tuple[Word, ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAccessibleName("Your answer, word for word")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.anchorClicked.connect(self._on_word)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def show_transcript(self, transcript: Transcript, evidence: Sequence[Evidence]) -> None:
        """Show the words, each a link to its second."""
        self._words = transcript.words
        grounds = [self._ground(word, evidence) for word in self._words]
        parts = [
            f'<a href="w:{index}" style="color:{self._tokens.text};text-decoration:none;{ground}">'
            f"{html.escape(word.word)}</a>"
            for index, (word, ground) in enumerate(zip(self._words, grounds, strict=True))
        ]
        self.setHtml(f'<p style="line-height:150%">{" ".join(parts)}</p>')

    def show_text(self, text: str) -> None:
        """Show a typed answer, which has no seconds."""
        self._words = ()
        self.setHtml(f'<p style="line-height:150%">{html.escape(text)}</p>')

    def _ground(self, word: Word, evidence: Sequence[Evidence]) -> str:
        middle = (word.start + word.end) / 2
        for one in evidence:
            if one.quote and one.start is not None and one.end is not None and one.start <= middle <= one.end:
                return f"background-color:{self._tokens.verdict_soft(one.verdict)};"
        return ""

    def _on_word(self, url: QUrl) -> None:
        kind, _, index = url.toString().partition(":")
        if kind == "w":
            self.play.emit(self._words[int(index)].start)

    def _fit(self) -> None:
        """Be as high as the text: the page scrolls, not a box in it."""
        self.setFixedHeight(int(self.document().size().height()) + 8)
