"""A question, its key concepts and the terms it is spoken with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a good answer says; `statement` is true by itself.

    `own` are wordings that the user said it with ("I did say this") and `not_said` words that the user
    took back as evidence for it; both come from this machine's history and never from a bank.
    """

    id: str
    statement: str
    weight: float = 1.0
    essential: bool = False
    accepted: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()
    probe: str = ""
    hints: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    not_said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the trade: how it is written, said, and mis-heard by a recogniser."""

    text: str
    spoken: str = ""
    heard_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the bank holds it."""

    id: str
    ask: str
    reference: str
    concepts: tuple[Concept, ...]
    level: str = ""
    topics: tuple[str, ...] = ()
    title: str = ""
    ask_spoken: str = ""
    explanation: str = ""
    follow_ups: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    target_seconds: int = 90
    related: tuple[str, ...] = ()

    @property
    def topic(self) -> str:
        """The main topic, or an empty string."""
        return self.topics[0] if self.topics else ""

    def concept(self, concept_id: str) -> Concept:
        """The concept with that id; KeyError when there is none."""
        for concept in self.concepts:
            if concept.id == concept_id:
                return concept
        raise KeyError(concept_id)
