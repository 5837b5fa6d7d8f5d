"""Hesitation as it was said: a pass of its own over a recording, which never becomes the transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vivavoce.core.delivery import Verbatim
from vivavoce.core.hesitation import fillers_of, repeats_of
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Word
from vivavoce.engines.cutting import pieces_of, within
from vivavoce.engines.piece import Piece, heard_in
from vivavoce.engines.voice_activity import RATE, Samples, raised, speech_spans

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

# Written as if somebody had hesitated already, Whisper goes on so. Other words come out worse, which is
# why nothing of this pass but the hesitation is kept.
PROMPT = "Uh, um, so, uh, I think, um, the, uh, hmm, the first, um, the first thing is, uh, you know, um,"
# Silence put in front: a sound right at the start of a recording is left out otherwise.
_LEAD = round(0.5 * RATE)
_BEAM = 5


def verbatim_of(model: WhisperModel, samples: Samples, ticket: Ticket) -> Verbatim:
    """The hesitation sounds and repeats in mono samples at 16 kHz, -1..1: some of them, never all.

    Costs about as much as writing the answer down. Raises Cancelled between two steps of the model
    when the ticket is taken back.
    """
    words = words_of(model, samples, ticket)
    return Verbatim(fillers_of(words), repeats_of(words))


def words_of(model: WhisperModel, samples: Samples, ticket: Ticket) -> tuple[Word, ...]:
    """The words as this pass hears them, in order; good for hesitation and for nothing else."""
    loud = raised(np.concatenate([np.zeros(_LEAD, np.float32), samples]))
    spans = speech_spans(loud)
    words: list[Word] = []
    for place in pieces_of(spans):
        ticket.progress("hesitation", place.start / len(loud))
        # Its start is before the recording's own: what was put in front is taken off the times again.
        piece = Piece(loud, tuple(within(spans, place)), -_LEAD)
        # Not again where words are missing: on a short stretch this prompt is recited ("so, uh, so, um").
        for segment in heard_in(piece, model, _BEAM, PROMPT, ticket.check, again=False):
            words += segment.words
    ticket.progress("hesitation", 1.0)
    return tuple(sorted(words, key=lambda word: word.start))
