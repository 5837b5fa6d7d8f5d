"""A recording that is followed while it grows, so that the words are there when the speaker stops."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from vivavoce.core.question import Question
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Heard, Transcript
from vivavoce.engines.live import LiveHearing
from vivavoce.engines.voice_activity import RATE, Samples
from vivavoce.engines.whisper import Whisper
from vivavoce.store.growing_wav import GrowingWav

_LOOK_SECONDS = 0.1
_FULL_SCALE = 32768
# A recording that differs by more from what was heard was not followed to its end.
_LOST_SECONDS = 0.05


class Listening:
    """One recording and what was heard of it; `run` works on a lane, all else is asked from others."""

    def __init__(self, recording: Path) -> None:
        self.recording = recording
        self._stopping = threading.Event()
        self._over = threading.Event()
        self._done = threading.Event()
        self._transcript: Transcript | None = None

    def stopping(self) -> None:
        """The speaker has pressed stop; the last half second is still being recorded."""
        self._stopping.set()

    def end(self) -> None:
        """The recording has ended: nothing will be written behind what is there."""
        self._over.set()

    def run(
        self, ears: Callable[[], Whisper], question: Question, tell: Callable[[Heard], None], ticket: Ticket
    ) -> None:
        """Follow the recording to its end; raises KnownError, Cancelled."""
        try:
            wav = GrowingWav(self.recording)
            try:
                self._follow(wav, ears(), question, tell, ticket)
            finally:
                wav.close()
        finally:
            self.leave()

    def leave(self) -> None:
        """Nobody listens any more: what was heard until now, if it is all, is what there is."""
        self._done.set()

    def transcript(self, ticket: Ticket) -> Transcript | None:
        """Wait for the last words; None when the recording could not be followed to its end."""
        while not self._done.wait(_LOOK_SECONDS):
            ticket.check()
        heard = self._transcript
        if heard is None or not self.recording.exists():
            return None
        wav = GrowingWav(self.recording)
        try:
            seconds = len(wav.read()) / RATE
        finally:
            wav.close()
        return heard if abs(heard.duration - seconds) <= _LOST_SECONDS else None

    def _follow(
        self,
        wav: GrowingWav,
        ears: Whisper,
        question: Question,
        tell: Callable[[Heard], None],
        ticket: Ticket,
    ) -> None:
        came = time.monotonic()

        def take() -> Samples:
            nonlocal came
            samples = wav.read()
            if len(samples):
                came = time.monotonic()
            return samples.astype(np.float32) / np.float32(_FULL_SCALE)

        hearing = LiveHearing(ears, question, take, tell)
        while not self._over.is_set():
            idle = max(0.0, time.monotonic() - came - _LOOK_SECONDS)
            if not hearing.step(idle=idle, stopping=self._stopping.is_set(), ticket=ticket):
                self._over.wait(_LOOK_SECONDS)
        self._transcript = hearing.finish(ticket)
