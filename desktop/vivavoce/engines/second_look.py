"""A plain second look at doubtful words of the trade: said, or only expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from vivavoce.core.question import Question
from vivavoce.core.terms import doubtful, recited, settled, uses_of
from vivavoce.core.transcript import Segment, Word
from vivavoce.engines.piece import Piece, heard_in, segment_of
from vivavoce.engines.voice_activity import RATE, Span

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

# Whisper needs some words around to know what it hears.
_AROUND_SECONDS = 1.5
# Greedy: what is asked is how it sounds, and the bulk of the cost is the encoder's window anyway.
_BEAM = 1
# What was recited is written down anew.
_ANEW_BEAM = 5


def looked_again(
    segments: Sequence[Segment],
    piece: Piece,
    model: WhisperModel,
    question: Question | None,
    check: Callable[[], None],
) -> list[Segment]:
    """The segments of a piece, with every doubtful term listened to again without the prompt.

    One stretch from the first to the last doubtful term, so one window of the encoder for a piece, and
    none where no term is doubtful. A term that the plain hearing speaks for is marked confirmed; one
    that it does not is marked so, or gives way to the words that were heard more surely. A piece in
    which the terms were read out one after the other is heard anew without them, and that hearing is
    kept unless it has half of them as well: somebody may list what the question is about.
    """
    kept = list(segments)
    if question is None:
        return kept
    words = [word for segment in kept for word in segment.words]
    uses = doubtful(uses_of(words, question.terms))
    plain: list[Word] = []
    if recited(words, question):
        anew = heard_in(piece, model, _ANEW_BEAM, None, check)
        plain = [word for segment in anew for word in segment.words]
        if 2 * len(uses_of(plain, question.terms)) < len(uses_of(words, question.terms)):
            return anew
    elif uses:
        place = _around([words[use.first] for use in uses] + [words[use.last] for use in uses], piece)
        again = heard_in(Piece(piece.samples, (place,), piece.start), model, _BEAM, None, check)
        plain = [word for segment in again for word in segment.words]
    return [segment_of(changed) for segment in kept if (changed := settled(segment.words, question, plain))]


def _around(words: Sequence[Word], piece: Piece) -> Span:
    start = min(word.start for word in words) - _AROUND_SECONDS
    end = max(word.end for word in words) + _AROUND_SECONDS
    return Span(
        max(0, round(start * RATE) - piece.start), min(len(piece.samples), round(end * RATE) - piece.start)
    )
