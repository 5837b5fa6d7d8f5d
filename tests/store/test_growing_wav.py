"""A recording can be read while it is being written, down to the last sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vivavoce.errors import KnownError
from vivavoce.store.audio import WavWriter
from vivavoce.store.growing_wav import GrowingWav


def test_every_sample_is_read_once_however_it_was_written(tmp_path: Path):
    noise = np.random.default_rng(3).integers(-9000, 9000, 5000).astype("<i2")
    data, read = noise.tobytes(), []
    with WavWriter(tmp_path / "a.wav") as writer:
        reader = GrowingWav(writer.path)
        assert reader.read().size == 0
        for start in range(0, len(data), 333):  # an odd number: half samples on the way
            writer.write(data[start : start + 333])
            read.append(reader.read())
    read.append(reader.read())
    reader.close()
    assert np.array_equal(np.concatenate(read), noise)


@pytest.mark.parametrize("content", [None, b"", b"RIFF", b"\0" * 44, b"x" * 99])
def test_what_is_no_recording_of_ours_is_named(content: bytes | None, tmp_path: Path):
    path = tmp_path / "a.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KnownError, match=r"a\.wav"):
        GrowingWav(path)


def test_another_rate_is_not_followed(tmp_path: Path):
    with WavWriter(tmp_path / "a.wav", rate=44_100) as writer, pytest.raises(KnownError):
        GrowingWav(writer.path)
