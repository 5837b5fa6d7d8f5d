"""One question of the bank to be read, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTextBrowser, QWidget

from vivavoce.core.question import Question
from vivavoce.store.bank import Bank
from vivavoce.ui.theme import GAP, Tokens
from vivavoce.ui.widgets.parts import button, card, column, label, line_label
from vivavoce.ui.widgets.question_model import ORIGIN_NAMES
from vivavoce.ui.widgets.question_text import LINK, question_html

_READING_WIDTH = 900
# Running through the list with a held key sets no text that nobody reads.
_REST_MS = 40


class _Text(QTextBrowser):
    """A text whose links are followed by Enter, too, which is a key of the window elsewhere."""

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and self.textCursor().hasSelection()
            and self.textCursor().charFormat().isAnchor()
        ):
            event.accept()
            return True
        return super().event(event)


class QuestionReader(QWidget):
    """Everything of a question; it asks for what is wished and does nothing by itself."""

    practise = Signal(object)
    """The Question."""
    edit = Signal(object)
    duplicate = Signal(object)
    reset = Signal(object)
    """Back to the shipped version."""
    delete = Signal(object)
    linked = Signal(str)
    """The id of a related question."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._bank = Bank(())
        self._question: Question | None = None
        self.practise_button = self._button("Practise this", self.practise, "primary")
        self.edit_button = self._button("Edit", self.edit)
        self.duplicate_button = self._button("Duplicate", self.duplicate)
        self.origin = line_label("", "muted")
        self.reset_button = self._button("Back to the shipped version", self.reset, "quiet")
        self.delete_button = self._button("Delete it", self.delete, "quiet")
        self.text = _Text()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName("Question")
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.anchorClicked.connect(self._follow)
        self.nothing = label("Choose a question to read it.", "muted")
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_REST_MS)
        self._later.timeout.connect(self._set_text)
        outer = column(self, gap=GAP)
        line = QHBoxLayout()
        line.setSpacing(GAP)
        for one in (self.practise_button, self.edit_button, self.duplicate_button):
            line.addWidget(one)
        line.addStretch(1)
        outer.addLayout(line)
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.addWidget(self.origin)
        line.addWidget(self.reset_button)
        line.addWidget(self.delete_button)
        line.addStretch(1)
        outer.addLayout(line)
        self._frame, inner = card(margin=2 * GAP)
        inner.addWidget(self.text)
        outer.addWidget(self.nothing)
        outer.addWidget(self._frame, 1)
        outer.addStretch(0)
        self.setMaximumWidth(_READING_WIDTH)
        self.show_question(None, self._bank)

    @property
    def question(self) -> Question | None:
        """The question that is shown."""
        return self._question

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        self._tokens = tokens
        self._set_text(keep_place=True)

    def show_question(self, question: Question | None, bank: Bank) -> None:
        """Show a question of a bank, or none."""
        self._question, self._bank = question, bank
        origin = None if question is None else bank.origin(question.id)
        kind = "" if origin is None else origin.kind
        for one in (self.practise_button, self.edit_button, self.duplicate_button):
            one.setVisible(question is not None)
        self.origin.setText("" if kind in ("", "shipped") else ORIGIN_NAMES[origin.kind])
        self.origin.setVisible(kind in ("own", "changed"))
        self.reset_button.setVisible(kind == "changed")
        self.delete_button.setVisible(kind == "own")
        self._frame.setVisible(question is not None)
        self.nothing.setVisible(question is None)
        self._later.start()

    def complete(self) -> None:
        """Set now the text that would follow in a moment."""
        if self._later.isActive():
            self._later.stop()
            self._set_text()

    def _button(self, text: str, signal: SignalInstance, kind: str = "") -> QPushButton:
        return button(text, lambda: signal.emit(self._question), kind)

    def _set_text(self, *, keep_place: bool = False) -> None:
        bar = self.text.verticalScrollBar()
        place = bar.value() if keep_place else 0
        if self._question is None:
            self.text.clear()
        else:
            self.text.setHtml(question_html(self._question, self._bank, self._tokens))
            self.text.setAccessibleName(f"Question: {self._question.title or self._question.ask}")
        bar.setValue(place)

    def _follow(self, url: QUrl) -> None:
        if url.toString().startswith(LINK):
            self.linked.emit(url.toString().removeprefix(LINK))
