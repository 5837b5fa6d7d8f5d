"""A wording is said again when its words come in its order, and not when they say something else."""

from __future__ import annotations

from vivavoce.core.passage import Passage
from vivavoce.core.repetition import negation_before, repetitions

SHRINKS = "pooling shrinks the map"


def places(said: str, wording: str = SHRINKS, *, denied: bool = False) -> list[Passage]:
    return list(repetitions(said.split(), wording, denied=denied))


def test_each_place_is_found_from_its_first_word_to_its_last() -> None:
    assert places("Well, pooling, um, shrinks a map. So the pooling shrinks maps.") == [
        Passage(1, 5),
        Passage(8, 10),
    ]


def test_other_words_another_order_or_too_many_between_are_no_repetition() -> None:
    for said in (
        "Pooling grows the map.",
        "The map shrinks pooling.",
        "Pooling, some time later, shrinks maps.",
    ):
        assert places(said) == []
    assert places(SHRINKS, "the of") == []


def test_behind_a_not_it_is_no_repetition_unless_that_is_asked_for() -> None:
    assert places("It is not that pooling shrinks the map.") == []
    assert places("It is not that pooling shrinks the map.", denied=True) == [Passage(4, 7)]
    assert places("Pooling never shrinks the map.", denied=True) == []


def test_the_negation_before_is_named_within_its_clause() -> None:
    assert negation_before("pooling does not shrink it".split(), 3) == "not"
    assert negation_before("I do not know, pooling shrinks it".split(), 4) is None
    assert negation_before([], 0) is None
