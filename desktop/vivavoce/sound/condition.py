"""What is wrong with the sound while it is recorded: said when it is sure, and long enough to be read."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

import numpy as np

from vivavoce.sound.meter import BLOCKS_PER_SECOND, SILENT_DBFS, Meter

SILENCE_S = 4.0
CLIPPING_SHARE = 0.001
"""Above 0.1 % of samples at full scale the transcript suffers (measured: error rate up to twice)."""
FAR_DBFS = -42.0
"""Speech whose loud moments stay below this is mostly room; chosen, not measured."""
NOISE_DBFS = -45.0
"""A steady sound above this level is no quiet room."""
_WINDOW_S = 6.0
# Between loud and soft moments: speech goes up and down by 15 dB and more within seconds, a fan by 3.
_STEADY_DB = 6.0
_LIVELY_DB = 12.0
# A message stays at least this long, and goes when what was wrong has been right for a moment.
_LEAST_SHOWN_S = 3.0
_RIGHT_S = 1.0


class WarningKind(Enum):
    """What can be wrong with a recording that goes on."""

    SILENCE = "silence"
    CLIPPING = "clipping"
    NOISE = "noise"
    FAR = "far"


_SENTENCES = {
    WarningKind.SILENCE: "I hear nothing from {name}.",
    WarningKind.CLIPPING: "{name} is too loud: speak from further away, or turn it down.",
    WarningKind.NOISE: "I hear only a steady noise from {name}. If you are speaking, come nearer to it.",
    WarningKind.FAR: "You are very quiet on {name}: come nearer, or turn it up.",
}


def sentence(kind: WarningKind, name: str) -> str:
    """What is said of a microphone of that name."""
    return _SENTENCES[kind].format(name=name)


@dataclass
class _Shown:
    kind: WarningKind
    since_s: float
    wrong_at_s: float


class Condition:
    """Watches a meter block by block and names the one thing that matters most, or None.

    Silence goes before clipping, clipping before noise, noise before a voice that is far away.
    `at_s` counts the seconds that were heard, so that a blocked program changes nothing. A message
    that is shown stays for 3 s and until it was right for one second, unless something that matters
    more comes up.
    """

    def __init__(self) -> None:
        self.current: WarningKind | None = None
        self._shown: _Shown | None = None
        self._blocks = 0
        self._rms: deque[float] = deque(maxlen=round(_WINDOW_S * BLOCKS_PER_SECOND))
        self._loudest: deque[float] = deque(maxlen=round(4 * _WINDOW_S * BLOCKS_PER_SECOND))
        self._voice_like = False
        self._slow_wrong: WarningKind | None = None

    @property
    def at_s(self) -> float:
        """Seconds heard so far."""
        return self._blocks / BLOCKS_PER_SECOND

    def feed(self, meter: Meter) -> None:
        """Take the newest block that the meter has measured."""
        self._blocks += 1
        self._rms.append(meter.rms_dbfs)
        self._loudest.append(meter.peak_dbfs)
        wrong = self._wrong(meter)
        shown = self._shown
        if wrong is not None and (shown is None or _before(wrong, shown.kind)):
            self._shown = _Shown(wrong, self.at_s, self.at_s)
        elif shown is not None and wrong is shown.kind:
            shown.wrong_at_s = self.at_s
        elif shown is not None and self._over(shown):
            self._shown = None if wrong is None else _Shown(wrong, self.at_s, self.at_s)
        self.current = None if self._shown is None else self._shown.kind

    def forget(self) -> None:
        """Begin anew, after a pause: what was heard before it says nothing of now."""
        self.current = self._shown = self._slow_wrong = None
        self._rms.clear()
        self._loudest.clear()

    def _over(self, shown: _Shown) -> bool:
        right_s = self.at_s - shown.wrong_at_s
        return right_s >= _RIGHT_S and self.at_s - shown.since_s >= _LEAST_SHOWN_S

    def _wrong(self, meter: Meter) -> WarningKind | None:
        if meter.silent_s >= SILENCE_S:
            return WarningKind.SILENCE
        if meter.clipped_share > CLIPPING_SHARE:
            return WarningKind.CLIPPING
        if self._blocks % BLOCKS_PER_SECOND or len(self._rms) < (self._rms.maxlen or 0):
            return self._slow_wrong  # once a second is enough, and only of a whole window
        self._slow_wrong = self._slow()
        return self._slow_wrong

    def _slow(self) -> WarningKind | None:
        soft, loud = np.percentile(np.array(self._rms), (10, 95))
        lively = loud - soft >= _LIVELY_DB
        peak = float(np.percentile(np.array(self._loudest), 95))
        self._voice_like = self._voice_like or bool(lively and peak >= FAR_DBFS)
        # Who has been heard and is silent now is thinking, and not to be disturbed.
        if loud - soft < _STEADY_DB and soft > NOISE_DBFS and not self._voice_like:
            return WarningKind.NOISE
        if lively and SILENT_DBFS <= peak < FAR_DBFS:
            return WarningKind.FAR
        return None


def _before(one: WarningKind, other: WarningKind) -> bool:
    order = list(WarningKind)
    return order.index(one) < order.index(other)
