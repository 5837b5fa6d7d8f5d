"""Voice is found beside a growing recording as it is in a whole one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from faster_whisper.vad import VadOptions, get_speech_timestamps

from vivavoce.core.ticket import Ticket
from vivavoce.engines.engines import Engines
from vivavoce.engines.voice_activity import (
    RATE,
    WINDOW,
    Samples,
    Span,
    VoiceActivity,
    joined,
    raised,
    speech_spans,
    stretches,
)
from vivavoce.engines.whisper import decode

TALK = ("The gradient tells every weight.", "It is computed layer by layer.", "That is all I know about it.")


@pytest.fixture(scope="module")
def talk(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Samples:
    """Three sentences with rests of a second and more between them."""
    folder = tmp_path_factory.mktemp("talk")
    parts: list[Samples] = []
    for place, text in enumerate(TALK):
        engines.voice("natural").speak(text, folder / f"{place}.wav", 1.0, Ticket())
        parts += [np.zeros((1 + place) * RATE, np.float32), decode(folder / f"{place}.wav")]
    return np.concatenate([*parts, np.zeros(RATE, np.float32)])


def followed(samples: Samples, step: int) -> VoiceActivity:
    activity = VoiceActivity()
    for start in range(0, len(samples), step):
        activity.feed(samples[start : start + step])
    activity.close()
    return activity


def test_a_whole_recording_is_divided_as_sileros_own_rule_does(talk: Samples):
    options = VadOptions(threshold=0.5, neg_threshold=0.35, min_silence_duration_ms=500, speech_pad_ms=200)
    theirs = [Span(one["start"], one["end"]) for one in get_speech_timestamps(raised(talk), options)]
    assert speech_spans(raised(talk)) == theirs
    assert len(theirs) >= 3


@pytest.mark.parametrize("step", [1600, 777, 16_000, 511])
def test_however_it_comes_in_the_same_voice_is_found(step: int, talk: Samples):
    # From the first word on the running gain is the whole file's, or nearly: so are the edges.
    whole, live = speech_spans(raised(talk)), followed(talk, step).spans()
    assert len(live) == len(whole)
    for one, other in zip(live, whole, strict=True):
        assert abs(one.start - other.start) <= 4 * WINDOW
        assert abs(one.end - other.end) <= 4 * WINDOW


def test_a_voice_from_far_away_is_found_too(talk: Samples):
    assert len(followed(talk * np.float32(0.0005), 1600).spans()) >= 3


def test_silence_has_no_voice_and_no_gain():
    activity = followed(np.zeros(3 * RATE, np.float32), 1000)
    assert activity.spans() == []
    assert activity.gain == 1.0
    assert activity.length == 3 * RATE
    assert followed(np.zeros(0, np.float32), 1000).spans() == []


def test_a_stretch_of_voice_stays_one_over_a_short_silence():
    on, off, between = [0.9] * 4, [0.1] * 4, [0.4] * 4
    found = stretches(np.array([*off, *on, *off, *on, *between, *off, *off], np.float32), 5 * WINDOW)
    assert found == [Span(4 * WINDOW, 20 * WINDOW)]
    found = stretches(np.array([*off, *on, *off, *on, *between, *off, *off], np.float32), 3 * WINDOW)
    assert found == [Span(4 * WINDOW, 8 * WINDOW), Span(12 * WINDOW, 20 * WINDOW)]
    assert joined(found, 4 * WINDOW + 1) == [Span(4 * WINDOW, 20 * WINDOW)]
    assert joined(found, 4 * WINDOW) == found


def test_recorded_people_are_found_as_in_the_whole_recording(shared_speech: Path):
    files = sorted(shared_speech.glob("ls_1998-*.flac"))[:4]
    samples = np.concatenate([decode(file) for file in files])
    whole, live = speech_spans(raised(samples)), followed(samples, 1600).spans()
    assert sum(one.end - one.start for one in live) == pytest.approx(
        sum(one.end - one.start for one in whole), rel=0.05
    )
