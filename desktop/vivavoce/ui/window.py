"""The window: a sidebar, the pages, the notice above them. It arranges and decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from vivavoce.paths import Home
from vivavoce.ui.keys import KEYS
from vivavoce.ui.pages.bank import BankPage
from vivavoce.ui.pages.history import HistoryPage
from vivavoce.ui.pages.practice import PracticePage
from vivavoce.ui.pages.preferences import PreferencesPage
from vivavoce.ui.pages.progress import ProgressPage
from vivavoce.ui.pages.questions import QuestionsPage
from vivavoce.ui.pages.review import ReviewPage
from vivavoce.ui.theme import GAP, Tokens
from vivavoce.ui.widgets.attempt_view import AttemptView
from vivavoce.ui.widgets.notice import Notice
from vivavoce.ui.widgets.parts import button, column, label, line_label

_SIDEBAR_WIDTH = 212


class Window(QMainWindow):
    """Viva Voce's one window."""

    section = Signal(str)
    """The sidebar was pressed: "questions", "history", "progress", "bank" or "preferences"."""
    closing = Signal()

    def __init__(self, home: Home, tokens: Tokens) -> None:
        super().__init__()
        self.setWindowTitle("Viva Voce")
        self.setMinimumSize(900, 600)
        self.resize(1180, 780)
        self.questions = QuestionsPage(tokens)
        self.practice = PracticePage(tokens)
        self.review = ReviewPage(tokens)
        self.history = HistoryPage()
        self.progress = ProgressPage(tokens)
        self.bank = BankPage(tokens)
        self.preferences = PreferencesPage(home)
        self.may_close: Callable[[], bool] = lambda: True
        self.notice = Notice()
        self.engine = label("", "small")
        self._pages = QStackedWidget()
        for page in (
            self.questions,
            self.practice,
            self.review,
            self.history,
            self.progress,
            self.bank,
            self.preferences,
        ):
            self._pages.addWidget(page)
        self._navigation: dict[str, QPushButton] = {}
        self._shortcuts: dict[str, QShortcut] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        middle = QWidget()
        across = QHBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._sidebar())
        right = QWidget()
        right.setObjectName("page")
        down = column(right, gap=0)
        holder = QVBoxLayout()
        holder.setContentsMargins(2 * GAP, GAP, 2 * GAP, 0)
        holder.addWidget(self.notice)
        down.addLayout(holder)
        down.addWidget(self._pages, 1)
        across.addWidget(right, 1)
        self.setCentralWidget(middle)

    def _sidebar(self) -> QWidget:
        sidebar = QWidget()
        sidebar.setObjectName("sidebar")
        sidebar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        sidebar.setFixedWidth(_SIDEBAR_WIDTH)
        down = column(sidebar, 2 * GAP, GAP // 2)
        down.addWidget(line_label("Viva Voce", "brand"))
        down.addSpacing(2 * GAP)
        group = QButtonGroup(self)
        for name, text in (
            ("questions", "Practise"),
            ("history", "History"),
            ("progress", "Progress"),
            ("bank", "Bank"),
            ("preferences", "Preferences"),
        ):
            made = button(text, lambda name=name: self.section.emit(name), "nav")
            made.setCheckable(True)
            group.addButton(made)
            self._navigation[name] = made
            down.addWidget(made)
        down.addStretch(1)
        down.addWidget(self.engine)
        down.addWidget(label("Offline. Nothing leaves this machine.", "small"))
        down.addWidget(button("Keys  ?", self.show_keys, "quiet"))
        return sidebar

    @property
    def page(self) -> QWidget:
        """The page that is shown."""
        return self._pages.currentWidget()

    @property
    def answer(self) -> AttemptView | None:
        """The judged answer on the page that is shown, if it has one."""
        if self.page is self.practice:
            return self.practice.answer
        return self.review.answer if self.page is self.review else None

    def show_page(self, page: QWidget, section: str = "") -> None:
        """Bring a page to the front and mark where in the sidebar it belongs."""
        self._pages.setCurrentWidget(page)
        if section:
            self._navigation[section].setChecked(True)

    def set_tokens(self, tokens: Tokens) -> None:
        """Wear other colours."""
        for page in (self.questions, self.practice, self.review, self.progress, self.bank):
            page.set_tokens(tokens)

    def on_key(self, name: str, act: Callable[[], object]) -> None:
        """Let a key do something; see KEYS for its name.

        A shortcut of the window goes before the focused button, so that Space records and does
        not press whatever has the focus; text fields keep their own keys (Qt's ShortcutOverride).
        """
        key = next(key for key in KEYS if key.name == name)
        shortcut = QShortcut(QKeySequence(key.default), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(lambda: act())
        if key.default == "Return":  # the other Enter
            second = QShortcut(QKeySequence("Enter"), self)
            second.setAutoRepeat(False)
            second.activated.connect(lambda: act())
        self._shortcuts[name] = shortcut

    def enable_key(self, name: str, enabled: bool) -> None:
        """Let a key work, or leave it to whatever has the focus."""
        self._shortcuts[name].setEnabled(enabled)

    def show_keys(self) -> None:
        """Show every key."""
        sheet = QDialog(self)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.setWindowTitle("Keys")
        down = column(sheet, 3 * GAP, 2 * GAP)
        down.addWidget(label("Keys", "title"))
        form = QFormLayout()
        form.setHorizontalSpacing(3 * GAP)
        form.setVerticalSpacing(GAP)
        for key in KEYS:
            form.addRow(line_label(key.default, "heading"), line_label(key.about))
        down.addLayout(form)
        down.addWidget(button("Close", sheet.close, "primary"))
        sheet.open()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell before going: a running recording is closed and kept. `may_close` may have it stay."""
        if not self.may_close():
            event.ignore()
            return
        self.hide()
        self.closing.emit()
        super().closeEvent(event)
