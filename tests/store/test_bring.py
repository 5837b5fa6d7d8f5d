"""A file brought in is kept as a recording of ours, or nothing of it is."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from vivavoce.audio_file import read_pcm, sound_file
from vivavoce.core.ticket import Ticket
from vivavoce.errors import Cancelled, KnownError
from vivavoce.store.audio import RATE, Recordings, repair


def stereo(path: Path, codec: str, rate: int, seconds: float) -> None:
    tone = (8000 * np.sin(2 * np.pi * 300 * np.arange(round(seconds * rate)) / rate)).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.repeat(tone, 2)[None], "s16", "stereo")
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            stream.format.name, "stereo", rate, frame_size=stream.frame_size or None
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))


@pytest.mark.parametrize(("name", "codec"), [("a.mp3", "libmp3lame"), ("a.m4a", "aac"), ("a.flac", "flac")])
def test_it_becomes_a_recording_like_any_other(tmp_path: Path, name: str, codec: str) -> None:
    source = tmp_path / name
    stereo(source, codec, 44_100, 5.0)
    before = source.read_bytes()
    recordings = Recordings(tmp_path / "recordings")
    heard: list[float] = []

    seconds = recordings.bring(source, 7, Ticket(lambda _, part: heard.append(part)))

    assert seconds == pytest.approx(5.0, abs=0.1)
    path = recordings.existing(7)
    assert path == recordings.flac_path(7)
    samples, rate = read_pcm(path)
    assert rate == RATE
    assert samples.size / RATE == pytest.approx(seconds)
    assert 6000 < np.abs(samples).max() < 10_000
    assert repair(path) == pytest.approx(seconds, abs=0.01), "an import cut short just before its note"
    assert recordings.compress(7) == path, "nothing is left to compress"
    assert heard == sorted(heard)
    assert heard[-1] > 0.9
    assert source.read_bytes() == before


def test_its_own_form_is_kept_bit_by_bit(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path / "recordings")
    stereo(tmp_path / "a.mp3", "libmp3lame", 44_100, 3.0)
    recordings.bring(tmp_path / "a.mp3", 1, Ticket())
    recordings.bring(recordings.flac_path(1), 2, Ticket())
    assert np.array_equal(read_pcm(recordings.flac_path(1))[0], read_pcm(recordings.flac_path(2))[0])


class TakenBack(Ticket):
    """Takes itself back when some of the file has been read."""

    def progress(self, stage: str, fraction: float) -> None:
        if fraction > 0.3:
            self.cancel()
        super().progress(stage, fraction)


def test_what_is_taken_back_leaves_nothing(tmp_path: Path) -> None:
    stereo(tmp_path / "a.flac", "flac", 48_000, 20.0)
    recordings = Recordings(tmp_path / "recordings")
    with pytest.raises(Cancelled):
        recordings.bring(tmp_path / "a.flac", 3, TakenBack())
    assert list(recordings.folder.iterdir()) == []


@pytest.mark.parametrize("content", [None, b"", b"a letter, not a sound " * 100])
def test_what_is_no_sound_leaves_nothing(tmp_path: Path, content: bytes | None) -> None:
    source = tmp_path / "letter.doc"
    if content is not None:
        source.write_bytes(content)
    recordings = Recordings(tmp_path / "recordings")
    with pytest.raises(KnownError, match=r"letter\.doc"):
        recordings.bring(source, 3, Ticket())
    assert not recordings.folder.exists() or list(recordings.folder.iterdir()) == []


def test_a_full_folder_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    stereo(tmp_path / "a.flac", "flac", 16_000, 1.0)
    (tmp_path / "recordings").write_text("in the way")
    with pytest.raises(KnownError, match="recordings"):
        Recordings(tmp_path / "recordings").bring(tmp_path / "a.flac", 3, Ticket())
    assert sound_file(tmp_path / "a.flac").seconds == pytest.approx(1.0, abs=0.01)
