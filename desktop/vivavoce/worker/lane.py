"""A lane is one thread that works through its requests in order."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

Job = Callable[[], None]


class Lane:
    """Runs jobs one after the other on a thread of its own.

    A job must not raise: it answers for its own faults.
    """

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def add(self, job: Job) -> None:
        """Put a job at the end of the lane."""
        self._jobs.put(job)

    def drain(self, seconds: float) -> None:
        """Let the jobs already in the lane finish, for at most `seconds`."""
        self._jobs.put(None)
        self._thread.join(seconds)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
