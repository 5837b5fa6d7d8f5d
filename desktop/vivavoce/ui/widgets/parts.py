"""The small parts every page is laid out from, dressed by the theme through their `kind`."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
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

_SETTLING_MS = 700
"""How long a page that was laid out anew is followed; more than that is the user's own scrolling."""


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


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader say a text that has come up by itself, when it has finished what it says now."""
    event = QAccessibleAnnouncementEvent(widget, text)
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
    QAccessible.updateAccessibility(event)


def restyle(widget: QWidget, kind: str) -> None:
    """Give a widget another kind and dress it anew."""
    if widget.property("kind") != kind:
        widget.setProperty("kind", kind)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def bring_into_view(widget: QWidget, *, focus: bool = False) -> None:
    """Scroll the page a widget lies on so that its top is seen; `focus` gives it the focus as well."""
    _Coming(widget, focus=focus)


def keep_in_view(widget: QWidget, place: QRect) -> None:
    """Scroll the page a widget lies on just so far that a place of the widget is seen."""
    page = _page_of(widget)
    if page is not None and (content := page.widget()) is not None:
        centre = widget.mapTo(content, place.center())
        page.ensureVisible(centre.x(), centre.y(), 0, 2 * PAGE_MARGIN)


def _page_of(widget: QWidget) -> QScrollArea | None:
    page = widget.parentWidget()
    while page is not None and not isinstance(page, QScrollArea):
        page = page.parentWidget()
    return page


class _Coming(QObject):
    """Follows a widget while the page is laid out: texts that wrap get their height in several passes."""

    def __init__(self, widget: QWidget, *, focus: bool) -> None:
        super().__init__(widget)
        self._widget = widget
        self._focus = focus
        if (page := _page_of(widget)) is not None:
            page.verticalScrollBar().rangeChanged.connect(self._scroll)
        QTimer.singleShot(0, self, self._scroll)
        QTimer.singleShot(_SETTLING_MS, self, self.deleteLater)

    def _scroll(self) -> None:
        page = _page_of(self._widget)
        content = page.widget() if page is not None else None
        if page is not None and content is not None:
            top = self._widget.mapTo(content, QPoint(0, 0)).y()
            page.verticalScrollBar().setValue(top - PAGE_MARGIN)
        if self._focus:
            self._focus = False
            self._widget.setFocus(Qt.FocusReason.OtherFocusReason)


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
