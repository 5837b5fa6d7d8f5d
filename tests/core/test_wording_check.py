"""A question's own words are judged one by one, and what is not meant comes to light."""

from __future__ import annotations

import pytest
from judge_fakes import CALIBRATION, BagOfWords, StemReader

from vivavoce.core.judgement import Judge
from vivavoce.core.question import Concept, Question
from vivavoce.core.ticket import Ticket
from vivavoce.core.wording_check import rates_of, wording_results
from vivavoce.errors import Cancelled

QUESTION = Question(
    id="q",
    ask="What does a convolutional network do?",
    reference="Pooling makes the map shrink. A filter slides and its weights are shared.",
    concepts=(
        Concept(
            "pool",
            "Pooling makes the map shrink.",
            accepted=("the map shrinks by pooling", "one should cook pasta in salt"),
            misconceptions=("pooling makes the map grow",),
        ),
        Concept(
            "filter", "A filter slides and its weights are shared.", accepted=("pooling shrinks the map",)
        ),
    ),
)


def judge() -> Judge:
    return Judge(BagOfWords(), StemReader(), CALIBRATION)


def test_what_is_not_recognised_and_what_lights_up_something_else_is_told():
    found = {result.text: result for result in wording_results(QUESTION, judge())}
    reference = found[QUESTION.reference]
    assert (reference.own, reference.missing, reference.sound) == (None, (), True)
    assert found["the map shrinks by pooling"].own == "covered"
    assert not found["one should cook pasta in salt"].sound, "left out, nothing else says so"
    stray = found["pooling shrinks the map"]
    assert (stray.own, stray.others_covered, stray.sound) == ("missed", ("pool",), False)


def test_the_rates_count_each_kind_by_itself():
    rates = rates_of(wording_results(QUESTION, judge()))
    assert rates.reference_covered == 1.0
    assert rates.accepted_recognised == pytest.approx(1 / 3)
    assert rates_of(()).misconceptions_refused is None


def test_a_check_tells_how_far_it_is_and_can_be_taken_back():
    told: list[float] = []
    wording_results(QUESTION, judge(), Ticket(lambda _, part: told.append(part)))
    assert told == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    ticket = Ticket()
    ticket.cancel()
    with pytest.raises(Cancelled):
        wording_results(QUESTION, judge(), ticket)
