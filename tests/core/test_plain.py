"""What is written down comes back the same, and what is wrong is told with its path."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from vivavoce.core.attempt import Assessment, Attempt
from vivavoce.core.delivery import Delivery
from vivavoce.core.evidence import Evidence
from vivavoce.core.plain import from_plain, to_plain
from vivavoce.core.question import Concept, Question, Term
from vivavoce.core.transcript import Segment, Transcript, Word


def attempt() -> Attempt:
    words = (Word(0.2, 0.5, "weights", 0.9), Word(0.5, 0.9, "shrink", 0.8))
    transcript = Transcript(
        "weights shrink",
        "en",
        1.0,
        0.7,
        "base",
        "cpu",
        True,
        None,
        (Segment(0.2, 0.9, "x", words),),
        ((0.9, 1.0),),
    )
    concept = Concept(
        "decay", "Weights shrink.", 2.0, True, ("they shrink",), ("they grow",), "What?", ("a", "b")
    )
    question = Question(
        "core-01", "Why?", "Since.", (concept,), topics=("a", "b"), terms=(Term("L2", "el two"),)
    )
    evidence = (Evidence("decay", "Weights shrink.", "covered", 0.9, 0.1, "weights shrink", 0.2, 0.9),)
    assessment = Assessment(
        True,
        None,
        80.0,
        (70.0, 90.0),
        evidence,
        transcript,
        Delivery(2, 1.0, 120.0, 0, 1),
        "x",
        {"ears": "base"},
        0.4,
    )
    when = datetime(2025, 3, 1, 12, 30, 1, 5, tzinfo=timezone(timedelta(hours=2)))
    return Attempt(7, question, when, "judged", "Mikrofon é", 1.0, assessment)


def test_an_attempt_survives_json():
    text = json.dumps(to_plain(attempt()), allow_nan=False)
    assert from_plain(Attempt, json.loads(text)) == attempt()


def test_tuples_become_lists_and_times_keep_their_zone():
    plain = to_plain(attempt())
    assert plain["assessment"]["band"] == [70.0, 90.0]
    assert plain["assessment"]["transcript"]["pauses"] == [[0.9, 1.0]]
    assert plain["question"]["concepts"][0]["hints"] == ["a", "b"]
    assert plain["started_at"] == "2025-03-01T12:30:01.000005+02:00"
    assert to_plain((1, ("a",))) == [1, ["a"]]


def test_a_field_with_a_default_may_be_missing_and_an_unknown_one_is_passed_over():
    plain = {"id": "a", "ask": "b", "reference": "c", "concepts": [], "invented": 1}
    assert from_plain(Question, plain) == Question("a", "b", "c", ())


def test_z_is_utc_as_other_programs_write_it():
    assert from_plain(datetime, "2025-03-01T00:00:00Z") == datetime(2025, 3, 1, tzinfo=timezone.utc)


def test_a_time_without_a_zone_is_refused_both_ways():
    with pytest.raises(ValueError, match="no time zone"):
        to_plain(datetime(2025, 3, 1))
    with pytest.raises(ValueError, match=r"started_at: .*no time zone"):
        from_plain(Attempt, to_plain(attempt()) | {"started_at": "2025-03-01T00:00:00"})


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("id",), "7", "id: expected a whole number, found '7'"),
        (("id",), True, "id: expected a whole number, found True"),
        (("device",), None, "device: expected a text, found None"),
        (("state",), "lost", "state: "),
        (("started_at",), "yesterday", "started_at: "),
        (("question", "topics"), "ab", "question.topics: expected a list, found 'ab'"),
        (("question", "concepts", 0), 3, "question.concepts[0]: expected named fields"),
        (("question", "concepts", 0, "weight"), "3", "question.concepts[0].weight: expected a number"),
        (("assessment", "band"), [1.0], "assessment.band: expected 2 values, found 1"),
        (
            ("assessment", "evidence", 0, "covered"),
            False,
            "assessment.evidence[0].covered: expected a number",
        ),
        (
            ("assessment", "transcript", "segments", 0, "words", 1, "start"),
            None,
            "segments[0].words[1].start: ",
        ),
        (("assessment", "models"), [2], "assessment.models: "),
        (("assessment",), [], "assessment: expected named fields"),
    ],
)
def test_a_wrong_field_is_told_with_its_path(path, value, told):
    plain = to_plain(attempt())
    place = plain
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    with pytest.raises(ValueError, match="no Attempt") as wrong:
        from_plain(Attempt, plain)
    assert told in str(wrong.value)


def test_a_missing_field_is_named():
    plain = to_plain(attempt())
    del plain["question"]["ask"]
    with pytest.raises(ValueError, match=r"question\.ask: 'ask' is missing"):
        from_plain(Attempt, plain)


@pytest.mark.parametrize("data", [None, [], 3, "x"])
def test_what_is_no_mapping_is_no_attempt(data):
    with pytest.raises(ValueError, match="no Attempt: expected named fields"):
        from_plain(Attempt, data)
