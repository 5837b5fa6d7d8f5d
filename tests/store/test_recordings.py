"""A recording loses no sample: not to a kill, not to a full disk, not to compression."""

from __future__ import annotations

import subprocess
import sys
import wave
from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
import pytest

from vivavoce.audio_file import read_pcm
from vivavoce.errors import KnownError
from vivavoce.store import audio
from vivavoce.store.audio import HEADER_BYTES, Recordings, WavWriter, repair

WRITER = """
import sys
from pathlib import Path
import numpy as np
from vivavoce.store.audio import WavWriter
writer = WavWriter(Path(sys.argv[1]), 16000)
samples = np.arange(1600, dtype=np.int16)
for block in range(100_000):
    writer.write(samples + np.int16(block % 1000))
    print(block + 1, flush=True)
"""

FULL = """
import resource, sys
from pathlib import Path
import numpy as np
from vivavoce.errors import KnownError
from vivavoce.store.audio import WavWriter
resource.setrlimit(resource.RLIMIT_FSIZE, (44 + 32_001, resource.RLIM_INFINITY))
with WavWriter(Path(sys.argv[1]), 16000) as writer:
    try:
        for block in range(100):
            writer.write(np.full(1600, block, np.int16))
    except KnownError as error:
        print(block, error, sep="|")
    if sys.argv[2] == "make room":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        writer.write(np.full(1600, 10, np.int16))
"""


@pytest.fixture
def recordings(tmp_path) -> Recordings:
    return Recordings(tmp_path / "recordings")


def speech(samples: int, seed: int = 0) -> np.ndarray:
    """Noise with the extremes in it; hard to compress, so a lossy step shows."""
    values = np.random.default_rng(seed).normal(0, 6000, samples).clip(-32768, 32767).astype(np.int16)
    values[:2] = [-32768, 32767][: min(2, samples)]
    return values


def record(path: Path, samples: np.ndarray, rate: int = 16_000) -> None:
    with WavWriter(path, rate) as writer:
        writer.write(samples)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_recording_is_a_wav_file_that_any_program_reads(recordings):
    path = recordings.wav_path(42)
    assert path.name == "00000042.wav"
    samples = speech(4001)
    with WavWriter(path, 16_000) as writer:
        writer.write(samples[:1000])
        writer.write(samples[1000:].tobytes())
        assert writer.seconds == 4001 / 16_000
    with wave.open(str(path)) as other:
        assert (other.getframerate(), other.getnchannels(), other.getsampwidth()) == (16_000, 1, 2)
        assert other.readframes(10_000) == samples.tobytes()
    writer.close()


def test_a_recording_can_be_read_while_it_grows(recordings):
    path = recordings.wav_path(1)
    with WavWriter(path, 16_000) as writer:
        writer.write(speech(1000))
        assert read_pcm(path)[0].size == 1000
        with av.open(str(path)) as other:
            assert sum(frame.samples for frame in other.decode(audio=0)) == 1000
        writer.write(speech(500))
        assert read_pcm(path)[0].size == 1500


def test_killing_the_program_loses_no_sample(recordings):
    path = recordings.wav_path(1)
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) == 50:
                child.kill()
                break
        # What it said between our look and the kill was written too.
        written = max([50, *(int(line) for line in child.stdout if line.endswith("\n"))])
    assert round(repair(path) * 16_000) >= written * 1600
    samples, rate = read_pcm(path)
    assert rate == 16_000
    assert samples.size >= written * 1600
    expected = np.concatenate(
        [
            np.arange(1600, dtype=np.int16) + np.int16(block % 1000)
            for block in range(samples.size // 1600 + 1)
        ]
    )
    assert np.array_equal(samples, expected[: samples.size])
    with wave.open(str(path)) as other:
        assert other.getnframes() == samples.size


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit for the size of a file")
@pytest.mark.parametrize(("then", "blocks"), [("stop", 10), ("make room", 11)])
def test_a_full_disk_is_told_and_what_was_written_stays_whole(recordings, then, blocks):
    path = recordings.wav_path(1)
    command = [sys.executable, "-c", FULL, str(path), then]
    child = subprocess.run(command, capture_output=True, text=True, check=True)
    block, told = child.stdout.strip().split("|")
    assert block == "10"
    assert "cannot be written any further" in told
    assert "The first 1.0 seconds are kept" in told
    with wave.open(str(path)) as other:
        kept = np.frombuffer(other.readframes(99_999), np.int16)
    # The disk took one byte of the next sample; it must not shift what comes after it.
    assert np.array_equal(kept, np.repeat(np.arange(blocks, dtype=np.int16), 1600))


def test_a_recording_is_never_written_over(recordings):
    record(recordings.wav_path(1), speech(100))
    with pytest.raises(KnownError, match=r"00000001\.wav cannot be made"):
        WavWriter(recordings.wav_path(1), 16_000)
    assert read_pcm(recordings.wav_path(1))[0].size == 100


@pytest.mark.parametrize("torn", ["lengths of zero", "no header at all", "half a sample"])
def test_repair_keeps_every_sample(recordings, torn):
    path = recordings.wav_path(1)
    samples = speech(16_000)
    record(path, samples)
    whole = path.read_bytes()
    if torn == "lengths of zero":
        path.write_bytes(whole[:4] + bytes(4) + whole[8:40] + bytes(4) + whole[44:])
    elif torn == "no header at all":
        path.write_bytes(bytes(HEADER_BYTES) + whole[HEADER_BYTES:])
    else:
        path.write_bytes(whole + b"\x01")
    assert repair(path) == 1.0
    assert path.read_bytes() == whole


def test_repair_keeps_the_rate(recordings):
    path = recordings.wav_path(1)
    record(path, speech(48_000), rate=48_000)
    path.write_bytes(path.read_bytes()[:40] + bytes(4) + path.read_bytes()[44:])
    assert repair(path) == 1.0


@pytest.mark.parametrize("content", [b"", b"RIFF", bytes(43)])
def test_a_file_shorter_than_a_header_has_no_seconds(tmp_path, content):
    path = tmp_path / "short.wav"
    path.write_bytes(content)
    assert repair(path) == 0.0
    assert path.read_bytes() == content


def test_a_missing_file_has_no_seconds_and_one_with_a_header_only_neither(recordings):
    assert repair(recordings.wav_path(1)) == 0.0
    record(recordings.wav_path(2), speech(0))
    assert repair(recordings.wav_path(2)) == 0.0


def test_repair_does_not_touch_what_is_not_ours(tmp_path):
    path = tmp_path / "stereo.wav"
    with wave.open(str(path), "wb") as other:
        other.setparams((2, 2, 44_100, 0, "NONE", ""))
        other.writeframes(speech(1000).tobytes())
    before = path.read_bytes()
    with pytest.raises(KnownError, match="no recording of Viva Voce"):
        repair(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("size", [1, 4095, 4096, 50_001])
def test_compression_is_bit_exact_and_then_the_wav_goes(recordings, size):
    samples = speech(size, seed=size)
    record(recordings.wav_path(7), samples)
    path = recordings.compress(7)
    assert files(recordings.folder) == ["00000007.flac"]
    assert path == recordings.existing(7)
    kept, rate = read_pcm(path)
    assert rate == 16_000
    assert kept.dtype == np.int16
    assert np.array_equal(kept, samples)
    assert recordings.compress(7) == path


def test_a_recording_that_was_never_closed_is_compressed_whole(recordings):
    samples = speech(5000)
    writer = WavWriter(recordings.wav_path(1), 16_000)
    writer.write(samples)
    path = recordings.compress(1)
    writer.close()
    assert np.array_equal(read_pcm(path)[0], samples)


def test_a_recording_whose_header_was_lost_is_compressed_whole(recordings):
    record(recordings.wav_path(1), speech(5000))
    whole = recordings.wav_path(1).read_bytes()
    recordings.wav_path(1).write_bytes(bytes(HEADER_BYTES) + whole[HEADER_BYTES:])
    assert np.array_equal(read_pcm(recordings.compress(1))[0], speech(5000))


def test_a_copy_with_one_wrong_sample_does_not_replace_the_wav(recordings, monkeypatch):
    # FLAC has no such fault to show; a bad disk has, so the encoder is made to.
    encode = audio._encode

    def spoiled(to: Path, parts: Iterable[np.ndarray], rate: int, kept: str) -> int:
        wrong = np.concatenate(list(parts))
        wrong[2500] ^= 1
        return encode(to, [wrong], rate, kept)

    monkeypatch.setattr(audio, "_encode", spoiled)
    record(recordings.wav_path(1), speech(5000))
    with pytest.raises(KnownError, match="not the same"):
        recordings.compress(1)
    assert files(recordings.folder) == ["00000001.wav"]
    assert np.array_equal(read_pcm(recordings.wav_path(1))[0], speech(5000))


def test_a_recording_without_a_sample_stays_a_wav(recordings):
    record(recordings.wav_path(1), speech(0))
    assert recordings.compress(1) == recordings.wav_path(1)
    assert files(recordings.folder) == ["00000001.wav"]


def test_when_compression_was_cut_short_the_wav_still_counts(recordings):
    record(recordings.wav_path(1), speech(50_000))
    recordings.compress(1)
    flac = recordings.flac_path(1).read_bytes()
    record(recordings.wav_path(1), speech(50_000))
    assert recordings.existing(1) == recordings.flac_path(1), "both are whole"
    recordings.flac_path(1).write_bytes(flac[: len(flac) // 2])
    assert recordings.existing(1) == recordings.wav_path(1)
    recordings.flac_path(1).write_bytes(b"")
    assert recordings.existing(1) == recordings.wav_path(1)
    assert np.array_equal(read_pcm(recordings.compress(1))[0], speech(50_000))


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in the way is told otherwise there")
def test_compression_that_fails_keeps_the_wav(recordings):
    record(recordings.wav_path(1), speech(1000))
    (recordings.folder / "00000001.flac.part").mkdir()
    with pytest.raises(KnownError, match="cannot be compressed") as told:
        recordings.compress(1)
    assert told.value.next_step == "It is kept as WAV."
    assert recordings.existing(1) == recordings.wav_path(1)
    assert np.array_equal(read_pcm(recordings.wav_path(1))[0], speech(1000))


def test_what_is_not_there_is_told_or_none(recordings):
    assert recordings.existing(5) is None
    recordings.delete(5)
    with pytest.raises(KnownError, match=r"no recording .*00000005\.wav"):
        recordings.compress(5)


def test_deleting_takes_every_form_of_a_recording(recordings):
    record(recordings.wav_path(1), speech(100))
    recordings.compress(1)
    record(recordings.wav_path(1), speech(100))
    record(recordings.wav_path(2), speech(100))
    recordings.delete(1)
    assert files(recordings.folder) == ["00000002.wav"]


@pytest.mark.parametrize(
    ("ending", "codec"), [("mp3", "mp3"), ("m4a", "aac"), ("webm", "libopus"), ("wav", "pcm_s24le")]
)
def test_other_formats_are_read_and_mixed_to_mono(tmp_path, ending, codec):
    # A colon in a name is no address.
    name = "interview.part" if sys.platform == "win32" else "12:30 interview"
    path = tmp_path / f"{name}.{ending}"
    tone = (np.sin(np.arange(48_000) * 0.05) * 12_000).astype(np.int16)
    with av.open(f"file:{path}", "w") as container:
        stream = container.add_stream(codec, rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.repeat(tone, 2)[None], "s16", "stereo")
        frame.sample_rate = 48_000
        for part in av.AudioResampler(format=stream.format, layout="stereo", rate=48_000).resample(frame):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    samples, rate = read_pcm(path)
    assert rate == 48_000
    assert samples.ndim == 1
    assert abs(samples.size - 48_000) < 4_000
    assert 10_000 < np.abs(samples[10_000:40_000]).max() < 14_000


def test_tags_behind_the_samples_are_no_sound(recordings):
    path = recordings.wav_path(1)
    record(path, speech(1000))
    path.write_bytes(path.read_bytes() + b"LIST\x04\x00\x00\x00INFO")
    assert read_pcm(path)[0].size == 1000


@pytest.mark.parametrize("content", [None, b"", b"no sound at all " * 99])
def test_what_is_no_sound_is_told_with_its_name(tmp_path, content):
    path = tmp_path / "answer.mp3"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KnownError, match=r"answer\.mp3"):
        read_pcm(path)
