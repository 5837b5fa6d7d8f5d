"""Where speech is cut while it is spoken, and when the last words are written down on the quiet."""

from __future__ import annotations

import itertools

import pytest

from vivavoce.engines.cutting import next_cut, overtaken, perhaps_over, within
from vivavoce.engines.voice_activity import RATE, Span


def voice(*edges: float) -> list[Span]:
    """Stretches from pairs of seconds."""
    return [
        Span(round(start * RATE), round(end * RATE))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]


def cut_at(stretches: list[Span], now: float) -> float | None:
    cut = next_cut(stretches, round(now * RATE))
    return None if cut is None else round(cut / RATE, 3)


def test_in_silence_there_is_nothing_to_cut():
    assert cut_at([], 60.0) is None


def test_a_piece_ends_at_the_first_pause_after_eight_seconds():
    assert cut_at(voice(1, 5, 6, 8.9), 9.4) is None, "a pause too early, and one after 7.9 s"
    assert cut_at(voice(1, 5, 6, 9.2), 9.6) is None, "the pause may still be a breath"
    assert cut_at(voice(1, 5, 6, 9.2), 9.7) == pytest.approx(9.45)
    assert cut_at(voice(1, 9.2, 9.8, 10), 10.0) == pytest.approx(9.5), "it cuts in the middle of the silence"


def test_without_a_pause_the_longest_breath_will_do_from_fifteen_seconds_on():
    talk = voice(0, 9, 9.2, 12, 12.3, 14.9)
    assert cut_at(talk, 14.9) is None
    assert cut_at([*talk[:-1], *voice(12.3, 15.1)], 15.1) == pytest.approx(12.15)


def test_without_a_breath_it_is_cut_hard_where_whispers_window_ends():
    assert cut_at(voice(2, 29.9), 29.9) is None
    assert cut_at(voice(2, 30.1), 30.1) == pytest.approx(30.0)


def test_a_slow_machine_gets_longer_pieces_and_not_more_of_them():
    talk = voice(*itertools.chain.from_iterable((at, at + 4.4) for at in range(0, 60, 5)))
    assert cut_at(talk, 60.0) == pytest.approx(24.7), "the last pause that the window holds"


def test_a_long_silence_ends_a_piece_of_any_length():
    assert cut_at(voice(1, 2), 4.9) is None
    assert cut_at(voice(1, 2), 5.1) == pytest.approx(3.55)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_said_every_cut_lies_in_silence_or_is_hard_and_goes_on(seed: int):
    import random

    chance = random.Random(seed)
    edges, at = [], 0.0
    for _ in range(60):
        at += chance.uniform(0.1, 1.5)
        edges.append(at)
        at += chance.uniform(0.1, 12.0)
        edges.append(at)
    left, now, cuts = voice(*edges), round(at * RATE) + RATE, []
    while (cut := next_cut(left, now)) is not None:
        first = left[0].start
        assert cut > first
        inside = [one for one in left if one.start < cut < one.end]
        assert not inside or cut == first + 28 * RATE
        written = within(left, Span(0, cut))
        assert written[-1].end - first <= 28 * RATE
        left = [Span(max(one.start, cut), one.end) for one in left if one.end > cut]
        cuts.append(cut)
    assert cuts == sorted(cuts)
    assert not left or left[-1].end - left[0].start < 15 * RATE


def test_words_are_taken_for_the_last_ones_after_a_silence_and_sooner_when_stop_was_pressed():
    assert not perhaps_over([], 9.0, stopping=True)
    talk = voice(1, 2)
    assert not perhaps_over(talk, 0.3, stopping=False)
    assert perhaps_over(talk, 1.0, stopping=False)
    assert not perhaps_over(talk, 0.05, stopping=True)
    assert perhaps_over(talk, 0.15, stopping=True)


def test_new_words_overtake_what_was_written_down_and_a_click_of_the_key_does_not():
    end = 2 * RATE
    assert not overtaken(voice(1, 2), end)
    assert not overtaken(voice(1, 2, 2.5, 2.7), end)
    assert overtaken(voice(1, 2, 2.5, 2.8), end)
    assert overtaken(voice(1, 2.4), end)
