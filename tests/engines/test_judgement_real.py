from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vivavoce.core.alignment import share_met
from vivavoce.core.answer import Answer, answer_from_text
from vivavoce.core.calibration import Calibration, calibration_from_json
from vivavoce.core.evidence import Evidence
from vivavoce.core.judgement import Judge
from vivavoce.core.question import Concept, Question
from vivavoce.core.scoring import score_of, unscored_reason
from vivavoce.engines.compute import cpu
from vivavoce.engines.embedder import MiniLM
from vivavoce.engines.manifest import ModelShelf
from vivavoce.engines.reader import StatementReader, both_readers, read_field
from vivavoce.paths import content
from vivavoce.store.bank import load_bank

IDS = ("general-01", "general-02", "general-03", "general-04")
PASTA = (
    "First I fill a big pot and bring it to the boil with plenty of salt. The spaghetti goes in for nine "
    "minutes. Meanwhile I fry garlic in olive oil, add tomatoes and a little basil, and I mix it at the end."
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> ModelShelf:
    return ModelShelf(content("models"), tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def embedder(shelf: ModelShelf) -> MiniLM:
    return MiniLM(shelf.folder("minilm-l6"), "minilm-l6", cpu("a test"))


@pytest.fixture(scope="module")
def readers(shelf: ModelShelf) -> tuple[StatementReader, StatementReader]:
    return both_readers(shelf.folder("reader"), shelf.folder("minilm-l6"), "reader", cpu("a test"))


@pytest.fixture(scope="module")
def reader(readers: tuple[StatementReader, StatementReader]) -> StatementReader:
    return readers[0]


@pytest.fixture(scope="module")
def passage_reader(readers: tuple[StatementReader, StatementReader]) -> StatementReader:
    return readers[1]


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    path: Path = content("models") / "judge" / "calibration.json"
    return calibration_from_json(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def judge(
    embedder: MiniLM, reader: StatementReader, passage_reader: StatementReader, calibration: Calibration
) -> Judge:
    return Judge(embedder, reader, calibration, passage_reader=passage_reader)


@pytest.fixture(scope="module", params=IDS)
def question(request: pytest.FixtureRequest) -> Question:
    return load_bank(content("data") / "bank").get(request.param)


def by_verdict(found: tuple[Evidence, ...], verdict: str) -> list[str]:
    return [item.concept_id for item in found if item.verdict == verdict]


def test_the_reference_covers_nearly_all_in_its_own_words(judge: Judge, question: Question) -> None:
    answer = answer_from_text(question.reference)
    found = judge.evidence(answer, question)
    assert len(by_verdict(found, "covered")) >= len(found) - 1
    assert all(
        item.quote is not None and item.quote in answer.text for item in found if item.verdict == "covered"
    )
    assert score_of(found, question).score >= 85.0


def test_the_reference_is_found_by_statements_alone(judge: Judge, question: Question) -> None:
    bare = replace(
        question, concepts=tuple(replace(c, accepted=(), misconceptions=()) for c in question.concepts)
    )
    found = judge.evidence(answer_from_text(question.reference), bare)
    assert len(by_verdict(found, "covered")) >= len(found) - 1
    assert not by_verdict(found, "contradicted")


def test_talk_about_something_else_covers_nothing(judge: Judge, question: Question) -> None:
    found = judge.evidence(answer_from_text(PASTA), question)
    assert by_verdict(found, "missed") == [concept.id for concept in question.concepts]
    assert score_of(found, question).score == 0.0
    assert unscored_reason(answer_from_text(PASTA), question) is None


def test_an_empty_answer_covers_nothing_and_is_not_scored(judge: Judge, question: Question) -> None:
    assert by_verdict(judge.evidence(Answer(()), question), "missed") == [c.id for c in question.concepts]
    assert unscored_reason(Answer(()), question) is not None


def test_a_misconception_alone_does_not_cover_its_concept(judge: Judge, question: Question) -> None:
    wrong = [
        (concept.id, text)
        for concept in question.concepts
        for text in concept.misconceptions
        if concept.id in by_verdict(judge.evidence(answer_from_text(text), question), "covered")
    ]
    assert wrong == []


def test_no_punctuation_and_lower_case_change_little(judge: Judge, question: Question) -> None:
    spoken = "".join(sign for sign in question.reference.lower() if sign.isalnum() or sign in " '-")
    found = judge.evidence(answer_from_text(spoken), question)
    assert len(by_verdict(found, "covered")) >= len(found) - 2


def test_the_question_said_back_covers_nothing(judge: Judge, question: Question) -> None:
    answer = answer_from_text(f"{question.ask} {question.ask}")
    assert by_verdict(judge.evidence(answer, question), "covered") == []
    assert unscored_reason(answer, question) is not None


def test_tokens_have_vectors_of_their_own_and_a_text_alone_the_same_as_in_company(embedder: MiniLM) -> None:
    alone, again, empty = embedder.token_vectors(["Water boils.", "Water boils.", ""])
    in_company = embedder.token_vectors(
        ["Water boils.", "A much longer text, which makes the other one padded."]
    )
    assert alone.tokens == again.tokens == ("water", "boil", "##s", ".")
    assert alone.vectors.shape == (4, 384)
    assert np.linalg.norm(alone.vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert in_company[0].vectors == pytest.approx(alone.vectors, abs=0.05)
    assert empty.tokens == ()
    assert embedder.token_vectors([]) == []


def test_a_statement_is_met_in_other_words_of_the_same_meaning(embedder: MiniLM) -> None:
    statement, same, other, asked = embedder.token_vectors(
        [
            "A plant turns sunlight into sugar.",
            "Plants make sugar out of the light of the sun.",
            "The king lost his crown in the war.",
            "What does a leaf do?",
        ]
    )
    assert share_met(statement, same, asked) > share_met(statement, other, asked) + 0.2


def test_far_from_the_field_right_words_earn_more_than_others_and_nothing_is_called_wrong(
    shelf: ModelShelf,
    embedder: MiniLM,
    reader: StatementReader,
    passage_reader: StatementReader,
    calibration: Calibration,
) -> None:
    field = read_field(shelf.folder("reader") / "field.safetensors")
    judge = Judge(embedder, reader, calibration, field, passage_reader)
    plants = Question(
        "q",
        "What does a leaf do with light?",
        "It makes sugar from water and carbon dioxide and gives off oxygen.",
        (
            Concept("sugar", "It makes sugar from water and carbon dioxide."),
            Concept("air", "It gives off oxygen."),
        ),
    )
    right = judge.evidence(
        answer_from_text("Out of water and CO2 it builds sugar, and oxygen is set free."), plants
    )
    wrong = judge.evidence(answer_from_text("The leaf is green so that animals cannot see the tree."), plants)
    assert all(one.covered > other.covered + 0.1 for one, other in zip(right, wrong, strict=True))
    assert {item.contradicted for item in (*right, *wrong)} == {0.0}
