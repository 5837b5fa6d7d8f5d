from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtMultimedia import QAudioDevice, QAudioFormat
from pytestqt.qtbot import QtBot
from virtual_audio import (
    MICROPHONE,
    Pcm,
    VirtualAudio,
    chirp,
    likeness,
    loud,
    tone,
    write_wav,
)

from vivavoce.errors import KnownError
from vivavoce.sound import recorder as recorder_module
from vivavoce.sound.devices import Devices
from vivavoce.sound.recorder import RATE, Recorder, WarningKind


class Kept:
    """A sink in memory; `full_at` bytes it can take no more, as a full disk cannot."""

    def __init__(self, full_at: int | None = None) -> None:
        self.data = bytearray()
        self.closed = 0
        self._full_at = full_at

    def write(self, data: bytes) -> None:
        assert not self.closed
        if self._full_at is not None and len(self.data) + len(data) > self._full_at:
            raise KnownError("The disk is full.", "Make room.")
        self.data += data

    def close(self) -> None:
        self.closed += 1

    @property
    def pcm(self) -> Pcm:
        return np.frombuffer(bytes(self.data), np.int16)

    @property
    def seconds(self) -> float:
        return len(self.data) / 2 / RATE


@pytest.fixture
def recorder(devices: Devices) -> Iterator[Recorder]:
    recorder = Recorder(devices)
    yield recorder
    recorder.cancel()
    recorder.deleteLater()


def test_what_is_spoken_is_kept_whole(
    recorder: Recorder, virtual_audio: VirtualAudio, qtbot: QtBot, tmp_path: Path
) -> None:
    spoken = chirp(3.0, RATE)
    sink = Kept()
    levels: list[tuple[float, float]] = []
    elapsed: list[float] = []
    recorder.level.connect(lambda peak, rms: levels.append((peak, rms)))
    recorder.elapsed.connect(elapsed.append)

    _listen(recorder, sink, qtbot)
    _speak(virtual_audio, spoken, qtbot, tmp_path)
    seconds = _stop(recorder, qtbot)

    assert loud(sink.pcm).size / RATE == pytest.approx(3.0, abs=0.1)
    assert likeness(sink.pcm, spoken) > 0.95
    assert sink.closed == 1
    assert seconds == recorder.seconds == sink.seconds
    assert elapsed == sorted(elapsed)
    assert elapsed[-1] == seconds
    assert max(peak for peak, _ in levels) == pytest.approx(-12.0, abs=0.5)
    assert max(rms for _, rms in levels) == pytest.approx(-15.0, abs=0.5)
    assert len(recorder.peaks) == int(seconds * 20)
    assert max(recorder.peaks) == pytest.approx(10 ** (-12 / 20), abs=0.02)


def test_half_a_second_past_stop_is_kept(recorder: Recorder, qtbot: QtBot) -> None:
    sink = Kept()
    _listen(recorder, sink, qtbot)
    qtbot.waitUntil(lambda: recorder.seconds > 0.5)

    with qtbot.waitSignal(recorder.finished):
        recorder.stop()
        at_stop = recorder.seconds

    assert recorder.seconds - at_stop == pytest.approx(0.5, abs=0.001)


def test_a_pause_leaves_out_what_is_said_in_it(
    recorder: Recorder, virtual_audio: VirtualAudio, qtbot: QtBot, tmp_path: Path
) -> None:
    sink = Kept()
    _listen(recorder, sink, qtbot)
    _speak(virtual_audio, tone(440, 1.0, RATE), qtbot, tmp_path)
    recorder.pause()
    before = recorder.seconds
    _speak(virtual_audio, tone(1500, 1.0, RATE), qtbot, tmp_path)
    assert recorder.seconds == before
    recorder.resume()
    _speak(virtual_audio, tone(700, 1.0, RATE), qtbot, tmp_path)
    seconds = _stop(recorder, qtbot)

    assert seconds == sink.seconds
    assert _strength(sink.pcm, 440) > 50 * _strength(sink.pcm, 1500)
    assert _strength(sink.pcm, 700) > 50 * _strength(sink.pcm, 1500)


def test_stopping_a_paused_recording_ends_it_at_once(recorder: Recorder, qtbot: QtBot) -> None:
    sink = Kept()
    _listen(recorder, sink, qtbot)
    qtbot.waitUntil(lambda: recorder.seconds > 0.2)
    recorder.pause()
    before = recorder.seconds

    with qtbot.waitSignal(recorder.finished):
        recorder.stop()

    assert recorder.seconds == before == sink.seconds
    assert sink.closed == 1


def test_cancel_closes_the_sink_and_a_new_recording_can_begin(recorder: Recorder, qtbot: QtBot) -> None:
    first, second = Kept(), Kept()
    _listen(recorder, first, qtbot)
    with qtbot.assertNotEmitted(recorder.finished), qtbot.assertNotEmitted(recorder.failed):
        recorder.cancel()
    assert first.closed == 1
    assert not recorder.active

    _listen(recorder, second, qtbot)
    assert recorder.seconds < 1.0
    _stop(recorder, qtbot)
    assert second.closed == 1


def test_a_blocked_window_loses_nothing(
    recorder: Recorder, virtual_audio: VirtualAudio, qtbot: QtBot, tmp_path: Path
) -> None:
    spoken = chirp(4.0, RATE)
    sink = Kept()
    _listen(recorder, sink, qtbot)
    child = virtual_audio.feed(write_wav(tmp_path / "spoken.wav", spoken, RATE))
    qtbot.waitUntil(lambda: loud(sink.pcm).size > RATE // 2)
    time.sleep(2.0)  # the very thing this test is about
    qtbot.waitUntil(lambda: child.poll() is not None, timeout=20_000)
    qtbot.waitUntil(lambda: _is_quiet(sink))
    _stop(recorder, qtbot)

    assert loud(sink.pcm).size / RATE == pytest.approx(4.0, abs=0.05)
    assert likeness(sink.pcm, spoken) > 0.95


@pytest.mark.parametrize("sample", ["UInt8", "Int16", "Int32", "Float"])
def test_a_device_of_another_format_is_converted_as_it_comes(
    recorder: Recorder,
    virtual_audio: VirtualAudio,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sample: str,
) -> None:
    def stereo(_: QAudioDevice) -> QAudioFormat:
        form = QAudioFormat()
        form.setSampleRate(44_100)
        form.setChannelCount(2)
        form.setSampleFormat(QAudioFormat.SampleFormat[sample])
        return form

    monkeypatch.setattr(recorder_module, "form_for", stereo)
    spoken = chirp(1.5, RATE)
    sink = Kept()
    _listen(recorder, sink, qtbot)
    _speak(virtual_audio, spoken, qtbot, tmp_path)
    seconds = _stop(recorder, qtbot)

    assert loud(sink.pcm).size / RATE == pytest.approx(1.5, abs=0.05)
    assert likeness(sink.pcm, spoken) > 0.95
    assert seconds == sink.seconds


def test_silence_is_named_and_the_warning_goes_when_sound_comes(
    recorder: Recorder, virtual_audio: VirtualAudio, qtbot: QtBot, tmp_path: Path
) -> None:
    _listen(recorder, Kept(), qtbot)
    with qtbot.waitSignal(recorder.warning, timeout=15_000) as warned:
        pass
    assert warned.args == [WarningKind.SILENCE, f"I hear nothing from {MICROPHONE}."]
    assert recorder.seconds == pytest.approx(4.0, abs=0.5)

    with qtbot.waitSignal(recorder.warning_cleared, timeout=15_000) as cleared:
        _speak(virtual_audio, tone(440, 0.5, RATE), qtbot, tmp_path)
    assert cleared.args == [WarningKind.SILENCE]


def test_clipping_is_named(
    recorder: Recorder, virtual_audio: VirtualAudio, qtbot: QtBot, tmp_path: Path
) -> None:
    overdriven = np.where(tone(300, 1.0, 48_000) >= 0, 32767, -32768).astype(np.int16)
    _listen(recorder, Kept(), qtbot)
    with (
        qtbot.waitSignal(recorder.warning_cleared, timeout=15_000) as cleared,
        qtbot.waitSignal(recorder.warning, timeout=15_000) as warned,
    ):
        _speak(virtual_audio, overdriven, qtbot, tmp_path, rate=48_000)
    assert warned.args is not None
    assert warned.args[0] is WarningKind.CLIPPING
    assert MICROPHONE in warned.args[1]
    assert cleared.args == [WarningKind.CLIPPING]


@pytest.mark.qt_log_ignore("Stream failed to connect")  # under load the question comes before the news
def test_a_microphone_pulled_out_beside_another_fails_and_keeps_what_was_said(
    recorder: Recorder, devices: Devices, virtual_audio: VirtualAudio, qtbot: QtBot
) -> None:
    virtual_audio.replug("spare", "Spare microphone")
    # Qt lists the new one a moment before it hears that it is the default.
    qtbot.waitUntil(lambda: [one.id for one in devices.microphones() if one.is_default] == ["spare"])
    sink = Kept()
    _listen(recorder, sink, qtbot)
    assert recorder.device_name == "Spare microphone"
    qtbot.waitUntil(lambda: recorder.seconds >= 1.0)

    with qtbot.waitSignal(recorder.failed) as failed:
        virtual_audio.unplug("spare")

    _assert_lost(failed.args, "Spare microphone", recorder, sink)


@pytest.mark.qt_log_ignore("Stream failed to connect")  # the recorder asks whether it is still there
def test_the_last_microphone_pulled_out_fails_and_keeps_what_was_said(
    recorder: Recorder, virtual_audio: VirtualAudio, qtbot: QtBot
) -> None:
    # PulseAudio goes on with the monitor of the speaker, and Qt says nothing.
    sink = Kept()
    _listen(recorder, sink, qtbot)
    qtbot.waitUntil(lambda: recorder.seconds >= 1.0)

    with qtbot.waitSignal(recorder.failed) as failed:
        virtual_audio.unplug()

    _assert_lost(failed.args, MICROPHONE, recorder, sink)


def test_a_microphone_that_delivers_nothing_any_more_fails_and_keeps_what_was_said(
    recorder: Recorder, virtual_audio: VirtualAudio, qtbot: QtBot
) -> None:
    sink = Kept()
    _listen(recorder, sink, qtbot)
    qtbot.waitUntil(lambda: recorder.seconds >= 1.0)

    virtual_audio.freeze()
    try:
        with qtbot.waitSignal(recorder.failed) as failed:
            pass
    finally:
        virtual_audio.thaw()

    _assert_lost(failed.args, MICROPHONE, recorder, sink)


def test_a_full_disk_ends_the_recording_with_its_own_words(recorder: Recorder, qtbot: QtBot) -> None:
    sink = Kept(full_at=RATE)
    with qtbot.waitSignal(recorder.failed) as failed:
        recorder.start("", sink)

    assert failed.args is not None
    assert failed.args[0].what == "The disk is full."
    assert not recorder.active
    assert sink.closed
    assert 0 < recorder.seconds == sink.seconds <= 0.5


@pytest.mark.qt_log_ignore("Stream failed to connect")
def test_starting_on_a_microphone_that_has_gone_says_so(
    recorder: Recorder, virtual_audio: VirtualAudio
) -> None:
    virtual_audio.unplug()  # the last one: Qt keeps it in its list
    sink = Kept()

    with pytest.raises(KnownError, match=f"{MICROPHONE} could not be opened"):
        recorder.start("", sink)

    assert sink.closed == 1
    assert not recorder.active


def _listen(recorder: Recorder, sink: Kept, qtbot: QtBot) -> None:
    with qtbot.waitSignal(recorder.listening, timeout=15_000):
        recorder.start("", sink)


def _speak(virtual_audio: VirtualAudio, pcm: Pcm, qtbot: QtBot, folder: Path, rate: int = RATE) -> None:
    """Speak it and give it the time to be heard."""
    child = virtual_audio.feed(write_wav(folder / "spoken.wav", pcm, rate))
    qtbot.waitUntil(lambda: child.poll() is not None, timeout=20_000)
    assert child.returncode == 0


def _stop(recorder: Recorder, qtbot: QtBot) -> float:
    with qtbot.waitSignal(recorder.finished) as finished:
        recorder.stop()
    assert finished.args is not None
    return float(finished.args[0])


def _is_quiet(sink: Kept) -> bool:
    return bool(np.abs(sink.pcm[-RATE // 4 :].astype(np.int32)).max() < 100)


def _strength(pcm: Pcm, hertz: float) -> float:
    """How strong one frequency is."""
    t = np.arange(pcm.size) / RATE
    return float(abs(np.sum(pcm * np.exp(-2j * np.pi * hertz * t)))) + 1.0


def _assert_lost(args: list[object] | None, device: str, recorder: Recorder, sink: Kept) -> None:
    assert args is not None
    (error,) = args
    assert isinstance(error, KnownError)
    assert error.what == f"{device} stopped delivering sound."
    whole = int(recorder.seconds)
    assert error.next_step.startswith("1 second is kept." if whole == 1 else f"{whole} seconds are kept.")
    assert sink.closed == 1
    assert sink.seconds == recorder.seconds >= 1.0
    assert not recorder.active
