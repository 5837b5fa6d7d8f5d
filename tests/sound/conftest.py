from __future__ import annotations

from collections.abc import Iterator

import pytest
import virtual_audio as virtual
from pytestqt.qtbot import QtBot

from vivavoce.sound.devices import Devices


@pytest.fixture(scope="session")
def virtual_audio() -> virtual.VirtualAudio:
    """The sound server; its folder is in the environment before Qt makes an audio object."""
    missing = virtual.missing_program()
    if missing is not None:
        pytest.skip(f"sound tests need {missing} (Debian: pulseaudio pulseaudio-utils)")
    return virtual.shared()


@pytest.fixture
def devices(qtbot: QtBot, virtual_audio: virtual.VirtualAudio) -> Iterator[Devices]:
    """The machine's devices: the virtual microphone and speaker, both plugged in."""
    virtual_audio.replug()
    devices = Devices()
    qtbot.waitUntil(lambda: [one.id for one in devices.microphones() if one.is_default] == ["microphone"])
    yield devices
    # The spare one goes first: Qt notices only while the default one moves with it.
    virtual_audio.unplug("spare")
    virtual_audio.replug()
    devices.deleteLater()
