"""The labelled answers hold together: ids that exist, every question, a test split that stays apart."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from vivavoce.paths import content
from vivavoce.store.bank import load_bank

FOLDER = content("data") / "labels"
FILES = ("bank-concepts.jsonl", "own-facts.jsonl")


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def concepts() -> dict[str, set[str]]:
    bank = load_bank(content("data") / "bank")
    return {question.id: {concept.id for concept in question.concepts} for question in bank.questions}


@pytest.mark.parametrize("name", FILES)
def test_every_label_names_a_concept_once(name: str, concepts: dict[str, set[str]]) -> None:
    for row in rows(name):
        known = {fact["id"] for fact in row["facts"]} if "facts" in row else concepts[row["question"]]
        for answer in row["answers"]:
            labels = [*answer["covered"], *answer["partly"], *answer["contradicted"]]
            where = f"{row['question']}, {answer['kind']}"
            assert len(labels) == len(set(labels)), where
            assert set(labels) <= known, where
            assert answer["text"].strip(), where


@pytest.mark.parametrize(("name", "answers"), [("bank-concepts.jsonl", 10), ("own-facts.jsonl", 8)])
def test_all_118_questions_have_their_answers(name: str, answers: int) -> None:
    counts = Counter({row["question"]: len(row["answers"]) for row in rows(name)})
    assert len(counts) == 118
    assert set(counts.values()) == {answers}


def test_right_and_wrong_stand_in_one_answer() -> None:
    """Else a model could learn the kind of answer in place of the truth."""
    answers = [answer for name in FILES for row in rows(name) for answer in row["answers"]]
    both = [answer for answer in answers if answer["covered"] and answer["contradicted"]]
    assert len(both) >= len(answers) / 4


def test_the_splits_do_not_overlap_and_name_known_questions(concepts: dict[str, set[str]]) -> None:
    split = json.loads((FOLDER / "split.json").read_text(encoding="utf-8"))
    assert not set(split["test"]) & set(split["validation"])
    assert {*split["test"], *split["validation"]} <= set(concepts)
    assert len(split["test"]) >= 20
