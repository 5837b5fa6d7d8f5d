"""Pace over an answer: words a minute in windows, with the pauses as they fell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vivavoce.core.hesitation import is_filler
from vivavoce.core.transcript import Word

# A window holds about 35 words of fluent talk: shorter ones show the length of words, not the pace.
WINDOW_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class PacePoint:
    """Words in one window of the answer, a minute; `start` and `end` in seconds of the recording."""

    start: float
    end: float
    words_per_minute: float


def pace_of(words: Sequence[Word]) -> tuple[PacePoint, ...]:
    """The pace in windows of about 15 s from the first to the last word, pauses and all.

    The windows are equally long and without gaps; an answer shorter than two of them has none, for
    one number says it all.
    """
    if not words:
        return ()
    first, last = words[0].start, words[-1].end
    count = int((last - first) / WINDOW_SECONDS + 0.1)
    if count < 2:
        return ()
    width = (last - first) / count
    spoken = [(word.start + word.end) / 2 for word in words if not is_filler(word.word)]
    points: list[PacePoint] = []
    for number in range(count):
        start, end = first + number * width, first + (number + 1) * width
        inside = sum(1 for middle in spoken if start <= middle < end)
        points.append(PacePoint(round(start, 2), round(end, 2), round(60.0 * inside / width, 1)))
    return tuple(points)
