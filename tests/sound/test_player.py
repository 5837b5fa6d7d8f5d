from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtMultimedia import QAudioDevice, QAudioFormat
from pytestqt.qtbot import QtBot
from virtual_audio import SPEAKER_RATE, Heard, Pcm, VirtualAudio, frequency, loud, tone

from vivavoce.errors import KnownError
from vivavoce.sound import player as player_module
from vivavoce.sound.devices import Devices
from vivavoce.sound.player import Player

RATE = 16_000


@pytest.fixture
def player(devices: Devices) -> Iterator[Player]:
    player = Player(devices)
    yield player
    player.stop()
    player.deleteLater()


def test_a_tone_is_heard_whole_and_finished_comes_at_its_end(
    player: Player, virtual_audio: VirtualAudio, qtbot: QtBot
) -> None:
    positions: list[float] = []
    player.position_changed.connect(positions.append)

    with virtual_audio.heard() as heard:
        with (
            qtbot.assertNotEmitted(player.stopped),
            qtbot.waitSignals([player.started, player.finished], order="strict"),
        ):
            player.play(tone(1000, 1.0, RATE), RATE)
        sound = _settled(heard, qtbot)

    assert sound.size / SPEAKER_RATE == pytest.approx(1.0, abs=0.02)
    assert frequency(sound, SPEAKER_RATE) == pytest.approx(1000, abs=2)
    assert positions == sorted(positions)
    assert len(positions) > 10
    assert positions[-1] == player.position == 1.0
    assert not player.active


def test_a_span_is_played_with_a_pad_on_either_side(
    player: Player, virtual_audio: VirtualAudio, qtbot: QtBot
) -> None:
    pcm = np.concatenate([tone(hertz, 1.0, RATE) for hertz in (400, 800, 1600)])
    positions: list[float] = []
    player.position_changed.connect(positions.append)

    with virtual_audio.heard() as heard:
        with qtbot.waitSignal(player.finished):
            player.play(pcm, RATE, start_s=1.0, end_s=2.0, pad_s=0.25)
        sound = _settled(heard, qtbot)

    assert sound.size / SPEAKER_RATE == pytest.approx(1.5, abs=0.02)
    quarter = SPEAKER_RATE // 4
    assert frequency(sound[: quarter - 500], SPEAKER_RATE) == pytest.approx(400, abs=10)
    assert frequency(sound[quarter + 500 : -quarter - 500], SPEAKER_RATE) == pytest.approx(800, abs=5)
    assert frequency(sound[-quarter + 500 :], SPEAKER_RATE) == pytest.approx(1600, abs=10)
    assert 0.75 <= positions[0] < 1.0
    assert positions[-1] == 2.25


def test_a_span_at_the_edge_is_played_as_far_as_there_is_sound(
    player: Player, virtual_audio: VirtualAudio, qtbot: QtBot
) -> None:
    with virtual_audio.heard() as heard:
        with qtbot.waitSignal(player.finished):
            player.play(tone(500, 0.6, RATE), RATE, start_s=0.1, end_s=9.0)
        sound = _settled(heard, qtbot)

    assert sound.size / SPEAKER_RATE == pytest.approx(0.6, abs=0.02)


def test_stop_is_silent_at_once(player: Player, virtual_audio: VirtualAudio, qtbot: QtBot) -> None:
    with virtual_audio.heard() as heard:
        player.play(tone(500, 8.0, RATE), RATE)
        qtbot.waitUntil(lambda: heard.loud.size > SPEAKER_RATE // 2)
        position = player.position
        with qtbot.assertNotEmitted(player.finished), qtbot.waitSignal(player.stopped):
            player.stop()
        sound = _settled(heard, qtbot)

    # Eight seconds lay ready in the buffer: what is heard ends where the position stood, give or
    # take what the sound server holds.
    assert sound.size / SPEAKER_RATE == pytest.approx(position, abs=0.3)
    assert not player.active


def test_a_new_sound_ends_the_old_one(player: Player, virtual_audio: VirtualAudio, qtbot: QtBot) -> None:
    with virtual_audio.heard() as heard:
        player.play(tone(500, 8.0, RATE), RATE)
        qtbot.waitUntil(lambda: player.position > 0.4)
        with qtbot.waitSignals([player.stopped, player.started, player.finished], order="strict"):
            player.play(tone(2000, 0.5, RATE), RATE)
        sound = _settled(heard, qtbot)

    assert frequency(sound[-SPEAKER_RATE // 4 :], SPEAKER_RATE) == pytest.approx(2000, abs=10)
    assert sound.size / SPEAKER_RATE < 3.0


def test_a_pause_is_silent_and_resume_goes_on_where_it_was(
    player: Player, virtual_audio: VirtualAudio, qtbot: QtBot
) -> None:
    with virtual_audio.heard() as heard:
        player.play(tone(500, 1.5, RATE), RATE)
        qtbot.waitUntil(lambda: player.position > 0.5)
        player.toggle()
        assert player.paused
        before = _settled(heard, qtbot).size
        with qtbot.waitSignal(player.finished):
            player.toggle()
        both = _settled(heard, qtbot)

    quiet = _longest_quiet(both)
    assert before < SPEAKER_RATE
    assert (both.size - quiet) / SPEAKER_RATE == pytest.approx(1.5, abs=0.05)


def test_seek_goes_on_from_there(player: Player, virtual_audio: VirtualAudio, qtbot: QtBot) -> None:
    pcm = np.concatenate([tone(400, 5.0, RATE), tone(1600, 1.0, RATE)])
    with virtual_audio.heard() as heard:
        player.play(pcm, RATE)
        qtbot.waitUntil(lambda: player.position > 0.3)
        with qtbot.waitSignal(player.finished):
            player.seek(5.25)
        sound = _settled(heard, qtbot)

    assert sound.size / SPEAKER_RATE < 2.5
    tail = sound[-SPEAKER_RATE // 2 :]
    assert frequency(tail, SPEAKER_RATE) == pytest.approx(1600, abs=10)
    assert player.position == 6.0


def test_a_seek_while_paused_waits_for_resume(player: Player, qtbot: QtBot) -> None:
    player.play(tone(500, 6.0, RATE), RATE)
    qtbot.waitUntil(lambda: player.position > 0.2)
    player.pause()
    player.seek(5.5)
    assert player.position == 5.5
    assert player.paused

    with qtbot.waitSignal(player.finished):
        player.resume()
    player.seek(1.0)
    assert player.position == 6.0, "nothing is being played, so there is nowhere to go"


def test_a_blocked_window_is_not_heard(player: Player, virtual_audio: VirtualAudio, qtbot: QtBot) -> None:
    with virtual_audio.heard() as heard:
        player.play(tone(500, 2.5, RATE), RATE)
        qtbot.waitUntil(lambda: player.position > 0.3)
        with qtbot.waitSignal(player.finished):
            time.sleep(1.5)  # the very thing this test is about
        sound = _settled(heard, qtbot)

    assert sound.size / SPEAKER_RATE == pytest.approx(2.5, abs=0.02)
    assert _longest_quiet(sound) < SPEAKER_RATE // 100


@pytest.mark.parametrize("sample", ["UInt8", "Int16", "Int32", "Float"])
def test_a_speaker_of_another_format_gets_its_own(
    player: Player,
    virtual_audio: VirtualAudio,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    sample: str,
) -> None:
    def stereo(_device: QAudioDevice, _rate: int) -> QAudioFormat:
        form = QAudioFormat()
        form.setSampleRate(44_100)
        form.setChannelCount(2)
        form.setSampleFormat(QAudioFormat.SampleFormat[sample])
        return form

    monkeypatch.setattr(player_module, "form_for", stereo)
    with virtual_audio.heard() as heard:
        with qtbot.waitSignal(player.finished):
            player.play(tone(1000, 0.5, RATE), RATE)
        sound = _settled(heard, qtbot)

    assert sound.size / SPEAKER_RATE == pytest.approx(0.5, abs=0.02)
    assert frequency(sound, SPEAKER_RATE) == pytest.approx(1000, abs=3)
    assert np.abs(sound.astype(np.int32)).max() == pytest.approx(32767 * 10 ** (-12 / 20), rel=0.05)


def test_another_speaker_can_be_chosen(player: Player, virtual_audio: VirtualAudio, qtbot: QtBot) -> None:
    player.set_device("cable")
    with virtual_audio.heard() as heard:
        with qtbot.waitSignal(player.finished):
            player.play(tone(1000, 0.3, RATE), RATE)
        qtbot.waitUntil(lambda: heard.quiet_s > 0.5)

    assert heard.loud.size == 0


def test_without_a_speaker_it_fails_and_starts_nothing(
    player: Player, devices: Devices, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    # That find_speaker says so on a machine without one is proven in test_devices.
    def nothing(_: str) -> QAudioDevice:
        raise KnownError("No speaker was found.", "Plug one in.")

    monkeypatch.setattr(devices, "find_speaker", nothing)
    with qtbot.assertNotEmitted(player.started), qtbot.waitSignal(player.failed) as failed:
        player.play(tone(1000, 0.3, RATE), RATE)

    assert failed.args is not None
    assert failed.args[0].what == "No speaker was found."
    assert not player.active


def _settled(heard: Heard, qtbot: QtBot) -> Pcm:
    """All that was heard, once it has been quiet for a while."""
    qtbot.waitUntil(lambda: heard.loud.size > 0 and heard.quiet_s > 0.5)
    return heard.loud


def _longest_quiet(pcm: Pcm) -> int:
    """The longest stretch, in samples, between two sounds."""
    at = np.flatnonzero(np.abs(loud(pcm).astype(np.int32)) > 328)
    return int(np.diff(at).max())
