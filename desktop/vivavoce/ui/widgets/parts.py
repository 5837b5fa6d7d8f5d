"""The small parts every page is laid out from, dressed by the theme through their `kind`."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from vivavoce.ui.theme import GAP, PAGE_MARGIN, TEXT_WIDTH


def label(text: str = "", kind: str = "", *, selectable: bool = False) -> QLabel:
    """A text that wraps; `selectable` lets it be marked and copied."""
    made = QLabel(text)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        made.setProperty("kind", kind)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


def line_label(text: str = "", kind: str = "") -> QLabel:
    """A text that stays on one line."""
    made = label(text, kind)
    made.setWordWrap(False)
    return made


def plain_tip(text: str) -> str:
    """A text as a tooltip: Qt reads tooltips as rich text, where "<table>" would vanish."""
    return f"<p>{html.escape(text)}</p>"


def button(text: str, on_click: Callable[[], object], kind: str = "", tip: str = "") -> QPushButton:
    """A button; its name for a screen reader is its text."""
    made = QPushButton(text)
    if kind:
        made.setProperty("kind", kind)
    if tip:
        made.setToolTip(plain_tip(tip))
    made.clicked.connect(lambda: on_click())
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def column(parent: QWidget | None = None, margin: int = 0, gap: int = GAP) -> QVBoxLayout:
    """An empty column, of `parent` when one is given."""
    made = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    made.setContentsMargins(margin, margin, margin, margin)
    made.setSpacing(gap)
    return made


def card(kind: str = "card", margin: int = 2 * GAP) -> tuple[QFrame, QVBoxLayout]:
    """A framed surface and the column inside it."""
    frame = QFrame()
    frame.setProperty("kind", kind)
    return frame, column(frame, margin)


def framed(table: QWidget) -> QFrame:
    """A table on a card: its headers would cover the rounded corners of a border of its own."""
    frame, inner = card(margin=GAP)
    inner.addWidget(table)
    return frame


def empty(layout: QBoxLayout | QVBoxLayout) -> None:
    """Take everything out of a layout, for good."""
    while layout.count():
        item = layout.takeAt(0)
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner := item.layout(), QBoxLayout):
            empty(inner)


def restyle(widget: QWidget, kind: str) -> None:
    """Give a widget another kind and dress it anew."""
    if widget.property("kind") != kind:
        widget.setProperty("kind", kind)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Page(QScrollArea):
    """A page that scrolls, with its text in a column no wider than reads well."""

    def __init__(self, name: str, width: int = TEXT_WIDTH) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        scrolled = QWidget()
        scrolled.setObjectName("scrolled")
        outer = QHBoxLayout(scrolled)
        outer.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN)
        inner = QWidget()
        inner.setMaximumWidth(width)
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.body = column(inner, gap=2 * GAP)
        outer.addStretch(1)
        outer.addWidget(inner, 1000)
        outer.addStretch(1)
        self.setWidget(scrolled)
