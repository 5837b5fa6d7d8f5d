"""Sound files of texts that were read aloud: made once, kept while there is room."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

MOST_BYTES = 256_000_000
"""About 90 minutes at 24 kHz: all questions, and the model answers heard last."""


class SpeechCache:
    """A bounded folder of WAV files, keyed by everything that changes the sound."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self._most_bytes = most_bytes

    def path(self, text: str, voice: str, speed: float, engine: str) -> Path:
        """Where the sound of a text is kept; `engine` is the voice's library with its version."""
        key = hashlib.sha256(f"{engine}|{voice}|{speed:.3f}|{text}".encode()).hexdigest()[:24]
        return self.folder / f"{key}.wav"

    def find(self, path: Path) -> bool:
        """Whether that sound is there; it is then the last to go."""
        try:
            os.utime(path)
        except OSError:
            return False
        return True

    def trim(self) -> int:
        """Delete what was not heard for the longest time until the rest fits; the number deleted."""
        files: list[tuple[float, int, Path]] = []
        with contextlib.suppress(OSError):  # no folder yet
            for file in self.folder.glob("*.wav"):
                with contextlib.suppress(OSError):
                    found = file.stat()
                    files.append((found.st_mtime, found.st_size, file))
        total = sum(size for _, size, _ in files)
        deleted = 0
        for _, size, file in sorted(files):
            if total <= self._most_bytes:
                break
            with contextlib.suppress(OSError):  # being played on Windows: the next time
                file.unlink()
                total -= size
                deleted += 1
        return deleted
