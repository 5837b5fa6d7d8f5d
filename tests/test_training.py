"""What the judge's reader learns from: nothing that it is measured or its calibration is fitted on."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from vivavoce.paths import content
from vivavoce.store.bank import load_bank


@pytest.fixture
def data(packaging: Callable[[str], Any]) -> Any:
    return packaging("judge_data")


@pytest.fixture
def lessons(packaging: Callable[[str], Any]) -> Any:
    return packaging("judge_lessons")


@pytest.fixture
def segmented(packaging: Callable[[str], Any]) -> Any:
    return packaging("segmented_answers")


@pytest.fixture
def stages(packaging: Callable[[str], Any]) -> Any:
    return packaging("judge_stages")


def test_nothing_is_learnt_that_is_measured_or_fitted_on(data: Any, stages: Any) -> None:
    material = stages.material_of()
    apart = data.split("test") | data.split("validation")

    learnt = {question.id for question in material.described}
    learnt |= {answer.question.id for answer in material.answers}
    learnt |= {answer.question for answer in material.segmented}
    learnt |= {reply.answer.question.id for reply in material.follow_ups}
    learnt |= {pair.question.id for pair in material.pairs}

    assert learnt.isdisjoint(apart)
    assert learnt.isdisjoint({q.id for q in load_bank(content("data") / "calibration" / "bank").questions})
    assert len(learnt & {q.id for q in load_bank(content("data") / "bank").questions}) == 118 - len(apart)


def test_of_two_answers_put_together_one_is_right_where_the_other_is_wrong(segmented: Any) -> None:
    told = segmented.segmented_answers(load_bank(content("data") / "bank"))[0]
    rng = random.Random(1)
    other = {"covered": "contradicted", "contradicted": "covered", "unsaid": "unsaid"}
    differing = 0
    for _ in range(20):
        (text, labels), (mirrored, opposite) = segmented.put_together_twice(told, rng)
        assert opposite == {fact: other[label] for fact, label in labels.items()}
        differing += text != mirrored
    assert differing


def test_statements_stand_as_notes_now_and_then(data: Any, lessons: Any) -> None:
    answer = data.bank_answers(load_bank(content("data") / "bank"), told=False)[0]
    statements = {concept.statement for concept in answer.question.concepts}
    rng = random.Random(1)

    asked = [set(lessons.labelled_lesson(answer, rng).statements) for _ in range(60)]

    assert all(one <= statements or one <= set(answer.notes.values()) for one in asked)
    assert 5 <= sum(one <= set(answer.notes.values()) for one in asked) <= 25


def test_follow_ups_make_answers_in_which_each_concept_can_be_right_or_wrong(
    data: Any, segmented: Any
) -> None:
    replies = data.follow_ups(data.LABELS, load_bank(content("data") / "bank"), told=False)
    of_kind = {
        (reply.concept, kind): {
            r.answer.text for r in replies if (r.concept, r.answer.kind) == (reply.concept, kind)
        }
        for reply in replies[:6]
        for kind in ("right", "wrong", "vague")
    }

    answers = segmented.answers_of_follow_ups(replies)

    first = next(segment for segment in answers[0].segments if (segment.facts[0], "right") in of_kind)
    assert first.right in of_kind[first.facts[0], "right"]
    assert set(first.wrong) <= of_kind[first.facts[0], "wrong"]
    assert first.beside in of_kind[first.facts[0], "vague"]
    rng = random.Random(1)
    (text, labels), (_, opposite) = segmented.put_together_twice(answers[0], rng)
    assert {"covered", "contradicted"} & set(labels.values())
    assert labels != opposite
    assert (
        any(part in text for part in (*first.wrong, first.right, first.beside))
        or labels[first.facts[0]] == "unsaid"
    )


def test_a_passage_claims_nothing_but_what_its_segments_do(segmented: Any, lessons: Any) -> None:
    told = segmented.segmented_answers(load_bank(content("data") / "bank"))[0]
    told = replace(told, style="heard")  # else some texts are roughened
    of_statement = {wording: fact for fact, wordings in told.facts.items() for wording in wordings}
    rng = random.Random(1)
    seen: set[Any] = set()
    for learnt in [learnt for _ in range(10) for learnt in lessons.passage_lessons(told, rng)]:
        claimed: dict[str, Any] = {}
        for segment in told.segments:
            if segment.right in learnt.text:
                claimed |= dict.fromkeys(segment.facts, lessons.STATED)
            if any(wrong in learnt.text for wrong in segment.wrong):
                claimed |= dict.fromkeys(segment.facts, lessons.DENIED)
        for statement, target in zip(learnt.statements, learnt.targets, strict=True):
            assert target == claimed.get(of_statement[statement], lessons.UNSAID)
            seen.add(target)
    assert seen == {lessons.STATED, lessons.DENIED, lessons.UNSAID}


def test_a_follow_up_is_learnt_with_the_concept_it_was_asked_about(data: Any, lessons: Any) -> None:
    replies = data.follow_ups(data.LABELS, load_bank(content("data") / "bank"), told=False)[:40]
    rng = random.Random(1)
    for reply, learnt in zip(replies, lessons.follow_up_lessons(replies, rng), strict=True):
        statement = next(c.statement for c in reply.answer.question.concepts if c.id == reply.concept)
        wordings = {statement, reply.answer.notes.get(reply.concept, statement)}
        asked = [t for s, t in zip(learnt.statements, learnt.targets, strict=True) if s in wordings]
        assert asked == [
            {"right": lessons.STATED, "wrong": lessons.DENIED, "vague": lessons.UNSAID}[reply.answer.kind]
        ]


def test_a_sentence_beside_itself_swapped_is_denied(data: Any, lessons: Any) -> None:
    frames = data.frames()[:20]
    learnt = lessons.order_lessons(frames, random.Random(1))
    assert all((one.targets == (lessons.STATED,)) == (one.statements == (one.text,)) for one in learnt)
    assert sum(one.targets == (lessons.DENIED,) for one in learnt) == len(learnt) / 2


def test_who_does_what_is_learnt_from_each_way_to_say_it_with_its_contrary(data: Any, lessons: Any) -> None:
    frames = data.frames()[:20]
    learnt = lessons.role_lessons(frames, random.Random(1))
    words = re.compile(r"\w+")
    other_words = [
        one
        for one in learnt
        if sorted(words.findall(one.text.lower())) != sorted(words.findall(one.statements[0].lower()))
    ]
    assert len(other_words) > len(learnt) / 2
    of_statement: dict[str, list[Any]] = {}
    for one in other_words:
        of_statement.setdefault(one.statements[0], []).append(one.targets[0])
    assert all(targets.count(lessons.STATED) * 2 == len(targets) for targets in of_statement.values())


def test_of_minimal_pairs_each_text_has_its_contrary_with_the_same_statements(
    data: Any, lessons: Any
) -> None:
    pairs = data.minimal_pairs(load_bank(content("data") / "bank"))[:60]
    other = {lessons.STATED: lessons.DENIED, lessons.DENIED: lessons.STATED, lessons.UNSAID: lessons.UNSAID}

    learnt = list(lessons.pair_lessons(pairs, random.Random(1)))

    for one, contrary in zip(learnt[::2], learnt[1::2], strict=True):
        before = dict(zip(one.statements, one.targets, strict=True))
        after = dict(zip(contrary.statements, contrary.targets, strict=True))
        assert after == {statement: other[target] for statement, target in before.items()}
        assert one.text.lower() != contrary.text.lower()
    assert any(len(one.statements) > 3 for one in learnt)


def test_both_texts_of_a_pair_are_held_against_one_statement_of_three_kinds(data: Any, lessons: Any) -> None:
    pairs = data.minimal_pairs(load_bank(content("data") / "bank"))[:60]
    own = {statement for pair in pairs for statement in (pair.concept.statement, pair.note)}
    said = {text for pair in pairs for text in (pair.right, pair.wrong)}

    learnt = lessons.contrast_lessons(pairs, random.Random(1))

    assert len(learnt) == 2 * len(pairs)
    kinds = {"own words": 0, "another's words": 0, "the concept": 0}
    for one, contrary in zip(learnt[::2], learnt[1::2], strict=True):
        assert one.statements == contrary.statements
        assert {one.targets[0], contrary.targets[0]} == {lessons.STATED, lessons.DENIED}
        (statement,) = one.statements
        assert statement in own | said
        alike = [lesson.text.lower()[:20] == statement.lower()[:20] for lesson in (one, contrary)]
        kinds["the concept" if statement in own else "own words" if any(alike) else "another's words"] += 1
    assert all(kinds.values())


def test_a_text_states_its_own_words_and_denies_those_of_its_contrary(data: Any, lessons: Any) -> None:
    pairs = data.minimal_pairs(load_bank(content("data") / "bank"))[:60]
    stated = {lesson.text: lesson for lesson in lessons.contrast_lessons(pairs, random.Random(1))}
    same = [one for text, one in stated.items() if one.statements == (text,)]
    assert same
    assert all(one.targets == (lessons.STATED,) for one in same)
