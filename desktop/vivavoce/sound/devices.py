"""The microphones and speakers of this machine."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import QAudioDevice, QAudioSource, QMediaDevices

from vivavoce.errors import KnownError

# Trap: error() and state() answer in QtAudio's enums from some Qt 6 on and in QAudio's before; the
# two look alike and are never equal, so we compare names.
NO_ERROR = "NoError"
IDLE = "IdleState"
STOPPED = "StoppedState"


@dataclass(frozen=True)
class AudioDevice:
    """A microphone or a speaker; `id` is the system's and lasts, `name` is for people."""

    id: str
    name: str
    is_default: bool


class Devices(QObject):
    """Lists what is plugged in, and says `changed` when that changes."""

    changed = Signal()
    """A device came or went. Trap: on PulseAudio Qt stays silent, and keeps the device in the
    list, when one goes and the default does not move to another microphone; see `opens`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._media: QMediaDevices | None = None

    def microphones(self) -> list[AudioDevice]:
        """Every microphone, in the system's order."""
        return [_named(device) for device in self._watched().audioInputs()]

    def speakers(self) -> list[AudioDevice]:
        """Every speaker, in the system's order."""
        return [_named(device) for device in self._watched().audioOutputs()]

    def find(self, device_id: str) -> QAudioDevice:
        """The microphone of that id, the default one for "".

        Raises KnownError when it is not plugged in, or when there is none at all.
        """
        inputs = self._watched().audioInputs()
        device = _chosen(device_id, inputs, self._watched().defaultAudioInput())
        if device is not None:
            return device
        if inputs:
            raise KnownError(
                "The microphone chosen in the preferences was not found.",
                "Plug it in, or choose another one, then press again.",
            )
        raise KnownError(
            "No microphone was found.",
            "Plug one in, or allow this program to use it in the system's settings, then press again.",
        )

    def find_speaker(self, device_id: str) -> QAudioDevice:
        """The speaker of that id; the default one for "" and when that id is not plugged in.

        Raises KnownError when there is none at all.
        """
        outputs = self._watched().audioOutputs()
        default = self._watched().defaultAudioOutput()
        device = _chosen(device_id, outputs, default) or _chosen("", outputs, default)
        if device is None:
            raise KnownError("No speaker was found.", "Plug in a speaker or headphones, then press again.")
        return device

    def _watched(self) -> QMediaDevices:
        # Not in __init__: the first QMediaDevices loads Qt's media plug-in and calls the sound server.
        if self._media is None:
            self._media = QMediaDevices(self)
            self._media.audioInputsChanged.connect(self.changed)
            self._media.audioOutputsChanged.connect(self.changed)
        return self._media


def id_of(device: QAudioDevice) -> str:
    """The system's id of a device, as text."""
    return bytes(device.id().data()).decode("utf-8", "backslashreplace")


def opens(device: QAudioDevice) -> bool:
    """Whether the microphone can be opened at this moment, asked of the sound server itself.

    For PulseAudio, which moves a recording from an unplugged microphone to the monitor of a
    speaker, where silence goes on arriving while Qt still lists the microphone (Qt 6.11).
    Half a millisecond; Qt logs a warning when the answer is no.
    """
    source = QAudioSource(device, device.preferredFormat())
    source.start()
    opened = source.error().name == NO_ERROR
    source.stop()
    return opened


def _chosen(device_id: str, devices: list[QAudioDevice], default: QAudioDevice) -> QAudioDevice | None:
    if device_id:
        return next((device for device in devices if id_of(device) == device_id), None)
    if not default.isNull():
        return default
    return devices[0] if devices else None


def _named(device: QAudioDevice) -> AudioDevice:
    return AudioDevice(id=id_of(device), name=device.description(), is_default=device.isDefault())
