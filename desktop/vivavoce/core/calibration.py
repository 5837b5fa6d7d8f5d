"""What was fitted so that the judge's signs become probabilities and verdicts."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vivavoce.core.evidence import Verdict
from vivavoce.core.plain import from_plain
from vivavoce.errors import KnownError

# Signs of a weighing: stated, denied, nearness; the most stated and the most denied of the nearest passages
# alone; the detail of the question's statements; with misconceptions also the two margins; after a second
# look also stated and denied of the nearest accepted wording and of the nearest misconception.
BARE_SIGNS = 6
TOLD_SIGNS = 8
AGAIN_SIGNS = 12
DETAIL_SIGN = 5
# Signs far from the reader's field: share of the statement met, stated. How near the nearest passage is adds
# .005 to the correlation with the marks of SAF and takes .015 from Beetle's.
AFAR_SIGNS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line: weights . signs + intercept, mostly log-odds."""

    weights: tuple[float, ...]
    intercept: float

    def value(self, signs: Sequence[float]) -> float:
        """The value of one row of signs, as many as there are weights."""
        return sum(weight * sign for weight, sign in zip(self.weights, signs, strict=True)) + self.intercept


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a probability becomes a verdict.

    `covered` and `contradicted` are of those probabilities. `partial` is of both together, that the concept
    is talked about at all: from there on it was not missed, and which of the two it is remains open.
    """

    covered: float
    partial: float
    contradicted: float

    def verdict(self, covered: float, contradicted: float) -> Verdict:
        """The verdict on a concept with these probabilities."""
        if contradicted >= self.contradicted and contradicted > covered:
            return "contradicted"
        if covered >= self.covered:
            return "covered"
        return "partial" if covered + contradicted >= self.partial else "missed"


@dataclass(frozen=True, slots=True)
class Weighing:
    """Log-odds of stated and of denied against unsaid, from the same row of signs."""

    stated: Line
    denied: Line

    def probabilities(self, signs: Sequence[float]) -> tuple[float, float]:
        """The probabilities (stated, denied); what is left of 1 is unsaid."""
        stated, denied = self.stated.value(signs), self.denied.value(signs)
        top = max(stated, denied, 0.0)
        odds = [math.exp(value - top) for value in (stated, denied, 0.0)]
        return odds[0] / sum(odds), odds[1] / sum(odds)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything that was fitted, and on what.

    `about_told` and `about_bare` say how near a passage is to a concept with and without accepted
    wordings or misconceptions; signs: nearness, shared words, echo of the question. `told` and `bare`
    weigh what the reader found (stated and denied, each against unsaid) in the answer and in the nearest
    passages alone with how near the nearest is and how detailed the question's statements are, and
    `told`, where misconceptions are known, also with how much nearer these are than the right wordings,
    in meaning and in words. They end in the probabilities covered and contradicted. Where `told` is in
    doubt, the reader looks again, at the nearest accepted wording and the nearest misconception, and
    `again` weighs it all. `afar` gives the share of teachers' marks that a bare statement far from the
    reader's field earns, 0..1.
    """

    version: str
    fitted_on: str
    about_told: Line
    about_bare: Line
    told: Weighing
    again: Weighing
    bare: Weighing
    afar: Line
    thresholds: Thresholds


def calibration_from_json(text: str) -> Calibration:
    """The calibration that a JSON text holds; KnownError says what is wrong with it."""
    try:
        data: Any = json.loads(text)
        calibration = from_plain(Calibration, data)
        _check(calibration)
    except ValueError as error:
        raise KnownError(
            f"The judge's calibration cannot be used: {error}.",
            "Install Viva Voce again: your answers are kept.",
        ) from error
    return calibration


def _check(calibration: Calibration) -> None:
    """Raise ValueError for numbers with which no verdict would make sense."""
    lines = (
        ("about_told", calibration.about_told, 3),
        ("about_bare", calibration.about_bare, 3),
        ("told, stated", calibration.told.stated, TOLD_SIGNS),
        ("told, denied", calibration.told.denied, TOLD_SIGNS),
        ("again, stated", calibration.again.stated, AGAIN_SIGNS),
        ("again, denied", calibration.again.denied, AGAIN_SIGNS),
        ("bare, stated", calibration.bare.stated, BARE_SIGNS),
        ("bare, denied", calibration.bare.denied, BARE_SIGNS),
        ("afar", calibration.afar, AFAR_SIGNS),
    )
    for name, line, expected in lines:
        if len(line.weights) != expected:
            raise ValueError(f"{name} has {len(line.weights)} weights instead of {expected}")
        if not all(math.isfinite(number) for number in (*line.weights, line.intercept)):
            raise ValueError(f"{name} holds a number that is not finite")
    bounds = calibration.thresholds
    if not (0.0 < bounds.partial < 1.0 and 0.0 < bounds.covered < 1.0):
        raise ValueError("the thresholds of partial and covered must lie between 0 and 1")
    if not 0.0 < bounds.contradicted <= 1.0:
        raise ValueError("the threshold of contradicted must lie between 0 and 1")
