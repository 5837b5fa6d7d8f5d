"""Questions found by words, and the concept in which the words were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vivavoce.core.question import Concept, Question


@dataclass(frozen=True, slots=True)
class Found:
    """A question that holds all words; `concept` holds those that its title and wording do not."""

    question: Question
    concept: Concept | None = None


def search_words(text: str) -> tuple[str, ...]:
    """The words to look for; case does not count."""
    return tuple(text.casefold().split())


def found_in(question: Question, words: Sequence[str]) -> Found | None:
    """The question if it holds every word, None if one is nowhere in it.

    Looked through are id, title, ask, topics and terms, and of each concept the statement and the
    accepted wordings. Parts of words count: "regular" finds regularization.
    """
    if not words:
        return Found(question)
    head = _text([question.id, question.title, question.ask, *question.topics, *_terms(question)])
    left = [word for word in words if word not in head]
    if not left:
        return Found(question)
    texts = [_text([concept.statement, *concept.accepted]) for concept in question.concepts]
    if not all(any(word in text for text in texts) for word in left):
        return None
    counts = [sum(word in text for word in left) for text in texts]
    return Found(question, question.concepts[counts.index(max(counts))])


def _terms(question: Question) -> list[str]:
    return [text for term in question.terms for text in (term.text, term.spoken)]


def _text(parts: Sequence[str]) -> str:
    return "\n".join(parts).casefold()
