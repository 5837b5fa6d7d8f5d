"""An answer written down while it is spoken: pieces cut at pauses, and the last words on the quiet."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from vivavoce.core.answer import answer_from_words
from vivavoce.core.question import Question
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Heard, Segment, Transcript
from vivavoce.engines.cutting import BREATH, next_cut, overtaken, perhaps_over, pieces_of, within
from vivavoce.engines.piece import Piece, heard_in, in_order, term_prompt
from vivavoce.engines.second_look import looked_again
from vivavoce.engines.voice_activity import (
    RATE,
    SILENCE,
    WINDOW,
    Samples,
    Span,
    VoiceActivity,
    amplified,
    joined,
    padded_spans,
    stretches,
)
from vivavoce.engines.whisper import LEAST_SPEECH_SECONDS, Whisper, seconds_of


class _Overtaken(Exception):
    """Words came behind the ones that were being written down on the quiet."""


class _Tail(NamedTuple):
    """Words that may be the last ones, and the sample up to which they were heard."""

    segments: list[Segment]
    end: int


class LiveHearing:
    """Follows one recording and does one thing at a time, so that nothing ever waits behind another.

    `take` gives the samples that have come since it was asked last (mono, 16 kHz, -1..1), `tell`
    hears the words so far. Nothing that was taken is dropped: while a piece is being heard the
    recording gathers, and when the machine is slower than the speaker the next piece is longer.
    """

    def __init__(
        self,
        ears: Whisper,
        question: Question | None,
        take: Callable[[], Samples],
        tell: Callable[[Heard], None],
    ) -> None:
        self._ears = ears
        self._question = question
        self._prompt = term_prompt(question)
        self._take = take
        self._tell = tell
        self._activity = VoiceActivity()
        self._samples = np.zeros(0, np.float32)  # from _start on
        self._start = 0
        self._segments: list[Segment] = []
        self._tail: _Tail | None = None

    def step(self, *, idle: float, stopping: bool, ticket: Ticket) -> bool:
        """Take what has come and write down what is due; False when there was nothing to do.

        `idle` are the seconds in which nothing came (the recording is paused), `stopping` tells
        that the speaker has pressed stop. Raises Cancelled.
        """
        ticket.check()
        self._listen()
        voice = self._voice()
        cut = next_cut(voice, self._activity.length)
        if cut is not None:
            self._write_down(cut, ticket)
            return True
        if not voice:
            self._forget_silence()
            return False
        end = voice[-1].end
        silent = (self._activity.length - end) / RATE + idle
        is_new = self._tail is None or overtaken(voice, self._tail.end)
        if is_new and perhaps_over(voice, silent, stopping=stopping):
            return self._write_on_the_quiet(end, ticket)
        return False

    def finish(self, ticket: Ticket) -> Transcript:
        """Everything that was said; the recording has ended. Raises Cancelled."""
        self._listen()
        self._activity.close()
        voice = self._voice()
        if self._tail is not None and not overtaken(voice, self._tail.end):
            self._segments += self._tail.segments
        else:
            local = [Span(one.start - self._start, one.end - self._start) for one in joined(voice, SILENCE)]
            for piece in pieces_of(padded_spans(local, len(self._samples))):
                place = Span(self._start + piece.start, self._start + piece.end)
                self._segments += self._heard(place, ticket.check)
        self._tail = None
        length = self._activity.length
        spans, peaks = self._activity.spans(), self._activity.peaks
        return self._ears.transcript(self._segments, length / RATE, spans, "live", peaks)

    def _listen(self) -> None:
        samples = self._take()
        if len(samples):
            self._activity.feed(samples)
            self._samples = np.concatenate([self._samples, samples])

    def _voice(self) -> list[Span]:
        """The stretches of voice that are not yet written down, a breath apart."""
        since = self._start - self._start % WINDOW
        found = stretches(self._activity.voice(since), BREATH)
        return [Span(max(self._start, since + one.start), since + one.end) for one in found]

    def _write_down(self, cut: int, ticket: Ticket) -> None:
        """A piece for good: up to a pause, or up to where it cannot be longer."""
        tail = self._tail
        voice = within(self._voice(), Span(self._start, cut))
        if tail is not None and voice[-1].end <= tail.end:
            self._segments += tail.segments
        else:
            self._segments += self._heard(Span(self._start, cut), ticket.check)
        self._tail = None
        self._forget(cut)
        self._tell_words(cut)

    def _write_on_the_quiet(self, end: int, ticket: Ticket) -> bool:
        """The words so far, in case that they are the last; given up as soon as more are spoken."""

        def check() -> None:
            ticket.check()
            self._listen()
            if overtaken(self._voice(), end):
                raise _Overtaken

        try:
            segments = self._heard(Span(self._start, self._activity.length), check)
        except _Overtaken:
            return True
        self._tail = _Tail(segments, end)
        self._tell_words(end)
        return True

    def _heard(self, place: Span, check: Callable[[], None]) -> list[Segment]:
        """The words of a stretch of what is not yet written down."""
        begin, end = place.start - self._start, place.end - self._start
        voice = joined(within(self._voice(), place), SILENCE)
        if seconds_of(voice) < LEAST_SPEECH_SECONDS:
            return []
        local = [Span(one.start - place.start, one.end - place.start) for one in voice]
        spans = padded_spans(local, end - begin)
        loud = amplified(self._samples[begin:end], self._activity.gain)
        piece = Piece(loud, tuple(spans), place.start)
        heard = heard_in(piece, self._ears.model, self._ears.beam, self._prompt, check)
        return looked_again(heard, piece, self._ears.model, self._question, check)

    def _forget(self, until: int) -> None:
        self._samples = self._samples[until - self._start :]
        self._start = until

    def _forget_silence(self) -> None:
        """Keep half a second of what had no voice: a word may begin before its voice is noticed."""
        kept = self._activity.length - RATE // 2
        if kept > self._start:
            self._forget(kept)

    def _tell_words(self, end: int) -> None:
        self._listen()
        tail = self._tail.segments if self._tail is not None else []
        behind = max(0, self._activity.length - end) / RATE
        self._tell(Heard(_text(self._segments), _text(tail), round(behind, 1)))


def _text(segments: list[Segment]) -> str:
    return answer_from_words(word for segment in in_order(segments) for word in segment.words).text
