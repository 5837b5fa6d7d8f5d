"""Never a word out of nothing: made-up recordings in which nobody speaks, and pauses in which nobody does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vivavoce.core.question import Question, Term
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Transcript
from vivavoce.engines.engines import Engines
from vivavoce.engines.no_speech import NO_SPEECH
from vivavoce.engines.voice_activity import RATE, Samples
from vivavoce.engines.whisper import decode

SECONDS = 8
COUNT = SECONDS * RATE
TIME = np.arange(COUNT) / RATE
TERMS = Question(
    "q",
    "Which?",
    "ReLU.",
    (),
    terms=tuple(Term(text) for text in ("ReLU", "tanh", "softmax", "GELU", "LSTM")),
)


def coloured(power: float, seed: int = 7) -> Samples:
    """Noise whose power falls with the frequency to that power; 0 white, 1 pink, 2 brown."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.standard_normal(COUNT))
    spectrum /= np.maximum(np.arange(spectrum.size), 1.0) ** (power / 2)
    noise = np.fft.irfft(spectrum, COUNT)
    return noise / np.abs(noise).max()


def band(low: float, high: float, seed: int = 11) -> Samples:
    """Noise between two frequencies, Hz."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(COUNT))
    hertz = np.fft.rfftfreq(COUNT, 1 / RATE)
    spectrum[(hertz < low) | (hertz > high)] = 0
    noise = np.fft.irfft(spectrum, COUNT)
    return noise / np.abs(noise).max()


def bursts(at: list[float], length: float, inner: Samples) -> Samples:
    """Parts of a sound with soft edges, each `length` seconds long."""
    envelope = np.zeros(COUNT)
    width = round(length * RATE)
    for second in at:
        start = round(second * RATE)
        stop = min(COUNT, start + width)
        envelope[start:stop] = np.hanning(width)[: stop - start]
    return inner * envelope


def hum(base: float) -> Samples:
    return sum(0.2 / k * np.sin(2 * np.pi * base * k * TIME) for k in range(1, 6))


def clicks(every: float, seed: int | None = None) -> Samples:
    """Short knocks, regular or as somebody types."""
    made = np.zeros(COUNT)
    random = np.random.default_rng(seed)
    at = every
    while at < SECONDS - 0.1:
        place = round(at * RATE)
        knock = np.exp(-np.arange(400) / 60) * random.standard_normal(400)
        made[place : place + 400] += 0.5 * knock
        at += every if seed is None else every * random.uniform(0.4, 1.8)
    return made


def chord(notes: tuple[float, ...], beat: float) -> Samples:
    """Plucked tones, as of music in the next room."""
    decay = np.exp(-((TIME % beat) / beat) * 3)
    return 0.15 * decay * sum(np.sin(2 * np.pi * note * TIME) for note in notes)


def sweep(low: float, high: float) -> Samples:
    return 0.3 * np.sin(2 * np.pi * (low * TIME + (high - low) / (2 * SECONDS) * TIME**2))


CLIPS: dict[str, Callable[[], Samples]] = {
    "digital zero": lambda: np.zeros(COUNT),
    "a constant offset": lambda: np.full(COUNT, 0.02),
    "one bit of dither": lambda: np.random.default_rng(1).integers(-1, 2, COUNT) / 32768,
    "a quiet room": lambda: 1e-3 * coloured(1),
    "a far quiet microphone": lambda: 10 ** (-70 / 20) * coloured(1, 3),
    "white noise": lambda: 0.3 * coloured(0),
    "pink noise": lambda: 0.3 * coloured(1),
    "brown noise": lambda: 0.5 * coloured(2),
    "loud white noise": lambda: coloured(0),
    "a fan": lambda: 0.2 * coloured(1) + 0.1 * hum(120),
    "hum of 50 Hz": lambda: hum(50),
    "hum of 60 Hz": lambda: hum(60),
    "clipped hum": lambda: np.clip(20 * hum(50), -1, 1),
    "clipped noise": lambda: np.clip(20 * coloured(0), -1, 1),
    "regular clicks": lambda: clicks(0.33),
    "typing": lambda: clicks(0.14, seed=5) + 0.002 * coloured(0),
    "a clock": lambda: clicks(1.0),
    "breathing": lambda: 0.05 * bursts([0.5, 2.5, 4.5, 6.5], 1.3, band(300, 2500)),
    "heavy breathing": lambda: 0.4 * bursts([0.3, 1.6, 2.9, 4.2, 5.5, 6.8], 0.8, band(200, 3500)),
    "coughing, more or less": lambda: 0.8 * bursts([1.0, 1.5, 5.0], 0.25, coloured(1)),
    "laughter, more or less": lambda: (
        0.4 * bursts([1 + 0.22 * k for k in range(8)], 0.12, 0.6 * band(400, 3000) + 0.4 * hum(210))
    ),
    "clapping": lambda: 0.9 * bursts([0.5 + 0.4 * k for k in range(18)], 0.03, coloured(0)),
    "a tone": lambda: 0.3 * np.sin(2 * np.pi * 440 * TIME),
    "tones of a phone": lambda: (
        0.3 * (np.sin(2 * np.pi * 697 * TIME) + np.sin(2 * np.pi * 1209 * TIME)) * (TIME % 0.6 < 0.3)
    ),
    "music, more or less": lambda: chord((261.6, 329.6, 392.0), 0.5) + chord((130.8,), 1.0),
    "a sweep": lambda: sweep(100, 4000),
    "whistling": lambda: 0.3 * np.sin(2 * np.pi * 1500 * TIME + 8 * np.sin(2 * np.pi * 1.3 * TIME)),
    "rain": lambda: 0.2 * coloured(0) * (1 + 0.3 * np.sin(2 * np.pi * 0.5 * TIME)) + clicks(0.05, seed=2),
    "a knock on the table": lambda: bursts([4.0], 0.06, coloured(2)),
    "a tenth of a second": lambda: 0.3 * np.sin(2 * np.pi * 200 * TIME[: RATE // 10]),
    "no sample": lambda: np.zeros(0),
}  # fmt: skip
REASONS = {
    "digital zero": "no sound in it at all",
    "one bit of dither": "almost silent",
    "a far quiet microphone": "almost silent",
    "white noise": "a steady noise",
    "pink noise": "a steady noise",
    "hum of 50 Hz": "a steady noise",
    "clipped noise": "too loud and cut off",
    "clipped hum": "too loud and cut off",
    "typing": "other sounds",
    "breathing": "other sounds",
    "clapping": "other sounds",
}


def hear(engines: Engines, samples: Samples, question: Question | None = None) -> Transcript:
    return engines.ears().transcribe_samples(samples.astype(np.float32), question, Ticket())


@pytest.mark.parametrize("question", [None, TERMS], ids=["plain", "with terms"])
@pytest.mark.parametrize("clip", CLIPS)
def test_no_word_is_written_where_nobody_speaks(clip: str, question: Question | None, engines: Engines):
    heard = hear(engines, CLIPS[clip](), question)
    assert (heard.text, heard.segments) == ("", ())
    assert not heard.reliable
    assert heard.reason


@pytest.mark.parametrize("clip", REASONS)
def test_the_result_says_what_there_was_instead(clip: str, engines: Engines):
    reason = hear(engines, CLIPS[clip]()).reason
    assert reason is not None
    assert reason.startswith(NO_SPEECH)
    assert REASONS[clip] in reason


@pytest.mark.parametrize("between", ["digital zero", "a quiet room", "typing", "breathing", "hum of 50 Hz"])
def test_nothing_is_written_into_a_pause_of_ten_seconds(
    between: str, engines: Engines, tmp_path_factory: pytest.TempPathFactory
):
    file = tmp_path_factory.mktemp("said") / "said.wav"
    engines.voice("natural").speak("The gradient tells every weight which way to move.", file, 1.0, Ticket())
    sentence = decode(file)
    pause = np.resize(0.3 * CLIPS[between](), 10 * RATE)
    heard = hear(engines, np.concatenate([sentence, pause, sentence]), TERMS)
    start, end = len(sentence) / RATE, len(sentence) / RATE + 10
    inside = [word for word in heard.words if word.start > start + 0.3 and word.end < end - 0.3]
    assert inside == []
    assert len(heard.words) == pytest.approx(18, abs=3)
