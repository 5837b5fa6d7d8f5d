"""Our bugs: written down, told in one kind sentence, and survived."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from vivavoce.errors import KnownError

_MOST_BYTES = 1_000_000


class CrashLog(QObject):
    """Takes the place of the traceback on a terminal nobody sees."""

    told = Signal(str)
    """A sentence for the window."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._before: Callable[..., object] = sys.excepthook

    def install(self) -> None:
        """Catch what no slot has caught."""
        self._before = sys.excepthook
        sys.excepthook = self._on_exception

    def remove(self) -> None:
        """Give the hook back."""
        sys.excepthook = self._before

    def write(self, text: str) -> None:
        """Append to the log; a log that cannot be written must not make things worse."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size > _MOST_BYTES:
                self._path.replace(self._path.with_suffix(".old.log"))
            with self._path.open("a", encoding="utf-8") as log:
                log.write(f"{datetime.now(timezone.utc).isoformat(timespec='seconds')}\n{text}\n")
        except OSError:
            return

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        if sys.stderr is not None:  # None in a windowed build
            sys.stderr.write(text)
        self.write(text)
        if isinstance(error, KnownError):
            self.told.emit(str(error))  # already a sentence for the user: a full disk, say
            return
        self.told.emit(
            f"Something went wrong inside Viva Voce ({kind.__name__}). Your answers are kept. "
            f"What happened is written in {self._path}."
        )
