"""Whatever file somebody has is read: any container, codec, rate and number of channels, block by block."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest

from vivavoce.audio_file import blocks, read_pcm, sound_file
from vivavoce.errors import KnownError

TONE_HZ = 440.0
# Name, codec, rate in Hz, layout: what phones, browsers, cameras and studios write.
FORMS = [
    ("a.wav", "pcm_s16le", 8_000, "mono"),
    ("a.wav", "pcm_s24le", 96_000, "stereo"),
    ("a.wav", "pcm_f32le", 44_100, "5.1"),
    ("a.wav", "pcm_u8", 11_025, "mono"),
    ("a.flac", "flac", 96_000, "5.1"),
    ("a.flac", "flac", 16_000, "mono"),
    ("a.mp3", "libmp3lame", 44_100, "stereo"),
    ("a.mp3", "libmp3lame", 22_050, "mono"),
    ("a.m4a", "aac", 48_000, "stereo"),
    ("a.m4a", "alac", 44_100, "stereo"),
    ("a.ogg", "libopus", 48_000, "mono"),
    ("a.webm", "libopus", 48_000, "stereo"),
    ("a.mp4", "aac", 44_100, "5.1"),
    ("a.mkv", "pcm_s16le", 32_000, "3.0"),
]


def write(
    path: Path, codec: str, rate: int, layout: str, seconds: float = 2.0, *, video: bool = False
) -> None:
    """A tone that is the same in all channels."""
    tone = 0.3 * np.sin(2 * np.pi * TONE_HZ * np.arange(round(seconds * rate)) / rate)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        if video:
            picture = container.add_stream("mpeg4", rate=10)
            picture.width = picture.height = 32
            picture.pix_fmt = "yuv420p"
            shown = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            container.mux(picture.encode(shown))
            container.mux(picture.encode(None))
        count = len(av.AudioLayout(layout).channels)
        samples = np.repeat(tone.astype(np.float32)[None], count, axis=0)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout=layout)
        frame.sample_rate = rate
        resampler = av.AudioResampler(stream.format.name, layout, rate, frame_size=stream.frame_size or None)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))


def pitch(samples: np.ndarray, rate: int) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples * np.hanning(samples.size)))) * rate / samples.size)


@pytest.mark.parametrize(("name", "codec", "rate", "layout"), FORMS, ids=lambda value: str(value))
def test_every_form_is_read_at_any_rate(
    tmp_path: Path, name: str, codec: str, rate: int, layout: str
) -> None:
    path = tmp_path / name
    write(path, codec, rate, layout, video=name.endswith(".mp4"))

    found = sound_file(path)
    assert found.rate == rate
    assert found.seconds == pytest.approx(2.0, abs=0.15)
    for wanted in (None, 16_000):
        parts = list(blocks(path, wanted))
        samples = np.concatenate(parts)
        assert samples.dtype == np.int16
        assert samples.size == pytest.approx(2.0 * (wanted or rate), rel=0.06)
        assert pitch(samples, wanted or rate) == pytest.approx(TONE_HZ, abs=3)
        assert max(part.size for part in parts) <= 1 << 17
    assert read_pcm(path)[1] == rate


def test_an_hour_takes_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    # Ten minutes at 16 kHz would be 19 MB of samples.
    path = tmp_path / "long.flac"
    write(path, "flac", 16_000, "mono", seconds=600.0)
    tracemalloc.start()
    total = sum(block.size for block in blocks(path, 16_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == pytest.approx(600 * 16_000, abs=16_000)
    assert peak < 2_000_000


def test_what_was_cut_off_in_the_middle_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "cut.mp3"
    write(path, "libmp3lame", 44_100, "mono", seconds=4.0)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    samples, rate = read_pcm(path)
    assert 1.5 < samples.size / rate < 2.5


def test_damage_in_the_middle_costs_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "bad.mp3"
    write(path, "libmp3lame", 44_100, "mono", seconds=4.0)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 600] = bytes(600)
    path.write_bytes(data)
    samples, rate = read_pcm(path)
    assert samples.size / rate > 3.5


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("gone.wav", None, "There is no file"),
        ("empty.m4a", b"", "is empty"),
        ("notes.wav", b"not a sound at all " * 50, "cannot be read as sound"),
        ("zeros.mp3", bytes(5000), "cannot be read as sound|no sound that can be decoded"),
        ("list.m3u8", b"#EXTM3U\nhttp://127.0.0.1:1/x.ts\n", "cannot be read as sound"),
    ],
)
def test_what_is_no_sound_is_told_kindly(tmp_path: Path, name: str, data: bytes | None, told: str) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(KnownError, match=told) as fault:
        list(blocks(path, 16_000))
    assert name in fault.value.what
    assert fault.value.next_step


def test_a_video_without_sound_and_a_folder_are_told(tmp_path: Path) -> None:
    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(KnownError, match="no audio track"):
        sound_file(path)
    with pytest.raises(KnownError, match="cannot be read"):
        sound_file(tmp_path)
