from __future__ import annotations

from dataclasses import replace

import pytest

from vivavoce.core.answer import answer_from_text
from vivavoce.core.evidence import Evidence, Verdict
from vivavoce.core.question import Concept, Question
from vivavoce.core.scoring import Score, score_of, unscored_reason

CONCEPTS = (Concept("a", "A.", weight=3.0), Concept("b", "B.", weight=1.0))
MISCONCEPTIONS = ("Not A.",)
QUESTION = Question("q", "What does the pooling layer do?", "It shrinks the feature maps. " * 6, CONCEPTS)


def shown(concept_id: str, verdict: Verdict, covered: float, contradicted: float = 0.0) -> Evidence:
    return Evidence(concept_id, concept_id, verdict, covered, contradicted)


TOLD = replace(QUESTION, concepts=tuple(replace(c, misconceptions=MISCONCEPTIONS) for c in CONCEPTS))


@pytest.mark.parametrize("question", [QUESTION, TOLD])
def test_weights_count_and_a_concept_counts_the_more_the_surer_the_judge_is(question: Question) -> None:
    score = score_of((shown("a", "covered", 0.96), shown("b", "missed", 0.05)), question)
    assert score.score == 75.0
    surer = [score_of((shown("a", "covered", p), shown("b", "missed", 0.0)), question) for p in (0.5, 0.6)]
    assert 0.0 < surer[0].score < surer[1].score < 75.0


def test_missed_counts_nothing_where_misconceptions_are_known_and_by_its_probability_elsewhere() -> None:
    missed = (shown("a", "missed", 0.35), shown("b", "missed", 0.35))
    assert score_of(missed, TOLD).score == 0.0
    assert 0.0 < score_of(missed, QUESTION).score < 20.0


def test_said_wrongly_counts_as_little_as_not_said() -> None:
    wrong = score_of((shown("a", "contradicted", 0.1, 0.8), shown("b", "missed", 0.0)), QUESTION)
    assert wrong.score == 0.0


def test_the_band_holds_the_score_and_is_wider_when_the_judge_is_unsure() -> None:
    sure = score_of((shown("a", "covered", 0.99), shown("b", "missed", 0.01)), QUESTION)
    unsure = score_of((shown("a", "covered", 0.6), shown("b", "missed", 0.25)), QUESTION)
    for score in (sure, unsure):
        low, high = score.band
        assert 0.0 <= low <= score.score <= high <= 100.0
    assert unsure.band[1] - unsure.band[0] > sure.band[1] - sure.band[0]


def test_no_evidence_is_no_score_above_zero() -> None:
    assert score_of((), QUESTION) == Score(0.0, (0.0, 0.0))
    assert score_of((shown("a", "missed", 0.0), shown("b", "missed", 0.0)), QUESTION) == Score(
        0.0, (0.0, 0.0)
    )


@pytest.mark.parametrize("text", ["", "  ", "um uh", "...", "?!", "I do not really know, it is what it is"])
def test_nothing_said_is_not_scored(text: str) -> None:
    assert unscored_reason(answer_from_text(text), QUESTION) is not None


@pytest.mark.parametrize("text", ["fine", "Max pooling, yes.", "I do not really know pooling"])
def test_too_little_is_not_scored(text: str) -> None:
    reason = unscored_reason(answer_from_text(text), QUESTION)
    assert reason is not None
    assert "too little" in reason


def test_the_question_said_back_is_not_scored() -> None:
    reason = unscored_reason(
        answer_from_text("So what the pooling layer does, that is, pooling layers."), QUESTION
    )
    assert reason is not None
    assert "question back" in reason


def test_an_answer_may_live_on_the_words_of_a_long_question() -> None:
    story = (
        "Kurt had three feature maps, one large, one small, one flat. He put each through a pooling layer "
        "and wrote down how many numbers came out and how long it took. Which was quickest, and why?"
    )
    question = replace(QUESTION, ask=story)
    assert unscored_reason(answer_from_text("The pooling layer with the small map."), question) is None
    assert unscored_reason(answer_from_text("The small."), question) is not None


def test_a_short_right_answer_and_one_beside_the_point_are_scored() -> None:
    assert unscored_reason(answer_from_text("It shrinks feature maps."), QUESTION) is None
    assert unscored_reason(answer_from_text("You boil pasta in salted water."), QUESTION) is None


def test_where_the_reference_is_short_a_word_may_be_the_answer() -> None:
    short = replace(QUESTION, reference="It shrinks the feature maps.")
    assert unscored_reason(answer_from_text("Shrinking."), short) is None
    assert unscored_reason(answer_from_text("Um, it is."), short) is not None


def test_errors_that_go_together_make_the_band_wider_than_chance_would() -> None:
    four = tuple(Concept(str(number), "A.") for number in range(4))
    score = score_of([shown(c.id, "partial", 0.5) for c in four], replace(QUESTION, concepts=four))
    assert score.band[1] - score.band[0] > 2 * 100 * 1.28 * 0.5 / 2


def test_an_answer_in_another_language_is_not_scored_unless_the_question_is_asked_in_it() -> None:
    text = "Die Pooling-Schicht verkleinert die Merkmalskarten und macht das Netz robuster."
    reason = unscored_reason(answer_from_text(text), QUESTION)
    assert reason is not None
    assert "English" in reason
    german = replace(
        QUESTION, ask="Was tut die Pooling-Schicht?", reference="Sie verkleinert die Merkmalskarten. " * 6
    )
    assert unscored_reason(answer_from_text(text), german) is None
