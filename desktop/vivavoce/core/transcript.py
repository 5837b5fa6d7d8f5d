"""What was heard: words with their times, and whether the hearing can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TranscriptKind = Literal["live", "whole file", "corrected"]
"""Written down while it was spoken, from the whole recording afterwards, or mended by the user."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as written, without the space before it; `start` and `end` in seconds of the recording.

    `confirmed` tells of a doubtful term of the question whether a second hearing without its help
    speaks for it; None where there was no second look.
    """

    start: float
    end: float
    word: str
    probability: float
    confirmed: bool | None = None


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
    (start, end) seconds without voice between the first and the last word. `kind` and `beam` say
    how it was written down; beam 0 is not known.
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
    kind: TranscriptKind = "whole file"
    beam: int = 0

    @property
    def words(self) -> tuple[Word, ...]:
        """All words in order."""
        return tuple(word for segment in self.segments for word in segment.words)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard so far of an answer that is still being spoken.

    `text` stays as it is; `tail` are the last words, which may change when more is heard. `behind`
    are the seconds of the recording that lie between the words written and the one spoken now, when
    the machine is slower than the speaker.
    """

    text: str
    tail: str = ""
    behind: float = 0.0
