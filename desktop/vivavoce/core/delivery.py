"""How an answer was delivered: pace, pauses and hesitation, counted and not interpreted.

Words are Whisper's, pauses and speaking time the voice detector's. Whisper leaves most hesitation
sounds out, so they come from a pass of its own that is run after the verdict and never becomes
the transcript (engines/fillers.py); `with_hesitation` adds what it heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vivavoce.core.evidence import Evidence
from vivavoce.core.hesitation import Filler, Repeat, fillers_of, is_filler, merged, repeats_of
from vivavoce.core.pace import PacePoint, pace_of
from vivavoce.core.transcript import Transcript

__all__ = [
    "PAUSE_SECONDS",
    "Delivery",
    "Verbatim",
    "delivery_of",
    "is_filler",
    "with_hesitation",
    "with_hesitation_of",
]
# A gap in the voice this long is heard as a pause; shorter ones are articulation
# (Goldman-Eisler 1968 uses 0.25 s; 0.5 s keeps stop closures and breath groups out).
PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Verbatim:
    """What the pass for hesitation heard."""

    fillers: tuple[Filler, ...] = ()
    repeats: tuple[Repeat, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """Counts over one answer; `seconds` is the recording's length.

    `words_per_minute` is over the stretch from the first to the last word, `while_speaking` over
    its `speaking` seconds, that is without the pauses. `pauses` counts the gaps of PAUSE_SECONDS
    and more, `pause_seconds` is their sum, `longest_pause` the (start, end) of the longest.
    `fillers_at_least` is a floor: before the pass for hesitation has been run (`listened` False) it
    counts the transcript's own. `first_concept` is the second at which the first words that cover
    a concept begin, None when none does. Answers kept by an earlier program have the first five
    fields only.
    """

    words: int
    seconds: float
    words_per_minute: float
    pauses: int
    fillers_at_least: int
    speaking: float = 0.0
    while_speaking: float = 0.0
    pause_seconds: float = 0.0
    longest_pause: tuple[float, float] | None = None
    pace: tuple[PacePoint, ...] = ()
    fillers: tuple[Filler, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    first_word: float | None = None
    first_concept: float | None = None
    listened: bool = False


def delivery_of(transcript: Transcript, evidence: Sequence[Evidence] = ()) -> Delivery:
    """Count pace, pauses and hesitation of a transcript with times."""
    words = transcript.words
    spoken = [word for word in words if not is_filler(word.word)]
    stretch = words[-1].end - words[0].start if words else 0.0
    pauses = [(start, end) for start, end in transcript.pauses if end - start >= PAUSE_SECONDS]
    paused = sum(end - start for start, end in pauses)
    speaking = max(0.0, stretch - paused)
    return Delivery(
        words=len(spoken),
        seconds=round(transcript.duration, 2),
        words_per_minute=_per_minute(len(spoken), stretch),
        pauses=len(pauses),
        fillers_at_least=len(words) - len(spoken),
        speaking=round(speaking, 2),
        while_speaking=_per_minute(len(spoken), speaking),
        pause_seconds=round(paused, 2),
        longest_pause=max(pauses, key=lambda pause: pause[1] - pause[0], default=None),
        pace=pace_of(words),
        fillers=fillers_of(words),
        repeats=repeats_of(words),
        first_word=words[0].start if words else None,
        first_concept=_first_concept(evidence),
    )


def with_hesitation(delivery: Delivery, heard: Verbatim) -> Delivery:
    """The delivery with what the pass for hesitation heard, beside what the transcript has of it."""
    fillers = merged(delivery.fillers, heard.fillers)
    new = [one for one in heard.repeats if not any(_overlap(one, other) for other in delivery.repeats)]
    return replace(
        delivery,
        fillers=fillers,
        fillers_at_least=max(len(fillers), delivery.fillers_at_least),
        repeats=tuple(sorted([*delivery.repeats, *new], key=lambda one: one.start)),
        listened=True,
    )


def with_hesitation_of(delivery: Delivery, before: Delivery | None) -> Delivery:
    """The delivery of an answer judged again, with the hesitation that was heard in its recording before."""
    if before is None or not before.listened or delivery.listened:
        return delivery
    return with_hesitation(delivery, Verbatim(before.fillers, before.repeats))


def _per_minute(words: int, seconds: float) -> float:
    return round(60.0 * words / seconds, 1) if seconds >= 1.0 else 0.0


def _first_concept(evidence: Sequence[Evidence]) -> float | None:
    said = [one.start for one in evidence if one.verdict in ("covered", "partial") and one.start is not None]
    return min(said, default=None)


def _overlap(one: Repeat, other: Repeat) -> bool:
    return one.start < other.end + 0.3 and other.start < one.end + 0.3
