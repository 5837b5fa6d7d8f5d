"""An audio file as samples, for playing and for drawing."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vivavoce.errors import KnownError
from vivavoce.sound.pcm import Pcm

if TYPE_CHECKING:
    import av.container


def load_pcm(path: Path) -> tuple[Pcm, int]:
    """All samples of a file, mixed to one channel of int16, and its rate in Hz.

    16-bit WAV through the standard library, everything else through PyAV. Raises KnownError
    for a file that is missing, cannot be read or holds no audio.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise KnownError(
            f"{path} cannot be read: {error.strerror}.", "Check that the file is there and may be opened."
        ) from error
    wav = _load_wav(path) if start == b"RIFF" else None
    return wav if wav is not None else _load_any(path)


def _load_wav(path: Path) -> tuple[Pcm, int] | None:
    """The samples of a 16-bit WAV file; None when it is of another kind."""
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            data = file.readframes(file.getnframes()) if width == 2 else b""
    except (wave.Error, EOFError):
        return None
    if width != 2:
        return None
    samples = np.frombuffer(data[: len(data) // (2 * channels) * 2 * channels], dtype="<i2")
    if channels > 1:
        samples = np.rint(samples.reshape(-1, channels).mean(axis=1))
    return samples.astype(np.int16), rate


def _load_any(path: Path) -> tuple[Pcm, int]:
    import av
    import av.error

    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise KnownError(f"{path} holds no audio.", "Choose a sound file.")
            return _decoded(container)
    except (av.error.FFmpegError, EOFError) as error:
        raise KnownError(f"{path} is no audio file that can be read.", "Choose a sound file.") from error


def _decoded(container: av.container.InputContainer) -> tuple[Pcm, int]:
    import av

    stream = container.streams.audio[0]
    rate = stream.codec_context.sample_rate
    resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
    pieces: list[Pcm] = []
    for frame in container.decode(stream):
        pieces += [part.to_ndarray().reshape(-1).astype(np.int16) for part in resampler.resample(frame)]
    pieces += [part.to_ndarray().reshape(-1).astype(np.int16) for part in resampler.resample(None)]
    return (np.concatenate(pieces) if pieces else np.zeros(0, np.int16)), rate
