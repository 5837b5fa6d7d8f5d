"""One sitting at one question: asked, recorded, judged. The state machine behind the practice page.

The window arranges, the session decides, the page shows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from vivavoce.core.attempt import Assessment, Attempt
from vivavoce.core.manner import Manner, shows_words
from vivavoce.core.question import Question
from vivavoce.core.transcript import Heard
from vivavoce.errors import KnownError
from vivavoce.settings import Settings
from vivavoce.store.attempts import Attempts
from vivavoce.store.audio import Recordings, WavWriter, repair
from vivavoce.store.bank import Bank
from vivavoce.ui.engine_process import EngineProcess, Reply
from vivavoce.ui.speech import Speech

if TYPE_CHECKING:
    from vivavoce.sound.devices import Devices
    from vivavoce.sound.recorder import Recorder


class Phase(Enum):
    """Where the sitting stands."""

    IDLE = "idle"
    STARTING = "starting"
    RECORDING = "recording"
    PAUSED = "paused"
    FINISHING = "finishing"
    JUDGING = "judging"
    JUDGED = "judged"


RECORDING_PHASES = {Phase.STARTING, Phase.RECORDING, Phase.PAUSED}


class Session(QObject):
    """Decides what may happen next; every change is told by a signal."""

    question_changed = Signal(object)
    phase_changed = Signal(object)
    progress = Signal(str, float)
    heard = Signal(object)
    """Heard: the words so far of the answer that is being spoken."""
    transcript = Signal(object)
    judged = Signal(object)
    """The Attempt with its assessment."""
    discarded = Signal(int)
    """The number of an attempt that was taken back; `restore` brings it again."""
    fault = Signal(object, int)
    """KnownError, and the number of the attempt that can be judged again (0: none)."""

    def __init__(
        self,
        attempts: Attempts,
        recordings: Recordings,
        engine: EngineProcess,
        speech: Speech,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._attempts = attempts
        self._recordings = recordings
        self._engine = engine
        self._speech = speech
        self._settings = settings
        self._recorder: Recorder | None = None
        self._devices: Devices | None = None
        self._question: Question | None = None
        self._attempt_id = 0
        self._judging: Reply | None = None
        self._listening: Reply | None = None
        self.manner: Manner = "practise"
        self._phase = Phase.IDLE

    @property
    def phase(self) -> Phase:
        """Where the sitting stands."""
        return self._phase

    @property
    def question(self) -> Question | None:
        """The question that is being practised."""
        return self._question

    @property
    def attempt_id(self) -> int:
        """The attempt that is recorded, judged or shown; 0 before there is one."""
        return self._attempt_id

    def set_recorder(self, recorder: Recorder, devices: Devices) -> None:
        """Give the session its microphone; it comes after the window is shown."""
        self._recorder = recorder
        self._devices = devices
        recorder.listening.connect(self._on_listening)
        recorder.finished.connect(self._on_recorded)
        recorder.failed.connect(self._on_recording_failed)

    def set_settings(self, settings: Settings) -> None:
        """Use other settings from now on."""
        self._settings = settings

    def choose(self, question: Question) -> None:
        """Begin with a question; what was recorded before is finished or judged on in the background."""
        self.leave()
        self._question = question
        self._attempt_id = 0
        self.question_changed.emit(question)
        self._to(Phase.IDLE)
        if self._settings.read_aloud:
            self._speech.ask(question)

    def renew(self, bank: Bank) -> None:
        """Ask the question as it is in the bank now; an answer that is recorded or judged keeps its own."""
        question = self._question
        if question is None or question.id not in bank or self._phase not in {Phase.IDLE, Phase.JUDGED}:
            return
        if (now := bank.get(question.id)) != question:
            self._question = now
            if self._phase is Phase.IDLE:  # a verdict stays on the page until the next answer
                self.question_changed.emit(now)

    def leave(self) -> None:
        """Be silent and close a running recording: it is kept and offered again."""
        self._speech.stop()
        if self._recorder is not None and self._phase in {*RECORDING_PHASES, Phase.FINISHING}:
            seconds = self._recorder.seconds
            self._recorder.cancel()
            self._listen_no_more()
            self._keep(seconds)
        self._judging = None
        self._to(Phase.IDLE)

    def toggle_recording(self) -> None:
        """Record when nothing runs, stop when something does."""
        if self._phase in RECORDING_PHASES:
            self.stop()
        elif self._phase in {Phase.IDLE, Phase.JUDGED}:
            self.record()

    def record(self) -> None:
        """Start a new attempt; speech never overlaps it."""
        if self._question is None or self._phase not in {Phase.IDLE, Phase.JUDGED}:
            return
        if self._recorder is None or self._devices is None:
            return
        self._speech.stop()
        microphone = self._settings.microphone
        try:
            name = self._devices.find(microphone).description()
            attempt = self._attempts.begin(self._question, name, datetime.now(timezone.utc))
        except KnownError as error:
            self.fault.emit(error, 0)
            return
        self._attempt_id = attempt.id
        self._to(Phase.STARTING)
        path = self._recordings.wav_path(attempt.id)
        try:
            self._recorder.start(microphone, WavWriter(path))
        except KnownError as error:
            self._forget(attempt.id)
            self._to(Phase.IDLE)
            self.fault.emit(error, 0)
            return
        self._listening = reply = self._engine.listen(str(path), self._question)
        reply.heard.connect(lambda heard: self._on_heard(reply, heard))

    def toggle_pause(self) -> None:
        """Pause the recording or go on with it."""
        if self._recorder is None:
            return
        # Both take what has arrived first, and that can end the recording (a full disk).
        if self._phase is Phase.RECORDING:
            self._recorder.pause()
            if self._phase is Phase.RECORDING:
                self._to(Phase.PAUSED)
        elif self._phase is Phase.PAUSED:
            self._recorder.resume()
            if self._phase is Phase.PAUSED:
                self._to(Phase.RECORDING)

    def stop(self) -> None:
        """End the recording and judge it."""
        if self._recorder is not None and self._phase in RECORDING_PHASES:
            self._to(Phase.FINISHING)
            # The last words are written down while the recorder keeps its last half second.
            self._engine.stopping(str(self._recordings.wav_path(self._attempt_id)))
            self._recorder.stop()

    def cancel(self) -> None:
        """Take back what runs: a recording is discarded (undoable), a judgement is put off."""
        if self._recorder is not None and self._phase in RECORDING_PHASES:
            seconds = self._recorder.seconds
            self._recorder.cancel()
            self._listen_no_more()
            number = self._attempt_id
            kept = self._keep(seconds)
            self._to(Phase.IDLE)
            self._attempt_id = 0
            if kept and self._stored(lambda: self._attempts.discard(number)):
                self.discarded.emit(number)
        elif self._phase is Phase.JUDGING and self._judging is not None:
            number = self._attempt_id
            self._judging.cancel()
            # Not waited for: the worker looks up only between pieces. A verdict that comes all the
            # same is filed away.
            self._judging = None
            self._to(Phase.IDLE)
            self.fault.emit(KnownError("Not judged yet.", "Your recording is kept."), number)

    def redo(self) -> None:
        """Begin the answer again: a running recording is discarded (undoable), a judged one stays."""
        if self._phase in {Phase.JUDGING, Phase.FINISHING}:
            return
        self.cancel()
        self.record()

    def judge(self, number: int, model: str = "", beam: int = 0) -> None:
        """Judge a recording that is kept: after a fault, after a crash, after an undo.

        With a speech model or a beam it is written down anew by that, whatever was heard before.
        """
        if self._phase in {*RECORDING_PHASES, Phase.FINISHING, Phase.JUDGING}:
            return
        try:
            attempt = self._attempts.get(number)
            path = self._recordings.existing(number)
            if path is None:
                raise KnownError("The recording of this answer is not there any more.", "Record it again.")
            if attempt.state == "recording":
                self._attempts.recorded(number, repair(path))
        except KnownError as error:
            self.fault.emit(error, 0)
            return
        if self._question is None or self._question.id != attempt.question.id:
            self._question = attempt.question
            self.question_changed.emit(attempt.question)
        self._attempt_id = number
        self._to(Phase.JUDGING)
        self._listening = None  # what was heard goes into the judging; words come from there now
        reply = self._engine.assess(str(path), self._question, model, beam)
        self._judging = reply
        # Each answers for itself: the session may have gone on to another question meanwhile.
        reply.progress.connect(lambda stage, part: self._if_wanted(reply, self.progress, stage, part))
        reply.transcript.connect(lambda transcript: self._if_wanted(reply, self.transcript, transcript))
        reply.done.connect(lambda assessment: self._on_judged(reply, number, assessment))
        reply.failed.connect(lambda error: self._on_judging_failed(reply, number, error))

    def _if_wanted(self, reply: Reply, signal: SignalInstance, *values: object) -> None:
        if reply is self._judging:
            signal.emit(*values)

    @property
    def shows_words(self) -> bool:
        """Whether one's words are shown while one speaks."""
        return shows_words(self.manner, self._settings.show_words)

    def _on_heard(self, reply: Reply, heard: Heard) -> None:
        if reply is self._listening and self.shows_words:
            self.heard.emit(heard)

    def _listen_no_more(self) -> None:
        """The recording is not to be judged now; whoever judges it later listens to all of it."""
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def _on_listening(self) -> None:
        if self._phase is Phase.STARTING:
            self._to(Phase.RECORDING)

    def _on_recorded(self, seconds: float) -> None:
        number = self._attempt_id
        if not self._keep(seconds):
            self._listen_no_more()
            self._to(Phase.IDLE)
            self.fault.emit(KnownError("Nothing was recorded.", "Press record and speak."), 0)
            return
        self._phase = Phase.IDLE  # not told: judging begins in the same breath
        self.judge(number)
        if self._phase is Phase.IDLE:  # it could not begin, and has said why
            self._listen_no_more()
            self.phase_changed.emit(Phase.IDLE)

    def _on_recording_failed(self, error: KnownError) -> None:
        seconds = self._recorder.seconds if self._recorder is not None else 0.0
        number = self._attempt_id
        self._listen_no_more()
        kept = self._keep(seconds)
        self._to(Phase.IDLE)
        self.fault.emit(error, number if kept else 0)

    def _on_judged(self, reply: Reply, number: int, assessment: Assessment) -> None:
        if reply is not self._judging:
            self._file_away(number, assessment)
            return
        self._judging = None
        try:
            self._attempts.judged(number, assessment)
            attempt: Attempt = self._attempts.get(number)
        except KnownError as error:
            self._to(Phase.IDLE)
            self.fault.emit(error, number)
            return
        self._engine.compress(number)
        self._to(Phase.JUDGED)
        self.judged.emit(attempt)

    def _on_judging_failed(self, reply: Reply, number: int, error: KnownError) -> None:
        if reply is not self._judging:
            return  # the recording is kept, and the history says that it is not judged
        self._judging = None
        self._to(Phase.IDLE)
        self.fault.emit(error, number)

    def _keep(self, seconds: float) -> bool:
        """Note how much was recorded and say whether it is something.

        A recording without a sample leaves nothing behind. When the database cannot take the
        note the samples are on disk all the same, and are offered at the next start.
        """
        number = self._attempt_id
        if seconds <= 0:
            self._forget(number)
            return False
        self._stored(lambda: self._attempts.recorded(number, seconds))
        return True

    def _forget(self, number: int) -> None:
        self._stored(lambda: self._attempts.discard(number))
        self._stored(lambda: self._recordings.delete(number))
        self._attempt_id = 0

    def _stored(self, act: Callable[[], object]) -> bool:
        """Change the store; a fault (a full disk) is shown and stops nothing else."""
        try:
            act()
        except KnownError as error:
            self.fault.emit(error, 0)
            return False
        return True

    def _file_away(self, number: int, assessment: Assessment) -> None:
        if self._stored(lambda: self._attempts.judged(number, assessment)):
            self._engine.compress(number)

    def _to(self, phase: Phase) -> None:
        if phase is not self._phase:
            self._phase = phase
            self.phase_changed.emit(phase)
