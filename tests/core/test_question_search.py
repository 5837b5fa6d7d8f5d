"""Words find a question, and it is told in which of its concepts they stand."""

from __future__ import annotations

import pytest

from vivavoce.core.question import Concept, Question, Term
from vivavoce.core.question_search import found_in, search_words

POOLING = Question(
    id="core-40",
    ask="What does pooling do?",
    title="Pooling layers",
    level="core",
    topics=("convolutional-networks",),
    reference="It shrinks the map.",
    concepts=(
        Concept("shrink", "Pooling lowers the resolution.", accepted=("the map gets smaller",)),
        Concept("invariance", "Small shifts change little.", misconceptions=("it learns weights",)),
    ),
    terms=(Term("max pool", "max pooling"),),
)


def found(text: str) -> str | None:
    """The id of the concept found, "" for the question itself, None for nothing."""
    hit = found_in(POOLING, search_words(text))
    return None if hit is None else hit.concept.id if hit.concept else ""


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("", ""),
        ("POOLING layers", ""),
        ("core-40", ""),
        ("convolutional", ""),
        ("max pooling", ""),
        ("resolution", "shrink"),
        ("pooling smaller", "shrink"),
        ("shifts little", "invariance"),
        ("shifts resolution", "shrink"),
        ("smaller transformer", None),
    ],
)
def test_every_word_counts_and_the_concept_is_told(text: str, concept: str | None):
    assert found(text) == concept


def test_a_misconception_is_no_way_to_find_a_question():
    assert found("weights") is None
