"""What each key does, by the page that is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox

from vivavoce.ui.actions import Actions
from vivavoce.ui.session import RECORDING_PHASES, Phase
from vivavoce.ui.window import Window


class Keyboard:
    """Binds the keys of keys.py to the actions; the same key may mean another thing on another page."""

    def __init__(self, window: Window, actions: Actions) -> None:
        self._window = window
        self._actions = actions
        session, speech = actions.session, actions.speech
        window.on_key("record", self._space)
        window.on_key("pause", self._practising(session.toggle_pause))
        window.on_key("hear", self._practising(actions.toggle_question))
        window.on_key("redo", self._practising(session.redo))
        window.on_key("stop", self._escape)
        window.on_key("next", self._enter)
        window.on_key("hint", self._practising(window.practice.show_hint))
        window.on_key("model", self._toggle_model)
        window.on_key("answer", self._hear_answer)
        window.on_key("dispute", self._dispute)
        window.on_key("back_5", lambda: speech.skip(-5.0))
        window.on_key("on_5", lambda: speech.skip(5.0))
        # Left and Right move in tables and texts unless something is heard.
        speech.state_changed.connect(self._follow_sound)
        window.on_key("search", self._search)
        window.on_key("save", window.bank.save.emit)
        window.on_key("preferences", lambda: actions.go("preferences"))
        window.on_key("focus_view", self._toggle_full_screen)
        window.on_key("keys", window.show_keys)
        self._follow_sound("")

    def _follow_sound(self, kind: str) -> None:
        for name in ("back_5", "on_5"):
            self._window.enable_key(name, bool(kind))

    def _practising(self, act: Callable[[], object]) -> Callable[[], None]:
        """`act`, but only on the practice page."""

        def asked() -> None:
            if self._window.page is self._window.practice:
                act()

        return asked

    def _space(self) -> None:
        window, actions = self._window, self._actions
        if self._press_focused(everywhere=window.answer is None):
            return
        if window.page is window.practice:
            actions.session.toggle_recording()
        elif window.page is window.review:
            if actions.speech.kind:
                actions.speech.toggle()
            else:
                actions.play(window.review.answer.attempt)

    def _escape(self) -> None:
        window, actions = self._window, self._actions
        if actions.speech.kind:
            actions.speech.stop()
        elif (view := window.answer) is not None and view.words is not None and view.busy:
            view.words.leave()
        elif window.page is window.practice:
            if actions.session.phase in (*RECORDING_PHASES, Phase.JUDGING):
                actions.session.cancel()
            else:
                actions.go("questions")
        elif window.page is window.review:
            actions.leave_review()
        elif window.page is window.bank and window.bank.editing:
            window.bank.leave.emit()

    def _press_focused(self, *, everywhere: bool) -> bool:
        """Use the button or box that has the focus, which the window's own keys would pass over.

        Always in a notice; elsewhere only where the key has no meaning of its own.
        """
        focused = QApplication.focusWidget()
        if focused is None or not (everywhere or self._window.notice.isAncestorOf(focused)):
            return False
        if isinstance(focused, QAbstractButton):
            focused.click()
        elif isinstance(focused, QComboBox):
            focused.showPopup()
        else:
            return False
        return True

    def _enter(self) -> None:
        window = self._window
        # On the practice page Enter goes on, also while the record button has the focus.
        on_record = QApplication.focusWidget() is window.practice.recorder.record_button
        if self._press_focused(everywhere=not on_record):
            return
        if window.page is window.questions:
            window.questions.open_current()
        elif window.page is window.history:
            window.history.open_current()
        elif window.page is window.progress:
            window.progress.open_current()
        elif window.page is window.bank and not window.bank.editing:
            window.bank.focus_text()
        elif window.page is window.practice and self._actions.session.phase in (Phase.IDLE, Phase.JUDGED):
            self._actions.next_question()

    def _toggle_model(self) -> None:
        if (view := self._window.answer) is not None:
            view.toggle_model()

    def _hear_answer(self) -> None:
        if (view := self._window.answer) is not None:
            self._actions.play(view.attempt)

    def _dispute(self) -> None:
        if (view := self._window.answer) is not None:
            view.claim()

    def _search(self) -> None:
        if self._window.page is self._window.bank:
            self._window.bank.focus_search()
            return
        self._actions.go("questions")
        self._window.questions.search.setFocus()

    def _toggle_full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()
