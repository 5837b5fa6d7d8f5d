"""What each passage of an answer shows about a concept: nearness, shared words, echo, right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vivavoce.core.passage import Passage
from vivavoce.core.ports import Embedder, Numbers, Vectors
from vivavoce.core.question import Concept
from vivavoce.core.words import content_stems, findable_stems


@dataclass(frozen=True, slots=True)
class Wordings:
    """The ways to say one concept, the right ones first, as vectors (n, width) and as word stems.

    The stems are those outside the question: saying the question's words back proves nothing.
    """

    vectors: Vectors
    stems: tuple[frozenset[str], ...]
    right: int
    accepted: tuple[str, ...]
    misconceptions: tuple[str, ...]

    @property
    def bare(self) -> bool:
        """Whether the statement is all that is known."""
        return len(self.stems) == 1


@dataclass(frozen=True, slots=True)
class Spoken:
    """The passages of an answer as vectors, as findable stems, and how much they echo the question."""

    passages: tuple[Passage, ...]
    vectors: Vectors
    stems: tuple[frozenset[str], ...]
    echo: Numbers


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of one concept over n passages.

    `about` (n, 3): cosine with the nearest wording, right or wrong; largest share of a wording's
    words that is found; cosine with the question. `right` and `wrong` (n, 2): cosine with the nearest
    right wording or misconception, mean share of their words. `nearest` (n,) is the number of
    the nearest misconception. `wrong` is zero where no misconception is known. `accepted` is the accepted
    wording nearest to anything said, the statement where there is none.
    """

    passages: tuple[Passage, ...]
    about: Numbers
    right: Numbers
    wrong: Numbers
    nearest: npt.NDArray[np.intp]
    bare: bool
    accepted: str
    misconceptions: tuple[str, ...]

    @property
    def misconception(self) -> str:
        """The misconception nearest to anything said; empty where none is known."""
        if not self.misconceptions:
            return ""
        return self.misconceptions[int(self.nearest[int(self.wrong[:, 0].argmax())])]

    @property
    def margin(self) -> Numbers:
        """(2,): how much nearer it comes to a misconception than to a right wording, in meaning and words.

        The wrongest passage of the answer is held against its rightest.
        """
        return self.wrong.max(axis=0) - self.right.max(axis=0)


def wordings_of(concepts: Sequence[Concept], ask: str, embedder: Embedder) -> tuple[Wordings, ...]:
    """The wordings of all concepts of a question, embedded at once."""
    asked = findable_stems(ask)
    texts = [[c.statement, *c.accepted, *c.misconceptions] for c in concepts]
    flat = [text for group in texts for text in group]
    vectors = embedder.embed(flat)
    found: list[Wordings] = []
    start = 0
    for concept, group in zip(concepts, texts, strict=True):
        found.append(
            Wordings(
                vectors=vectors[start : start + len(group)],
                stems=tuple(_outside(text, asked) for text in group),
                right=1 + len(concept.accepted),
                accepted=concept.accepted or (concept.statement,),
                misconceptions=concept.misconceptions,
            )
        )
        start += len(group)
    return tuple(found)


def signs_of(spoken: Spoken, wordings: Wordings) -> Signs:
    """Compare every passage with every wording of one concept; at least one passage is needed."""
    cosines = np.asarray(spoken.vectors @ wordings.vectors.T, dtype=np.float64)
    shares = np.array(
        [
            [len(stems & said) / len(stems) if stems else 0.0 for stems in wordings.stems]
            for said in spoken.stems
        ]
    )
    right = slice(0, wordings.right)
    wrong = slice(wordings.right, None)
    accepted = slice(min(1, wordings.right - 1), wordings.right)
    count = len(spoken.passages)
    known = wordings.right < len(wordings.stems)
    return Signs(
        passages=spoken.passages,
        about=np.stack([cosines.max(axis=1), shares.max(axis=1), spoken.echo], axis=1),
        right=np.stack([cosines[:, right].max(axis=1), shares[:, right].mean(axis=1)], axis=1),
        wrong=np.stack([cosines[:, wrong].max(axis=1), shares[:, wrong].mean(axis=1)], axis=1)
        if known
        else np.zeros((count, 2)),
        nearest=cosines[:, wrong].argmax(axis=1) if known else np.zeros(count, dtype=np.intp),
        bare=wordings.bare,
        accepted=wordings.accepted[int(cosines[:, accepted].max(axis=0).argmax())],
        misconceptions=wordings.misconceptions,
    )


def _outside(text: str, asked: frozenset[str]) -> frozenset[str]:
    """The stems of a wording without the question's; all of them where nothing else is left."""
    stems = content_stems(text)
    return stems - asked or stems
