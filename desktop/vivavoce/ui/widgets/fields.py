"""Fields of a form: a text that grows with its words, a field with its name and its fault."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLayout, QPlainTextEdit, QPushButton, QSizePolicy, QWidget

from vivavoce.ui.theme import GAP
from vivavoce.ui.widgets.parts import button, column, label, restyle

_FRAME = 18  # padding and border of a text field above and below, px; see theme.qss
_OWN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GrowingEdit(QPlainTextEdit):
    """A text field as high as its text; Tab leaves it.

    With `lines` Return is a line break, without it is told as `entered`.
    """

    entered = Signal()
    emptied = Signal()
    """Backspace was pressed in the empty field."""
    moved = Signal(int)
    """Alt with an arrow: -1 up, 1 down."""
    finished = Signal()
    """The focus went elsewhere."""

    def __init__(self, name: str, *, lines: bool = False, least: int = 1) -> None:
        super().__init__()
        self._lines = lines
        self._least = least
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self._fit()

    @property
    def text(self) -> str:
        """The text without blanks around it."""
        return self.toPlainText().strip()

    def set_text(self, text: str) -> None:
        """Show another text; nothing is told where it is the same."""
        if text != self.toPlainText():
            self.setPlainText(text)

    def sizeHint(self) -> QSize:
        """As high as the text."""
        return QSize(super().sizeHint().width(), self.height())

    def minimumSizeHint(self) -> QSize:
        """As narrow as a few words."""
        return QSize(64, self.height())

    def event(self, event: QEvent) -> bool:
        """Keep the keys that mean something here from the window's shortcuts."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OWN_KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return, Backspace in an empty field and Alt with an arrow belong to the list around it."""
        arrows = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in _OWN_KEYS and not self._lines:
            self.entered.emit()
        elif event.key() in arrows and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(arrows[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Backspace and not self.toPlainText():
            self.emptied.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QEvent) -> None:
        """Tell that the text is finished for now."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.finished.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width makes other lines."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # The size of a plain text document is told in lines, not in pixels.
        lines = max(self._least, round(self.document().documentLayout().documentSize().height()))
        height = lines * self.fontMetrics().lineSpacing() + _FRAME
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)


class Field(QWidget):
    """A field with its name above and, when there is one, its fault below."""

    def __init__(self, name: str, inner: QWidget | QLayout, help_text: str = "") -> None:
        super().__init__()
        outer = column(self, gap=GAP // 2)
        if name:
            outer.addWidget(label(name, "field"))
        if isinstance(inner, QLayout):
            outer.addLayout(inner)
        else:
            outer.addWidget(inner)
        if help_text:
            outer.addWidget(label(help_text, "small"))
        self._fault: QLabel | None = None
        self._inner = inner if isinstance(inner, QWidget) else None

    @property
    def fault(self) -> str:
        """What is wrong with the field, empty when nothing is."""
        return "" if self._fault is None else self._fault.text()

    def show_fault(self, message: str) -> None:
        """Say what is wrong, or with an empty text that nothing is."""
        if self._fault is None:
            if not message:
                return
            self._fault = label("", "wrong")
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self._fault)
        self._fault.setText(message)
        self._fault.setVisible(bool(message))
        if self._inner is not None:
            self._inner.setAccessibleDescription(message)
            restyle(self._inner, "wrong" if message else "")


def tool(sign: str, name: str, tip: str) -> QPushButton:
    """A small button with a sign; it is passed over by Tab, as its key works in the field beside it."""
    made = button(sign, lambda: None, "tool", f"{name} ({tip})" if tip else name)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return made
