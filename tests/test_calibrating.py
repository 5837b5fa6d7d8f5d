"""The thresholds of the verdicts keep what they promise on the answers they are chosen on."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

LABELS = ("covered", "contradicted", "unsaid")


def test_thresholds_keep_their_promises(packaging: Callable[[str], Any]) -> None:
    calibrating = packaging("calibrate_judge")
    draw = np.random.default_rng(5)
    labels = draw.choice(LABELS, size=3000, p=(0.35, 0.2, 0.45))
    # A judge that knows whether a concept is talked about better than whether it is said right.
    about = np.where(labels == "unsaid", draw.normal(-2.5, 1.5, 3000), draw.normal(2.5, 1.5, 3000))
    right = np.where(labels == "covered", draw.normal(1.0, 1.2, 3000), draw.normal(-1.0, 1.2, 3000))
    talk, share = 1 / (1 + np.exp(-about)), 1 / (1 + np.exp(-right))
    found = np.stack([talk * share, talk * (1 - share)], axis=1)
    rows = [SimpleNamespace(covered=label == "covered", about=label != "unsaid") for label in labels]

    thresholds = calibrating.choose_thresholds(rows, found)

    verdicts = np.array([thresholds.verdict(*each) for each in found])
    assert abs(int((verdicts == "covered").sum()) - int((labels == "covered").sum())) < 60
    assert np.mean(verdicts[labels == "covered"] == "contradicted") <= calibrating.MOST_FALSE_CONTRADICTED
    open_ = labels[verdicts == "partial"]
    assert len(open_) > 100
    assert np.mean(open_ == "unsaid") <= calibrating.MOST_PARTIAL_UNSAID
    assert np.mean(labels[verdicts == "missed"] == "covered") < 0.1
