"""One concept in one labelled answer: what was found of it, and its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from judge_data import FollowUp, LabelledAnswer

from vivavoce.core.answer import answer_from_text
from vivavoce.core.finding import Finding
from vivavoce.core.judgement import Judge

# A follow-up is one claim where an answer is six or seven: what it says of the concept it was asked about
# counts a quarter of what an answer says of one, what it says of the others, mostly nothing, a thirteenth.
# With more, short texts take over and answers-dev loses; with none, bare statements are promised too much.
_OF_FOLLOW_UP = 0.25
_OF_OTHERS = 0.075
_OF_PAIR = 0.15


@dataclass(frozen=True, slots=True)
class Row:
    """One concept in one answer; `label` is "covered", "partly", "contradicted" or "unsaid".

    `weight` is what it counts when the calibration is fitted: 1 in an answer, less in a follow-up.
    """

    question: str
    answer: int
    kind: str
    finding: Finding
    label: str
    weight: float = 1.0

    @property
    def covered(self) -> bool:
        """Whether it is said."""
        return self.label == "covered"

    @property
    def contradicted(self) -> bool:
        """Whether it is said wrongly."""
        return self.label == "contradicted"

    @property
    def about(self) -> bool:
        """Whether it is talked about at all, right or wrong."""
        return self.label != "unsaid"


def rows_of(answers: Sequence[LabelledAnswer], judge: Judge) -> list[Row]:
    """What is found of every concept in every answer at first sight, with its label."""
    rows: list[Row] = []
    for number, answer in enumerate(answers):
        findings = judge.findings(answer_from_text(answer.text), answer.question)
        rows += [
            Row(answer.question.id, number, answer.kind, finding, label_of(answer, concept.id))
            for concept, finding in zip(answer.question.concepts, findings, strict=True)
        ]
    return rows


def follow_up_rows(replies: Sequence[FollowUp], judge: Judge, first: int) -> list[Row]:
    """The same of follow-ups, whose answers are numbered from `first` on; they count less."""
    rows: list[Row] = []
    for number, reply in enumerate(replies, first):
        concepts = reply.answer.question.concepts
        for row, concept in zip(rows_of([reply.answer], judge), concepts, strict=True):
            weight = _OF_FOLLOW_UP if concept.id == reply.concept else _OF_OTHERS
            rows.append(replace(row, answer=number, weight=weight))
    return rows


def pair_rows(answers: Sequence[LabelledAnswer], judge: Judge, first: int) -> list[Row]:
    """The same of minimal pairs, each with the one concept that it is known to say or to deny."""
    rows: list[Row] = []
    for number, answer in enumerate(answers, first):
        (known,) = answer.covered | answer.contradicted
        for row, concept in zip(rows_of([answer], judge), answer.question.concepts, strict=True):
            if concept.id == known:
                rows.append(replace(row, answer=number, weight=_OF_PAIR))
    return rows


def looked_again(answers: Sequence[LabelledAnswer], rows: Sequence[Row], judge: Judge) -> list[Row]:
    """The rows with the second look where the judge takes it, in the company in which it does."""
    of_answer: dict[int, list[Row]] = {}
    for row in rows:
        of_answer.setdefault(row.answer, []).append(row)
    found: list[Row] = []
    for number, answer in enumerate(answers):
        first = of_answer.get(number, [])
        findings = judge.looked_again([row.finding for row in first], answer.question)
        found += [replace(row, finding=finding) for row, finding in zip(first, findings, strict=True)]
    return found


def first_look(row: Row) -> Row:
    """The row without the second look."""
    return replace(row, finding=replace(row.finding, again=None))


def label_of(answer: LabelledAnswer, concept_id: str) -> str:
    """The label of one concept in an answer."""
    if concept_id in answer.covered:
        return "covered"
    if concept_id in answer.contradicted:
        return "contradicted"
    return "partly" if concept_id in answer.partly else "unsaid"
