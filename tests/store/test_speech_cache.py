"""Sounds are kept while there is room, and the ones not heard for the longest time go first."""

from __future__ import annotations

import os
from pathlib import Path

from vivavoce.store.speech_cache import SpeechCache


def test_everything_that_changes_the_sound_is_in_the_name(tmp_path: Path):
    cache = SpeechCache(tmp_path)
    names = {
        cache.path(text, voice, speed, engine)
        for text in ("Hello.", "Hello!")
        for voice in ("natural", "system:Anna")
        for speed in (1.0, 1.1)
        for engine in ("hibari-tts 0.2.1", "hibari-tts 0.2.2")
    }
    assert len(names) == 16
    assert cache.path("Hello.", "natural", 1.0, "x") == SpeechCache(tmp_path).path(
        "Hello.", "natural", 1.0, "x"
    )


def test_what_was_heard_last_stays(tmp_path: Path):
    cache = SpeechCache(tmp_path, most_bytes=2_500)
    for age, name in enumerate(("a", "b", "c", "d")):
        file = tmp_path / f"{name}.wav"
        file.write_bytes(bytes(1_000))
        os.utime(file, (1_000 + age, 1_000 + age))
    assert cache.find(tmp_path / "a.wav"), "heard again just now"
    assert cache.trim() == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.wav", "d.wav"]
    assert cache.trim() == 0


def test_a_sound_that_is_not_there_is_not_found(tmp_path: Path):
    cache = SpeechCache(tmp_path / "no folder yet")
    assert not cache.find(cache.path("Hello.", "natural", 1.0, "x"))
    assert cache.trim() == 0
