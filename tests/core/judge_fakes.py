"""A sentence model small enough to reason about, and a calibration that reads it plainly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vivavoce.core.calibration import Calibration, Line, Thresholds
from vivavoce.core.ports import Vectors
from vivavoce.core.words import findable_stems

VOCABULARY = (
    *("pool", "shrink", "grow", "map", "filter", "slide", "weight", "share"),
    *("edg", "detect", "cook", "pasta", "salt", "layer", "convolut", "learn"),
)


class BagOfWords:
    """Unit vectors that count a few words; a text with none of them points somewhere of its own."""

    name = "bag-of-words"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        vectors = np.zeros((len(texts), len(VOCABULARY) + 1), np.float32)
        for row, text in enumerate(texts):
            stems = findable_stems(text)
            vectors[row, :-1] = [float(word in stems) for word in VOCABULARY]
            vectors[row, -1] = 0.1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


CALIBRATION = Calibration(
    version="test",
    fitted_on="nothing: written by hand",
    about_told=Line((8.0, 6.0, -2.0), -7.0),
    about_bare=Line((8.0, 6.0, -2.0), -7.0),
    wrong=Line((8.0, 6.0), 0.0),
    wrong_unknown=0.1,
    thresholds=Thresholds(covered=0.6, partial=0.3, contradicted=0.6),
)
