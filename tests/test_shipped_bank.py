"""What the shipped bank promises: every question of the seed list, our own words, code that compiles."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from vivavoce.core.question import Question
from vivavoce.paths import content
from vivavoce.store.bank import Bank, load_bank

SEED_LEVELS = {"general": 20, "fresher": 26, "core": 50, "experienced": 22}
LONGEST_SHARED_RUN = 7
SEED = Path(os.environ.get("VIVAVOCE_SEED", Path(__file__).resolve().parents[2] / "shared" / "source"))


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank(content("data") / "bank")


def texts(question: Question) -> list[str]:
    """Everything of a question that is written in sentences."""
    found = [question.title, question.ask, question.reference, question.explanation, *question.follow_ups]
    for concept in question.concepts:
        found += [concept.statement, concept.probe]
        found += [*concept.accepted, *concept.misconceptions, *concept.hints]
    return found


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def test_every_question_of_the_list_is_there(bank: Bank) -> None:
    wanted = {f"{level}-{n:02d}" for level, count in SEED_LEVELS.items() for n in range(1, count + 1)}
    assert bank.faults == ()
    assert {question.id for question in bank.questions} >= wanted
    for question in bank.questions:
        assert not question.id.startswith(tuple(SEED_LEVELS)) or question.id.startswith(question.level)


def test_the_list_is_the_one_the_seed_gives(bank: Bank) -> None:
    if not (SEED / "questions.tsv").is_file():
        pytest.skip(f"no seed list in {SEED}; VIVAVOCE_SEED names another folder")
    with (SEED / "questions.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == sum(SEED_LEVELS.values())
    for row in rows:
        question = bank.get(row["id"])
        assert question.level == row["level"]
        # The same subject: a word of the seed's title, or the stem of one, is in what we ask or answer.
        ours = " ".join(texts(question)).lower()
        subject = [word for word in words(row["title"]) if len(word) > 3]
        assert any(word[:5] in ours for word in subject), row["title"]


def test_no_sentence_is_the_seeds(bank: Bank) -> None:
    source = SEED / "deep-learning-interview-questions.txt"
    if not source.is_file():
        pytest.skip(f"no seed text in {SEED}; VIVAVOCE_SEED names another folder")
    size = LONGEST_SHARED_RUN + 1
    seed = words(source.read_text(encoding="utf-8"))
    runs = {tuple(seed[at : at + size]) for at in range(len(seed) - size + 1)}
    shared = [
        (question.id, " ".join(said[at : at + size]))
        for question in bank.questions
        for said in map(words, texts(question))
        for at in range(len(said) - size + 1)
        if tuple(said[at : at + size]) in runs
    ]
    assert shared == []


def test_every_question_is_whole(bank: Bank) -> None:
    thin = [
        question.id
        for question in bank.questions
        if question.level in SEED_LEVELS
        and not (
            4 <= len(question.concepts) <= 8
            and 80 <= len(question.reference.split()) <= 160
            and 120 <= len(question.explanation.split()) <= 300
            and 1 <= len(question.follow_ups) <= 3
            and question.terms
            and any(concept.essential for concept in question.concepts)
            and all(
                3 <= len(concept.accepted) <= 6
                and 1 <= len(concept.misconceptions) <= 3
                and concept.probe
                and len(concept.hints) >= 2
                for concept in question.concepts
            )
        )
    ]
    assert thin == []


def test_code_samples_compile(bank: Bank) -> None:
    samples = [
        (question.id, code)
        for question in bank.questions
        for code in re.findall(r"```python\n(.*?)```", question.explanation, re.DOTALL)
    ]
    assert len(samples) >= 3
    for question_id, code in samples:
        compile(code, question_id, "exec")


def test_related_questions_name_each_other(bank: Bank) -> None:
    related = {question.id: question.related for question in bank.questions}
    one_way = [
        (one, other) for one, others in related.items() for other in others if one not in related[other]
    ]
    assert one_way == []
