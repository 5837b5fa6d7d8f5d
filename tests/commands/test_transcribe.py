"""An audio file is written down, for people as text and for programs with every time."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import pytest
from hearing import share_heard

KEYS = {
    "text",
    "language",
    "duration",
    "speech",
    "model",
    "device",
    "reliable",
    "reason",
    "segments",
}

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture
def silence(tmp_path: Path) -> Path:
    with wave.open(str(tmp_path / "silence.wav"), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(44_100)
        out.writeframes(bytes(4 * 44_100))
    return tmp_path / "silence.wav"


def test_the_form_for_programs_is_the_one_promised(vivavoce, shipped_answer):
    ran = vivavoce("transcribe", shipped_answer.file, "--question", shipped_answer.question, "--json")
    assert (ran.status, ran.err) == (0, "")
    heard = ran.json
    assert set(heard) == KEYS
    assert heard["language"] == "en"
    with av.open(str(shipped_answer.file)) as file:
        assert heard["duration"] == pytest.approx(file.duration / 1e6, abs=0.1)
    assert 0.6 * heard["duration"] < heard["speech"] <= heard["duration"]
    assert heard["model"] == "whisper-tiny-en"
    assert heard["reliable"] is True
    assert heard["reason"] is None
    assert share_heard(shipped_answer.text, heard["text"]) > 0.9
    for segment in heard["segments"]:
        assert set(segment) == {"start", "end", "text", "words"}
        for word in segment["words"]:
            assert set(word) == {"start", "end", "word", "probability"}
            assert {type(word[key]) for key in ("start", "end", "probability")} == {float}
    words = [word["word"] for segment in heard["segments"] for word in segment["words"]]
    assert heard["text"] == " ".join(words)


def test_people_are_shown_the_words_alone(vivavoce, shipped_answer):
    ran = vivavoce("transcribe", shipped_answer.file)
    assert (ran.status, ran.err) == (0, "")
    (text,) = ran.out.splitlines()
    assert share_heard(shipped_answer.text, text) > 0.85


def test_silence_is_done_and_says_why_there_are_no_words(vivavoce, silence: Path):
    assert vivavoce("transcribe", silence).out.startswith("No words. No speech was heard in the recording.")
    heard = vivavoce("transcribe", silence, "--json").json
    assert heard["text"] == ""
    assert heard["segments"] == []
    assert heard["duration"] == pytest.approx(1.0, abs=0.01)
    assert heard["reliable"] is False
    assert heard["reason"].startswith("No speech was heard in the recording.")


def test_a_file_that_is_no_audio_is_named(vivavoce, tmp_path: Path):
    file = tmp_path / "notes.wav"
    file.write_text("not a sound")
    ran = vivavoce("transcribe", file)
    assert (ran.status, ran.out) == (2, "")
    assert str(file) in ran.err
