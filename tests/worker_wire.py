"""The real worker process at the other end of its pipe."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from vivavoce.paths import role_command

Event = dict[str, Any]
_SECONDS = 120.0  # a hang fails here, before the test's own limit
ENDS = ("done", "failed", "cancelled")


class Wire:
    """A worker and the events it has sent; every line of its standard output must be JSON."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.events: list[Event] = []
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._number = 0
        self._log = (home / "worker.log").open("w")
        self.process = subprocess.Popen(
            [*role_command("worker"), "--home", str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def ask(self, do: str, **values: object) -> int:
        """Send a request; its number."""
        self._number += 1
        self.send({"id": self._number, "do": do, **values})
        return self._number

    def send(self, request: Event) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()

    def until(self, wanted: Callable[[Event], bool]) -> Event:
        """The next event of that kind; those before it are kept in `events` too."""
        while True:
            line = self._lines.get(timeout=_SECONDS)
            assert line, f"the worker ended:\n{self.log()}"
            event = json.loads(line)
            self.events.append(event)
            if wanted(event):
                return event

    def end_of(self, number: int) -> Event:
        """The event with which a request ends."""
        return self.until(lambda event: event["id"] == number and event["event"] in ENDS)

    def of(self, number: int) -> list[Event]:
        """The events of one request so far."""
        return [event for event in self.events if event["id"] == number]

    def ready(self, *engines: str) -> None:
        """Wait until these engines are loaded or have failed."""
        left = set(engines)
        while left:
            event = self.until(lambda event: event["event"] == "engine" and event["state"] != "loading")
            left.discard(event["engine"])

    def log(self) -> str:
        return (self.home / "worker.log").read_text()

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def hang_up(self) -> None:
        """Close the worker's standard input, as the system does when the window has gone."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def left(self) -> int:
        """The exit status, when the worker ends by itself."""
        return self.process.wait(timeout=_SECONDS)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        self._reader.join()
        self._log.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put("")
