"""Everything the window lets be heard: questions, model answers, recordings and spans of them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from vivavoce.core.question import Question
from vivavoce.core.spoken import spoken_form, spoken_question
from vivavoce.errors import KnownError
from vivavoce.settings import Settings
from vivavoce.store.audio import Recordings, Samples, read_pcm
from vivavoce.ui.engine_process import EngineProcess, Reply

if TYPE_CHECKING:
    from vivavoce.sound.player import Player

_SYSTEM_FALLBACK = "system"


class Speech(QObject):
    """One sound at a time. `kind` of a sound is "question", "model", "answer" or "try"."""

    state_changed = Signal(str)
    """The kind that is heard or being made, "" for silence."""
    position_changed = Signal(float)
    fault = Signal(object)
    """KnownError."""

    def __init__(
        self,
        engine: EngineProcess,
        recordings: Recordings,
        cache: Path,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._recordings = recordings
        self._cache = cache
        self._settings = settings
        self._player: Player | None = None
        self._reply: Reply | None = None
        self._kind = ""
        self._fell_back = False
        self._waiting: Path | None = None

    @property
    def kind(self) -> str:
        """What is heard or being made, "" for silence."""
        return self._kind

    @property
    def paused(self) -> bool:
        """Whether the sound waits to go on."""
        return self._player is not None and self._player.active and self._player.paused

    def set_player(self, player: Player) -> None:
        """Give it its speaker; it comes after the window is shown."""
        self._player = player
        player.set_device(self._settings.speaker)
        player.finished.connect(self._on_silent)
        player.position_changed.connect(self.position_changed)
        player.failed.connect(self._on_failed)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._play(waiting)

    def set_settings(self, settings: Settings) -> None:
        """Use another voice, speed or speaker from now on."""
        self._settings = settings
        if self._player is not None:
            self._player.set_device(settings.speaker)

    def ask(self, question: Question) -> None:
        """Read the question aloud."""
        self._say("question", spoken_question(question))

    def tell(self, question: Question) -> None:
        """Read the model answer aloud."""
        self._say("model", spoken_form(question.reference, question.terms))

    def try_voice(self, voice: str, speed: float) -> None:
        """Let a voice be heard before it is chosen."""
        self._say("try", "This is how I ask. What would you like to practise today?", voice, speed)

    def replay(self, attempt_id: int, start: float = 0.0, end: float | None = None) -> None:
        """Play an answer, or the seconds from `start` to `end` with a little on either side."""
        self.stop()
        if self._player is None:
            return
        try:
            samples, rate = self._recording(attempt_id)
        except KnownError as error:
            self.fault.emit(error)
            return
        self._set("answer")
        self._player.play(samples, rate, start, end)

    def toggle(self) -> None:
        """Pause what is heard, or go on."""
        if self._player is not None and self._player.active:
            self._player.toggle()
            self.state_changed.emit(self._kind)

    def skip(self, seconds: float) -> None:
        """Go forwards or back in what is heard."""
        if self._player is not None and self._player.active:
            self._player.seek(self._player.position + seconds)

    def stop(self) -> None:
        """Be silent at once."""
        if self._reply is not None:
            reply, self._reply = self._reply, None
            reply.cancel()
        self._waiting = None
        if self._player is not None:
            self._player.stop()
        self._set("")

    def _recording(self, attempt_id: int) -> tuple[Samples, int]:
        """The samples of an answer; asked twice, for the WAV may become a FLAC in between."""
        for last in (False, True):
            path = self._recordings.existing(attempt_id)
            if path is None:
                break
            try:
                return read_pcm(path)
            except KnownError:
                if last:
                    raise
        raise KnownError("The recording of this answer is not there any more.")

    def _say(self, kind: str, text: str, voice: str = "", speed: float = 0.0) -> None:
        self.stop()
        voice = voice or self._settings.voice
        speed = speed or self._settings.voice_speed
        self._set(kind)
        # The same text in the same voice is the same sound: it is made once.
        key = hashlib.sha256(f"{voice}|{speed}|{text}".encode()).hexdigest()[:24]
        path = self._cache / f"{key}.wav"
        if path.is_file():
            self._play(path)
            return
        reply = self._engine.speak(text, str(path), voice, speed)
        self._reply = reply
        reply.done.connect(lambda _: self._on_made(reply, path))
        reply.failed.connect(lambda error: self._on_not_made(reply, error, kind, text, voice, speed))

    def _on_made(self, reply: Reply, path: Path) -> None:
        if reply is self._reply:
            self._reply = None
            self._play(path)

    def _on_not_made(
        self, reply: Reply, error: KnownError, kind: str, text: str, voice: str, speed: float
    ) -> None:
        if reply is not self._reply:
            return
        self._reply = None
        self._set("")
        if not self._fell_back:
            self.fault.emit(error)
        if voice == "natural":
            # The question must be heard: the system's voice steps in, and the reason is said once.
            self._fell_back = True
            self._say(kind, text, _SYSTEM_FALLBACK, speed)

    def _play(self, path: Path) -> None:
        if self._player is None:
            self._waiting = path  # the speaker comes a moment after the window
            return
        try:
            samples, rate = read_pcm(path)
        except KnownError as error:
            path.unlink(missing_ok=True)  # a cache file: made again next time
            self._set("")
            self.fault.emit(error)
            return
        self._player.play(samples, rate)

    def _on_silent(self) -> None:
        self._set("")

    def _on_failed(self, error: KnownError) -> None:
        self._set("")
        self.fault.emit(error)

    def _set(self, kind: str) -> None:
        if kind != self._kind:
            self._kind = kind
            self.state_changed.emit(kind)
