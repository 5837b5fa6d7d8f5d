"""Where there is voice: gain, then Silero, over a whole recording or along with one that grows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from vivavoce.offline import hush_onnxruntime

Samples = npt.NDArray[np.float32]
RATE = 16_000
# Gain before VAD: the 99.5 % frame peak goes to -3 dBFS, by at most +60 dB. Without it Silero
# finds no speech below -60 dBFS.
_TARGET_PEAK = 10 ** (-3 / 20)
_MOST_GAIN = 10 ** (60 / 20)
_FRAME = RATE // 50
_PEAK_SHARE = 99.5
# Silero looks at 32 ms at a time, with 4 ms of what came before in front of it.
WINDOW = 512
_CONTEXT = 64
_ON, _OFF = 0.5, 0.35
_PAD_SECONDS = 0.2
SILENCE = RATE // 2


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of samples: first and one past last."""

    start: int
    end: int


def frame_peaks(samples: Samples) -> Samples:
    """The loudest sample of every whole 20 ms."""
    frames = len(samples) // _FRAME
    return np.abs(samples[: frames * _FRAME]).reshape(frames, _FRAME).max(axis=1)


def gain_for(peaks: Sequence[float] | Samples) -> float:
    """The factor that puts the 99.5 % frame peak near -3 dBFS; 1.0 where nothing sounds."""
    peak = float(np.percentile(peaks, _PEAK_SHARE)) if len(peaks) else 0.0
    return min(_TARGET_PEAK / peak, _MOST_GAIN) if peak > 0.0 else 1.0


def amplified(samples: Samples, gain: float) -> Samples:
    """The samples times a factor, never beyond full scale."""
    return np.clip(samples * np.float32(gain), -1.0, 1.0).astype(np.float32)


def raised(samples: Samples) -> Samples:
    """The samples, made louder or quieter so that their frame peaks sit near -3 dBFS."""
    gain = gain_for(frame_peaks(samples))
    return samples if gain == 1.0 else amplified(samples, gain)


def _silero() -> Any:  # noqa: ANN401 - faster-whisper's class has no types
    """Silero VAD as faster-whisper brings it, loaded once."""
    hush_onnxruntime()
    from faster_whisper.vad import get_vad_model

    return get_vad_model()


def speech_spans(samples: Samples) -> list[Span]:
    """Stretches with voice by Silero VAD, gaps of half a second kept apart."""
    padded = np.pad(samples, (0, -len(samples) % WINDOW))
    if not len(padded):
        return []
    voice = cast("Samples", _silero()(padded))
    return padded_spans(stretches(voice.ravel(), SILENCE), len(samples))


def stretches(voice: Samples, least_silence: int) -> list[Span]:
    """Stretches of voice from the probability of each window; shorter silences are part of them.

    Begins at .5 and ends below .35, as Silero's own rule does: in between it stays what it was.
    """
    found: list[Span] = []
    start = silent_from = -1
    for place in np.flatnonzero((voice >= _ON) | (voice < _OFF)).tolist():
        at = place * WINDOW
        if voice[place] >= _ON:
            silent_from = -1
            start = at if start < 0 else start
        elif start >= 0:
            silent_from = at if silent_from < 0 else silent_from
            if at - silent_from >= least_silence:
                found.append(Span(start, silent_from))
                start = silent_from = -1
    if start >= 0:
        # A silence that is not long enough yet to be a pause; at the end of a recording it may be one.
        found.append(Span(start, silent_from if silent_from >= 0 else len(voice) * WINDOW))
    return found


def joined(found: Sequence[Span], least_silence: int) -> list[Span]:
    """The stretches, those with less silence between them made one."""
    spans: list[Span] = []
    for span in found:
        if spans and span.start - spans[-1].end < least_silence:
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    return spans


def padded_spans(found: Sequence[Span], length: int) -> list[Span]:
    """Each stretch with 0.2 s around it, or half of the silence where less is between two."""
    pad = round(_PAD_SECONDS * RATE)
    edges = [0, *(end for span in found for end in (span.start, span.end)), length]
    spans: list[Span] = []
    for number, span in enumerate(found):
        before = span.start - edges[2 * number]
        after = edges[2 * number + 3] - span.end
        # Silence between two stretches is shared; at the ends of the recording it is all theirs.
        before = before if number == 0 else before // 2
        after = after if number == len(found) - 1 else after // 2
        spans.append(Span(span.start - min(pad, before), min(length, span.end + min(pad, max(0, after)))))
    return spans


def pauses_of(spans: Sequence[Span]) -> tuple[tuple[float, float], ...]:
    """Gaps between stretches of voice, seconds; the 200 ms padding of each side is taken back."""
    return tuple(
        (round(before.end / RATE - _PAD_SECONDS, 3), round(after.start / RATE + _PAD_SECONDS, 3))
        for before, after in itertools.pairwise(spans)
    )


class VoiceActivity:
    """Silero beside a recording that grows, its state kept from one call to the next.

    The gain is a running one: the 99.5 % frame peak of what was heard so far, where the whole
    file's is known only at its end. So a beginning that is quieter than the rest is raised more here, and
    a voice that grows louder is too loud for some frames (clipped) until the estimate has followed,
    within a tenth of a second.
    """

    def __init__(self) -> None:
        self._session = _silero().session
        self._state = np.zeros((1, 1, 128), np.float32)
        self._cell = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)
        self._rest = np.zeros(0, np.float32)
        self._unmeasured = np.zeros(0, np.float32)
        self.peaks: list[float] = []
        """The loudest sample (0..1) of every 20 ms so far."""
        self._voice: list[Samples] = []
        self.length = 0
        """Samples taken so far."""
        self.gain = 1.0
        """What the samples so far are to be multiplied by."""

    def feed(self, samples: Samples) -> None:
        """Take the samples that have come."""
        self.length += len(samples)
        self._unmeasured = np.concatenate([self._unmeasured, samples])
        peaks = frame_peaks(self._unmeasured)
        self._unmeasured = self._unmeasured[len(peaks) * _FRAME :]
        if len(peaks):
            self.peaks += peaks.tolist()
            self.gain = gain_for(self.peaks)
        self._rest = np.concatenate([self._rest, samples])
        whole = len(self._rest) - len(self._rest) % WINDOW
        if whole:
            self._ask(amplified(self._rest[:whole], self.gain))
            self._rest = self._rest[whole:]

    def close(self) -> None:
        """No more will come: what is left over is filled up with silence and looked at, too."""
        if len(self._rest):
            self._ask(amplified(np.pad(self._rest, (0, WINDOW - len(self._rest))), self.gain))
            self._rest = self._rest[:0]

    def voice(self, since: int = 0) -> Samples:
        """The probability of voice in each window from the one that holds sample `since` on."""
        joined = np.concatenate(self._voice) if self._voice else np.zeros(0, np.float32)
        self._voice = [joined]
        return joined[since // WINDOW :]

    def spans(self) -> list[Span]:
        """The stretches with voice so far, as `speech_spans` gives them for a whole recording."""
        return padded_spans(stretches(self.voice(), SILENCE), self.length)

    def _ask(self, loud: Samples) -> None:
        windows = loud.reshape(-1, WINDOW)
        before = np.concatenate([self._context[None], windows[:-1, -_CONTEXT:]])
        self._context = windows[-1, -_CONTEXT:].copy()
        feed = {"input": np.concatenate([before, windows], axis=1), "h": self._state, "c": self._cell}
        voice, self._state, self._cell = cast("list[Samples]", self._session.run(None, feed))
        self._voice.append(voice.ravel())
