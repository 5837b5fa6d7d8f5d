"""Texts become sounds: from the cache, or made by the worker one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from vivavoce.engines.voice import voice_engine
from vivavoce.errors import KnownError
from vivavoce.store.speech_cache import SpeechCache
from vivavoce.ui.engine_process import EngineProcess, Reply


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text as a voice reads it."""

    text: str
    voice: str
    speed: float


class Voicing(QObject):
    """Makes the sounds of one reading in their order, and others ahead while nobody waits.

    One request at a time is with the worker, so that a reading waits for one sentence at most.
    """

    made = Signal(int, object)
    """Place in the reading, and the Path of its sound."""
    failed = Signal(object)
    """KnownError: the reading ends here."""

    def __init__(self, engine: EngineProcess, cache: SpeechCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._cache = cache
        self._reading: deque[tuple[int, Utterance]] = deque()
        self._ahead: deque[Utterance] = deque()
        self._reply: Reply | None = None
        self._may_prepare = False
        self._number = 0
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(0)
        self._next.timeout.connect(self._go_on)

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Make these, in order; a reading before is given up. The first may be told before this returns."""
        self.give_up()
        self._reading = deque(enumerate(utterances))
        self._go_on()

    def prepare(self, utterances: Sequence[Utterance]) -> None:
        """Make these when nobody waits for anything; they take the place of those asked for before."""
        self._ahead = deque(utterances)
        self._next.start()

    def allow_preparing(self) -> None:
        """Let sounds be made ahead: the voice is loaded."""
        self._may_prepare = True
        self._next.start()

    def give_up(self) -> None:
        """Make no more of the reading."""
        self._number += 1
        self._reading.clear()
        if self._reply is not None:
            reply, self._reply = self._reply, None
            reply.cancel()

    def _go_on(self) -> None:
        number = self._number
        while self._reply is None and self._reading:
            place, utterance = self._reading.popleft()
            path = self._path(utterance)
            if self._cache.find(path):
                self.made.emit(place, path)
            else:
                self._request(utterance, path, place)
            if number != self._number:
                return  # whoever was told has begun another reading
        if self._reply is None and self._may_prepare and self._ahead:
            self._prepare_next()

    def _prepare_next(self) -> None:
        while self._ahead:
            utterance = self._ahead.popleft()
            path = self._path(utterance)
            if not self._cache.find(path):
                self._request(utterance, path, None)
                return
        self._cache.trim()

    def _path(self, utterance: Utterance) -> Path:
        return self._cache.path(
            utterance.text, utterance.voice, utterance.speed, voice_engine(utterance.voice)
        )

    def _request(self, utterance: Utterance, path: Path, place: int | None) -> None:
        reply = self._engine.speak(utterance.text, str(path), utterance.voice, utterance.speed)
        self._reply = reply
        reply.done.connect(lambda _: self._on_made(reply, path, place))
        reply.failed.connect(lambda error: self._on_failed(reply, error, place))

    def _on_made(self, reply: Reply, path: Path, place: int | None) -> None:
        if reply is not self._reply:
            return
        self._reply = None
        # The next is asked for before this one is played.
        self._next.start()
        if place is not None:
            self.made.emit(place, path)

    def _on_failed(self, reply: Reply, error: KnownError, place: int | None) -> None:
        if reply is not self._reply:
            return
        self._reply = None
        if place is None:
            self._ahead.clear()  # it is said when the question is asked
            return
        self._reading.clear()
        self.failed.emit(error)
