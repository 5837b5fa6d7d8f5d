"""Where speech is cut into pieces for Whisper: a whole recording at once, or while it is still spoken.

Pure functions on stretches of samples. Whisper's encoder takes a window of 30 s and costs the same
for less; short pieces cost accuracy, long ones make one wait for the last words.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from vivavoce.engines.voice_activity import RATE, Span

# A little shorter than Whisper's window of 30 s.
_PIECE_SECONDS = 28.0
# While somebody speaks: from 8 s on a piece ends at the next pause of 0.45 s; from 15 s on the longest
# breath in it will do (the prototype's numbers: tests/benchmarks/while_speaking.md has ours).
_LEAST_SECONDS = 8.0
_MOST_SECONDS = 15.0
_PAUSE_SECONDS = 0.45
_BREATH_SECONDS = 0.1
# So long a silence ends a piece of any length: somebody is thinking, and what was said stands.
_THINKING_SECONDS = 3.0
# From this much silence on the words so far are written down in case that they are the last ones. At
# 0.4 s it happens at every comma: 33 CPU s for 100 s of speech against 24, for the same words.
_PERHAPS_OVER_SECONDS = 0.7
_AFTER_STOP_SECONDS = 0.1
# Less new voice than this is a click of the key, not a word.
_LEAST_VOICE_SECONDS = 0.25
BREATH = round(_BREATH_SECONDS * RATE)


def pieces_of(spans: Sequence[Span]) -> list[Span]:
    """Spans joined into pieces of at most 28 s, cut at pauses; a longer span is cut hard."""
    most = int(_PIECE_SECONDS * RATE)
    pieces: list[Span] = []
    for span in spans:
        start = span.start
        if pieces and span.end - pieces[-1].start <= most:
            pieces[-1] = Span(pieces[-1].start, span.end)
            continue
        while span.end - start > most:
            pieces.append(Span(start, start + most))
            start += most
        pieces.append(Span(start, span.end))
    return pieces


def within(spans: Sequence[Span], piece: Span) -> list[Span]:
    """The parts of the spans that lie in a piece."""
    return [
        Span(max(span.start, piece.start), min(span.end, piece.end))
        for span in spans
        if span.start < piece.end and span.end > piece.start
    ]


def next_cut(voice: Sequence[Span], now: int) -> int | None:
    """The sample at which the next piece can end, in a silence or behind it; None while it must grow.

    `voice` are the stretches of voice not yet written down, breaths (0.1 s) apart, and `now` is the
    length of the recording. Of several pauses the last one counts that Whisper's window holds: when the
    machine is slower than the speaker, more has gathered and the pieces become longer.
    """
    if not voice:
        return None
    first = voice[0].start
    gaps = [Span(one.end, other.start) for one, other in itertools.pairwise(voice)]
    gaps.append(Span(voice[-1].end, max(now, voice[-1].end)))
    fitting = [gap for gap in gaps if gap.start - first <= _PIECE_SECONDS * RATE]
    ends = [gap for gap in fitting if _ends_piece(gap, first)]
    if not ends and voice[-1].end - first >= _MOST_SECONDS * RATE:
        late = [
            gap for gap in fitting if gap.start - first >= _LEAST_SECONDS * RATE and _length(gap) >= BREATH
        ]
        ends = [max(late, key=_length)] if late else []
    if ends:
        return (ends[-1].start + ends[-1].end) // 2
    # Nobody speaks for half a minute without a breath; a cut in noise is better than a piece without end.
    last = first + int(_PIECE_SECONDS * RATE)
    return last if voice[-1].end > last else None


def perhaps_over(voice: Sequence[Span], silent: float, *, stopping: bool) -> bool:
    """Whether the words so far may be the last ones: `silent` seconds have passed since the last voice.

    `stopping` tells that the speaker has pressed stop.
    """
    return bool(voice) and silent >= (_AFTER_STOP_SECONDS if stopping else _PERHAPS_OVER_SECONDS)


def overtaken(voice: Sequence[Span], end: int) -> bool:
    """Whether words have come behind sample `end`, up to which was written down on the quiet."""
    new = sum(span.end - max(span.start, end) for span in voice if span.end > end)
    return new >= _LEAST_VOICE_SECONDS * RATE


def _ends_piece(gap: Span, first: int) -> bool:
    if gap.start - first >= _LEAST_SECONDS * RATE:
        return _length(gap) >= _PAUSE_SECONDS * RATE
    return _length(gap) >= _THINKING_SECONDS * RATE


def _length(gap: Span) -> int:
    return gap.end - gap.start
