"""What was fitted so that the judge's signs become probabilities and verdicts."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vivavoce.core.plain import from_plain
from vivavoce.errors import KnownError


@dataclass(frozen=True, slots=True)
class Line:
    """A logistic line: log-odds = weights . signs + intercept."""

    weights: tuple[float, ...]
    intercept: float

    def log_odds(self, signs: Sequence[float]) -> float:
        """The log-odds of one row of signs, as many as there are weights."""
        return sum(weight * sign for weight, sign in zip(self.weights, signs, strict=True)) + self.intercept


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a probability becomes a verdict; `partial` lies below `covered`."""

    covered: float
    partial: float
    contradicted: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything that was fitted, and on what.

    Two questions are asked of an answer about each concept. Is it talked about? `about_told` answers
    for a concept with accepted wordings or misconceptions, `about_bare` for one with a statement
    alone; signs: nearness, shared words, echo of the question. If so, is it said wrongly? `wrong`
    answers where misconceptions are known; signs: how much nearer the misconceptions are than the
    right wordings, in meaning and in words. Where none are known there is no sign, and
    `wrong_unknown` is how often what was talked about was wrong in the data.
    """

    version: str
    fitted_on: str
    about_told: Line
    about_bare: Line
    wrong: Line
    wrong_unknown: float
    thresholds: Thresholds


def probability(log_odds: float) -> float:
    """The probability of log-odds, safe for large ones."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    odds = math.exp(log_odds)
    return odds / (1.0 + odds)


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
    shapes = (("about_told", 3), ("about_bare", 3), ("wrong", 2))
    for name, expected in shapes:
        line: Line = getattr(calibration, name)
        if len(line.weights) != expected:
            raise ValueError(f"{name} has {len(line.weights)} weights instead of {expected}")
        if not all(math.isfinite(number) for number in (*line.weights, line.intercept)):
            raise ValueError(f"{name} holds a number that is not finite")
    bounds = calibration.thresholds
    if not 0.0 < bounds.partial < bounds.covered < 1.0:
        raise ValueError("the thresholds must lie in the order 0 < partial < covered < 1")
    if not 0.0 < bounds.contradicted <= 1.0:
        raise ValueError("the threshold of contradicted must lie between 0 and 1")
    if not 0.0 <= calibration.wrong_unknown < 1.0:
        raise ValueError("wrong_unknown must be a probability under 1")
