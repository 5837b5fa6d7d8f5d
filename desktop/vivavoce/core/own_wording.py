"""What the user says of a verdict, "I did say this" or "I did not", and what follows from it.

A wording of one's own wins for certain when the same words are said again, whatever the judge makes of
them; words that were taken back are no evidence when they are said again. Everything else is the judge's,
who sees the wordings among the accepted ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from vivavoce.core.answer import Answer, AnswerWord
from vivavoce.core.delivery import is_filler
from vivavoce.core.evidence import Evidence
from vivavoce.core.question import Concept, Question, Term
from vivavoce.core.repetition import negation_before, repetitions
from vivavoce.core.words import content_stems, corrected

WordingKind = Literal["accepted", "rejected"]

OWN_WORDING_COVERED = 0.98
"""Probability of a concept whose own wording was said again: certain, but for words in another sense."""
LEAST_CONTENT_WORDS = 2
MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class OwnWording:
    """Words of an answer that do state a concept (accepted), or do not (rejected), as its user says.

    `attempt_id` is the answer they were said in, None when that is gone.
    """

    id: int
    question_id: str
    concept_id: str
    kind: WordingKind
    text: str
    attempt_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SaidAgain:
    """A wording that was found: its text, and the positions of its first and last word in the answer."""

    text: str
    first: int
    last: int


class EvidenceFinder(Protocol):
    """Whatever finds evidence in an answer; the judge does."""

    def evidence(self, answer: Answer, question: Question) -> tuple[Evidence, ...]:
        """The evidence for every concept of the question, in its order."""
        ...


def question_with_wordings(question: Question, wordings: Iterable[OwnWording]) -> Question:
    """The question as it is to be judged for this user.

    Accepted wordings go to `accepted` and `own` of their concept, rejected ones to `not_said`. Wordings of
    other questions and of concepts that are gone are passed over.
    """
    mine = [wording for wording in wordings if wording.question_id == question.id]
    if not mine:
        return question
    return replace(question, concepts=tuple(_with_wordings(concept, mine) for concept in question.concepts))


def said_own_wording(words: Sequence[str], concept: Concept, terms: Iterable[Term] = ()) -> SaidAgain | None:
    """The first place where one of the concept's own wordings is said again, or None.

    `words` are the answer's, punctuation and all; `terms` put mis-heard ones right on both sides.
    """
    known = tuple(terms)
    spoken = corrected(words, known)
    return next(
        (
            SaidAgain(text, place.first, place.last)
            for text in concept.own
            for place in repetitions(spoken, _corrected(text, known))
        ),
        None,
    )


def evidence_with_wordings(answer: Answer, question: Question, judge: EvidenceFinder) -> tuple[Evidence, ...]:
    """The judge's evidence, in which the user's own wordings win and the words taken back are none."""
    found = judge.evidence(answer, question)
    if not any(concept.own or concept.not_said for concept in question.concepts):
        return found
    words = [word.text for word in answer.words]
    return tuple(
        _settled(answer, words, question, concept, evidence, judge)
        for concept, evidence in zip(question.concepts, found, strict=True)
    )


def selection_fault(words: Sequence[str], first: int, last: int) -> str | None:
    """Why the words from position `first` up to and with `last` cannot be kept as a wording of a concept.

    A sentence for the user; None when they can be kept.
    """
    chosen = [word for word in words[first : last + 1] if not is_filler(word)]
    if len(content_stems(" ".join(chosen))) < LEAST_CONTENT_WORDS:
        return "That is too little to know it by again. Select the words that say it, about half a sentence."
    if len(chosen) > MOST_WORDS:
        return "That is long. Select only the words that say it: a sentence or two."
    negation = negation_before(words, first)
    if negation is not None:
        return f"“{negation}” stands just before these words and belongs to them. Select it too."
    return None


def without_words(answer: Answer, texts: Iterable[str], terms: Iterable[Term] = ()) -> Answer:
    """The answer with every place where one of the texts is said again left out, as an ellipsis.

    The ellipsis ends a sentence, so that what stood on both sides is not read as one.
    """
    known = tuple(terms)
    for text in texts:
        spoken = corrected([word.text for word in answer.words], known)
        for place in reversed(list(repetitions(spoken, _corrected(text, known), denied=True))):
            moment = answer.words[place.first].start
            gap = AnswerWord("…", moment, moment)
            answer = Answer((*answer.words[: place.first], gap, *answer.words[place.last + 1 :]))
    return answer


def _corrected(text: str, terms: Sequence[Term]) -> str:
    return " ".join(corrected(text.split(), terms))


def _with_wordings(concept: Concept, wordings: Sequence[OwnWording]) -> Concept:
    own = tuple(w.text for w in wordings if w.concept_id == concept.id and w.kind == "accepted")
    not_said = tuple(w.text for w in wordings if w.concept_id == concept.id and w.kind == "rejected")
    if not own and not not_said:
        return concept
    accepted = (*concept.accepted, *(text for text in own if text not in concept.accepted))
    return replace(concept, accepted=accepted, own=own, not_said=not_said)


def _settled(
    answer: Answer,
    words: Sequence[str],
    question: Question,
    concept: Concept,
    evidence: Evidence,
    judge: EvidenceFinder,
) -> Evidence:
    said = said_own_wording(words, concept, question.terms)
    if said is not None:
        return replace(
            evidence,
            verdict="covered",
            covered=max(evidence.covered, OWN_WORDING_COVERED),
            contradicted=min(evidence.contradicted, 1.0 - OWN_WORDING_COVERED),
            quote=answer.quote(said.first, said.last),
            start=answer.words[said.first].start,
            end=answer.words[said.last].end,
            closest=None,
            misconception=None,
            own_wording=said.text,
        )
    if concept.not_said:
        rest = without_words(answer, concept.not_said, question.terms)
        if rest != answer:
            # For this concept alone: for the others the words count as before.
            evidence = next(e for e in judge.evidence(rest, question) if e.concept_id == concept.id)
    return evidence
