from __future__ import annotations

import itertools

import pytest

from vivavoce.core.answer import Answer, answer_from_text, answer_from_transcript
from vivavoce.core.passage import (
    MOST_WORDS_WIDENED,
    WINDOW_WORDS,
    Passage,
    passages_of,
    sentences_of,
    stretch_around,
    stretches_of,
    widened,
    windows_of,
)
from vivavoce.core.transcript import Segment, Transcript, Word


def test_sentences_end_at_marks_and_at_the_end() -> None:
    words = "It shrinks maps. Does it? Yes".split()
    assert sentences_of(words) == (Passage(0, 2), Passage(3, 4), Passage(5, 5))


def test_nothing_said_has_no_passages() -> None:
    assert passages_of([]) == ()
    assert sentences_of([]) == ()


@pytest.mark.parametrize("length", [1, 13, 14, 15, 20, 21, 22, 100])
def test_windows_reach_every_word_and_stay_inside(length: int) -> None:
    windows = windows_of(5, 5 + length - 1)
    assert {p for w in windows for p in range(w.first, w.last + 1)} == set(range(5, 5 + length))
    assert all(len(window) == min(length, WINDOW_WORDS) for window in windows)
    assert len(set(windows)) == len(windows)


def test_speech_without_punctuation_still_comes_in_small_pieces() -> None:
    passages = passages_of(["word"] * 120)
    assert passages
    assert max(len(passage) for passage in passages) == WINDOW_WORDS


def test_short_sentences_are_passages_and_a_longer_one_has_windows_too() -> None:
    words = [*["a"] * 5, "b.", *["c"] * 19, "d.", *["e"] * 40, "f."]
    passages = passages_of(words)
    assert Passage(0, 5) in passages
    assert Passage(6, 25) in passages
    assert len([p for p in passages if p.first >= 6 and p.last <= 25]) > 1
    # The longest sentence is looked at in windows alone, and no passage runs across a full stop.
    assert all(len(p) <= WINDOW_WORDS for p in passages if p.first >= 26)
    assert not [p for p in passages if p.first < 6 <= p.last or p.first < 26 <= p.last]


def test_a_typed_answer_has_words_without_times() -> None:
    answer = answer_from_text("  Pooling  shrinks\nmaps. ")
    assert answer.text == "Pooling shrinks maps."
    assert answer.quote(1, 2) == "shrinks maps."
    assert answer.words[0].start is None
    assert answer_from_text("") == Answer(())


def test_a_transcript_keeps_times_and_joins_what_the_recogniser_split() -> None:
    words = (Word(0.0, 0.4, "Fine", 0.9), Word(0.4, 0.8, "-tuning", 0.9), Word(1.0, 1.3, "works.", 0.9))
    transcript = Transcript(
        "", "en", 2.0, 1.3, "m", "cpu", reliable=True, reason=None, segments=(Segment(0.0, 1.3, "", words),)
    )
    answer = answer_from_transcript(transcript)
    assert [word.text for word in answer.words] == ["Fine-tuning", "works."]
    assert (answer.words[0].start, answer.words[0].end) == (0.0, 0.8)


@pytest.mark.parametrize("count", [1, 20, 21, 26, 33, 34, 100, 101])
def test_stretches_reach_every_word_are_full_and_overlap(count: int) -> None:
    stretches = stretches_of(count, 20)
    assert {p for one in stretches for p in range(one.first, one.last + 1)} == set(range(count))
    assert all(len(one) == min(count, 20) for one in stretches)
    for one, other in itertools.pairwise(stretches):
        assert one.last - other.first + 1 >= 20 // 3


def test_a_passage_is_read_in_the_stretch_around_it() -> None:
    stretches = stretches_of(46, 20)
    assert stretches == (Passage(0, 19), Passage(14, 33), Passage(26, 45))
    assert stretch_around(Passage(0, 3), stretches) == Passage(0, 19)
    assert stretch_around(Passage(20, 24), stretches) == Passage(14, 33)
    assert stretch_around(Passage(44, 45), stretches) == Passage(26, 45)


def test_a_window_is_widened_to_its_sentence_and_in_a_long_one_by_some_words() -> None:
    words = [*["w"] * 9, "end.", *["w"] * 19, "end.", *["w"] * 99, "end."]
    sentences = sentences_of(words)
    assert widened(Passage(12, 20), sentences) == Passage(10, 29)
    assert widened(Passage(5, 12), sentences) == Passage(0, 29), "it lies in both"
    wide = widened(Passage(60, 73), sentences)
    assert len(wide) == MOST_WORDS_WIDENED
    assert (wide.first, wide.last) == (47, 86)
    assert widened(Passage(30, 43), sentences) == Passage(30, 56), "nothing of the sentence before"
