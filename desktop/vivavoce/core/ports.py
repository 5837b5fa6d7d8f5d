"""What the core asks of the outside world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from vivavoce.core.question import Question
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Transcript

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The n tokens of a text, in lower case, and a unit vector for each in its context, (n, width)."""

    tokens: tuple[str, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be read: a statement, and a text that may state it; `asked` is the question, if any."""

    statement: str
    text: str
    asked: str = ""


def of_same_text(pairs: Sequence[Reading]) -> dict[tuple[str, str], list[int]]:
    """Positions of the pairs for each question and text, in order."""
    found: dict[tuple[str, str], list[int]] = {}
    for position, pair in enumerate(pairs):
        found.setdefault((pair.asked, pair.text), []).append(position)
    return found


class Ears(Protocol):
    """Something that writes speech down."""

    name: str
    """Model and version, for the record."""

    def transcribe(self, audio: Path, question: Question | None, ticket: Ticket) -> Transcript:
        """Write down the speech in `audio`; the question's terms help with words of the trade.

        Raises KnownError for a file that is no audio and Cancelled when the ticket is taken back.
        """
        ...


class Embedder(Protocol):
    """Something that turns sentences into vectors."""

    name: str

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), width)."""
        ...

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        """The tokens of each text with their vectors."""
        ...


class Reader(Protocol):
    """Something that tells whether a text states a statement, leaves it out or denies it."""

    name: str

    def read(self, pairs: Sequence[Reading]) -> Numbers:
        """Log-odds, shape (len(pairs), 3): stated, unsaid, denied.

        Statements about the same text may be read together, each in sight of the others.
        """
        ...


class Voice(Protocol):
    """Something that reads a text aloud into a file."""

    name: str

    def speak(self, text: str, to: Path, speed: float, ticket: Ticket) -> None:
        """Write `text`, spoken at `speed` times the normal pace, as a mono 16-bit WAV file."""
        ...
