"""A question is read from what people write, and a slip is told with its field."""

from __future__ import annotations

import pytest

from vivavoce.core.question import Concept, Question, Term
from vivavoce.core.question_form import (
    FieldError,
    clauses,
    draft_question,
    mapping_from_question,
    question_from_mapping,
)
from vivavoce.errors import KnownError
from vivavoce.paths import content
from vivavoce.store.bank import load_bank

WHERE = "line 3 of answers.jsonl"


def read(**fields: object) -> Question:
    return question_from_mapping(
        {"ask": "Why?", "reference": "Weights are pulled towards zero."} | fields, WHERE
    )


def test_two_fields_are_enough():
    question = read()
    assert question.ask == "Why?"
    assert question.id == ""
    assert question.target_seconds == 90
    assert question.concepts == (Concept("c1", "Weights are pulled towards zero."),)


def test_a_whole_question_is_read():
    question = read(
        id="core-01",
        level="core",
        topics=["a", "b"],
        title=" T ",
        ask_spoken="why",
        explanation="One.\n\nTwo.\n",
        concepts=[
            {
                "id": "decay",
                "statement": "Weights shrink.",
                "weight": 2,
                "essential": True,
                "accepted": ["they shrink"],
                "misconceptions": ["they grow"],
                "probe": "How?",
                "hints": ["Think.", "They ..."],
            }
        ],
        follow_ups=["And then?"],
        terms=[{"text": "L2", "spoken": "el two", "heard_as": ["el too"]}, {"text": "norm"}],
        target_seconds=60,
        related=["core-02"],
        source={"level": "core", "number": 1},
    )
    assert question == Question(
        id="core-01",
        ask="Why?",
        reference="Weights are pulled towards zero.",
        concepts=(
            Concept(
                "decay",
                "Weights shrink.",
                2.0,
                True,
                ("they shrink",),
                ("they grow",),
                "How?",
                ("Think.", "They ..."),
            ),
        ),
        level="core",
        topics=("a", "b"),
        title="T",
        ask_spoken="why",
        explanation="One.\n\nTwo.",
        follow_ups=("And then?",),
        terms=(Term("L2", "el two", ("el too",)), Term("norm")),
        target_seconds=60,
        related=("core-02",),
    )


def test_concepts_may_be_texts_or_go_without_an_id():
    question = read(
        concepts=["one", {"text": "two"}, {"id": "mine", "statement": "three"}, {"statement": "four"}]
    )
    assert [(concept.id, concept.statement) for concept in question.concepts] == [
        ("c1", "one"),
        ("c2", "two"),
        ("mine", "three"),
        ("c4", "four"),
    ]


def test_a_name_that_is_taken_is_not_given_again():
    names = [concept.id for concept in read(concepts=[{"id": "c2", "text": "one"}, "two"]).concepts]
    assert names[0] == "c2"
    assert len(set(names)) == 2


def test_a_number_is_an_id_in_data_sets_and_empty_fields_are_none():
    question = read(id=12, explanation=None, concepts=None, terms=None)
    assert question.id == "12"
    assert question.explanation == ""
    assert len(question.concepts) == 1


def test_without_concepts_they_are_the_clauses_of_the_reference():
    reference = (
        "It depends. Dropout switches units off at random; "
        "at test time, e.g. in production, all units stay on.\n\n"
        "- The rate is usually 0.5 for hidden layers\n- it is a regulariser, not an optimiser! Really?"
    )
    assert clauses(reference) == (
        "Dropout switches units off at random",
        "at test time, e.g. in production, all units stay on.",
        "The rate is usually 0.5 for hidden layers",
        "it is a regulariser, not an optimiser!",
    )
    assert [concept.id for concept in read(reference=reference).concepts] == ["c1", "c2", "c3", "c4"]


def test_a_clause_said_twice_is_one_concept():
    assert clauses("The gradient is zero there. The gradient is zero there.") == (
        "The gradient is zero there.",
    )


def test_a_reference_of_two_words_is_one_concept():
    assert read(reference="Batch\n normalisation").concepts == (Concept("c1", "Batch normalisation"),)


@pytest.mark.parametrize(
    ("fields", "field", "problem"),
    [
        ({"ask": None}, "ask", "missing"),
        ({"ask": "  "}, "ask", "empty"),
        ({"reference": 3}, "reference", "text"),
        ({"title": False}, "title", "quotes"),
        ({"topics": "a"}, "topics", "list"),
        ({"topics": ["a", 3]}, "topics[1]", "text"),
        ({"concepts": {"a": 1}}, "concepts", "list"),
        ({"concepts": ["a", ""]}, "concepts[1]", "empty"),
        ({"concepts": [3]}, "concepts[0]", "named fields"),
        ({"concepts": [{"id": "a"}]}, "concepts[0].statement", "missing"),
        ({"concepts": [{"text": "a", "weight": "3"}]}, "concepts[0].weight", "number"),
        ({"concepts": [{"text": "a", "weight": 0}]}, "concepts[0].weight", "above 0"),
        ({"concepts": [{"text": "a", "weight": float("nan")}]}, "concepts[0].weight", "above 0"),
        ({"concepts": [{"text": "a", "essential": "yes"}]}, "concepts[0].essential", "true or false"),
        ({"concepts": [{"text": "a", "accepted": ["x", None]}]}, "concepts[0].accepted[1]", "text"),
        ({"concepts": [{"id": "x", "text": "a"}, {"id": "x", "text": "b"}]}, "concepts[1].id", "concepts[0]"),
        ({"terms": [{"spoken": "x"}]}, "terms[0].text", "missing"),
        ({"target_seconds": 5}, "target_seconds", "15 to 600"),
        ({"target_seconds": True}, "target_seconds", "whole number"),
    ],
)
def test_a_wrong_field_is_told_with_its_path_and_place(fields, field, problem):
    with pytest.raises(KnownError) as told:
        read(**fields)
    assert isinstance(told.value, FieldError)
    assert told.value.field == field
    assert problem in told.value.problem
    assert told.value.what.startswith(f"{WHERE}: {field} ")


@pytest.mark.parametrize("data", [None, [], "x", 3])
def test_what_has_no_fields_is_no_question(data):
    with pytest.raises(KnownError, match="the question must have named fields"):
        question_from_mapping(data, WHERE)


def test_the_form_of_every_shipped_question_reads_as_the_same_question():
    questions = load_bank(content("data") / "bank").questions
    assert questions
    for question in questions:
        assert question_from_mapping(mapping_from_question(question), WHERE) == question


def test_what_is_empty_or_the_default_is_not_in_the_form():
    question = read(id="a", concepts=[{"id": "c", "statement": "One.", "weight": 1.0}])
    assert mapping_from_question(question) == {
        "id": "a",
        "ask": "Why?",
        "reference": "Weights are pulled towards zero.",
        "concepts": [{"id": "c", "statement": "One."}],
    }


def test_a_draft_is_judged_by_what_is_written_so_far():
    assert draft_question({"title": "New"}) is None
    assert draft_question({"concepts": [{"id": "c1", "accepted": ["a wording"]}]}) is None
    draft = draft_question(
        {
            "concepts": [{"id": "c1", "statement": "One."}, {"id": "c2", "probe": "?"}],
            "terms": [{"spoken": "x"}],
        }
    )
    assert draft is not None
    assert [concept.id for concept in draft.concepts] == ["c1"]
    assert draft.terms == ()


def test_a_draft_with_an_id_typed_twice_is_judged_all_the_same():
    concepts = [{"id": "same", "statement": "One is one."}, {"id": "same", "statement": "Two is two."}]
    question = draft_question({"concepts": concepts})
    assert question is not None
    assert [one.statement for one in question.concepts] == ["One is one.", "Two is two."]
    assert len({one.id for one in question.concepts}) == 2
