"""Whether a question's own words are judged as its author means them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from vivavoce.core.answer import Answer, answer_from_text
from vivavoce.core.evidence import Evidence, Verdict
from vivavoce.core.question import Concept, Question
from vivavoce.core.ticket import Ticket

WordingKind = Literal["reference", "accepted", "misconception"]


class EvidenceFinder(Protocol):
    """Whatever finds evidence in an answer; the judge does."""

    def evidence(self, answer: Answer, question: Question) -> tuple[Evidence, ...]:
        """The evidence for every concept of the question, in its order."""
        ...


@dataclass(frozen=True, slots=True)
class WordingResult:
    """What the judge says of one text given as the whole answer: a verdict for each concept's id.

    An accepted wording is left out of the question while it is judged, or it would only find itself.
    `concept_id` is empty for the reference.
    """

    kind: WordingKind
    concept_id: str
    text: str
    verdicts: dict[str, Verdict]

    @property
    def own(self) -> Verdict | None:
        """The verdict on the text's own concept; None for the reference."""
        return self.verdicts.get(self.concept_id)

    @property
    def others_covered(self) -> tuple[str, ...]:
        """Ids of other concepts that the text alone would cover."""
        return tuple(name for name, v in self.verdicts.items() if v == "covered" and name != self.concept_id)

    @property
    def missing(self) -> tuple[str, ...]:
        """Ids of the concepts that are not covered."""
        return tuple(name for name, verdict in self.verdicts.items() if verdict != "covered")

    @property
    def sound(self) -> bool:
        """Whether it is judged as it is meant.

        The reference covers every concept, an accepted wording its own and no other, a misconception none.
        """
        if self.kind == "reference":
            return not self.missing
        own_right = self.own == "covered" if self.kind == "accepted" else self.own != "covered"
        return own_right and not self.others_covered


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares (0..1) of what is judged as it is meant; None where there is nothing of the kind."""

    reference_covered: float | None
    accepted_recognised: float | None
    misconceptions_refused: float | None


def wording_results(
    question: Question, judge: EvidenceFinder, ticket: Ticket | None = None
) -> tuple[WordingResult, ...]:
    """Judge the reference, every accepted wording and every misconception of a question by itself.

    Progress is told as "checking"; raises Cancelled when the ticket is taken back.
    """
    texts = list(texts_of(question))
    results: list[WordingResult] = []
    for number, (kind, concept, text) in enumerate(texts):
        if ticket is not None:
            ticket.progress("checking", number / len(texts))
        answer = answer_from_text(text)
        verdicts: dict[str, Verdict] = {e.concept_id: e.verdict for e in judge.evidence(answer, question)}
        if kind == "accepted" and concept is not None:
            # Only its own concept is told anew: what the judge knows of the others stays known.
            without = judge.evidence(answer, _left_out(question, concept, text))
            verdicts[concept.id] = next(e.verdict for e in without if e.concept_id == concept.id)
        results.append(WordingResult(kind, concept.id if concept else "", text, verdicts))
    if ticket is not None:
        ticket.progress("checking", 1.0)
    return tuple(results)


def rates_of(results: Iterable[WordingResult]) -> Rates:
    """The three rates: concepts that references cover, wordings recognised, misconceptions refused.

    A wording counts as recognised when its own concept is covered, a misconception as refused when its own
    is not; what they do to other concepts is in the results.
    """
    given = list(results)
    reference = [v == "covered" for one in given if one.kind == "reference" for v in one.verdicts.values()]
    accepted = [one.own == "covered" for one in given if one.kind == "accepted"]
    misconceptions = [one.own != "covered" for one in given if one.kind == "misconception"]
    return Rates(_share(reference), _share(accepted), _share(misconceptions))


def texts_of(question: Question) -> Iterator[tuple[WordingKind, Concept | None, str]]:
    """Every text that is judged by itself, with its concept: the reference has none."""
    if question.reference.strip():
        yield "reference", None, question.reference
    for concept in question.concepts:
        for text in concept.accepted:
            yield "accepted", concept, text
        for text in concept.misconceptions:
            yield "misconception", concept, text


def _left_out(question: Question, concept: Concept, text: str) -> Question:
    """The question without this wording of this concept."""
    rest = replace(concept, accepted=tuple(other for other in concept.accepted if other != text))
    return replace(question, concepts=tuple(rest if c is concept else c for c in question.concepts))


def _share(hits: list[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None
