"""Which sound devices there are, asked without a window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from vivavoce.sound.devices import Devices


def microphone_names() -> list[str]:
    """Names of the microphones, the default first; empty when there is none."""
    application = QCoreApplication.instance() or QCoreApplication([])
    devices = Devices()
    found = sorted(devices.microphones(), key=lambda device: not device.is_default)
    del application
    return [device.name for device in found]
