"""A question read aloud is a sound file that is whole, the same each time, and can be understood."""

from __future__ import annotations

import ctypes.util
import re
import sys
import threading
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from vivavoce.core.ticket import Ticket
from vivavoce.engines.engines import Engines
from vivavoce.engines.voice import NaturalVoice, SystemVoice, system_voices
from vivavoce.errors import Cancelled, KnownError

SENTENCE = "Without a gradient, the weights of a deep network stop changing."


@pytest.fixture(scope="module")
def natural(engines: Engines) -> NaturalVoice:
    voice = engines.voice("natural")
    assert isinstance(voice, NaturalVoice)
    return voice


@pytest.fixture(scope="module")
def system() -> SystemVoice:
    if sys.platform == "linux" and ctypes.util.find_library("espeak-ng") is None:
        pytest.skip("no espeak-ng here (Debian: libespeak-ng1)")
    return SystemVoice()


def sound(file: Path) -> tuple[np.ndarray, int]:
    """Samples -1..1 and rate of a mono 16-bit WAV whose header tells the truth."""
    with wave.open(str(file), "rb") as wav:
        assert (wav.getnchannels(), wav.getsampwidth()) == (1, 2)
        data = wav.readframes(wav.getnframes())
        assert len(data) == 2 * wav.getnframes()
        return np.frombuffer(data, "<i2") / 32768.0, wav.getframerate()


def seconds(file: Path) -> float:
    samples, rate = sound(file)
    return len(samples) / rate


def test_the_natural_voice_speaks_at_a_human_pace(natural: NaturalVoice, tmp_path: Path):
    file = tmp_path / "new folder" / "question.wav"
    natural.speak(SENTENCE, file, 1.0, Ticket())
    samples, rate = sound(file)
    words_per_minute = 60.0 * len(SENTENCE.split()) / (len(samples) / rate)
    assert 110 < words_per_minute < 230
    assert rate == 24_000
    loud = np.abs(samples) > 0.01
    assert loud.mean() > 0.3, "most of it is voice"
    assert np.abs(samples).max() < 1.0, "nothing is clipped"
    assert [path.name for path in file.parent.iterdir()] == ["question.wav"], "a half file is left"


def test_the_natural_voice_says_the_same_text_in_the_same_bytes(natural: NaturalVoice, tmp_path: Path):
    for name in ("one.wav", "two.wav"):
        natural.speak(SENTENCE, tmp_path / name, 1.0, Ticket())
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()


def test_the_natural_voice_can_be_hurried_and_slowed(natural: NaturalVoice, tmp_path: Path):
    lengths: list[float] = []
    for speed in (0.5, 1.0, 2.0):
        natural.speak(SENTENCE, tmp_path / "x.wav", speed, Ticket())
        lengths.append(seconds(tmp_path / "x.wav"))
    assert lengths[0] > 1.5 * lengths[1] > 2.0 * lengths[2]


def test_what_the_natural_voice_says_is_understood(engines: Engines, natural: NaturalVoice, tmp_path: Path):
    natural.speak(SENTENCE, tmp_path / "x.wav", 1.0, Ticket())
    heard = engines.ears().transcribe(tmp_path / "x.wav", None, Ticket())
    said, got = (re.findall(r"[a-z]+", text.lower()) for text in (SENTENCE, heard.text))
    assert len(set(said) & set(got)) >= 0.8 * len(set(said)), heard.text
    assert heard.reliable


def test_a_natural_voice_that_is_taken_back_leaves_no_file(natural: NaturalVoice, tmp_path: Path):
    ticket = Ticket()
    ticket.cancel()
    with pytest.raises(Cancelled):
        natural.speak(SENTENCE, tmp_path / "x.wav", 1.0, ticket)
    assert list(tmp_path.iterdir()) == []


def test_a_new_text_takes_the_place_of_the_old_one(natural: NaturalVoice, tmp_path: Path):
    natural.speak(SENTENCE, tmp_path / "x.wav", 1.0, Ticket())
    long = seconds(tmp_path / "x.wav")
    natural.speak("Yes.", tmp_path / "x.wav", 1.0, Ticket())
    assert seconds(tmp_path / "x.wav") < long / 2


def test_a_system_voice_says_the_whole_text(system: SystemVoice, tmp_path: Path):
    once, often = tmp_path / "once.wav", tmp_path / "often.wav"
    system.speak(SENTENCE, once, 1.0, Ticket())
    system.speak(" ".join([SENTENCE] * 12), often, 1.0, Ticket())
    assert np.abs(sound(once)[0]).max() > 0.05
    assert seconds(often) == pytest.approx(12 * seconds(once), rel=0.1)
    samples, rate = sound(often)
    assert np.abs(samples[-2 * rate :]).max() > 0.05, "its last words are there too"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["often.wav", "once.wav"]


def test_a_system_voice_can_be_hurried(system: SystemVoice, tmp_path: Path):
    for name, speed in (("slow.wav", 0.7), ("fast.wav", 1.8)):
        system.speak(SENTENCE, tmp_path / name, speed, Ticket())
    assert seconds(tmp_path / "slow.wav") > 1.5 * seconds(tmp_path / "fast.wav")


@pytest.mark.usefixtures("system")
def test_every_system_voice_listed_can_be_chosen(tmp_path: Path, engines: Engines):
    voices = system_voices()
    assert voices
    assert len({voice.id for voice in voices}) == len(voices)
    assert all(voice.id.startswith("system:") and voice.name for voice in voices)
    last = engines.voice(voices[-1].id)
    assert last.name == voices[-1].id
    last.speak("Hello.", tmp_path / "x.wav", 1.0, Ticket())
    assert seconds(tmp_path / "x.wav") > 0.3


@pytest.mark.usefixtures("system")
def test_a_system_voice_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(KnownError, match="there is no voice martian"):
        SystemVoice("martian").speak("Hello.", tmp_path / "x.wav", 1.0, Ticket())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("choice", ["martian", "natural:other", ""])
def test_a_voice_that_is_not_there_is_named(choice: str, engines: Engines):
    with pytest.raises(KnownError) as told:
        engines.voice(choice)
    assert repr(choice) in told.value.what
    assert told.value.next_step


def test_a_voice_is_made_once(engines: Engines, natural: NaturalVoice):
    assert engines.voice("natural") is natural


class TakenBack(Ticket):
    """Cancels itself at a certain check, by when the voice's process has been at work for a while."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._left = at
        self.seen: dict[psutil.Process, list[str]] = {}

    def check(self) -> None:
        for process in psutil.Process().children(recursive=True):
            self.seen[process] = process.cmdline()
        self._left -= 1
        if self._left == 0:
            self.cancel()
        super().check()


def test_a_system_voice_that_is_taken_back_ends_its_process(system: SystemVoice, tmp_path: Path):
    before = psutil.Process().children(recursive=True)
    ticket = TakenBack(at=3)
    with pytest.raises(Cancelled):
        system.speak(" ".join([SENTENCE] * 400), tmp_path / "x.wav", 1.0, ticket)
    started = {process: words for process, words in ticket.seen.items() if process not in before}
    assert any("--role=system-voice" in words for words in started.values()), "no process was seen"
    assert not any(process.is_running() for process in started)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="hides the library by LD_LIBRARY_PATH")
@pytest.mark.parametrize(
    "ask",
    [lambda _: system_voices(), lambda file: SystemVoice().speak("Hello.", file, 1.0, Ticket())],
    ids=["list", "speak"],
)
def test_a_system_without_espeak_says_what_to_install(
    ask: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    libraries = tmp_path / "libraries"
    libraries.mkdir()
    for name in ("libespeak-ng.so.1", "libespeak.so.1"):
        (libraries / name).write_text("no library")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(libraries))
    with pytest.raises(KnownError) as told:
        ask(tmp_path / "x.wav")
    assert "not available" in told.value.what
    assert "libespeak-ng1" in told.value.next_step
    assert not (tmp_path / "x.wav").exists()


def test_two_voices_speak_at_once(natural: NaturalVoice, system: SystemVoice, tmp_path: Path):
    speaking = threading.Thread(
        target=system.speak, args=(SENTENCE, tmp_path / "system.wav", 1.0, Ticket()), daemon=True
    )
    speaking.start()
    natural.speak(SENTENCE, tmp_path / "natural.wav", 1.0, Ticket())
    speaking.join(60)
    assert seconds(tmp_path / "system.wav") > 1.0
    assert seconds(tmp_path / "natural.wav") > 1.0
