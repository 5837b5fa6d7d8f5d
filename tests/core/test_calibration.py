from __future__ import annotations

import json
from typing import Any

import pytest

from vivavoce.core.calibration import Line, Thresholds, Weighing, calibration_from_json
from vivavoce.core.plain import to_plain
from vivavoce.errors import KnownError
from vivavoce.paths import content


def shipped() -> dict[str, Any]:
    return json.loads((content("models") / "judge" / "calibration.json").read_text(encoding="utf-8"))


def test_the_shipped_calibration_is_read_and_written_back_the_same() -> None:
    data = shipped()
    calibration = calibration_from_json(json.dumps(data))
    assert to_plain(calibration) == data
    assert calibration.fitted_on


def test_the_shipped_signs_point_the_right_way() -> None:
    calibration = calibration_from_json(json.dumps(shipped()))
    for line in (calibration.about_told, calibration.about_bare):
        near, words, echo = line.weights
        assert near > 0
        assert words > 0
        assert echo < 0
    for weighing in (calibration.told, calibration.bare):
        # What the reader finds stated speaks for covered, what it finds denied for contradicted.
        assert weighing.stated.weights[0] > 0
        assert weighing.denied.weights[1] > 0


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda data: data.pop("told"), "told"),
        (lambda data: data["told"]["denied"]["weights"].pop(), "told, denied"),
        (lambda data: data["about_told"]["weights"].pop(), "about_told"),
        (lambda data: data["about_bare"].update(intercept="high"), "about_bare"),
        (lambda data: data["bare"]["stated"].update(intercept=float("nan")), "bare, stated"),
        (lambda data: data["thresholds"].update(partial=1.1), "partial"),
        (lambda data: data["thresholds"].update(contradicted=0.0), "contradicted"),
    ],
)
def test_a_damaged_calibration_is_refused_and_says_where(change: Any, named: str) -> None:
    data = shipped()
    change(data)
    with pytest.raises(KnownError, match=named):
        calibration_from_json(json.dumps(data))


@pytest.mark.parametrize(
    ("covered", "contradicted", "verdict"),
    [
        (0.7, 0.2, "covered"),
        (0.2, 0.75, "contradicted"),
        (0.45, 0.5, "partial"),
        (0.3, 0.65, "partial"),
        (0.45, 0.1, "missed"),
        (0.1, 0.1, "missed"),
    ],
)
def test_what_is_talked_about_and_not_clear_was_not_missed(
    covered: float, contradicted: float, verdict: str
) -> None:
    assert Thresholds(0.5, 0.8, 0.7).verdict(covered, contradicted) == verdict


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_what_is_no_calibration_is_refused(text: str) -> None:
    with pytest.raises(KnownError, match="calibration"):
        calibration_from_json(text)


def test_probabilities_stay_between_nothing_and_one() -> None:
    assert Line((2.0, -1.0), 0.5).value([1.0, 3.0]) == pytest.approx(-0.5)
    weighing = Weighing(Line((1.0, 0.0), 0.0), Line((0.0, 1.0), 0.0))
    assert weighing.probabilities([0.0, 0.0]) == pytest.approx((1 / 3, 1 / 3))
    assert weighing.probabilities([1e4, -1e4]) == (1.0, 0.0)
    assert weighing.probabilities([-1e4, -1e4]) == (0.0, 0.0)
