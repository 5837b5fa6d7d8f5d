"""Any sound file as 16-bit mono samples, block by block: an hour needs no more memory than a second."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from vivavoce.errors import KnownError

if TYPE_CHECKING:
    from av.audio.resampler import AudioResampler
    from av.container import InputContainer

# PyAV is imported inside functions: it takes 0.15 s, and the window is up before it.

Samples = npt.NDArray[np.int16]

ENDINGS = ("wav", "flac", "mp3", "m4a", "aac", "ogg", "opus", "webm", "mp4", "mov", "mkv", "wma", "aiff")
"""What a file chooser offers; everything that FFmpeg decodes is read, whatever its name."""

_CHOOSE = "Choose a recording (wav, flac, mp3, m4a, ogg, webm, mp4)."
_WAV_BYTES = 44
_BLOCK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A file that was opened: its own rate in Hz, and its length in seconds where the file says so."""

    path: Path
    rate: int
    seconds: float | None


def sound_file(path: Path) -> SoundFile:
    """Look into a file; KnownError for one that is missing, empty, cannot be read or has no audio track."""
    if (rate := _own_rate(path)) is not None:
        return SoundFile(path, rate, (path.stat().st_size - _WAV_BYTES) / 2 / rate)
    with _opened(path) as container:
        length = container.duration
        return SoundFile(path, container.streams.audio[0].rate, None if length is None else length / 1e6)


def blocks(path: Path, rate: int | None = None) -> Iterator[Samples]:
    """The sound of a file, mixed to one channel, at `rate` Hz (by default its own), block by block.

    A damaged packet costs a few milliseconds, as in any player. Raises KnownError as `sound_file` does, and
    for a file in which nothing can be decoded.
    """
    own = _own_rate(path)
    if own is not None and rate in (None, own):
        yield from _own_blocks(path)
        return
    some = False
    with _opened(path) as container:
        for block in _decoded(container, rate or container.streams.audio[0].rate):
            some = True
            yield block
    if not some:
        raise KnownError(f"{path} holds no sound that can be decoded.", "Choose another file.")


def read_pcm(path: Path) -> tuple[Samples, int]:
    """All samples of a sound file, mixed to mono, and their rate in Hz; for files of minutes.

    A WAV of ours that is still being written or was never closed is read to its end. Raises KnownError for a
    file that cannot be read or holds no sound.
    """
    rate = sound_file(path).rate
    parts = list(blocks(path, rate))
    return (np.concatenate(parts) if parts else np.zeros(0, np.int16)), rate


@contextlib.contextmanager
def _opened(path: Path) -> Generator[InputContainer, None, None]:
    """The file with at least one audio track; faults of reading, while it is open too, as KnownError."""
    import av
    from av.error import FFmpegError

    try:
        if path.stat().st_size == 0:
            raise KnownError(f"The file {path} is empty.", _CHOOSE)
        # "file:" and the list keep a name with a colon, or a playlist, from being taken for an address.
        with av.open(f"file:{path}", options={"protocol_whitelist": "file"}) as container:
            if not container.streams.audio:
                raise KnownError(f"{path} holds no sound: it has no audio track.", _CHOOSE)
            if container.streams.audio[0].rate <= 0:
                raise KnownError(f"{path} holds no sound that can be decoded.", _CHOOSE)
            yield container
    except (FFmpegError, EOFError, OSError, IndexError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise KnownError(f"{path} cannot be read as sound: {reason}.", _CHOOSE) from error


def _decoded(container: InputContainer, rate: int) -> Iterator[Samples]:
    from av.error import InvalidDataError

    resampler: AudioResampler | None = None
    form: tuple[Any, ...] = ()
    for packet in container.demux(container.streams.audio[0]):
        frames: list[Any] = []
        with contextlib.suppress(InvalidDataError):
            frames = packet.decode()
        for frame in frames:
            # Some files change their form on the way; a resampler takes one.
            now = (frame.format.name, frame.layout.name, frame.sample_rate)
            if resampler is None or now != form:
                yield from _rest(resampler)
                resampler, form = _resampler(rate), now
            frame.pts = None  # clocks of phones jump; samples are counted instead
            yield from _samples(resampler.resample(frame))
    yield from _rest(resampler)


def _resampler(rate: int) -> AudioResampler:
    import av

    return av.AudioResampler(format="s16", layout="mono", rate=rate)


def _rest(resampler: AudioResampler | None) -> Iterator[Samples]:
    if resampler is not None:
        yield from _samples(resampler.resample(None))


def _samples(frames: list[Any]) -> Iterator[Samples]:
    for frame in frames:
        block = cast("Samples", frame.to_ndarray()[0])
        if block.size:
            yield block


def _own_rate(path: Path) -> int | None:
    """The rate of a 16-bit mono WAV with the header we write, None for any other file.

    FFmpeg reads one that is still growing, too, but not one whose length says less than there is.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_WAV_BYTES)
    except FileNotFoundError as error:
        raise KnownError(f"There is no file {path}.", "Check the name.") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise KnownError(f"{path} cannot be read as sound: {reason}.", "Check the name.") from error
    if len(header) < _WAV_BYTES or header[:4] != b"RIFF" or header[8:16] != b"WAVEfmt ":
        return None
    words = np.frombuffer(header[16:36], "<u2")
    rate = int(words[4]) + (int(words[5]) << 16)
    # 16 bytes of format, PCM, one channel, and 16 bits; the samples follow at once.
    plain = list(words[:4]) == [16, 0, 1, 1] and words[9] == 16 and header[36:40] == b"data"
    return rate if plain and 0 < rate <= 192_000 else None


def _own_blocks(path: Path) -> Iterator[Samples]:
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(_WAV_BYTES)[40:44], "little")
            # Other programs may put a list of tags behind the samples; ours are counted at the end only.
            left = length if 0 < length < path.stat().st_size - _WAV_BYTES else -1
            while data := file.read(_BLOCK_BYTES if left < 0 else min(_BLOCK_BYTES, left)):
                left = left if left < 0 else left - len(data)
                yield np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2").astype(np.int16)
    except OSError as error:
        raise KnownError(f"{path} cannot be read as sound: {error.strerror}.", "Check the name.") from error
