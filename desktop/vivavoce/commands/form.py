"""Results in the JSON form other programs read, and as lines for people."""

from __future__ import annotations

import json
from typing import Any

from vivavoce.core.attempt import Assessment
from vivavoce.core.transcript import Transcript


def transcript_form(transcript: Transcript) -> dict[str, Any]:
    """What `transcribe --json` prints."""
    return {
        "text": transcript.text,
        "language": transcript.language,
        "duration": transcript.duration,
        "speech": transcript.speech,
        "model": transcript.model,
        "device": transcript.device,
        "reliable": transcript.reliable,
        "reason": transcript.reason,
        "segments": [
            {
                "start": segment.start,
                "end": segment.end,
                "text": segment.text,
                "words": [
                    {"start": word.start, "end": word.end, "word": word.word, "probability": word.probability}
                    for word in segment.words
                ],
            }
            for segment in transcript.segments
        ],
    }


def assessment_form(question_id: str, assessment: Assessment) -> dict[str, Any]:
    """What `grade --json` prints and each line of grade-batch's output holds."""
    delivery = assessment.delivery
    return {
        "question_id": question_id,
        "scored": assessment.scored,
        "reason": assessment.reason,
        "score": assessment.score,
        "band": None if assessment.band is None else list(assessment.band),
        "concepts": [
            {
                "id": evidence.concept_id,
                "statement": evidence.statement,
                "verdict": evidence.verdict,
                "covered": round(evidence.covered, 4),
                "contradicted": round(evidence.contradicted, 4),
                "quote": evidence.quote,
                "start": evidence.start,
                "end": evidence.end,
            }
            for evidence in assessment.evidence
        ],
        "misconceptions": [
            {
                "text": evidence.misconception,
                "quote": evidence.quote,
                "start": evidence.start,
                "end": evidence.end,
            }
            for evidence in assessment.evidence
            if evidence.verdict == "contradicted" and evidence.misconception
        ],
        "delivery": None
        if delivery is None
        else {
            "words": delivery.words,
            "seconds": delivery.seconds,
            "words_per_minute": delivery.words_per_minute,
            "pauses": delivery.pauses,
            "fillers_at_least": delivery.fillers_at_least,
        },
        "transcript": None if assessment.transcript is None else transcript_form(assessment.transcript),
        "model": assessment.models,
        "seconds": assessment.seconds,
    }


def assessment_lines(assessment: Assessment) -> list[str]:
    """The verdict for a person at a terminal."""
    if not assessment.scored:
        return [f"Not scored. {assessment.reason}"]
    low, high = assessment.band or (0.0, 0.0)
    lines = [f"Score {assessment.score:.0f} of 100 (likely {low:.0f} to {high:.0f})"]
    for evidence in assessment.evidence:
        lines.append(f"  {evidence.verdict:<12} {evidence.statement}")
        if evidence.quote:
            at = "" if evidence.start is None else f" [{evidence.start:.1f} s]"
            lines.append(f'               "{evidence.quote}"{at}')
        if evidence.misconception:
            lines.append(f"               sounded like: {evidence.misconception}")
    return lines


def printed(value: object) -> str:
    """JSON as we print it."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def reason_of(error: OSError | UnicodeError) -> str:
    """Why a file could not be read, without the numbers and names Python puts around it."""
    return (isinstance(error, OSError) and error.strerror) or "it is no UTF-8 text"
