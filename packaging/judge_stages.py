"""The stages of training the judge's two readers: what each teaches, and how fast."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from judge_data import (
    LABELS,
    ROOT,
    FollowUp,
    Frame,
    LabelledAnswer,
    MinimalPair,
    bank_answers,
    fact_pairs,
    follow_ups,
    frames,
    grading_folder,
    minimal_pairs,
    other_pairs,
    own_fact_answers,
    split,
)
from judge_lessons import (
    Lesson,
    composed_lessons,
    contrast_lessons,
    entailment_lessons,
    follow_up_lessons,
    labelled_lesson,
    order_lessons,
    pair_lessons,
    passage_lessons,
    role_lessons,
    segment_lessons,
    wording_lessons,
)
from segmented_answers import SegmentedAnswer, answers_of_follow_ups, segmented_answers

from vivavoce.core.question import Question
from vivavoce.store.bank import load_bank

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Stage:
    """One round of training: its lessons and the highest learning rate."""

    name: str
    lessons: Sequence[Lesson]
    rate: float


@dataclass(frozen=True, slots=True)
class Material:
    """What may be learnt from; of `described` questions the wordings in the bank may be read as well."""

    described: Sequence[Question]
    answers: Sequence[LabelledAnswer]
    segmented: Sequence[SegmentedAnswer]
    follow_ups: Sequence[FollowUp]
    frames: Sequence[Frame]
    pairs: Sequence[MinimalPair]


def first_stage(material: Material, rng: random.Random) -> Stage:
    """Entailment, single wordings, composed answers, and labelled answers once."""
    most = {
        "mnli_dev": 12000,
        "snli_dev": 1500,
        "snli_18k": 1500,
        "cad_nli": 4000,
        "conj": 3000,
        "negation_nli": 2500,
        "breaking_nli": 1500,
        "med": 1500,
    }
    lessons = entailment_lessons(grading_folder() / "entailment.jsonl.gz", most, rng)
    lessons += wording_lessons(material.described, rng)
    lessons += composed_lessons(material.described, 1800, rng)
    lessons += [labelled_lesson(answer, rng) for answer in material.answers]
    return Stage("first", lessons, 1e-4)


def second_stage(material: Material, rng: random.Random) -> Stage:
    """Labelled answers once, segmented ones twice, each with its opposite; half of the follow-ups."""
    lessons = [labelled_lesson(answer, rng) for answer in material.answers]
    for _ in range(2):
        for answer in material.segmented:
            lessons += segment_lessons(answer, rng)
    lessons += follow_up_lessons(_some_of(material.follow_ups, 1 / 2, rng), rng)
    lessons += _kept(material, rng)
    return Stage("second", lessons, 8e-5)


def order_stage(material: Material, rng: random.Random) -> Stage:
    """Sentences beside themselves with two things swapped."""
    return Stage("order", order_lessons(material.frames, rng), 3e-4)


def roles_stage(material: Material, rng: random.Random) -> Stage:
    """Who does what, in other words than the statement's."""
    return Stage("roles", role_lessons(material.frames, rng), 2e-4)


def pairs_stage(material: Material, rng: random.Random) -> Stage:
    """Concepts said rightly and wrongly in the same words, and some frames."""
    lessons = contrast_lessons(material.pairs, rng) + _some_of(role_lessons(material.frames, rng), 1 / 9, rng)
    return Stage("pairs", lessons, 2e-4)


def passages_stage(material: Material, rng: random.Random) -> Stage:
    """What is said in a sentence or two: segments, follow-ups, pairs in the same words, some frames."""
    lessons = [
        lesson
        for answer in material.segmented
        for lesson in _some_of(list(passage_lessons(answer, rng)), 3 / 5, rng)
    ]
    lessons += follow_up_lessons(_some_of(material.follow_ups, 2 / 3, rng), rng)
    lessons += contrast_lessons(_some_of(material.pairs, 2 / 5, rng), rng)
    lessons += pair_lessons(_some_of(material.pairs, 1 / 7, rng), rng)
    lessons += _some_of(role_lessons(material.frames, rng), 1 / 9, rng)
    lessons += _some_of(_kept(material, rng), 2 / 5, rng)
    return Stage("passages", lessons, 1e-4)


def _some_of(found: Sequence[_T], share: float, rng: random.Random) -> list[_T]:
    return rng.sample(found, round(share * len(found)))


def _kept(material: Material, rng: random.Random) -> list[Lesson]:
    """A sample of the first stage, so that it is not forgotten."""
    most = {"mnli_dev": 1500, "cad_nli": 700, "conj": 500, "negation_nli": 500, "med": 300}
    lessons = entailment_lessons(grading_folder() / "entailment.jsonl.gz", most, rng)
    lessons += composed_lessons(material.described, 300, rng)
    return lessons + rng.sample(list(wording_lessons(material.described, rng)), 1500)


def material_of() -> Material:
    """All that may be learnt from: nothing of the test questions and nothing of the validation questions.

    One training is compared with another by the latter: a reader that has seen their wordings is surer of
    them than of a question it meets for the first time.
    """
    bank = load_bank(ROOT / "data" / "bank")
    kept_apart = split("test") | split("validation")
    replies = [
        reply for reply in follow_ups(LABELS, bank, told=False) if reply.answer.question.id not in kept_apart
    ]
    return Material(
        [q for q in bank.questions if q.id not in kept_apart and q.id.split("-")[0] != "sql"],
        [
            answer
            for answer in [*bank_answers(bank, told=False), *own_fact_answers(bank)]
            if answer.question.id not in kept_apart
        ],
        [
            *(answer for answer in segmented_answers(bank) if answer.question not in kept_apart),
            *answers_of_follow_ups(replies),
        ],
        replies,
        # One in nine is left out, to see what is learnt of the others.
        [frame for number, frame in enumerate(frames()) if number % 9],
        [
            pair
            for pair in [*minimal_pairs(bank), *other_pairs(bank), *fact_pairs()]
            if pair.question.id not in kept_apart
        ],
    )
