"""A ticket goes with every long request: it reports progress and can be cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable

from vivavoce.errors import Cancelled


class Ticket:
    """Carries progress out of a long request and the wish to stop into it; safe across threads."""

    def __init__(self, report: Callable[[str, float], None] | None = None) -> None:
        self._report = report
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next check."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise Cancelled if somebody asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled

    def progress(self, stage: str, fraction: float) -> None:
        """Report that `stage` is done to `fraction` (0..1); also a point where work can stop."""
        self.check()
        if self._report is not None:
            self._report(stage, min(1.0, max(0.0, fraction)))
