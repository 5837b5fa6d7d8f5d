"""One piece of speech written down by Whisper, with the guards against words invented and words left out."""

from __future__ import annotations

import contextlib
import copy
import importlib
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from vivavoce.core.question import Question
from vivavoce.core.transcript import Segment, Word
from vivavoce.engines.voice_activity import RATE, Samples, Span

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

_LEAST_HOLE_SECONDS = 1.5
_TEMPERATURES = (0.0, 0.2, 0.4)
# Hesitations send Whisper round in circles, "uh, uh, uh" a hundred times in seven seconds; text that
# packs this well after every temperature (its own measure; fluent speech reached 1.75) is heard again
# with no row of eight tokens twice, which leaves fluent speech as it was.
_LOOP_RATIO = 2.4
_LOOP_TOKENS = 8
# Whisper's encoder is given 30 s, silence behind the sound, and costs the same for 5 s as for 30. With
# a shorter window a piece takes two thirds of the time for the same words, as long as some silence
# stays behind them: with one second Whisper goes round in loops, with less than ten in all as well.
# What is left of a piece where Whisper thought that it had ended needs the whole window, or it says "you".
_SILENCE_BEHIND_SECONDS = 3.0
_LEAST_WINDOW_SECONDS = 12.0
_LEAST_SOUND_SECONDS = 3.0
# Of less it says "Thank you." in any window: 14 of 14 such words in 20 minutes stood there. Half of it
# is the room around the voice.
_NOTHING_LEFT_SECONDS = 0.6
_FRAMES_A_SECOND = 100
# Nobody speaks more tokens than this (quick speech has 6 a second); a loop would go on to 448, for seconds.
_TOKENS_A_SECOND = 10
_LEAST_TOKENS = 30
# Whisper holds 448 with the prompt, which takes up to half; faster-whisper raises ValueError for more.
_MOST_TOKENS = 220


@dataclass(frozen=True, slots=True)
class Piece:
    """Raised samples with the spans of voice in them.

    `start` is the place of their first sample in the recording.
    """

    samples: Samples
    spans: tuple[Span, ...]
    start: int = 0


def heard_in(
    piece: Piece,
    model: WhisperModel,
    beam: int,
    prompt: str | None,
    check: Callable[[], None],
    *,
    again: bool = True,
) -> list[Segment]:
    """The words of a piece with the times of the recording, listened to again where voice left no word.

    Without `again` what was left out stays out. `check` is called before every step of the model and
    ends the hearing by raising.
    """
    # A shallow copy: another thread may be listening with the same model, with a check of its own.
    model = copy.copy(model)
    steps = _Steps(cast("object", model.model), check)
    model.model = cast("Any", steps)
    ear = _Ear(model, beam, steps)
    whole = Span(piece.spans[0].start, piece.spans[-1].end)
    segments = list(ear.segments(piece, whole, prompt))
    # Holes are looked for in the piece's own time, as the spans are.
    for other in (prompt, None) if again else ():
        written = [word for segment in segments for word in segment.words]
        for hole in holes_of(piece.spans, written):
            segments += ear.segments(piece, hole, other)
    return [shifted(segment, piece.start / RATE) for segment in segments]


class _NothingLeft(Exception):
    """What is left of a piece is too little to be a word."""


class _Steps:
    """CTranslate2's model, asked between its steps whether to go on: a single one takes up to a second."""

    def __init__(self, model: object, check: Callable[[], None]) -> None:
        self._model = model
        self._check = check
        self._is_first = True

    def begin(self) -> None:
        """What is encoded next is the beginning of a stretch, which is heard however short it is."""
        self._is_first = True

    def __getattr__(self, name: str) -> object:
        if name in ("generate", "align"):
            self._check()
        return getattr(self._model, name)

    def encode(self, features: object, to_cpu: bool = False) -> object:
        """What the encoder makes of the sound and of a little silence behind it."""
        self._check()
        sound = np.asarray(features, np.float32)
        if not self._is_first and sounding(sound) < _NOTHING_LEFT_SECONDS * _FRAMES_A_SECOND:
            raise _NothingLeft
        self._is_first = False
        storage = cast("Any", importlib.import_module("ctranslate2")).StorageView
        frames = np.ascontiguousarray(short_window(sound))
        return cast("Any", self._model).encode(storage.from_array(frames), to_cpu=to_cpu)


def sounding(features: NDArray[np.float32]) -> int:
    """How many frames of log-mel features (1, bands, frames) are sound: the padding behind it is zero."""
    found = np.flatnonzero(features.any(axis=(0, 1)))
    return int(found[-1]) + 1 if len(found) else 0


def short_window(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-mel features (1, bands, frames of 10 ms) without most of the padding behind the sound."""
    sound = sounding(features) / _FRAMES_A_SECOND
    if sound < _LEAST_SOUND_SECONDS:
        return features
    wanted = max(sound + _SILENCE_BEHIND_SECONDS, _LEAST_WINDOW_SECONDS)
    return features[:, :, : 2 * math.ceil(wanted * _FRAMES_A_SECOND / 2)]  # the encoder halves the frames


class _Ear:
    """One way to listen: a model with its beam."""

    def __init__(self, model: WhisperModel, beam: int, steps: _Steps) -> None:
        self._model = model
        self._beam = beam
        self._steps = steps

    def segments(self, piece: Piece, span: Span, prompt: str | None) -> Iterable[Segment]:
        found = self._heard(piece.samples, span, prompt)
        if any(raw.compression_ratio > _LOOP_RATIO for raw in found):
            found = self._heard(piece.samples, span, prompt, no_repeat=_LOOP_TOKENS)
        offset, last = span.start / RATE, span.end / RATE
        for raw in found:
            if invented(raw.no_speech_prob, raw.avg_logprob):
                continue
            words = [
                Word(
                    start=round(min(offset + float(word.start), last), 3),
                    end=round(min(offset + float(word.end), last), 3),
                    word=word.word.strip(),
                    probability=round(float(word.probability), 4),
                )
                for word in cast("list[Any]", raw.words or [])
                if word.word.strip()
            ]
            if words:
                yield segment_of(words)

    def _heard(self, samples: Samples, span: Span, prompt: str | None, no_repeat: int = 0) -> list[Any]:
        self._steps.begin()
        found, _ = self._model.transcribe(
            samples[span.start : span.end],
            language="en",
            beam_size=self._beam,
            temperature=list(_TEMPERATURES),
            no_repeat_ngram_size=no_repeat,
            max_new_tokens=most_tokens(span),
            condition_on_previous_text=False,
            initial_prompt=prompt,
            word_timestamps=True,
            vad_filter=False,  # done before, over the whole recording, with its own pauses kept
        )
        heard: list[Any] = []
        with contextlib.suppress(_NothingLeft):
            heard.extend(found)  # segment by segment: those before it are kept
        return heard


def most_tokens(span: Span) -> int:
    """How many tokens the words of a stretch can have, never more than fit behind the longest prompt."""
    seconds = (span.end - span.start) / RATE
    return min(_MOST_TOKENS, _LEAST_TOKENS + round(_TOKENS_A_SECOND * seconds))


def segment_of(words: Sequence[Word]) -> Segment:
    """A segment of words that follow each other."""
    return Segment(words[0].start, words[-1].end, " ".join(word.word for word in words), tuple(words))


def shifted(segment: Segment, seconds: float) -> Segment:
    """The segment later by some seconds."""
    if not seconds:
        return segment
    return segment_of(
        [
            Word(round(word.start + seconds, 3), round(word.end + seconds, 3), word.word, word.probability)
            for word in segment.words
        ]
    )


def holes_of(spans: Sequence[Span], words: Sequence[Word]) -> list[Span]:
    """Stretches of voice of 1.5 s and more in which no word was written.

    Whisper now and then ends a piece early, more often with a prompt; what it left out is
    listened to again, at last without one, so that nothing that was said is lost. Shorter gaps are
    errors of word times (90 % within 0.27 s), and listening again there would double a word.
    """
    least = round(_LEAST_HOLE_SECONDS * RATE)
    holes: list[Span] = []
    for span in spans:
        edge = span.start
        for word in sorted(words, key=lambda word: word.start):
            start, end = round(word.start * RATE), round(word.end * RATE)
            if end <= edge or start >= span.end:
                continue
            if start - edge >= least:
                holes.append(Span(edge, start))
            edge = end
        if span.end - edge >= least:
            holes.append(Span(edge, span.end))
    return holes


def in_order(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments with their words in the order they were said.

    A hole may lie within a segment; what was heard in it then stands between that segment's halves.
    """
    said = [(word, place) for place, segment in enumerate(segments) for word in segment.words]
    said.sort(key=lambda pair: pair[0].start)
    runs = itertools.groupby(said, key=lambda pair: pair[1])
    return tuple(segment_of([word for word, _ in run]) for _, run in runs)


def invented(no_speech: float, avg_logprob: float) -> bool:
    """Whether a segment is more likely made up than heard: the second gate behind VAD."""
    return (no_speech > 0.6 and avg_logprob < -0.6) or avg_logprob < -1.2


def term_prompt(question: Question | None) -> str | None:
    """One neutral sentence with the question's own terms, which lifts their recall from .66 to .96.

    Only behind VAD: without it the prompt is recited on noise. A whole glossary dilutes it, so
    at most 15 terms.
    """
    if question is None or not question.terms:
        return None
    return f"The talk is about {', '.join(term.text for term in question.terms[:15])}."
