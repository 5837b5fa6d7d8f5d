from __future__ import annotations

import os
import subprocess
import sys

import pytest
from pytestqt.qtbot import QtBot
from virtual_audio import MICROPHONE, SPEAKER, VirtualAudio

from vivavoce.errors import KnownError
from vivavoce.sound.devices import Devices, id_of, opens


def test_the_microphone_and_the_speaker_are_listed_by_name(devices: Devices) -> None:
    assert [one.name for one in devices.microphones() if one.is_default] == [MICROPHONE]
    assert [one.name for one in devices.speakers() if one.is_default] == [SPEAKER]


def test_an_empty_id_finds_the_default_and_an_id_finds_its_device(devices: Devices) -> None:
    assert id_of(devices.find("")) == "microphone"
    assert id_of(devices.find("microphone")) == "microphone"
    assert id_of(devices.find_speaker("cable")) == "cable"


def test_a_chosen_microphone_that_is_gone_is_an_error_and_a_chosen_speaker_is_replaced(
    devices: Devices,
) -> None:
    with pytest.raises(KnownError, match="chosen in the preferences was not found"):
        devices.find("headset")
    assert id_of(devices.find_speaker("headset")) == "speaker"


def test_a_second_microphone_coming_and_going_is_noticed(
    devices: Devices, virtual_audio: VirtualAudio, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(devices.changed):
        virtual_audio.replug("spare", "Spare microphone")
    qtbot.waitUntil(lambda: "Spare microphone" in {one.name for one in devices.microphones()})

    virtual_audio.unplug("spare")
    qtbot.waitUntil(lambda: {one.name for one in devices.microphones()} == {MICROPHONE})


@pytest.mark.qt_log_ignore("Stream failed to connect")  # Qt's word on the question of `opens`
def test_a_microphone_opens_until_it_is_unplugged(devices: Devices, virtual_audio: VirtualAudio) -> None:
    microphone = devices.find("")
    assert opens(microphone)

    virtual_audio.unplug()
    assert not opens(microphone)


@pytest.mark.usefixtures("devices")
def test_a_machine_without_a_microphone_says_what_to_do(virtual_audio: VirtualAudio) -> None:
    # In a process of its own: Qt keeps the last microphone in the list of this one.
    virtual_audio.unplug()

    said = _run("Devices().find('')")

    assert said == (
        "No microphone was found. Plug one in, or allow this program to use it in the system's settings, "
        "then press again."
    )


def test_a_machine_without_sound_says_that_there_is_no_speaker() -> None:
    said = _run("Devices().find_speaker('')", PULSE_SERVER="unix:/nowhere")

    assert said == "No speaker was found. Plug in a speaker or headphones, then press again."


def _run(statement: str, **environment: str) -> str:
    """What the KnownError says that `statement` raises in a fresh process."""
    program = f"""
from PySide6.QtGui import QGuiApplication
from vivavoce.errors import KnownError
from vivavoce.sound.devices import Devices
application = QGuiApplication([])
try:
    {statement}
except KnownError as error:
    print(error)
"""
    # The backend is named, or Qt goes from a missing PulseAudio on to the real ALSA devices.
    fixed = {"QT_QPA_PLATFORM": "offscreen", "QT_AUDIO_BACKEND": "pulseaudio"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **fixed, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
