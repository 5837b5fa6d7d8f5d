"""Ideas: one thing to say, wherever it is asked; the concepts of several questions may state the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vivavoce.core.question import Question

ConceptRef = tuple[str, str]
"""A concept by its question's id and its own."""


@dataclass(frozen=True, slots=True)
class Idea:
    """One thing to say and the concepts that state it.

    A concept that shares its idea with no other stands for itself: an idea with one concept, the
    concept's statement as its title and the question's main topic.
    """

    id: str
    title: str
    topic: str
    concepts: tuple[ConceptRef, ...]


@dataclass(frozen=True, slots=True)
class IdeaIndex:
    """All ideas in the order in which the questions ask for them, and the idea of each concept.

    An idea keeps a concept that has left the bank, so that what was said then still counts.
    """

    ideas: tuple[Idea, ...]
    of_concept: Mapping[ConceptRef, Idea]

    def elsewhere(self, concept: ConceptRef) -> tuple[ConceptRef, ...]:
        """The concepts of other questions that state the same idea."""
        idea = self.of_concept.get(concept)
        return () if idea is None else tuple(ref for ref in idea.concepts if ref[0] != concept[0])


def merged_ideas(shipped: Iterable[Idea], own: Iterable[Idea]) -> tuple[Idea, ...]:
    """The ideas of both sources; an own one adds to the shipped one with its id.

    A concept that an own idea names leaves the shipped idea that named it.
    """
    ideas = {idea.id: idea for idea in shipped}
    for idea in own:
        taken = set(idea.concepts)
        for other in ideas.values():
            if not taken.isdisjoint(other.concepts) and other.id != idea.id:
                left = tuple(ref for ref in other.concepts if ref not in taken)
                ideas[other.id] = replace(other, concepts=left)
        before = ideas[idea.id].concepts if idea.id in ideas else ()
        ideas[idea.id] = replace(idea, concepts=tuple(dict.fromkeys((*before, *idea.concepts))))
    return tuple(ideas.values())


def ideas_of(questions: Iterable[Question], listed: Iterable[Idea]) -> IdeaIndex:
    """The index of all that the questions ask for; a concept that no listed idea names stands for itself."""
    of_concept: dict[ConceptRef, Idea] = {}
    for idea in listed:
        for ref in idea.concepts:
            of_concept.setdefault(ref, idea)
    ideas: dict[str, Idea] = {}
    for question in questions:
        for concept in question.concepts:
            ref = (question.id, concept.id)
            alone = Idea("/".join(ref), concept.statement, question.topic, (ref,))
            idea = of_concept.setdefault(ref, alone)
            ideas[idea.id] = idea
    return IdeaIndex(tuple(ideas.values()), of_concept)
