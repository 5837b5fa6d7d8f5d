"""Reading aloud: the natural voice in this process, the system's voices in a process of their own."""

from __future__ import annotations

import functools
import io
import json
import os
import subprocess
import tempfile
import wave
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import numpy as np

from vivavoce.core.ticket import Ticket
from vivavoce.errors import KnownError
from vivavoce.offline import hush_onnxruntime
from vivavoce.paths import role_command

_SYSTEM_SECONDS = 60.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """A voice the user can choose: `id` is what the settings keep."""

    id: str
    name: str


class NaturalVoice:
    """The hibari voice "heart", American English, 24 kHz: the one voice its package holds on disk."""

    name = "natural"

    def __init__(self) -> None:
        hush_onnxruntime()
        from hibari import Hibari

        self._tts: Any = Hibari(voice="heart", threads=1)

    def speak(self, text: str, to: Path, speed: float, ticket: Ticket) -> None:
        """Write `text` as a mono 16-bit WAV file; a seed makes the same text the same bytes."""
        parts: list[np.ndarray[Any, Any]] = []
        for part in self._tts.stream(text, speed=speed, seed=1):
            ticket.check()
            parts.append(np.asarray(part, dtype=np.float32))
        samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        pcm = (np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2")
        _write_whole(to, _wav(int(self._tts.sample_rate), pcm.tobytes()))


class SystemVoice:
    """A voice of the operating system through pyttsx3, in a helper process.

    In our own process pyttsx3 2.99 cuts sentences, hangs in stop() and plays through a shell;
    there, a process that writes a WAV file was complete 20 of 20 times.
    """

    def __init__(self, voice_id: str = "") -> None:
        self.name = f"system:{voice_id}" if voice_id else "system"
        self._voice_id = voice_id

    def speak(self, text: str, to: Path, speed: float, ticket: Ticket) -> None:
        """Write `text` as a WAV file; KnownError when the system has no voice or it stays silent."""
        with tempfile.TemporaryDirectory(prefix="vivavoce-voice-") as folder:
            raw = Path(folder) / "speech.wav"
            _system(
                {"do": "speak", "text": text, "to": str(raw), "voice": self._voice_id, "speed": speed}, ticket
            )
            if not raw.is_file() or raw.stat().st_size <= 44:
                raise KnownError(
                    "The system voice wrote no sound.", "Choose the natural voice in the preferences."
                )
            _write_whole(to, raw.read_bytes())


@functools.cache
def voice_engine(choice: str) -> str:
    """The library behind a voice, with its version: another one sounds different."""
    library = "hibari-tts" if choice == "natural" else "pyttsx3"
    return f"{library} {metadata.version(library)}"


def system_voices() -> list[VoiceChoice]:
    """The operating system's voices, English first; KnownError when it has no voice engine."""
    found = cast("list[dict[str, str]]", _system({"do": "list"}, Ticket()).get("voices", []))
    return [VoiceChoice(id=f"system:{voice['id']}", name=voice["name"]) for voice in found]


def _system(request: dict[str, Any], ticket: Ticket) -> dict[str, Any]:
    """One request to the helper process, which can be stopped at once because it is a process."""
    child = subprocess.Popen(
        role_command("system-voice"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    waited = 0.0
    pending: str | None = json.dumps(request)
    try:
        while True:
            ticket.check()
            try:
                out, err = child.communicate(pending, timeout=_POLL_SECONDS)
                break
            except subprocess.TimeoutExpired as error:
                pending = None
                waited += _POLL_SECONDS
                if waited > _SYSTEM_SECONDS:
                    raise KnownError(
                        "The system voice did not answer.", "Choose the natural voice in the preferences."
                    ) from error
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    lines = out.strip().splitlines()
    answer: dict[str, Any] = json.loads(lines[-1]) if child.returncode == 0 and lines else {}
    if "error" in answer or not answer:
        said = answer.get("error") or (err.strip().splitlines() or ["it ended without a word"])[-1]
        raise KnownError(
            f"The system voice is not available ({said}).",
            "Install espeak-ng (Debian, Ubuntu: libespeak-ng1), or choose the natural voice.",
        )
    return answer


def _wav(rate: int, pcm: bytes) -> bytes:
    """A mono 16-bit WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(pcm)
    return file.getvalue()


def _write_whole(to: Path, content: bytes) -> None:
    """Write a file that is either whole or not there."""
    to.parent.mkdir(parents=True, exist_ok=True)
    half = to.with_name(f".{to.name}.{os.getpid()}.half")
    try:
        half.write_bytes(content)
        half.replace(to)
    finally:
        half.unlink(missing_ok=True)
