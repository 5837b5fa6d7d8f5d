"""What was heard: words with their times, and whether the hearing can be trusted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word as written, without the space before it; `start` and `end` in seconds of the recording."""

    start: float
    end: float
    word: str
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech the recogniser wrote down at once; seconds of the recording."""

    start: float
    end: float
    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole answer written down.

    `duration` is the length of the recording and `speech` the part of it with voice, both in
    seconds. `reliable` is False when the recogniser's own confidence is too low to judge by, or
    nothing was said; `reason` then says so in a sentence for the user. `pauses` are the
    (start, end) seconds without voice between the first and the last word.
    """

    text: str
    language: str
    duration: float
    speech: float
    model: str
    device: str
    reliable: bool
    reason: str | None
    segments: tuple[Segment, ...]
    pauses: tuple[tuple[float, float], ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """All words in order."""
        return tuple(word for segment in self.segments for word in segment.words)
