"""Um and uh, words said twice and words begun: found where they are, and nowhere else."""

from __future__ import annotations

import pytest

from vivavoce.core.delivery import Verbatim, delivery_of, with_hesitation, with_hesitation_of
from vivavoce.core.evidence import Evidence
from vivavoce.core.hesitation import (
    LEAST_APART_SECONDS,
    Filler,
    fillers_of,
    merged,
    repeats_of,
    without_hesitation,
)
from vivavoce.core.pace import pace_of
from vivavoce.core.transcript import Segment, Transcript, Word


def said(text: str, each: float = 0.4, start: float = 1.0) -> tuple[Word, ...]:
    """One word every `each` seconds."""
    return tuple(
        Word(start + each * place, start + each * (place + 1) - 0.05, word, 0.9)
        for place, word in enumerate(text.split())
    )


def transcript(words: tuple[Word, ...], pauses: tuple[tuple[float, float], ...] = ()) -> Transcript:
    text = " ".join(word.word for word in words)
    segments = (Segment(words[0].start, words[-1].end, text, words),)
    return Transcript(text, "en", words[-1].end + 1, 1.0, "m", "cpu", True, None, segments, pauses)


def test_fillers_have_their_times():
    found = fillers_of(said("So, uh, the Um... weights"))
    assert [(one.word, round(one.start, 1)) for one in found] == [("uh", 1.4), ("um", 2.2)]


def test_what_whisper_writes_running_in_circles_is_no_filler():
    circles = tuple(Word(5.92, 5.92, "uh,", 0.5) for _ in range(100))
    assert fillers_of(circles) == ()
    recited = tuple(
        Word(2.0 + 0.05 * at, 2.05 + 0.05 * at, word, 0.5) for at, word in enumerate(["so,", "um,"] * 9)
    )
    assert fillers_of(recited) == ()
    assert fillers_of(said("I substitute so, um, so, um, so, um,", each=1.0)) == ()
    assert len(fillers_of(said("so, um, uh, the loss, so, uh, it falls", each=1.0))) == 3
    twice = (Word(1.0, 1.0, "uh", 0.5), Word(1.1, 1.4, "uh", 0.5))
    assert len(fillers_of(twice)) == 1
    behind = (*said("the loss falls"), Word(2.4, 2.6, "uh", 0.02), Word(3.4, 3.6, "um", 0.1))
    assert [one.word for one in fillers_of(behind)] == ["um"]
    slow = said("uh, uh, uh", each=LEAST_APART_SECONDS + 0.01)
    assert len(fillers_of(slow)) == 3


def test_the_same_sound_heard_twice_is_one():
    first = (Filler(1.0, 1.2, "uh"), Filler(3.0, 3.2, "um"))
    more = (Filler(1.3, 1.4, "um"), Filler(2.0, 2.2, "uh"))
    assert [one.start for one in merged(first, more)] == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the the loss falls", ["the"]),
        ("I think, uh, I think it is", ["I think"]),
        ("we take the we take the the gradient", ["we take the"]),
        ("the the the loss", ["the"]),
        ("it is a very very small step", []),
        ("the loss had had its day", []),
        ("two two two", ["two"]),
        ("0 0 and 1 1", []),
        ("L L M", []),
        ("the gra- gradient is small", ["gra- gradient"]),
        ("a well-known a loss", []),
        ("a dog, a cat, a cow", []),
        ("", []),
    ],
)  # fmt: skip
def test_words_said_again_are_found(text: str, found: list[str]):
    assert [one.text for one in repeats_of(said(text))] == found


def test_words_taken_up_again_after_a_long_pause_are_no_slip():
    words = (Word(1.0, 1.3, "dropout", 0.9), Word(6.0, 6.3, "dropout", 0.9))
    assert repeats_of(words) == ()


def test_the_pace_is_shown_in_windows_of_equal_length_without_gaps():
    words = said("word " * 30, each=0.5) + said("word " * 15, each=1.0, start=16.0)
    points = pace_of(words)
    assert [round(point.words_per_minute) for point in points] == [120, 60]
    assert points[0].end == points[1].start
    assert points[-1].end == pytest.approx(words[-1].end, abs=0.01)


def test_a_short_answer_has_one_pace_only():
    assert pace_of(said("word " * 20)) == ()
    assert pace_of(()) == ()


def test_pauses_are_taken_out_of_the_pace_while_speaking():
    words = said("one two", each=0.5, start=0.0) + said("three four", each=0.5, start=3.0)
    told = delivery_of(transcript(words, pauses=((1.0, 3.0), (3.3, 3.5))))
    assert (told.pauses, told.pause_seconds, told.longest_pause) == (1, 2.0, (1.0, 3.0))
    assert told.speaking == pytest.approx(1.95)
    assert told.while_speaking == pytest.approx(123.1, abs=0.1)
    assert told.words_per_minute == pytest.approx(60.8, abs=0.1)


def test_the_first_concept_is_the_earliest_one_that_was_said():
    words = said("one two")
    evidence = (
        Evidence("a", "A.", "contradicted", 0.1, 0.8, "x", 2.0, 3.0),
        Evidence("b", "B.", "covered", 0.9, 0.0, "y", 9.0, 10.0),
        Evidence("c", "C.", "partial", 0.5, 0.0, "z", 5.0, 6.0),
        Evidence("d", "D.", "missed", 0.0, 0.0),
    )
    assert delivery_of(transcript(words), evidence).first_concept == 5.0
    assert delivery_of(transcript(words)).first_concept is None


def test_what_was_heard_afterwards_is_added_and_stays_when_judged_again():
    told = delivery_of(transcript(said("so um the the loss")))
    assert (told.fillers_at_least, told.listened) == (1, False)
    heard = Verbatim((Filler(0.2, 0.4, "uh"), Filler(1.4, 1.6, "um")), repeats_of(said("so um the the loss")))
    more = with_hesitation(told, heard)
    assert (more.fillers_at_least, more.listened, len(more.repeats)) == (2, True, 1)
    assert more.words == told.words, "it is never the transcript"
    again = with_hesitation_of(delivery_of(transcript(said("so the loss"))), more)
    assert (again.fillers_at_least, again.listened) == (2, True)
    assert with_hesitation_of(told, None) is told


@pytest.mark.parametrize(("sure", "count", "sounds"), [(0.06, 9, 0), (0.9, 9, 1), (0.06, 4, 4)])
def test_a_circle_begins_with_a_sound_only_where_it_is_believed(sure: float, count: int, sounds: int):
    begun = Word(2.0, 2.1, "uh,", sure)
    more = [Word(3.0 if count > 7 else 3.0 + place, 3.1 + place, "uh,", sure) for place in range(count - 1)]
    words = (Word(1.0, 1.5, "know,", 0.9), begun, *more)
    assert len(fillers_of(words)) == sounds


@pytest.mark.parametrize(
    ("said", "judged"),
    [
        ("Um, the the loss, uh, goes down.", "the loss, goes down."),
        ("It is, you know, a filter. You know, a kernel.", "It is, a filter. a kernel."),
        ("it slides over the whole over the whole picture", "it slides over the whole picture"),
        ("The conv- convolution shares its weights.", "The convolution shares its weights."),
        ("It shrinks, um. Then it grows.", "It shrinks. Then it grows."),
        ("So I, I I think it shrinks", "So I think it shrinks"),
        ("um uh", ""),
        ("", ""),
    ],
)
def test_what_is_judged_is_what_would_have_been_written(said, judged):
    words = said.split()
    found = without_hesitation(words)
    assert len(found) == len(words)
    assert " ".join(word for word in found if word) == judged


@pytest.mark.parametrize(
    "said",
    [
        "If you know, say it. You know the labels.",
        "A left join, I mean a right join.",
        "Zero point zero zero one, and fifty fifty.",
        "A kernel, by which I mean the weights, slides.",
        "It is very very deep, with 3 3 by 3 filters.",
        "A pool and a filter and a pool again.",
        "It shrinks the map. The map is small.",
    ],
)
def test_what_means_something_is_kept(said):
    assert " ".join(without_hesitation(said.split())) == said
