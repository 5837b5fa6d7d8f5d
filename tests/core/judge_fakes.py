"""A sentence model small enough to reason about, and a calibration that reads it plainly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vivavoce.core.calibration import Calibration, Line, Thresholds, Weighing
from vivavoce.core.ports import Numbers, Reading, TokenVectors, Vectors
from vivavoce.core.words import content_stems, findable_stems, tokens

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

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [TokenVectors(tokens(text), self.embed(tokens(text))) for text in texts]


class StemReader:
    """Finds stated what has its stems in the text, and denied what shrinks where the text says "grow"."""

    name = "stems"

    def __init__(self) -> None:
        self.pairs: list[Reading] = []

    def read(self, pairs: Sequence[Reading]) -> Numbers:
        self.pairs += pairs
        return np.array([self._odds(pair) for pair in pairs]).reshape(-1, 3)

    def _odds(self, pair: Reading) -> tuple[float, float, float]:
        wanted, said = content_stems(pair.statement), findable_stems(pair.text)
        share = len(wanted & said) / len(wanted)
        denied = "shrink" in wanted and "grow" in said and "shrink" not in said and share > 0.2
        return (-4.0, 0.0, 4.0) if denied else (10.0 * share - 6.0, 0.0, -6.0)


CALIBRATION = Calibration(
    version="test",
    fitted_on="nothing: written by hand",
    about_told=Line((8.0, 6.0, -2.0), -7.0),
    about_bare=Line((8.0, 6.0, -2.0), -7.0),
    told=Weighing(Line((1.0, *[0.0] * 7), 0.0), Line((0.0, 1.0, *[0.0] * 4, 1.0, 1.0), 0.0)),
    again=Weighing(Line((1.0, *[0.0] * 11), 0.0), Line((0.0, 1.0, *[0.0] * 4, 1.0, 1.0, *[0.0] * 4), 0.0)),
    bare=Weighing(Line((1.0, *[0.0] * 5), 0.0), Line((0.0, 1.0, *[0.0] * 4), 0.0)),
    afar=Line((1.0, 0.0), 0.0),
    thresholds=Thresholds(covered=0.6, partial=0.8, contradicted=0.6),
)
