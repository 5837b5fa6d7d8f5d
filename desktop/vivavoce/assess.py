"""One answer from beginning to end: recording, transcript, evidence, score.

Read this file first: it is the middle of everything the program does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from vivavoce.core.answer import Answer, answer_from_text, answer_from_transcript
from vivavoce.core.attempt import Assessment
from vivavoce.core.delivery import delivery_of
from vivavoce.core.judgement import Judge
from vivavoce.core.own_wording import evidence_with_wordings
from vivavoce.core.ports import Ears
from vivavoce.core.question import Question
from vivavoce.core.scoring import score_of, unscored_reason
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Transcript


def assess_recording(
    recording: Path,
    question: Question,
    ears: Ears,
    judge: Judge,
    models: dict[str, str],
    ticket: Ticket,
    on_transcript: Callable[[Transcript], None] | None = None,
    heard: Transcript | None = None,
) -> Assessment:
    """Judge a spoken answer; an unusable recording is not scored and says why.

    `on_transcript` hears the words before the verdict is in. `heard` is what was written down while
    it was spoken; without it the whole recording is listened to. Raises KnownError for a file that
    is no audio, Cancelled when the ticket is taken back.
    """
    began = time.monotonic()
    transcript = heard or ears.transcribe(recording, question, ticket)
    if on_transcript is not None:
        on_transcript(transcript)
    answer = answer_from_transcript(transcript)
    reason = transcript.reason if not transcript.reliable else None
    return _judged(answer, question, judge, models, ticket, began, transcript, reason)


def assess_text(
    text: str, question: Question, judge: Judge, models: dict[str, str], ticket: Ticket
) -> Assessment:
    """Judge a typed answer."""
    return _judged(answer_from_text(text), question, judge, models, ticket, time.monotonic(), None, None)


def assess_transcript(
    transcript: Transcript, question: Question, judge: Judge, models: dict[str, str], ticket: Ticket
) -> Assessment:
    """Judge words that were heard before: after a dispute, or corrected by the user."""
    answer = answer_from_transcript(transcript)
    reason = transcript.reason if not transcript.reliable else None
    return _judged(answer, question, judge, models, ticket, time.monotonic(), transcript, reason)


def _judged(
    answer: Answer,
    question: Question,
    judge: Judge,
    models: dict[str, str],
    ticket: Ticket,
    began: float,
    transcript: Transcript | None,
    reason: str | None,
) -> Assessment:
    reason = reason or unscored_reason(answer, question)
    evidence = ()
    score = None
    if reason is None:
        ticket.progress("judging", 0.0)
        evidence = evidence_with_wordings(answer, question, judge)
        score = score_of(evidence, question)
        ticket.progress("judging", 1.0)
    return Assessment(
        scored=score is not None,
        reason=reason,
        score=None if score is None else score.score,
        band=None if score is None else score.band,
        evidence=evidence,
        transcript=transcript,
        delivery=None if transcript is None else delivery_of(transcript, evidence),
        text=answer.text,
        models=models,
        seconds=round(time.monotonic() - began, 3),
    )
