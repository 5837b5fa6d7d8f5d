"""Pace, pauses and fillers are counted from the times, and nothing is made of them."""

from __future__ import annotations

import pytest

from vivavoce.core.delivery import PAUSE_SECONDS, Delivery, delivery_of, is_filler
from vivavoce.core.transcript import Segment, Transcript, Word


def transcript(
    text: str, *, start: float = 2.0, each: float = 0.5, duration: float = 30.0, pauses=()
) -> Transcript:
    """A transcript of one word every `each` seconds from `start` on."""
    words = tuple(
        Word(start + each * place, start + each * (place + 1), word, 0.9)
        for place, word in enumerate(text.split())
    )
    segments = (Segment(words[0].start, words[-1].end, text, words),) if words else ()
    return Transcript(
        text, "en", duration, each * len(words), "tiny", "cpu", bool(words), None, segments, pauses
    )


def counts(delivery: Delivery) -> tuple[float, ...]:
    """The five counts that `grade --json` prints."""
    return (
        delivery.words,
        delivery.seconds,
        delivery.words_per_minute,
        delivery.pauses,
        delivery.fillers_at_least,
    )


def test_pace_is_that_of_the_talking_and_not_of_the_silence_around_it():
    spoken = delivery_of(transcript("one two three four", duration=60.0))
    assert counts(spoken) == (4, 60.0, 120.0, 0, 0)


def test_fillers_are_counted_and_are_no_words():
    spoken = delivery_of(transcript("Um, so uh the weights, er, shrink hmm."))
    assert (spoken.words, spoken.fillers_at_least) == (4, 4)
    assert spoken.words_per_minute == 60.0, "four words in the four seconds of talk"


def test_words_of_several_segments_are_one_answer():
    first, second = transcript("one two", start=0.0), transcript("three four", start=3.0)
    whole = Transcript(
        "x", "en", 5.0, 2.0, "tiny", "cpu", True, None, first.segments + second.segments, ((1.0, 3.0),)
    )
    assert counts(delivery_of(whole)) == (4, 5.0, 60.0, 1, 0)


@pytest.mark.parametrize(
    ("seconds", "pauses"), [(PAUSE_SECONDS - 0.01, 0), (PAUSE_SECONDS, 1), (5 * PAUSE_SECONDS, 1)]
)
def test_a_pause_is_half_a_second_or_more(seconds: float, pauses: int):
    gap = (4.0, 4.0 + seconds)
    assert delivery_of(transcript("one two", pauses=(gap,))).pauses == pauses


def test_nothing_said_has_no_pace():
    nothing = delivery_of(transcript("", duration=12.5))
    assert counts(nothing) == (0, 12.5, 0.0, 0, 0)
    assert (nothing.speaking, nothing.pace, nothing.first_word) == (0.0, (), None)


def test_less_than_a_second_of_talk_has_no_pace():
    assert delivery_of(transcript("yes", each=0.3)).words_per_minute == 0.0
    assert delivery_of(transcript("yes no", each=0.5)).words_per_minute == 120.0


def test_only_fillers_are_no_words_at_all():
    spoken = delivery_of(transcript("um uh um"))
    assert (spoken.words, spoken.words_per_minute, spoken.fillers_at_least) == (0, 0.0, 3)


@pytest.mark.parametrize("word", "um Um, uh Uhh. er erm ah ahh hm hmm Hmm? mm mmm uhhh... Um— …um".split())
def test_a_hesitation_is_a_filler(word: str):
    assert is_filler(word)


@pytest.mark.parametrize(
    "word", "a umbrella error err her ham hum like so I'm am hammer em uh-huh 1 ...".split()
)
def test_a_word_is_no_filler(word: str):
    assert not is_filler(word)
