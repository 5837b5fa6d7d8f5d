"""Speech to text: gain, voice activity, and Whisper piece by piece over a whole recording."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vivavoce.audio_file import blocks
from vivavoce.core.question import Question
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Segment, Transcript, TranscriptKind
from vivavoce.engines.compute import Compute, cpu
from vivavoce.engines.cutting import pieces_of, within
from vivavoce.engines.no_speech import no_speech_reason
from vivavoce.engines.piece import Piece, heard_in, in_order, term_prompt
from vivavoce.engines.second_look import looked_again
from vivavoce.engines.voice_activity import RATE, Samples, Span, frame_peaks, pauses_of, raised, speech_spans
from vivavoce.errors import KnownError

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

# Below this much speech Whisper is not called at all: it writes "Thank you." on nothing.
LEAST_SPEECH_SECONDS = 0.25
# Below this mean word probability an answer is not judged. On read speech under rising noise the
# word error rate passes one in three around there; tests/benchmarks/reliability.md is the table.
LEAST_RELIABLE = 0.68


class Whisper:
    """A Whisper model for CTranslate2 in a local folder."""

    def __init__(self, folder: Path, model_id: str, compute: Compute, beam: int = 5) -> None:
        from faster_whisper import WhisperModel

        self.name = model_id
        self.beam = beam
        try:
            self.model = _load(WhisperModel, folder, compute)
            self.compute = compute
        except (RuntimeError, ValueError) as error:
            if compute.device == "cpu":
                raise KnownError(
                    f"The speech model in {folder} cannot be loaded ({error}).",
                    "Choose another speech model in the preferences, or install Viva Voce again.",
                ) from error
            self.compute = cpu(f"the GPU failed while loading: {error}")
            self.model = _load(WhisperModel, folder, self.compute)

    def with_beam(self, beam: int) -> Whisper:
        """The same model with another beam: 1 is quickest, 10 weighs the most ways to write a thing."""
        other = copy.copy(self)
        other.beam = beam
        return other

    def transcribe(self, audio: Path, question: Question | None, ticket: Ticket) -> Transcript:
        """Write down the speech in a file of any rate and channel count that PyAV decodes.

        Raises KnownError for a file that is empty or no audio, Cancelled when taken back.
        """
        return self.transcribe_samples(decode(audio), question, ticket)

    def transcribe_samples(self, samples: Samples, question: Question | None, ticket: Ticket) -> Transcript:
        """Write down mono samples at 16 kHz, -1..1."""
        ticket.progress("listening", 0.0)
        loud = raised(samples)
        spans = speech_spans(loud)
        segments: list[Segment] = []
        if seconds_of(spans) >= LEAST_SPEECH_SECONDS:
            prompt = term_prompt(question)
            for place in pieces_of(spans):
                ticket.progress("transcribing", place.start / len(samples))
                piece = Piece(loud, tuple(within(spans, place)))
                heard = heard_in(piece, self.model, self.beam, prompt, ticket.check)
                segments += looked_again(heard, piece, self.model, question, ticket.check)
            ticket.progress("transcribing", 1.0)
        peaks = frame_peaks(samples)
        return self.transcript(segments, len(samples) / RATE, spans, "whole file", peaks)

    def transcript(
        self,
        segments: Sequence[Segment],
        duration: float,
        spans: Sequence[Span],
        kind: TranscriptKind,
        peaks: Sequence[float] | Samples = (),
    ) -> Transcript:
        """What was heard in the spans of a recording, with the reason when it cannot be judged by.

        `peaks` (0..1, of every 20 ms) tell why there may be no speech in it.
        """
        ordered = in_order(segments)
        words = [word for segment in ordered for word in segment.words]
        speech = seconds_of(spans)
        silent = speech < LEAST_SPEECH_SECONDS
        reason = None
        if silent:
            reason = no_speech_reason(peaks)
        elif not words:
            reason = "There was sound, but no words could be made out."
        elif float(np.mean([word.probability for word in words])) < LEAST_RELIABLE:
            reason = "The words could not be made out reliably enough to judge them."
        return Transcript(
            text=" ".join(word.word for word in words),
            language="en",
            duration=round(duration, 3),
            speech=round(speech, 3),
            model=self.name,
            device=f"{self.compute.device} ({self.compute.type})",
            reliable=reason is None,
            reason=reason,
            segments=ordered,
            pauses=() if silent else pauses_of(spans),
            kind=kind,
            beam=self.beam,
        )


def seconds_of(spans: Sequence[Span]) -> float:
    """How long the spans are together."""
    return sum(span.end - span.start for span in spans) / RATE


def _load(model: type[WhisperModel], folder: Path, compute: Compute) -> WhisperModel:
    # Asked for by folder and with the hub off: a missing file must fail here, never be fetched.
    return model(
        str(folder),
        device=compute.device,
        compute_type=compute.type,
        cpu_threads=compute.threads,
        local_files_only=True,
    )


def decode(audio: Path) -> Samples:
    """Mono samples at 16 kHz, -1..1, 230 MB an hour; KnownError names a file that is missing or no sound."""
    parts = list(blocks(audio, RATE))
    total = sum(part.size for part in parts)
    if total == 0:
        raise KnownError(f"The file {audio} holds no sound.", "Choose another recording.")
    samples = np.empty(total, np.float32)
    end = total
    while parts:  # from the back, so that an hour is not held twice
        part = parts.pop()
        samples[end - part.size : end] = part
        end -= part.size
    samples /= np.float32(32768.0)
    return samples
