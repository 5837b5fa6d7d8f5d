"""The worker process as the window sees it: requests out, replies in, started again when it dies."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from vivavoce.core.attempt import Assessment
from vivavoce.core.delivery import Verbatim
from vivavoce.core.plain import from_plain, to_plain
from vivavoce.core.question import Question
from vivavoce.core.transcript import Heard, Transcript
from vivavoce.core.wording_check import WordingResult
from vivavoce.errors import KnownError
from vivavoce.paths import Home, role_command

_TRIES = 2
"""A request that was running when the worker died is sent once more; a second death is its fault."""
_MOST_DEATHS = 4
ENGINES = ("voice", "speech", "judge")
_STOP_MS = 3000
_DIED = {
    "what": "The speech engine stopped while it was working.",
    "next_step": "Your recording is kept: judge it again. If it stays, run vivavoce doctor.",
}


class Reply(QObject):
    """What comes back for one request; exactly one of `done`, `failed`, `cancelled` ends it."""

    progress = Signal(str, float)
    heard = Signal(object)
    transcript = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, engine: EngineProcess, number: int, request: dict[str, Any]) -> None:
        super().__init__(engine)
        self._engine = engine
        self.number = number
        self.request = request
        self.tries = 0

    def cancel(self) -> None:
        """Take the request back; `cancelled` follows unless it was already done."""
        self._engine.send({"id": self.number, "do": "cancel"})


class EngineProcess(QObject):
    """Starts the worker, keeps it running, and carries requests to it."""

    engine_state = Signal(str, str, str)
    """Engine ("voice", "speech", "judge"), state ("loading", "ready", "failed"), detail."""
    restarted = Signal()

    def __init__(self, home: Home, explicit_home: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home if explicit_home else None
        self._process: QProcess | None = None
        self._replies: dict[int, Reply] = {}
        self._next = 1
        self._buffer = b""
        self._deaths = 0
        self._closing = False
        self.log: deque[str] = deque(maxlen=200)
        self.states: dict[str, str] = {}
        self._as_judged: Callable[[Question], Question] = lambda question: question

    @property
    def pid(self) -> int:
        """The process id of the worker, 0 when it does not run."""
        return self._process.processId() if self._process is not None else 0

    def set_as_judged(self, as_judged: Callable[[Question], Question]) -> None:
        """Let a function give every question that answers are judged by what the user adds to it."""
        self._as_judged = as_judged

    def start(self) -> None:
        """Start the worker; it loads its models by itself."""
        if self._process is not None:
            return
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        process.setProcessEnvironment(environment)
        process.readyReadStandardOutput.connect(self._read)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        self._buffer = b""
        program, *arguments = role_command("worker")
        if self._home is not None:
            arguments += ["--home", str(self._home.data)]
        process.start(program, arguments)

    def close(self) -> None:
        """End the worker; nothing that runs in it is waited for long."""
        self._closing = True
        process, self._process = self._process, None
        if process is None:
            return
        process.write(b'{"do": "quit"}\n')
        process.closeWriteChannel()
        if not process.waitForFinished(_STOP_MS):
            process.kill()
            process.waitForFinished(_STOP_MS)

    def listen(self, recording: str, question: Question) -> Reply:
        """Follow a recording that is being made; `heard` carries each Heard, until `assess` ends it."""
        asked = to_plain(self._as_judged(question))
        return self._request({"do": "listen", "recording": recording, "question": asked})

    def stopping(self, recording: str) -> None:
        """Tell who follows a recording that its last half second is being made."""
        self.send({"do": "stopping", "recording": recording})

    def assess(self, recording: str, question: Question, model: str = "", beam: int = 0) -> Reply:
        """Judge a recording; `done` carries an Assessment, `transcript` the words before it.

        What was heard while it was made is used; with a `model` or a `beam` the whole recording is
        listened to again by that speech model, with that beam.
        """
        asked = to_plain(self._as_judged(question))
        request = {"do": "assess", "recording": recording, "question": asked}
        again = {"model": model, "beam": beam} if model or beam else {}
        return self._request({**request, **again})

    def assess_transcript(self, transcript: Transcript, question: Question) -> Reply:
        """Judge words that were heard before; `done` carries an Assessment."""
        asked = to_plain(self._as_judged(question))
        heard = to_plain(transcript)
        return self._request({"do": "assess_transcript", "transcript": heard, "question": asked})

    def assess_text(self, text: str, question: Question) -> Reply:
        """Judge a typed answer; `done` carries an Assessment."""
        return self._request({"do": "assess_text", "text": text, "question": to_plain(question)})

    def check_wordings(self, question: Question) -> Reply:
        """Judge a question's own wordings one by one; `done` carries a tuple of WordingResult."""
        return self._request({"do": "check_wordings", "question": to_plain(question)})

    def speak(self, text: str, to: str, voice: str, speed: float) -> Reply:
        """Read a text aloud into a WAV file; `done` carries its path."""
        return self._request({"do": "speak", "text": text, "to": to, "voice": voice, "speed": speed})

    def voices(self) -> Reply:
        """Which voices there are; `done` carries a list of {"id", "name"}."""
        return self._request({"do": "voices"})

    def delivery(self, attempt_id: int) -> Reply:
        """Listen to a recording again for hesitation; `done` carries a Verbatim."""
        return self._request({"do": "delivery", "attempt": attempt_id})

    def compress(self, attempt_id: int) -> Reply:
        """Turn an attempt's WAV into FLAC; `done` carries the path."""
        return self._request({"do": "compress", "attempt": attempt_id})

    def bring(self, source: str, attempt_id: int) -> Reply:
        """Take a sound file in as an attempt's recording; `done` carries its seconds."""
        return self._request({"do": "bring", "source": source, "attempt": attempt_id})

    def use_model(self, model: str) -> Reply:
        """Hear with another speech model; `done` carries its name, `failed` says why the old one stays."""
        return self._request({"do": "use_model", "model": model})

    def measure(self) -> Reply:
        """Measure the model base; `done` carries its seconds of work for a second of speech."""
        return self._request({"do": "measure"})

    def send(self, request: dict[str, Any]) -> None:
        """Write one line to the worker, which is started if need be."""
        self.start()
        if self._process is not None:
            self._process.write(json.dumps(request).encode("ascii") + b"\n")

    def _request(self, request: dict[str, Any]) -> Reply:
        number, self._next = self._next, self._next + 1
        reply = Reply(self, number, {"id": number, **request})
        self._replies[number] = reply
        self._send_again(reply)
        return reply

    def _send_again(self, reply: Reply) -> None:
        reply.tries += 1
        self.send(reply.request)

    def _read(self) -> None:
        if self._process is None:
            return
        self._buffer += bytes(self._process.readAllStandardOutput().data())
        *lines, self._buffer = self._buffer.split(b"\n")
        for line in lines:
            if line.strip():
                self._handle(json.loads(line))

    def _read_log(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
            self.log.extend(text.splitlines())

    def _handle(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind == "engine":
            self.states[event["engine"]] = event["state"]
            if list(self.states.values()).count("ready") == len(ENGINES):
                self._deaths = 0
            self.engine_state.emit(event["engine"], event["state"], event["detail"])
            return
        reply = self._replies.get(event["id"])
        if reply is None:
            return
        if kind == "progress":
            reply.progress.emit(event["stage"], event["fraction"])
        elif kind == "heard":
            reply.heard.emit(from_plain(Heard, event["heard"]))
        elif kind == "transcript":
            reply.transcript.emit(from_plain(Transcript, event["transcript"]))
        else:
            self._end(reply, kind, event)

    def _end(self, reply: Reply, kind: str, event: dict[str, Any]) -> None:
        self._replies.pop(reply.number, None)
        if kind == "done":
            reply.done.emit(_value(reply.request["do"], event["result"]))
        elif kind == "failed":
            reply.failed.emit(KnownError(event["what"], event["next_step"]))
        else:
            reply.cancelled.emit()
        reply.deleteLater()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._on_finished()

    def _on_finished(self) -> None:
        """The worker died: start it again and send what it was working on once more."""
        if self._closing or self._process is None:
            return
        self._read_log()
        self._process.deleteLater()
        self._process = None
        self._deaths += 1
        self.states.clear()
        waiting = list(self._replies.values())
        for reply in waiting:
            if reply.tries >= _TRIES or self._deaths > _MOST_DEATHS:
                self._end(reply, "failed", _DIED)
        if self._deaths > _MOST_DEATHS:
            self.engine_state.emit("speech", "failed", "The speech engine stops again and again.")
            return
        self.start()
        for reply in waiting:
            if reply.number in self._replies:
                self._send_again(reply)
        self.restarted.emit()


def _value(do: str, result: Any) -> object:  # noqa: ANN401 - JSON has no better name
    """A result as the core value it is on the other side."""
    if do in ("assess", "assess_text", "assess_transcript"):
        return from_plain(Assessment, result)
    if do == "delivery":
        return from_plain(Verbatim, result)
    if do == "check_wordings":
        return tuple(from_plain(WordingResult, one) for one in result)
    return result
