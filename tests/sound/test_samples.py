"""Levels, conversions and files: no sound device needed."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtMultimedia import QAudioFormat
from virtual_audio import chirp, frequency, likeness, tone, write_wav

from vivavoce.audio_file import read_pcm
from vivavoce.errors import KnownError
from vivavoce.sound.meter import Meter, Outline
from vivavoce.sound.pcm import Converter, Pcm, encoded

RATE = 16_000


def test_a_meter_knows_level_silence_and_clipping() -> None:
    meter = Meter(RATE)
    meter.feed(tone(440, 1.0, RATE, dbfs=-20))
    assert meter.peak_dbfs == pytest.approx(-20, abs=0.2)
    assert meter.rms_dbfs == pytest.approx(-23, abs=0.2)
    assert meter.silent_s == meter.dead_s == meter.clipped_share == 0

    meter.feed(tone(440, 3.0, RATE, dbfs=-65))
    assert meter.silent_s == 3.0
    assert meter.dead_s == 0

    meter.feed(np.full(RATE, 300, np.int16))  # nothing but an offset
    assert (meter.silent_s, meter.dead_s) == (4.0, 1.0)

    meter.feed(np.where(tone(100, 1.0, RATE) > 0, 32767, -32768).astype(np.int16))
    assert meter.clipped_share == pytest.approx(0.5)
    meter.feed(np.zeros(2 * RATE, np.int16))
    assert meter.clipped_share == 0


def test_an_outline_has_a_point_for_every_50_ms_however_it_is_fed() -> None:
    pcm = np.concatenate([tone(440, 1.0, RATE, -20), tone(440, 1.01, RATE, 0)])
    outline = Outline(RATE)
    for start in range(0, pcm.size, 777):
        outline.feed(pcm[start : start + 777])

    assert len(outline.peaks) == 40
    assert outline.peaks[5] == pytest.approx(0.1, abs=0.01)
    assert outline.peaks[-1] == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("sample", ["UInt8", "Int16", "Int32", "Float"])
@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (44_100, 2), (48_000, 6), (8_000, 1)])
def test_samples_come_back_from_every_form_in_pieces_of_any_size(
    sample: str, rate: int, channels: int
) -> None:
    form = QAudioFormat()
    form.setSampleRate(rate)
    form.setChannelCount(channels)
    form.setSampleFormat(QAudioFormat.SampleFormat[sample])
    spoken = chirp(2.0, RATE)
    data = encoded(spoken, RATE, form)

    converter = Converter(form, RATE)
    pieces = [converter.feed(data[start : start + 1013]) for start in range(0, len(data), 1013)]
    back = np.concatenate([*pieces, converter.flush()])

    assert back.size == pytest.approx(spoken.size, abs=RATE // 100)
    assert likeness(back, spoken) > 0.99


def test_loud_floats_are_cut_off_and_do_not_wrap_around() -> None:
    form = QAudioFormat()
    form.setSampleRate(RATE)
    form.setChannelCount(1)
    form.setSampleFormat(QAudioFormat.SampleFormat.Float)

    pcm = Converter(form, RATE).feed(np.array([1.5, -1.5, 0.5], np.float32).tobytes())

    assert pcm.tolist() == [32767, -32768, 16384]


def test_a_wav_file_is_read_as_it_is(tmp_path: Path) -> None:
    pcm = tone(440, 0.5, 22_050)
    loaded, rate = read_pcm(write_wav(tmp_path / "a.wav", pcm, 22_050))

    assert rate == 22_050
    assert np.array_equal(loaded, pcm)


def test_a_stereo_wav_file_is_mixed(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.array([[100, 300], [-100, -300]], "<i2").tobytes())

    assert read_pcm(tmp_path / "a.wav")[0].tolist() == [200, -200]


@pytest.mark.parametrize(
    ("name", "codec"), [("a.flac", "flac"), ("a.wav", "pcm_s24le"), ("a.ogg", "libopus")]
)
def test_other_files_are_decoded(tmp_path: Path, name: str, codec: str) -> None:
    path = tmp_path / name
    _write(path, codec, tone(1000, 1.0, 48_000), 48_000)

    loaded, rate = read_pcm(path)

    assert rate == 48_000
    assert loaded.size == pytest.approx(48_000, abs=2_000)
    assert frequency(loaded, rate) == pytest.approx(1000, abs=3)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"just words, and no sound at all " * 20])
def test_a_file_without_sound_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.wav"
    path.write_bytes(content)

    with pytest.raises(KnownError, match=r"notes\.wav"):
        read_pcm(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"no file .*gone\.wav"):
        read_pcm(tmp_path / "gone.wav")


def _write(path: Path, codec: str, pcm: Pcm, rate: int) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(
            format=stream.format.name, layout="mono", rate=rate, frame_size=stream.frame_size or None
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
