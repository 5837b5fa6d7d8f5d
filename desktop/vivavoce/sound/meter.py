"""How loud it is: levels, silence and clipping of a stream, and its outline for drawing."""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from vivavoce.sound.pcm import SILENCE_DBFS, Pcm, dbfs

BLOCKS_PER_SECOND = 20
"""One level, and one point of the outline, for each 50 ms."""
SILENT_DBFS = -60.0
"""Peaks below this count as silence; chosen, not measured."""
CLIPPING_WINDOW_S = 2.0
_FULL_SCALE = 32760
"""Within 0.002 dB of full scale; mixing and changing the rate round a little."""


class Outline:
    """The peak (0..1) of every 50 ms, growing."""

    def __init__(self, rate: int) -> None:
        self.peaks: list[float] = []
        self._blocks = _Blocks(rate // BLOCKS_PER_SECOND)

    def feed(self, pcm: Pcm) -> None:
        """Add samples at the end."""
        blocks = self._blocks.feed(pcm)
        self.peaks += [min(1.0, float(peak) / 32767.0) for peak in np.abs(blocks).max(axis=1)]


class Meter:
    """Watches the level of a stream of int16 mono at `rate` Hz, in blocks of 50 ms.

    `peak_dbfs` and `rms_dbfs` are of the newest block; `silent_s` says for how long no peak has
    reached SILENT_DBFS, `dead_s` for how long every sample has been the very same value.
    """

    def __init__(self, rate: int) -> None:
        self.peak_dbfs = SILENCE_DBFS
        self.rms_dbfs = SILENCE_DBFS
        self._silent_blocks = 0
        self._dead_blocks = 0
        self._size = rate // BLOCKS_PER_SECOND
        self._blocks = _Blocks(self._size)
        self._clipped: deque[int] = deque(maxlen=round(CLIPPING_WINDOW_S * BLOCKS_PER_SECOND))

    @property
    def silent_s(self) -> float:
        """Seconds without sound up to now."""
        return self._silent_blocks / BLOCKS_PER_SECOND

    @property
    def dead_s(self) -> float:
        """Seconds without even the hiss of an open microphone up to now."""
        return self._dead_blocks / BLOCKS_PER_SECOND

    @property
    def clipped_share(self) -> float:
        """Share (0..1) of the samples of the last two seconds that are at full scale."""
        return sum(self._clipped) / (CLIPPING_WINDOW_S * BLOCKS_PER_SECOND * self._size)

    def forget_silence(self) -> None:
        """Begin to count silence anew."""
        self._silent_blocks = 0

    def feed(self, pcm: Pcm) -> bool:
        """Measure the next samples; True when that completed a block."""
        blocks = self._blocks.feed(pcm)
        for block in blocks:
            # A cheap microphone's constant offset is not sound.
            swing = block - block.mean()
            peak = float(np.abs(swing).max()) / 32768.0
            self.peak_dbfs = dbfs(peak)
            self.rms_dbfs = dbfs(float(np.sqrt(np.mean(swing * swing))) / 32768.0)
            self._silent_blocks = self._silent_blocks + 1 if self.peak_dbfs < SILENT_DBFS else 0
            self._dead_blocks = self._dead_blocks + 1 if peak == 0.0 else 0
            self._clipped.append(int(np.count_nonzero(np.abs(block) >= _FULL_SCALE)))
        return len(blocks) > 0


class _Blocks:
    """Cuts a stream into blocks of one size; what is left over waits for the next piece."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._rest: npt.NDArray[np.int32] = np.zeros(0, np.int32)

    def feed(self, pcm: Pcm) -> npt.NDArray[np.int32]:
        """Shape (blocks, size); int32, because the absolute value of -32768 is no int16."""
        samples = np.concatenate([self._rest, pcm.astype(np.int32)])
        whole = samples.size // self._size * self._size
        self._rest = samples[whole:]
        return samples[:whole].reshape(-1, self._size)
