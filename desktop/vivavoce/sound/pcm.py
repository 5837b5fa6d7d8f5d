"""Samples: from any device's form to ours (16-bit mono), and back."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtMultimedia import QAudioFormat

if TYPE_CHECKING:
    import av

Pcm = npt.NDArray[np.int16]

SILENCE_DBFS = -120.0
"""What a level of zero is written as; 16 bits end at -96 dBFS."""

_Sample = QAudioFormat.SampleFormat
_DTYPES: dict[QAudioFormat.SampleFormat, str] = {
    _Sample.UInt8: "u1",
    _Sample.Int16: "i2",
    _Sample.Int32: "i4",
    _Sample.Float: "f4",
}


def mono16(rate: int) -> QAudioFormat:
    """The form the program keeps: one channel of int16 at `rate` Hz."""
    form = QAudioFormat()
    form.setSampleRate(rate)
    form.setChannelCount(1)
    form.setSampleFormat(_Sample.Int16)
    return form


def dbfs(amplitude: float) -> float:
    """Level of an amplitude (1.0 = full scale) in dBFS, SILENCE_DBFS at the least."""
    return max(SILENCE_DBFS, 20.0 * float(np.log10(amplitude))) if amplitude > 0.0 else SILENCE_DBFS


class Resampler:
    """Changes the rate of int16 mono, piece by piece and without a seam between the pieces."""

    def __init__(self, rate: int, to_rate: int) -> None:
        self._rate = rate
        self._given = 0
        self._inner: av.AudioResampler | None = None
        if rate != to_rate:
            # Here and not above: PyAV takes a moment to load, and most devices do without.
            import av

            self._inner = av.AudioResampler(format="s16", layout="mono", rate=to_rate)

    def feed(self, pcm: Pcm) -> Pcm:
        """As much as `pcm` yields at the new rate; some milliseconds stay inside until `flush`."""
        if self._inner is None or pcm.size == 0:
            return pcm
        import av

        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(pcm).reshape(1, -1), format="s16", layout="mono"
        )
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._given
        self._given += pcm.size
        return _joined(self._inner.resample(frame))

    def flush(self) -> Pcm:
        """What is still inside; nothing can be fed afterwards."""
        if self._inner is None or self._given == 0:
            return np.zeros(0, np.int16)
        return _joined(self._inner.resample(None))


class Converter:
    """Turns a device's bytes into int16 mono at `rate` Hz, piece by piece."""

    def __init__(self, form: QAudioFormat, rate: int) -> None:
        self._channels = form.channelCount()
        self._sample = form.sampleFormat()
        self._frame = form.bytesPerFrame()
        self._rest = b""
        self._resampler = Resampler(form.sampleRate(), rate)

    def feed(self, data: bytes) -> Pcm:
        """The samples in `data`; half a frame at its end waits for the next piece."""
        data = self._rest + data
        whole = len(data) // self._frame * self._frame
        self._rest = data[whole:]
        samples = np.frombuffer(data[:whole], dtype=_DTYPES[self._sample])
        return self._resampler.feed(_to_mono16(samples, self._sample, self._channels))

    def flush(self) -> Pcm:
        """What the change of rate still holds back."""
        return self._resampler.flush()


def encoded(pcm: Pcm, rate: int, form: QAudioFormat) -> bytes:
    """Int16 mono at `rate` Hz as the bytes a device of the format `form` plays."""
    resampler = Resampler(rate, form.sampleRate())
    samples = np.concatenate([resampler.feed(pcm), resampler.flush()])
    sample = form.sampleFormat()
    if sample == _Sample.UInt8:
        values = ((samples.astype(np.int32) >> 8) + 128).astype(np.uint8)
    elif sample == _Sample.Int32:
        values = samples.astype(np.int32) << 16
    elif sample == _Sample.Float:
        values = (samples / 32768.0).astype(np.float32)
    else:
        values = samples
    return np.repeat(values, form.channelCount()).tobytes()


def _to_mono16(samples: npt.NDArray[np.generic], sample: QAudioFormat.SampleFormat, channels: int) -> Pcm:
    if sample == _Sample.Int16 and channels == 1:
        return samples.astype(np.int16)
    values = samples.astype(np.float64)
    if sample == _Sample.UInt8:
        values = (values - 128.0) * 256.0
    elif sample == _Sample.Int32:
        values = values / 65536.0
    elif sample == _Sample.Float:
        values = values * 32768.0
    mono = values.reshape(-1, channels).mean(axis=1)
    return np.clip(np.rint(mono), -32768, 32767).astype(np.int16)


def _joined(frames: list[av.AudioFrame]) -> Pcm:
    pieces = [frame.to_ndarray().reshape(-1) for frame in frames]
    return np.concatenate(pieces).astype(np.int16) if pieces else np.zeros(0, np.int16)
