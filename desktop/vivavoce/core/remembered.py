"""The judge's two models with a memory: what was embedded or read a moment ago is not worked out again.

An answer is looked at while it is still spoken; when the last word is written down most is known.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from vivavoce.core.ports import Embedder, Numbers, Reader, Reading, TokenVectors, Vectors, of_same_text


class RememberedEmbedder:
    """An embedder that keeps the last `most` texts; a vector takes 1.5 kB."""

    def __init__(self, inner: Embedder, most: int = 1024) -> None:
        self.name = inner.name
        self._inner = inner
        self._most = most
        self._kept: OrderedDict[str, Vectors] = OrderedDict()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), width)."""
        if not texts:
            return self._inner.embed(texts)
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if new:
            self._kept.update(zip(new, self._inner.embed(new), strict=True))
        found = np.stack([self._kept[text] for text in texts])
        for text in texts:
            self._kept.move_to_end(text)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        """The tokens of each text with their vectors; these are not kept."""
        return self._inner.token_vectors(texts)


class RememberedReader:
    """A reader that keeps the last `most` texts with the statements that were read about each.

    Statements about one text are read in sight of each other, so they are kept together.
    """

    def __init__(self, inner: Reader, most: int = 256) -> None:
        self.name = inner.name
        self._inner = inner
        self._most = most
        self._kept: OrderedDict[tuple[Reading, ...], Numbers] = OrderedDict()

    def read(self, pairs: Sequence[Reading]) -> Numbers:
        """Log-odds, shape (len(pairs), 3): stated, unsaid, denied."""
        found = np.zeros((len(pairs), 3))
        groups = {tuple(pairs[i] for i in places): places for places in of_same_text(pairs).values()}
        new = [pair for group in groups if group not in self._kept for pair in group]
        odds = iter(self._inner.read(new) if new else ())
        for group, places in groups.items():
            if group not in self._kept:
                self._kept[group] = np.stack([next(odds) for _ in group])
            self._kept.move_to_end(group)
            found[places] = self._kept[group]
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found
