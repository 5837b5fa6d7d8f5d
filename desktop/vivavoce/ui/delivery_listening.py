"""Listens for hesitation after the verdict is shown, when nothing else waits for the worker."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, Signal

from vivavoce.core.attempt import Attempt
from vivavoce.core.delivery import Verbatim
from vivavoce.errors import KnownError
from vivavoce.store.attempts import Attempts
from vivavoce.ui.engine_process import EngineProcess, Reply
from vivavoce.ui.session import Phase, Session

# The newest only: what an older program judged is listened to when it is judged again.
_MOST_WAITING = 8


class DeliveryListening(QObject):
    """One recording at a time, and none while somebody records or waits for a verdict.

    What is running then is taken back and done later; a verdict never waits for it.
    """

    delivered = Signal(object)
    """The Attempt, with what was heard in its delivery."""

    def __init__(
        self, attempts: Attempts, engine: EngineProcess, session: Session, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._attempts = attempts
        self._engine = engine
        self._session = session
        self._waiting: deque[int] = deque(maxlen=_MOST_WAITING)
        self._running: tuple[Reply, int] | None = None
        session.phase_changed.connect(self._on_phase)

    def add(self, attempt: Attempt) -> None:
        """Listen to a judged attempt as soon as there is time; not twice, and not to one without words."""
        judged = attempt.assessment
        delivery = judged.delivery if judged is not None else None
        if delivery is None or delivery.listened or not delivery.words:
            return
        running = self._running[1] if self._running is not None else 0
        if attempt.id not in (*self._waiting, running):
            self._waiting.append(attempt.id)
        self._go_on()

    def _on_phase(self, phase: Phase) -> None:
        if phase in (Phase.IDLE, Phase.JUDGED):
            self._go_on()
        elif self._running is not None:
            reply, number = self._running
            self._running = None
            self._waiting.appendleft(number)
            reply.cancel()

    def _go_on(self) -> None:
        if self._running is not None or not self._waiting:
            return
        if self._session.phase not in (Phase.IDLE, Phase.JUDGED):
            return
        number = self._waiting.popleft()
        reply = self._engine.delivery(number)
        self._running = (reply, number)
        reply.done.connect(lambda heard: self._on_done(reply, number, heard))
        # Not told: nothing that was asked for is missing, "at least n" stays true.
        reply.failed.connect(lambda _: self._on_end(reply))
        reply.cancelled.connect(lambda: self._on_end(reply))

    def _on_done(self, reply: Reply, number: int, heard: Verbatim) -> None:
        try:
            told = self._attempts.delivered(number, heard)
            attempt = self._attempts.get(number) if told else None
        except KnownError:
            attempt = None  # discarded and purged meanwhile, or a full disk that is told of elsewhere
        if number in self._waiting:  # taken back too late: it was done already
            self._waiting.remove(number)
        if attempt is not None:
            self.delivered.emit(attempt)
        self._on_end(reply)

    def _on_end(self, reply: Reply) -> None:
        if self._running is not None and self._running[0] is reply:
            self._running = None
        self._go_on()
