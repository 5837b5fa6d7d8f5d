"""Everything the window lets be heard: questions, model answers, recordings and spans of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from vivavoce.audio_file import Samples, read_pcm
from vivavoce.core.question import Question, Term
from vivavoce.core.spoken import Pronunciation, Sentence, asked_text, sentences_in
from vivavoce.errors import KnownError
from vivavoce.settings import Settings
from vivavoce.store.audio import Recordings
from vivavoce.store.speech_cache import SpeechCache
from vivavoce.ui.engine_process import EngineProcess
from vivavoce.ui.voicing import Utterance, Voicing

if TYPE_CHECKING:
    from vivavoce.sound.player import Player

_SYSTEM_FALLBACK = "system"
_TRIAL = "This is how I ask. What would you like to practise today?"


@dataclass(slots=True)
class _Reading:
    """A text that is read: its sentences, which one is heard, and the sounds that are made."""

    kind: str
    sentences: tuple[Sentence, ...]
    terms: tuple[Term, ...]
    voice: str
    speed: float
    place: int = 0
    sounds: dict[int, Path] = field(default_factory=dict[int, Path])
    sounding: bool = False


class Speech(QObject):
    """One sound at a time. `kind` of a sound is "question", "model", "answer" or "try"."""

    state_changed = Signal(str)
    """The kind that is heard or being made, "" for silence."""
    position_changed = Signal(float)
    sentence_changed = Signal(str, int, int)
    """The kind that is read, the first character of the sentence heard, one past its last; 0, 0: none."""
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
        self._recordings = recordings
        self._voicing = Voicing(engine, SpeechCache(cache), self)
        self._voicing.made.connect(self._on_made)
        self._voicing.failed.connect(self._on_not_made)
        self._pronunciation = Pronunciation()
        self._coming: tuple[Question, ...] = ()
        self._settings = settings
        self._player: Player | None = None
        self._reading: _Reading | None = None
        self._kind = ""
        self._fell_back = False

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
        self._play_next()  # what was made while there was no speaker

    def set_settings(self, settings: Settings) -> None:
        """Use another voice, speed or speaker from now on."""
        other = (settings.voice, settings.voice_speed) != (self._settings.voice, self._settings.voice_speed)
        self._settings = settings
        if self._player is not None:
            self._player.set_device(settings.speaker)
        if other:
            self.prepare(self._coming)

    def set_pronunciation(self, pronunciation: Pronunciation) -> None:
        """Say terms as this table has them."""
        self._pronunciation = pronunciation

    def voice_is_ready(self) -> None:
        """The voice is loaded: what is likely to be asked next may be made ahead."""
        self._voicing.allow_preparing()

    def prepare(self, questions: Sequence[Question]) -> None:
        """Make these questions ahead, in the background, so that they are heard at once."""
        self._coming = tuple(questions)
        voice, speed = self._settings.voice, self._settings.voice_speed
        self._voicing.prepare(
            [
                self._utterance(sentence.text, terms, voice, speed)
                for text, terms in map(asked_text, self._coming)
                for sentence in sentences_in(text)
            ]
        )

    def ask(self, question: Question) -> None:
        """Read the question aloud."""
        self._say("question", *asked_text(question))

    def tell(self, question: Question) -> None:
        """Read the model answer aloud, sentence by sentence: the first is heard while others are made."""
        self._say("model", question.reference, question.terms)

    def try_voice(self, voice: str, speed: float) -> None:
        """Let a voice be heard before it is chosen."""
        self._say("try", _TRIAL, (), voice, speed)

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
        self._reading = None
        self._voicing.give_up()
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

    def _say(
        self, kind: str, text: str, terms: tuple[Term, ...], voice: str = "", speed: float = 0.0
    ) -> None:
        self.stop()
        voice, speed = voice or self._settings.voice, speed or self._settings.voice_speed
        self._read(_Reading(kind, sentences_in(text), terms, voice, speed))

    def _read(self, reading: _Reading) -> None:
        if not reading.sentences:
            return
        self._reading = reading
        self._set(reading.kind)
        self._voicing.read(
            [
                self._utterance(sentence.text, reading.terms, reading.voice, reading.speed)
                for sentence in reading.sentences
            ]
        )

    def _utterance(self, text: str, terms: tuple[Term, ...], voice: str, speed: float) -> Utterance:
        said = self._pronunciation.form(text, terms, natural=voice == "natural")
        return Utterance(said, voice, speed)

    def _on_made(self, place: int, path: Path) -> None:
        if self._reading is not None:
            self._reading.sounds[place] = path
            self._play_next()

    def _on_not_made(self, error: KnownError) -> None:
        reading, self._reading = self._reading, None
        if reading is None:
            return
        if self._player is not None:
            self._player.stop()
        self._set("")
        if not self._fell_back:
            self.fault.emit(error)
        if reading.voice == "natural":
            # The question must be heard: the system's voice steps in, and the reason is said once.
            self._fell_back = True
            rest = reading.sentences[reading.place :]
            self._read(_Reading(reading.kind, rest, reading.terms, _SYSTEM_FALLBACK, reading.speed))

    def _play_next(self) -> None:
        """Let the sentence be heard whose turn it is, when it is made and nothing sounds."""
        reading = self._reading
        # Without a player it waits: the speaker comes a moment after the window.
        if reading is None or reading.sounding or self._player is None:
            return
        path = reading.sounds.get(reading.place)
        if path is None:
            return
        try:
            samples, rate = read_pcm(path)
        except KnownError as error:
            path.unlink(missing_ok=True)  # a cache file: made again next time
            self.stop()
            self.fault.emit(error)
            return
        reading.sounding = True
        sentence = reading.sentences[reading.place]
        self.sentence_changed.emit(reading.kind, sentence.start, sentence.end)
        self._player.play(samples, rate)

    def _on_silent(self) -> None:
        reading = self._reading
        if reading is not None and reading.place + 1 < len(reading.sentences):
            reading.place += 1
            reading.sounding = False
            self._play_next()
            return
        self._reading = None
        self._set("")

    def _on_failed(self, error: KnownError) -> None:
        self._reading = None
        self._voicing.give_up()
        self._set("")
        self.fault.emit(error)

    def _set(self, kind: str) -> None:
        if kind != self._kind:
            if not kind:
                self.sentence_changed.emit(self._kind, 0, 0)
            self._kind = kind
            self.state_changed.emit(kind)
