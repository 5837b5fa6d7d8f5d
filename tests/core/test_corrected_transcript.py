"""Corrected words keep the seconds of those they stand for."""

from __future__ import annotations

from itertools import pairwise

from vivavoce.core.answer import answer_from_transcript
from vivavoce.core.corrected_transcript import changed_words, corrected_transcript, readable_text
from vivavoce.core.transcript import Segment, Transcript, Word


def heard(*sentences: str, reliable: bool = True) -> Transcript:
    """Each word takes a second; there is half a second between sentences."""
    segments, now = [], 0.0
    for sentence in sentences:
        words = []
        for text in sentence.split():
            words.append(Word(now, now + 1.0, text, 0.5))
            now += 1.0
        segments.append(Segment(words[0].start, words[-1].end, sentence, tuple(words)))
        now += 0.5
    text = " ".join(sentences)
    return Transcript(
        text, "en", now, now, "m", "cpu", reliable, None if reliable else "Unclear.", tuple(segments)
    )


def times(transcript: Transcript) -> list[tuple[str, float, float]]:
    return [(word.word, word.start, word.end) for word in transcript.words]


def test_words_that_stay_keep_their_seconds_and_changed_ones_share_those_they_replace():
    before = heard("Laura adapts the weights.", "They stay small.")
    after = corrected_transcript(before, "LoRA adapts the weights. They stay low rank.")
    assert times(after) == [
        ("LoRA", 0.0, 1.0),
        ("adapts", 1.0, 2.0),
        ("the", 2.0, 3.0),
        ("weights.", 3.0, 4.0),
        ("They", 4.5, 5.5),
        ("stay", 5.5, 6.5),
        ("low", 6.5, 6.875),
        ("rank.", 6.875, 7.5),
    ]
    assert [segment.text for segment in after.segments] == ["LoRA adapts the weights.", "They stay low rank."]
    assert [word.probability for word in after.words] == [1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 1.0, 1.0]
    assert changed_words(before, after) == (("Laura", "LoRA"), ("small.", "low rank."))


def test_punctuation_and_case_are_no_other_word():
    before = heard("it shrinks the map it helps")
    after = corrected_transcript(before, "It shrinks the map. It helps!")
    assert [(start, end) for _, start, end in times(after)] == [(s, e) for _, s, e in times(before)]
    assert changed_words(before, after) == ()


def test_new_words_lie_between_their_neighbours_and_nothing_goes_back_in_time():
    before = heard("one two.", "three four.")
    after = corrected_transcript(before, "zero one two and a half. and three four five.")
    assert times(after)[0] == ("zero", 0.0, 0.0)
    assert times(after)[-1][1:] == (4.5, 5.0)
    for (_, start, end), (_, following, _) in pairwise(times(after)):
        assert start <= end <= following
    assert " ".join(word.word for word in after.words) == after.text


def test_words_that_were_written_in_two_pieces_are_one_to_read_and_to_correct():
    words = (Word(0.0, 1.0, "fine", 0.9), Word(1.0, 2.0, "-tuning", 0.4), Word(2.0, 3.0, "helps.", 0.9))
    before = Transcript(
        "fine-tuning helps.", "en", 3.0, 3.0, "m", "cpu", True, None, (Segment(0.0, 3.0, "", words),)
    )
    assert readable_text(before) == "fine-tuning helps."
    after = corrected_transcript(before, "fine-tuning hurts.")
    assert times(after) == [("fine-tuning", 0.0, 2.0), ("hurts.", 2.0, 3.0)]
    assert answer_from_transcript(after).text == "fine-tuning hurts."


def test_what_was_unclear_and_is_put_right_can_be_judged():
    after = corrected_transcript(heard("mumble", reliable=False), "A filter slides.")
    assert (after.reliable, after.reason) == (True, None)
    nothing = corrected_transcript(heard("mumble"), "  ")
    assert (nothing.words, nothing.segments, nothing.reliable) == ((), (), False)


def test_words_for_a_recording_in_which_nothing_was_heard_take_its_length():
    silent = Transcript("", "en", 8.0, 0.0, "m", "cpu", False, "No speech.", ())
    after = corrected_transcript(silent, "four word")
    assert times(after) == [("four", 0.0, 4.0), ("word", 4.0, 8.0)]
