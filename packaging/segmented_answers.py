"""Answers whose segments can each be right, wrong, beside the point, or left out."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from judge_data import LABELS, FollowUp, LabelledAnswer, rows_of_file

from vivavoce.core.question import Concept, Question
from vivavoce.store.bank import Bank


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of an answer in its versions; one without facts claims nothing and has `right` alone."""

    facts: tuple[str, ...]
    right: str
    wrong: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class SegmentedAnswer:
    """An answer whose segments can each be right, wrong, beside the point, or left out.

    `facts` has for each id its statement, the same in other words, and at times as a hasty note.
    """

    question: str
    ask: str
    style: str
    facts: dict[str, tuple[str, ...]]
    segments: tuple[Segment, ...]


def segmented_answers(bank: Bank) -> list[SegmentedAnswer]:
    """Our answers in segments, to questions of the bank and of other fields."""
    found: list[SegmentedAnswer] = []
    for row in rows_of_file(LABELS / "segments.jsonl"):
        ask = row.get("ask") or bank.get(row["question"]).ask
        facts = {
            fact["id"]: tuple(fact[wording] for wording in ("text", "other", "note") if wording in fact)
            for fact in row["facts"]
        }
        for answer in row["answers"]:
            segments = tuple(
                Segment(tuple(s["facts"]), s["right"], tuple(s.get("wrong", ())), s.get("beside", ""))
                for s in answer["segments"]
            )
            found.append(SegmentedAnswer(row["question"], ask, answer["style"], facts, segments))
    return found


def answers_of_follow_ups(replies: Sequence[FollowUp]) -> list[SegmentedAnswer]:
    """What was said to one concept after the other of a question as an answer in segments.

    Each right reply stands in one answer, and any wrong one or one beside the point can take its place.
    Replies that say something of another concept as well are left out.
    """
    found: list[SegmentedAnswer] = []
    of_question: dict[str, list[FollowUp]] = {}
    for reply in replies:
        if len(reply.answer.covered) + len(reply.answer.contradicted) <= 1:
            of_question.setdefault(reply.answer.question.id, []).append(reply)
    for said in of_question.values():
        question, notes = said[0].answer.question, said[0].answer.notes
        facts = {
            concept.id: (concept.statement, *([notes[concept.id]] if concept.id in notes else []))
            for concept in question.concepts
        }
        texts = {
            (concept, kind): tuple(
                reply.answer.text for reply in said if (reply.concept, reply.answer.kind) == (concept, kind)
            )
            for concept in facts
            for kind in ("right", "wrong", "vague")
        }
        for number in range(max(len(texts[concept, "right"]) for concept in facts)):
            segments = tuple(
                Segment((concept,), right[number % len(right)], wrong, beside[0])
                for concept in facts
                if (right := texts[concept, "right"])
                and (wrong := texts[concept, "wrong"])
                and (beside := texts[concept, "vague"])
            )
            found.append(SegmentedAnswer(question.id, question.ask, "spoken", facts, segments))
    return found


# How often a segment is right, wrong, beside the point, left out.
_MIXTURES = (
    (1.0, 0.0, 0.0, 0.0),
    (0.6, 0.2, 0.12, 0.08),
    (0.35, 0.35, 0.15, 0.15),
    (0.35, 0.35, 0.15, 0.15),
    (0.12, 0.6, 0.18, 0.1),
)


def put_together(told: SegmentedAnswer, rng: random.Random) -> tuple[str, dict[str, str]]:
    """One of the answers a segmented answer can be, and the label of each fact in it."""
    return _answer_of(told, _states(told, rng), rng)


def put_together_twice(
    told: SegmentedAnswer, rng: random.Random
) -> tuple[tuple[str, dict[str, str]], tuple[str, dict[str, str]]]:
    """An answer put together, and the one that is right where that one is wrong and wrong where it is right.

    The two differ in nothing else, so only what makes a statement right or wrong tells them apart.
    """
    return _both_ways(told, _states(told, rng), rng)


def passages_put_together(
    told: SegmentedAnswer, rng: random.Random
) -> Iterator[tuple[tuple[str, dict[str, str]], tuple[str, dict[str, str]]]]:
    """Its segments one or two at a time, each also with right and wrong exchanged; labels as above."""
    place = 0
    while place < len(told.segments):
        part = told.segments[place : place + rng.choice((1, 1, 1, 2))]
        place += len(part)
        states = [
            rng.choice(("covered", "covered", "contradicted", "contradicted", "beside"))
            if segment.facts
            else "covered"
            for segment in part
        ]
        yield _both_ways(replace(told, segments=part), states, rng)


def _both_ways(
    told: SegmentedAnswer, states: Sequence[str], rng: random.Random
) -> tuple[tuple[str, dict[str, str]], tuple[str, dict[str, str]]]:
    other = {"covered": "contradicted", "contradicted": "covered"}
    seed = rng.random()
    first = _answer_of(told, states, random.Random(seed))
    return first, _answer_of(told, [other.get(state, state) for state in states], random.Random(seed))


def _states(told: SegmentedAnswer, rng: random.Random) -> list[str]:
    mixture = rng.choice(_MIXTURES)
    states: list[str] = []
    for segment in told.segments:
        if segment.facts:
            states += rng.choices(("covered", "contradicted", "beside", "out"), mixture)
        else:
            states.append("covered" if rng.random() < 0.85 else "out")
    return states


def _answer_of(
    told: SegmentedAnswer, states: Sequence[str], rng: random.Random
) -> tuple[str, dict[str, str]]:
    said: list[str] = []
    labels = dict.fromkeys(told.facts, "unsaid")
    for segment, state in zip(told.segments, states, strict=True):
        # Drawn in any case: two answers from one seed differ only where their states do.
        wrong = rng.choice(segment.wrong) if segment.facts else segment.right
        said_as = {"covered": segment.right, "contradicted": wrong, "beside": segment.beside}
        if state in said_as:
            said.append(said_as[state])
        if state in ("covered", "contradicted"):
            labels |= dict.fromkeys(segment.facts, state)
    if rng.random() < 0.15:
        rng.shuffle(said)
    return " ".join(said) or told.ask, labels


def put_together_answers(told: Sequence[SegmentedAnswer], times: int, seed: int) -> list[LabelledAnswer]:
    """Each segmented answer so many times, as labelled answers; the same for the same seed."""
    rng = random.Random(seed)
    found: list[LabelledAnswer] = []
    for answer in told:
        for _ in range(times):
            text, labels = put_together(answer, rng)
            concepts = tuple(Concept(fact, statements[0]) for fact, statements in answer.facts.items())
            of_label = {
                label: frozenset(fact for fact, found in labels.items() if found == label)
                for label in ("covered", "contradicted")
            }
            found.append(
                LabelledAnswer(
                    Question(answer.question, answer.ask, "", concepts),
                    "segments",
                    text,
                    of_label["covered"],
                    of_label["contradicted"],
                )
            )
    return found
