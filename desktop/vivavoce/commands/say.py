"""vivavoce say: a text read aloud, to the speaker or into a file."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from vivavoce.commands.setting import setting_of
from vivavoce.core.ticket import Ticket
from vivavoce.errors import KnownError
from vivavoce.store.pronunciation import load_pronunciation


def run(arguments: argparse.Namespace) -> int:
    """Speak with the voice named, or the one in the settings."""
    if not arguments.text.strip():
        raise KnownError("There is nothing to say.", "Give a text.")
    setting = setting_of(arguments)
    choice = arguments.voice or setting.settings.voice
    voice = setting.engines.voice(choice)
    text = load_pronunciation().form(arguments.text, natural=choice == "natural")
    speed = setting.settings.voice_speed
    if arguments.to is not None:
        try:
            voice.speak(text, arguments.to, speed, Ticket())
        except OSError as error:
            raise KnownError(
                f"{arguments.to} cannot be written ({error.strerror}).", "Choose another."
            ) from error
        print(arguments.to)
        return 0
    with tempfile.TemporaryDirectory(prefix="vivavoce-say-") as folder:
        file = Path(folder) / "say.wav"
        voice.speak(text, file, speed, Ticket())
        _play(file, setting.settings.speaker)
    return 0


def _play(file: Path, speaker: str) -> None:
    """Play to the end; needs a sound device."""
    from vivavoce.sound.play_once import play_once

    play_once(file, speaker)
