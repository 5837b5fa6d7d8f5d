"""Speech to text: gain, voice activity, Whisper piece by piece, and the gates against invented words."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from vivavoce.core.question import Question
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Segment, Transcript, Word
from vivavoce.engines.compute import Compute, cpu
from vivavoce.errors import KnownError

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

Samples = npt.NDArray[np.float32]
RATE = 16_000
# Gain before VAD: the 99.5 % frame peak goes to -3 dBFS, by at most +60 dB. Without it Silero
# finds no speech below -60 dBFS.
_TARGET_PEAK = 10 ** (-3 / 20)
_MOST_GAIN = 10 ** (60 / 20)
_FRAME = RATE // 50
# Below this much speech Whisper is not called at all: it writes "Thank you." on nothing.
LEAST_SPEECH_SECONDS = 0.25
# Whisper's encoder always takes a window of 30 s; pieces a little shorter use it whole.
_PIECE_SECONDS = 28.0
_LEAST_HOLE_SECONDS = 1.5
_TEMPERATURES = (0.0, 0.2, 0.4)
# Hesitations send Whisper round in circles, "uh, uh, uh" a hundred times in seven seconds; text that
# packs this well after every temperature (its own measure; fluent speech reached 1.75) is heard again
# with no row of eight tokens twice, which leaves fluent speech as it was.
_LOOP_RATIO = 2.4
_LOOP_TOKENS = 8
# Below this mean word probability an answer is not judged. On read speech under rising noise the
# word error rate passes one in three around there; tests/benchmarks/reliability.md is the table.
LEAST_RELIABLE = 0.68


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of samples: first and one past last."""

    start: int
    end: int


class Whisper:
    """A Whisper model for CTranslate2 in a local folder."""

    def __init__(self, folder: Path, model_id: str, compute: Compute, beam: int = 5) -> None:
        from faster_whisper import WhisperModel

        self.name = model_id
        self._beam = beam
        try:
            self._model = _load(WhisperModel, folder, compute)
            self.compute = compute
        except (RuntimeError, ValueError) as error:
            if compute.device == "cpu":
                raise KnownError(
                    f"The speech model in {folder} cannot be loaded ({error}).",
                    "Choose another speech model in the preferences, or install Viva Voce again.",
                ) from error
            self.compute = cpu(f"the GPU failed while loading: {error}")
            self._model = _load(WhisperModel, folder, self.compute)

    def transcribe(self, audio: Path, question: Question | None, ticket: Ticket) -> Transcript:
        """Write down the speech in a file of any rate and channel count that PyAV decodes.

        Raises KnownError for a file that is empty or no audio, Cancelled when taken back.
        """
        return self.transcribe_samples(decode(audio), question, ticket)

    def transcribe_samples(self, samples: Samples, question: Question | None, ticket: Ticket) -> Transcript:
        """Write down mono samples at 16 kHz, -1..1."""
        duration = len(samples) / RATE
        ticket.progress("listening", 0.0)
        loud = raised(samples)
        spans = speech_spans(loud)
        speech = sum(span.end - span.start for span in spans) / RATE
        if speech < LEAST_SPEECH_SECONDS:
            return self._transcript((), duration, speech, (), "No speech was heard in the recording.")
        segments: list[Segment] = []
        prompt = term_prompt(question)
        for piece in pieces_of(spans):
            ticket.progress("transcribing", piece.start / len(samples))
            segments += self._segments(loud, piece, prompt, ticket)
        for again in (prompt, None):
            written = [word for segment in segments for word in segment.words]
            for hole in holes_of(spans, written):
                segments += self._segments(loud, hole, again, ticket)
        ticket.progress("transcribing", 1.0)
        return self._transcript(in_order(segments), duration, speech, pauses_of(spans), None)

    def _segments(
        self, samples: Samples, piece: Span, prompt: str | None, ticket: Ticket
    ) -> Iterable[Segment]:
        found = self._heard(samples, piece, prompt, ticket)
        if any(raw.compression_ratio > _LOOP_RATIO for raw in found):
            found = self._heard(samples, piece, prompt, ticket, no_repeat=_LOOP_TOKENS)
        offset, last = piece.start / RATE, piece.end / RATE
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
                yield _segment(words)

    def _heard(
        self, samples: Samples, piece: Span, prompt: str | None, ticket: Ticket, no_repeat: int = 0
    ) -> list[Any]:
        found, _ = self._model.transcribe(
            samples[piece.start : piece.end],
            language="en",
            beam_size=self._beam,
            temperature=list(_TEMPERATURES),
            no_repeat_ngram_size=no_repeat,
            condition_on_previous_text=False,
            initial_prompt=prompt,
            word_timestamps=True,
            vad_filter=False,  # done above, over the whole recording, with its own pauses kept
        )
        heard: list[Any] = []
        for raw in found:  # each step decodes
            ticket.check()
            heard.append(raw)
        return heard

    def _transcript(
        self,
        segments: tuple[Segment, ...],
        duration: float,
        speech: float,
        pauses: tuple[tuple[float, float], ...],
        reason: str | None,
    ) -> Transcript:
        words = [word for segment in segments for word in segment.words]
        if reason is None and not words:
            reason = "There was sound, but no words could be made out."
        if reason is None and float(np.mean([word.probability for word in words])) < LEAST_RELIABLE:
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
            segments=segments,
            pauses=pauses,
        )


def _segment(words: Sequence[Word]) -> Segment:
    return Segment(words[0].start, words[-1].end, " ".join(word.word for word in words), tuple(words))


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
    """Mono samples at 16 kHz, -1..1; KnownError names a file that is missing, empty or no audio."""
    import av.error
    from faster_whisper.audio import decode_audio

    try:
        size = audio.stat().st_size if audio.is_file() else -1
    except OSError as error:  # a name too long, a folder that may not be read
        raise KnownError(f"The file {audio} cannot be read ({error.strerror}).", "Check the name.") from error
    if size < 0:
        raise KnownError(f"There is no file {audio}.", "Check the name.")
    if size == 0:
        raise KnownError(f"The file {audio} is empty.", "Choose a recording with sound in it.")
    try:
        # "file:" keeps a name with a colon from being taken for an address.
        samples = cast("Samples", decode_audio(f"file:{audio}", sampling_rate=RATE))
    except (av.error.FFmpegError, IndexError, ValueError, StopIteration) as error:
        raise KnownError(
            f"The file {audio} could not be read as audio.",
            "Choose a recording (wav, flac, mp3, m4a, ogg, webm, mp4).",
        ) from error
    if samples.size == 0:
        raise KnownError(f"The file {audio} holds no sound.", "Choose another recording.")
    return samples


def raised(samples: Samples) -> Samples:
    """The samples, made louder or quieter so that their frame peaks sit near -3 dBFS."""
    frames = len(samples) // _FRAME
    if frames == 0:
        return samples
    peaks = np.abs(samples[: frames * _FRAME]).reshape(frames, _FRAME).max(axis=1)
    peak = float(np.percentile(peaks, 99.5))
    if peak <= 0.0:
        return samples
    gain = min(_TARGET_PEAK / peak, _MOST_GAIN)
    return np.clip(samples * np.float32(gain), -1.0, 1.0).astype(np.float32)


def speech_spans(samples: Samples) -> list[Span]:
    """Stretches with voice by Silero VAD, gaps of half a second kept apart."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps  # pyright: ignore[reportUnknownVariableType]

    options = VadOptions(threshold=0.5, neg_threshold=0.35, min_silence_duration_ms=500, speech_pad_ms=200)
    found = cast("list[dict[str, int]]", get_speech_timestamps(samples, options))
    return [Span(int(span["start"]), int(span["end"])) for span in found]


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
    return tuple(_segment([word for word, _ in run]) for _, run in runs)


def pauses_of(spans: Sequence[Span]) -> tuple[tuple[float, float], ...]:
    """Gaps between stretches of voice, seconds; the 200 ms padding of each side is taken back."""
    pad = 0.2
    return tuple(
        (round(before.end / RATE - pad, 3), round(after.start / RATE + pad, 3))
        for before, after in itertools.pairwise(spans)
    )


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
