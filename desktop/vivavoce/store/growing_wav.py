"""A recording read while it is still being written."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vivavoce.audio_file import Samples
from vivavoce.errors import KnownError
from vivavoce.store.audio import HEADER_BYTES, RATE, wav_rate


class GrowingWav:
    """Reads what WavWriter has written since the last time; the file may end at any byte.

    Raises KnownError when the file is not there, cannot be read or is no recording of ours.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rest = b""
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise self._told(error) from error
        if wav_rate(self._file.read(HEADER_BYTES)) != RATE:
            self._file.close()
            raise KnownError(f"{path} is no recording of Viva Voce.", "It is left as it is.")

    def read(self) -> Samples:
        """The samples that have come since, int16 at 16 kHz."""
        try:
            data = self._rest + self._file.read()
        except OSError as error:
            raise self._told(error) from error
        whole = len(data) - len(data) % 2
        self._rest = data[whole:]
        return np.frombuffer(data[:whole], dtype="<i2").astype(np.int16)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _told(self, error: OSError) -> KnownError:
        return KnownError(
            f"The recording {self.path} cannot be read: {error.strerror or error}.", "See that it is there."
        )
