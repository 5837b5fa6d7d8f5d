"""One sound file played to its end, for a command without a window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from vivavoce.audio_file import read_pcm
from vivavoce.errors import KnownError
from vivavoce.sound.devices import Devices
from vivavoce.sound.player import Player


def play_once(file: Path, speaker: str) -> None:
    """Play `file` on the speaker with that id (empty: the default) and return when it has ended.

    Raises KnownError when there is no speaker.
    """
    application = QCoreApplication.instance() or QCoreApplication([])
    faults: list[KnownError] = []

    def failed(error: KnownError) -> None:
        faults.append(error)
        application.quit()

    player = Player(Devices())
    player.set_device(speaker)
    player.finished.connect(application.quit)
    player.failed.connect(failed)
    samples, rate = read_pcm(file)
    player.play(samples, rate)
    if not faults:
        application.exec()
    if faults:
        raise faults[0]
