"""A notice above the page: what happened, what was kept, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from vivavoce.ui.theme import GAP
from vivavoce.ui.widgets.parts import button, label, restyle

Action = tuple[str, Callable[[], object]]


class Notice(QFrame):
    """One notice at a time; an action or its cross takes it away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "notice")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2 * GAP, GAP, GAP, GAP)
        self._row.setSpacing(GAP)
        self._text = label(selectable=True)
        self._row.addWidget(self._text, 1)
        self._buttons: list[QWidget] = []
        self.key = ""
        self.hide()

    @property
    def text(self) -> str:
        """What it says now."""
        return self._text.text()

    def show_text(
        self, text: str, actions: Sequence[Action] = (), *, fault: bool = False, key: str = ""
    ) -> None:
        """Say `text`; `key` lets the same matter be taken away again."""
        self._clear()
        self.key = key
        restyle(self, "fault" if fault else "notice")
        self._text.setText(text)
        for name, act in actions:
            self._add(button(name, lambda act=act: self._act(act)))
        close = button("Dismiss", self.dismiss, "quiet")
        self._add(close)
        self.setAccessibleName(text)
        self.show()

    def dismiss(self, key: str = "") -> None:
        """Go away; with a key, only when that matter is shown."""
        if not key or key == self.key:
            self.key = ""
            self.hide()

    def _act(self, act: Callable[[], object]) -> None:
        self.dismiss()
        act()

    def _add(self, widget: QWidget) -> None:
        self._buttons.append(widget)
        self._row.addWidget(widget)

    def _clear(self) -> None:
        for widget in self._buttons:
            self._row.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._buttons = []
