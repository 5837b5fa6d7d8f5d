"""Answers that a crash or a closed window left unjudged: found again and offered."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from vivavoce.core.attempt import Attempt
from vivavoce.errors import KnownError
from vivavoce.store.attempts import Attempts
from vivavoce.store.audio import Recordings, repair
from vivavoce.ui.widgets.notice import Notice


class Recovery(QObject):
    """Offers what was found, one answer after the other; nothing is judged or removed unasked."""

    def __init__(
        self, attempts: Attempts, recordings: Recordings, notice: Notice, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._attempts = attempts
        self._recordings = recordings
        self._notice = notice
        self._found: list[Attempt] = []
        self._judge: Callable[[int], object] = lambda _: None
        self._listen: Callable[[int], object] = lambda _: None
        self._discard: Callable[[int], object] = lambda _: None

    def on_wish(
        self,
        judge: Callable[[int], object],
        listen: Callable[[int], object],
        discard: Callable[[int], object],
    ) -> None:
        """Say what judging, listening to and discarding an attempt means."""
        self._judge, self._listen, self._discard = judge, listen, discard

    def find(self) -> list[KnownError]:
        """Mend what was cut off; returns the faults of recordings that cannot be read.

        What was found is in the history, too, so that a notice that is put away loses nothing.
        """
        faults: list[KnownError] = []
        for attempt in self._attempts.unfinished():
            try:
                seconds = self._seconds(attempt)
            except KnownError as error:
                faults.append(error)
                continue
            if seconds <= 0:
                self._attempts.discard(attempt.id)  # not a sample was recorded
                continue
            self._attempts.recorded(attempt.id, seconds)
            self._found.append(self._attempts.get(attempt.id))
        return faults

    def offer_next(self) -> None:
        """Offer the newest answer that was found and is still unjudged."""
        self._found = [one for one in self._found if self._attempts.get(one.id).state == "recorded"]
        if not self._found:
            return
        attempt = self._found[-1]
        when = f"{attempt.started_at.astimezone():%d %b %H:%M}"
        title = attempt.question.title or attempt.question.ask
        more = f" ({len(self._found) - 1} more)" if len(self._found) > 1 else ""
        self._notice.show_text(
            f"An answer of {when} is not judged yet: “{title}”, {attempt.audio_seconds:.0f} seconds.{more}",
            (
                ("Judge it", lambda: self._settle(self._judge)),
                ("Listen", lambda: self._hear(attempt.id)),
                ("Discard", lambda: self._settle(self._discard)),
            ),
            key="unfinished",
        )

    def _seconds(self, attempt: Attempt) -> float:
        path = self._recordings.existing(attempt.id)
        if path is None:
            return 0.0
        # A killed program leaves the header as it was when the recording began.
        return repair(path) if attempt.state == "recording" else attempt.audio_seconds

    def _settle(self, act: Callable[[int], object]) -> None:
        act(self._found.pop().id)

    def _hear(self, number: int) -> None:
        self._listen(number)
        self.offer_next()
