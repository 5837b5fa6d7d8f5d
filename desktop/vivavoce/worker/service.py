"""The worker process: one JSON request a line on standard input, JSON events on standard output.

A request is {"id", "do", ...}. Its events carry the same id: "progress", "heard", "transcript", and at
the end exactly one of "done", "failed" or "cancelled". Events without an id tell of the engines.
Models live here and not in the window: importing torch froze a window for up to 0.66 s, and a
crash or a full memory here loses no recording.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from vivavoce.assess import assess_recording, assess_text, assess_transcript
from vivavoce.core.answer import answer_from_text
from vivavoce.core.own_wording import evidence_with_wordings
from vivavoce.core.plain import from_plain, to_plain
from vivavoce.core.question import Question
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Heard, Transcript
from vivavoce.core.wording_check import wording_results
from vivavoce.engines.engines import Engines
from vivavoce.engines.fillers import verbatim_of
from vivavoce.engines.voice import VoiceChoice, system_voices
from vivavoce.engines.whisper import decode
from vivavoce.errors import Cancelled, KnownError
from vivavoce.paths import Home, home
from vivavoce.settings import Settings, load_settings
from vivavoce.store.audio import Recordings
from vivavoce.worker.lane import Lane
from vivavoce.worker.listening import Listening

Request = dict[str, Any]
_LAST_WORDS_SECONDS = 2.0
# The window goes first: on two busy cores it stood still for tenths of a second without this.
_NICENESS = 5
# Further behind the speaker than this nothing is judged ahead.
_BEHIND_SECONDS = 1.5


class Service:
    """Answers requests on three lanes: a question can be read while an answer is judged or followed."""

    def __init__(self, folders: Home, engines: Engines, out: TextIO) -> None:
        self._engines = engines
        self._recordings = Recordings(folders.recordings)
        self._out = out
        self._writing = threading.Lock()
        self._tickets: dict[int, Ticket] = {}
        self._judging = Lane("judging")
        self._speaking = Lane("speaking")
        self._listening = Lane("listening")
        self._followed: dict[str, Listening] = {}
        self._ahead = 0  # which look ahead is the newest

    def warm_up(self) -> None:
        """Load everything in the background, the voice first: it is wanted first."""
        self._speaking.add(lambda: self._warm("voice", lambda: self._engines.voice("natural")))
        self._judging.add(lambda: self._warm("speech", self._engines.ears))
        self._judging.add(lambda: self._warm("judge", self._engines.judge))

    def handle(self, line: str) -> bool:
        """Take one line; False when it asks the process to end."""
        request: Request = json.loads(line)
        number, do = int(request.get("id", 0)), str(request["do"])
        if do == "quit":
            return False
        if do == "cancel":
            if ticket := self._tickets.get(number):
                ticket.cancel()
            return True
        if do in ("listen", "stopping", "assess"):
            self._tell_listening(do, request)
            if do == "stopping":
                return True
        work, lane = self._work(do)
        ticket = Ticket(lambda stage, fraction: self._progress(number, stage, fraction))
        self._tickets[number] = ticket
        lane.add(lambda: self._answer(number, ticket, work, request))
        return True

    def close(self) -> None:
        """Take back what is running and let the lanes come to an end."""
        for ticket in list(self._tickets.values()):
            ticket.cancel()
        for listening in list(self._followed.values()):
            listening.end()
        self._listening.drain(_LAST_WORDS_SECONDS)
        self._judging.drain(_LAST_WORDS_SECONDS)
        self._speaking.drain(_LAST_WORDS_SECONDS)

    def _work(self, do: str) -> tuple[Callable[[Request, Ticket], Any], Lane]:
        return {
            "assess": (self._assess, self._judging),
            "assess_text": (self._assess_text, self._judging),
            "assess_transcript": (self._assess_transcript, self._judging),
            "check_wordings": (self._check_wordings, self._judging),
            "delivery": (self._delivery, self._judging),
            "listen": (self._listen, self._listening),
            "compress": (self._compress, self._judging),
            "bring": (self._bring, self._judging),
            "use_model": (self._use_model, self._judging),
            "measure": (self._measure, self._judging),
            "speak": (self._speak, self._speaking),
            "voices": (self._voices, self._speaking),
        }[do]

    def _tell_listening(self, do: str, request: Request) -> None:
        """What a request means to a recording that is followed; at once, and not when its turn comes."""
        recording = str(request["recording"])
        if do == "listen":
            self._followed[recording] = Listening(Path(recording))
        elif followed := self._followed.get(recording):
            (followed.stopping if do == "stopping" else followed.end)()

    def _listen(self, request: Request, ticket: Ticket) -> object:
        recording, number = str(request["recording"]), int(request["id"])

        question = from_plain(Question, request["question"])

        def tell(heard: Heard) -> None:
            self._say(number, "heard", heard=to_plain(heard))
            if heard.behind <= _BEHIND_SECONDS:  # else the ears need the processor more
                self._judge_ahead(question, f"{heard.text} {heard.tail}")

        self._judge_ahead(question, "")
        self._followed[recording].run(self._engines.ears, question, tell, ticket)

    def _judge_ahead(self, question: Question, text: str) -> None:
        """Judge what was heard so far, for the models to remember: at the end little is left to do.

        Only the newest is judged; what came before it and has waited is passed over.
        """
        number = self._ahead = self._ahead + 1

        def look() -> None:
            if number != self._ahead:
                return
            try:
                judge = self._engines.judge()
                judge.prepare(question)
                evidence_with_wordings(answer_from_text(text), question, judge)
            except KnownError:
                pass  # the verdict itself will say so
            except Exception:  # a look ahead must not end the lane
                traceback.print_exc(file=sys.stderr)

        self._judging.add(look)

    def _heard_live(self, request: Request, ticket: Ticket) -> Transcript | None:
        """What was heard while it was spoken, with the last words; None when nobody listened."""
        followed = self._followed.get(str(request["recording"]))
        if followed is None:
            return None
        ticket.progress("listening", 0.0)
        heard = followed.transcript(ticket)
        self._ahead += 1  # a look ahead that still waits would be too late
        self._followed.pop(str(request["recording"]), None)
        return heard

    def _assess(self, request: Request, ticket: Ticket) -> object:
        number = int(request["id"])

        def heard(transcript: Transcript) -> None:
            self._say(number, "transcript", transcript=to_plain(transcript))

        engines = self._engines
        again = "model" in request or "beam" in request
        ears = engines.other_ears(str(request.get("model", "")))
        ears = ears.with_beam(int(request.get("beam", 0)) or ears.beam)
        return assess_recording(
            _present(Path(request["recording"])),
            from_plain(Question, request["question"]),
            ears,
            engines.judge(),
            {**engines.versions(spoken=True), "speech": ears.name},
            ticket,
            heard,
            None if again else self._heard_live(request, ticket),
        )

    def _assess_text(self, request: Request, ticket: Ticket) -> object:
        question = from_plain(Question, request["question"])
        engines = self._engines
        return assess_text(
            str(request["text"]), question, engines.judge(), engines.versions(spoken=False), ticket
        )

    def _assess_transcript(self, request: Request, ticket: Ticket) -> object:
        transcript = from_plain(Transcript, request["transcript"])
        question = from_plain(Question, request["question"])
        engines = self._engines
        return assess_transcript(
            transcript, question, engines.judge(), engines.versions(spoken=False), ticket
        )

    def _check_wordings(self, request: Request, ticket: Ticket) -> object:
        judge = self._engines.judge()
        return wording_results(from_plain(Question, request["question"]), judge, ticket)

    def _delivery(self, request: Request, ticket: Ticket) -> object:
        ticket.check()
        # By number: the recording may have been turned into FLAC since it was judged.
        recording = self._recordings.existing(int(request["attempt"]))
        if recording is None:
            raise KnownError("The recording of this answer is not there any more.")
        return verbatim_of(self._engines.ears().model, decode(recording), ticket)

    def _compress(self, request: Request, ticket: Ticket) -> object:
        ticket.check()
        return str(self._recordings.compress(int(request["attempt"])))

    def _bring(self, request: Request, ticket: Ticket) -> object:
        return self._recordings.bring(Path(request["source"]), int(request["attempt"]), ticket)

    def _use_model(self, request: Request, ticket: Ticket) -> object:
        return self._engines.use_speech_model(str(request["model"]), ticket)

    def _measure(self, _request: Request, ticket: Ticket) -> object:
        return self._engines.base_pace(ticket)

    def _speak(self, request: Request, ticket: Ticket) -> object:
        to = Path(request["to"])
        voice = self._engines.voice(str(request["voice"]))
        voice.speak(str(request["text"]), to, float(request["speed"]), ticket)
        return str(to)

    def _voices(self, _request: Request, _ticket: Ticket) -> object:
        natural = VoiceChoice("natural", "Natural voice (Heart, American English)")
        try:
            return [natural, *system_voices()]
        except KnownError:
            return [natural]  # a machine without system voices is a sound machine

    def _answer(
        self, number: int, ticket: Ticket, work: Callable[[Request, Ticket], Any], request: Request
    ) -> None:
        """Do the work and say exactly once how it ended."""
        try:
            ticket.check()
            result = to_plain(work(request, ticket))
        except Cancelled:
            self._say(number, "cancelled")
        except KnownError as error:
            self._say(number, "failed", what=error.what, next_step=error.next_step)
        except Exception as error:  # our bug: said once here, so that the process lives on
            traceback.print_exc(file=sys.stderr)
            self._say(
                number,
                "failed",
                what=f"Something went wrong inside Viva Voce ({type(error).__name__}: {error}).",
                next_step="Your recording is kept. Try again; if it stays, see the log.",
            )
        else:
            self._say(number, "done", result=result)
        finally:
            self._tickets.pop(number, None)
            # One that was taken back before its turn came never ran; nobody may wait for it.
            if request["do"] == "listen" and (followed := self._followed.get(str(request["recording"]))):
                followed.leave()

    def _warm(self, engine: str, load: Callable[[], object]) -> None:
        self._say(None, "engine", engine=engine, state="loading", detail="")
        try:
            load()
        except KnownError as error:
            self._say(None, "engine", engine=engine, state="failed", detail=str(error))
        except Exception as error:  # a library that cannot be imported must not end the lane
            traceback.print_exc(file=sys.stderr)
            detail = f"The {engine} engine cannot be loaded ({type(error).__name__}: {error})."
            self._say(None, "engine", engine=engine, state="failed", detail=detail)
        else:
            self._say(None, "engine", engine=engine, state="ready", detail="")

    def _progress(self, number: int, stage: str, fraction: float) -> None:
        self._say(number, "progress", stage=stage, fraction=round(fraction, 3))

    def _say(self, number: int | None, event: str, **values: object) -> None:
        line = json.dumps({"id": number, "event": event, **values}, ensure_ascii=True)
        # A window that was killed reads no more; that standard input ends, too, ends this process.
        with self._writing, contextlib.suppress(BrokenPipeError):
            self._out.write(line + "\n")
            self._out.flush()


def _present(recording: Path) -> Path:
    """The recording by its present name: while a request waited, its WAV may have become a FLAC."""
    flac = recording.with_suffix(".flac")
    return flac if not recording.exists() and flac.exists() else recording


def main(arguments: list[str]) -> int:
    """Serve until standard input ends or asks to quit; `arguments` may hold --home DIR."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    folders = home(Path(arguments[1]) if arguments[:1] == ["--home"] else None)
    # Libraries print; only our events may go to the window. The copy is taken before any import
    # of theirs, and what they say goes to standard error.
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        settings = load_settings(folders.settings)
    except KnownError:
        settings = Settings()  # the window says what is wrong with the file
    engines = Engines(folders, settings.speech_model)
    service = Service(folders, engines, events)
    service.warm_up()
    for line in sys.stdin:
        if line.strip() and not service.handle(line):
            break
    service.close()
    # A normal end takes 3-4 s with torch loaded; nothing of ours is left to write.
    os._exit(0)
