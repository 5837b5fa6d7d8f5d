"""How an answer was delivered: pace, pauses and fillers, counted and not interpreted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vivavoce.core.transcript import Transcript

# A gap in the voice this long is heard as a pause; shorter ones are articulation
# (Goldman-Eisler 1968 uses 0.25 s; 0.5 s keeps stop closures and breath groups out).
PAUSE_SECONDS = 0.5
_FILLER = re.compile(r"^(u+h+|u+m+|e+r+|e+r+m+|a+h+|h+m+|mm+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Counts over one answer; `seconds` is the recording's length.

    `words_per_minute` is over the stretch from the first to the last word. Whisper leaves most
    fillers out, so their number is a floor: "at least n".
    """

    words: int
    seconds: float
    words_per_minute: float
    pauses: int
    fillers_at_least: int


def delivery_of(transcript: Transcript) -> Delivery:
    """Count pace, pauses and fillers of a transcript with times."""
    words = transcript.words
    spoken = [word for word in words if not is_filler(word.word)]
    stretch = words[-1].end - words[0].start if words else 0.0
    return Delivery(
        words=len(spoken),
        seconds=round(transcript.duration, 2),
        words_per_minute=round(60.0 * len(spoken) / stretch, 1) if stretch >= 1.0 else 0.0,
        pauses=sum(1 for start, end in transcript.pauses if end - start >= PAUSE_SECONDS),
        fillers_at_least=len(words) - len(spoken),
    )


def is_filler(word: str) -> bool:
    """Whether a written word is nothing but a hesitation sound."""
    return bool(_FILLER.match(word.strip(" .,;:!?…-–—\"'‘’“”()")))
