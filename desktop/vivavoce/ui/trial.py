"""Answers tried on a question that is being written: one request at a time, the newest one wins."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from vivavoce.core.question import Question
from vivavoce.ui.engine_process import EngineProcess, Reply

REST_MS = 400
"""After the last key; shorter judges words that are still being typed."""


class Trial(QObject):
    """Judges a typed answer against a question as it is now, a moment after either has changed."""

    judged = Signal(object)
    """Assessment of what was typed last."""
    waiting = Signal()
    """An answer was sent and its verdict is not there yet."""
    cleared = Signal()
    """There is nothing to judge."""
    failed = Signal(object)
    """KnownError."""

    def __init__(self, engine: EngineProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._text = ""
        self._question: Question | None = None
        self._running: Reply | None = None
        self._again = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._send)

    def ask(self, text: str, question: Question | None) -> None:
        """Judge this when nothing has changed for a moment; what runs for something else is taken back."""
        if text.strip() and (text.strip(), question) == (self._text, self._question):
            return  # a title was changed, or the like: it would be judged as before
        self._text, self._question = text.strip(), question
        self._take_back()
        if not self._text or question is None:
            self.stop()
            self.cleared.emit()
        else:
            self._rest.start()

    def stop(self) -> None:
        """Judge nothing any more."""
        self._rest.stop()
        self._text = ""
        self._take_back()

    def _take_back(self) -> None:
        if self._running is not None and not self._again:
            self._again = True
            self._running.cancel()

    def _send(self) -> None:
        if self._running is not None:  # its end is told soon; then this is sent
            return
        if not self._text or self._question is None:
            return
        reply = self._engine.assess_text(self._text, self._question)
        self._running = reply
        self._again = False
        reply.done.connect(lambda assessment: self._end(self.judged, assessment))
        reply.failed.connect(lambda error: self._end(self.failed, error))
        reply.cancelled.connect(lambda: self._end(None, None))
        self.waiting.emit()

    def _end(self, signal: SignalInstance | None, value: object) -> None:
        self._running = None
        if self._again:
            if not self._rest.isActive():
                self._send()
            return
        if signal is not self.judged:
            self._text = ""  # the same answer may be tried again
        if signal is not None:
            signal.emit(value)
