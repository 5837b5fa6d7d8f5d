"""One attempt at a question: what was recorded and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vivavoce.core.delivery import Delivery
from vivavoce.core.evidence import Evidence
from vivavoce.core.question import Question
from vivavoce.core.transcript import Transcript

FROM_FILE = "File: "
"""How the device of an attempt begins whose recording was brought as a file; its name follows."""

AttemptState = Literal["recording", "recorded", "judged", "discarded"]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What came of judging one answer.

    `score` (0..100) and `band` are None when `scored` is False; `reason` then says why in a
    sentence for the user. `models` names what judged, with versions; `seconds` is wall time.
    """

    scored: bool
    reason: str | None
    score: float | None
    band: tuple[float, float] | None
    evidence: tuple[Evidence, ...]
    transcript: Transcript | None
    delivery: Delivery | None
    text: str
    models: dict[str, str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to one question, as the store keeps it.

    `question` is the question as it was asked then: a bank that changes later does not change
    what was judged. `audio_seconds` is 0.0 while recording. `assessment` is None until judged.
    """

    id: int
    question: Question
    started_at: datetime
    state: AttemptState
    device: str
    audio_seconds: float
    assessment: Assessment | None

    @property
    def file_name(self) -> str:
        """The name of the file it was brought as, empty for an answer recorded here."""
        return self.device[len(FROM_FILE) :] if self.device.startswith(FROM_FILE) else ""
