"""The recordings: written so that a crash loses nothing, kept without loss, read from any format."""

from __future__ import annotations

import contextlib
import itertools
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from vivavoce.audio_file import Samples, blocks, sound_file
from vivavoce.core.ticket import Ticket
from vivavoce.errors import KnownError

# PyAV is imported inside functions: it takes 0.15 s, and the window is up before it.

RATE = 16_000
"""Hz of our recordings: what Whisper listens to."""

HEADER_BYTES = 44
"""Length of the header WavWriter writes; the samples begin there."""

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_SAMPLE_BYTES = 2
_FRAME = 4096  # samples handed to the encoder at once


class WavWriter:
    """Writes 16-bit mono samples into a WAV file so that a killed program loses none of them.

    The header stands first and every write goes straight to the system, past any buffer of ours;
    `repair` mends the lengths in the header later. An existing file is never written over. Raises
    KnownError when the file cannot be made, and at every write or close that fails: what was
    written until then is kept.
    """

    def __init__(self, path: Path, rate: int = RATE) -> None:
        self.path = path
        self.rate = rate
        self._bytes = 0
        try:
            # Only the user may look into the folder: a voice is private on a shared machine.
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = path.open("xb", buffering=0)
        except OSError as error:
            raise KnownError(
                f"The recording {path} cannot be made: {error.strerror or error}.",
                "Nothing was recorded. See that the folder can be written, then record again.",
            ) from error
        try:
            # Length 0 means "until the end of the file" to FFmpeg, so that it can be read as it grows.
            self._put(_header(rate, 0))
        except KnownError:
            self._file.close()
            raise

    def __enter__(self) -> WavWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def seconds(self) -> float:
        """Length of what was written."""
        return self._bytes // _SAMPLE_BYTES / self.rate

    def write(self, samples: bytes | Samples) -> None:
        """Append int16 samples, as an array or as little-endian bytes."""
        self._put(samples if isinstance(samples, bytes) else samples.astype("<i2").tobytes(), counted=True)

    def close(self) -> None:
        """Mend the header, wait until all is on the disk, close; again is harmless."""
        if self._file.closed:
            return
        try:
            whole = self._bytes - self._bytes % _SAMPLE_BYTES
            self._file.truncate(HEADER_BYTES + whole)
            self._file.seek(0)
            self._file.write(_header(self.rate, whole))
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._told(error) from error
        finally:
            self._file.close()

    def _put(self, data: bytes, *, counted: bool = False) -> None:
        rest = memoryview(data)
        try:
            while rest:
                # A raw file may take a part only, when the disk is nearly full.
                taken = self._file.write(rest) or 0
                self._bytes += taken if counted else 0
                rest = rest[taken:]
        except OSError as error:
            # A half sample would turn everything written after it into noise.
            self._bytes -= self._bytes % _SAMPLE_BYTES
            with contextlib.suppress(OSError):
                self._file.truncate(HEADER_BYTES + self._bytes)
                self._file.seek(0, os.SEEK_END)
            raise self._told(error) from error

    def _told(self, error: OSError) -> KnownError:
        return KnownError(
            f"The recording {self.path} cannot be written any further: {error.strerror or error}.",
            f"The first {self.seconds:.1f} seconds are kept. Make room on the disk, then record again.",
        )


class Recordings:
    """The audio files of the attempts, one for each: WAV as recorded, FLAC when compressed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def wav_path(self, attempt_id: int) -> Path:
        """Where the recording of an attempt is written."""
        return self.folder / f"{attempt_id:08}.wav"

    def flac_path(self, attempt_id: int) -> Path:
        """Where the compressed recording is kept."""
        return self.wav_path(attempt_id).with_suffix(".flac")

    def existing(self, attempt_id: int) -> Path | None:
        """The recording of an attempt, None when there is none.

        A FLAC wins if nothing is missing in it. Beside a WAV that is checked by decoding both; alone
        it was checked before it got its name.
        """
        wav, flac = self.wav_path(attempt_id), self.flac_path(attempt_id)
        if flac.exists() and (not wav.exists() or _same(wav, flac)):
            return flac
        return wav if wav.exists() else None

    def compress(self, attempt_id: int) -> Path:
        """Turn the WAV into a FLAC of about half the size, bit for bit the same; the path of the result.

        The WAV goes only after the FLAC was decoded and compared. A recording without a sample stays
        a WAV. Raises KnownError when there is no recording or the FLAC cannot be written.
        """
        wav, flac = self.wav_path(attempt_id), self.flac_path(attempt_id)
        if not wav.exists():
            if flac.exists():
                return flac
            raise KnownError(f"There is no recording {wav}.", "It may have been deleted.")
        repair(wav)
        found = sound_file(wav)
        if not found.seconds:
            return wav
        part = flac.with_suffix(".flac.part")
        try:
            _encode(part, blocks(wav), found.rate, "It is kept as WAV.")
            if not _same(wav, part):
                raise KnownError(f"The compressed copy of {wav} is not the same.", "It is kept as WAV.")
            part.replace(flac)
            _sync_folder(self.folder)
        finally:
            # What stays in the way must not hide what went wrong.
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        # On Windows a file that is being played cannot be removed; then the next time.
        with contextlib.suppress(PermissionError):
            wav.unlink()
        return flac

    def bring(self, source: Path, attempt_id: int, ticket: Ticket) -> float:
        """Take any sound file in as the recording of an attempt; its seconds.

        It is kept in our own form, 16 kHz mono FLAC: what the recogniser hears is what is replayed,
        whatever codec the file has and wherever it goes; an hour takes 60 MB or so. The file itself is
        only read. Raises KnownError for a file without sound, Cancelled when taken back; nothing is then
        left behind.
        """
        found = sound_file(source)
        flac = self.flac_path(attempt_id)
        part = flac.with_suffix(".flac.part")
        try:
            flac.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise KnownError(f"The folder {self.folder} cannot be made: {error.strerror}.") from error

        def counted() -> Iterator[Samples]:
            seconds = 0.0
            for block in blocks(source, RATE):
                seconds += block.size / RATE
                ticket.progress("reading the file", seconds / found.seconds if found.seconds else 0.0)
                yield block

        try:
            ticket.check()
            samples = _encode(part, counted(), RATE, "Your file is as it was. Make room on the disk.")
            if not samples:
                raise KnownError(f"{source} holds no sound.", "Choose another file.")
            part.replace(flac)
            _sync_folder(self.folder)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        return samples / RATE

    def delete(self, attempt_id: int) -> None:
        """Delete the recording of an attempt; none is fine. KnownError if the system refuses."""
        wav, flac = self.wav_path(attempt_id), self.flac_path(attempt_id)
        for path in (wav, flac, flac.with_suffix(".flac.part")):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise KnownError(
                    f"The recording {path} cannot be deleted: {error.strerror or error}.",
                    "Stop playing it, then try again.",
                ) from error


def repair(wav: Path) -> float:
    """Mend the header of a WAV whose program was killed; the seconds it holds.

    The length comes from the file, so every sample is kept; an odd byte at the end is cut. A missing
    file or one shorter than a header has 0.0 seconds and is left alone. A FLAC is whole. Raises KnownError
    for a file that is no recording of ours and for one that cannot be written.
    """
    if wav.suffix == ".flac":  # what was brought in: it got its name when it was whole
        return sound_file(wav).seconds or 0.0
    try:
        size = wav.stat().st_size if wav.exists() else 0
        if size < HEADER_BYTES:
            return 0.0
        with wav.open("r+b") as file:
            found = file.read(HEADER_BYTES)
            # A power cut may leave zeros where the header was, with the samples behind them.
            rate = RATE if not any(found) else wav_rate(found)
            if rate is None:
                raise KnownError(f"{wav} is no recording of Viva Voce.", "It is left as it is.")
            length = (size - HEADER_BYTES) // _SAMPLE_BYTES * _SAMPLE_BYTES
            mended = _header(rate, length)
            if found != mended or size != HEADER_BYTES + length:
                file.truncate(HEADER_BYTES + length)
                file.seek(0)
                file.write(mended)
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        raise KnownError(
            f"The recording {wav} cannot be mended: {error.strerror or error}.",
            "It is kept as it is. Allow reading and writing it, then start again.",
        ) from error
    return length / _SAMPLE_BYTES / rate


def _header(rate: int, length: int) -> bytes:
    """The 44 bytes before `length` bytes of 16-bit mono samples."""
    # A RIFF length has 32 bits; at 16 kHz that is 37 hours.
    length = min(length, 0xFFFFFFFF - HEADER_BYTES)
    # 1: PCM, 1: one channel.
    return _HEADER.pack(
        b"RIFF", length + HEADER_BYTES - 8, b"WAVE", b"fmt ", 16, 1, 1, rate,
        rate * _SAMPLE_BYTES, _SAMPLE_BYTES, 8 * _SAMPLE_BYTES, b"data", length,
    )  # fmt: skip


def wav_rate(header: bytes) -> int | None:
    """The rate in a header as we write it, None for any other."""
    if len(header) < HEADER_BYTES:
        return None
    rate = int(_HEADER.unpack(header)[7])
    ours = 0 < rate <= 192_000 and header[8:40] == _header(rate, 0)[8:40]
    return rate if ours and header[:4] == b"RIFF" else None


def _encode(to: Path, parts: Iterable[Samples], rate: int, kept: str) -> int:
    """Write samples as FLAC while they come; their number. `kept` tells the user what is left on a fault."""
    import av
    from av.error import FFmpegError

    written = 0
    try:
        with av.open(f"file:{to}", "w", format="flac") as container:
            stream = container.add_stream("flac", rate=rate, layout="mono", format="s16")
            for samples in _framed(parts):
                frame = av.AudioFrame.from_ndarray(samples[None], "s16", "mono")
                frame.sample_rate = rate
                frame.pts = written
                written += samples.size
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        with to.open("rb+") as file:
            os.fsync(file.fileno())
    except (FFmpegError, OSError) as error:
        raise KnownError(f"The recording cannot be compressed into {to}: {error}.", kept) from error
    return written


def _framed(parts: Iterable[Samples]) -> Iterator[Samples]:
    """The same samples, _FRAME at once and the rest at the end."""
    left = np.zeros(0, np.int16)
    for part in parts:
        left = np.concatenate([left, part])
        whole = left.size - left.size % _FRAME
        for start in range(0, whole, _FRAME):
            yield left[start : start + _FRAME]
        left = left[whole:]
    if left.size:
        yield left


def _same(wav: Path, flac: Path) -> bool:
    """Whether both hold the same samples; a part of a minute at most is in memory."""
    try:
        if sound_file(flac).rate != sound_file(wav).rate:
            return False
        pairs = itertools.zip_longest(_framed(blocks(wav)), _framed(blocks(flac)))
        return all(
            one is not None and other is not None and np.array_equal(one, other) for one, other in pairs
        )
    except KnownError:
        return False


def _sync_folder(folder: Path) -> None:
    # The new name must be on the disk before the WAV goes. Windows opens no folder, and needs none.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
