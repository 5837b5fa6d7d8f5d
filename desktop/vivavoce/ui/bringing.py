"""A recording the user already has becomes an answer: chosen or dropped, taken in by the worker, judged."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from vivavoce.audio_file import ENDINGS
from vivavoce.core.attempt import FROM_FILE
from vivavoce.core.question import Question
from vivavoce.errors import KnownError
from vivavoce.store.attempts import Attempts
from vivavoce.store.audio import Recordings
from vivavoce.ui.engine_process import EngineProcess, Reply
from vivavoce.ui.session import Phase, Session
from vivavoce.ui.widgets.notice import Notice

_KEY = "bringing"
_FILTER = f"Sound and video ({' '.join(f'*.{ending}' for ending in ENDINGS)});;All files (*)"


class Bringing(QObject):
    """One file at a time; the notice tells how far it is and takes it back."""

    def __init__(
        self,
        session: Session,
        attempts: Attempts,
        recordings: Recordings,
        engine: EngineProcess,
        notice: Notice,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._attempts = attempts
        self._recordings = recordings
        self._engine = engine
        self._notice = notice
        self._reply: Reply | None = None
        self._attempt_id = 0
        self._name = ""

    @property
    def busy(self) -> bool:
        """Whether a file is being taken in."""
        return self._reply is not None

    def choose(self, parent: QWidget) -> None:
        """Let the user choose a file for the question that is practised."""
        path, _ = QFileDialog.getOpenFileName(parent, "Judge a recording I have", "", _FILTER)
        if path:
            self.bring(Path(path))

    def bring(self, path: Path) -> None:
        """Take a file in as an answer to the question that is practised, then judge it."""
        question = self._session.question
        if question is None or self.busy:
            return
        if self._session.phase not in (Phase.IDLE, Phase.JUDGED):
            self._notice.show_text("Finish the answer first, then bring the file.", key=_KEY)
            return
        try:
            attempt = self._attempts.begin(question, FROM_FILE + path.name, datetime.now(timezone.utc))
        except KnownError as error:
            self._told(error)
            return
        self._attempt_id, self._name = attempt.id, path.name
        reply = self._engine.bring(str(path), attempt.id)
        self._reply = reply
        self._show(0.0)
        reply.progress.connect(lambda _, part: self._show(part) if reply is self._reply else None)
        reply.done.connect(lambda seconds: self._on_brought(attempt.id, question, float(seconds)))
        reply.failed.connect(lambda error: self._on_failed(attempt.id, error))
        reply.cancelled.connect(lambda: self._on_failed(attempt.id, None))

    def cancel(self) -> None:
        """Take it back; nothing is kept."""
        if self._reply is not None:
            self._reply.cancel()

    def _show(self, part: float) -> None:
        share = f" {100 * part:.0f} %" if part > 0 else ""
        self._notice.show_text(f"Reading {self._name} …{share}", (("Cancel", self.cancel),), key=_KEY)

    def _on_brought(self, number: int, question: Question, seconds: float) -> None:
        self._end()
        try:
            self._attempts.recorded(number, seconds)
        except KnownError as error:
            self._told(error)
            return
        now = self._session.question
        free = self._session.phase in (Phase.IDLE, Phase.JUDGED)
        if free and now is not None and now.id == question.id:
            self._notice.dismiss(_KEY)
            self._session.judge(number)
        else:
            self._notice.show_text(f"{self._name} is in the history, to be judged there.", key=_KEY)

    def _on_failed(self, number: int, error: KnownError | None) -> None:
        self._end()
        try:
            self._attempts.discard(number)
            self._recordings.delete(number)
        except KnownError as fault:
            error = error or fault
        if error is None:
            self._notice.show_text("Taken back. Your file is as it was.", key=_KEY)
        else:
            self._told(error)

    def _end(self) -> None:
        self._reply = None

    def _told(self, error: KnownError) -> None:
        self._notice.show_text(str(error), fault=True, key=_KEY)
