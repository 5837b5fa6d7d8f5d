"""What an answer shows for each concept, with the words that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["covered", "partial", "missed", "contradicted"]
VERDICTS: tuple[Verdict, ...] = ("covered", "partial", "missed", "contradicted")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The verdict on one concept: "partial" was talked about, and it is not clear that it was said right.

    `covered` and `contradicted` are calibrated probabilities. `quote` are the candidate's own
    words that decided it, None when nothing came near; `start` and `end` are its seconds in the
    recording, None for a typed answer. `closest` is the nearest thing said when the concept was
    missed. `misconception` is the wrong statement it sounded like when it was contradicted.
    `own_wording` is the user's own wording that decided it, if one did.
    """

    concept_id: str
    statement: str
    verdict: Verdict
    covered: float
    contradicted: float
    quote: str | None = None
    start: float | None = None
    end: float | None = None
    closest: str | None = None
    misconception: str | None = None
    own_wording: str | None = None
