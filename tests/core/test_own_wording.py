"""What the user says of a verdict wins when the same words come again, and only then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from vivavoce.core.answer import Answer, AnswerWord, answer_from_text
from vivavoce.core.evidence import Evidence
from vivavoce.core.own_wording import (
    OwnWording,
    evidence_with_wordings,
    question_with_wordings,
    said_own_wording,
    selection_fault,
    without_words,
)
from vivavoce.core.passage import sentences_of
from vivavoce.core.question import Concept, Question, Term
from vivavoce.core.words import content_stems, findable_stems

NOON = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
POOL = Concept("pool", "Pooling shrinks the map.", accepted=("A pool makes maps small.",))
FILTER = Concept("filter", "A filter slides and shares its weights.")
QUESTION = Question("cnn", "What is in a convolutional network?", "It pools.", (POOL, FILTER))


class WordFinder:
    """Finds a concept covered by the sentence that has all the words of its statement."""

    def evidence(self, answer: Answer, question: Question) -> tuple[Evidence, ...]:
        return tuple(self._one(answer, concept) for concept in question.concepts)

    def _one(self, answer: Answer, concept: Concept) -> Evidence:
        for sentence in sentences_of([word.text for word in answer.words]):
            quote = answer.quote(sentence.first, sentence.last)
            if content_stems(concept.statement) <= findable_stems(quote):
                return Evidence(concept.id, concept.statement, "covered", 0.95, 0.01, quote)
        return Evidence(concept.id, concept.statement, "missed", 0.1, 0.2, closest=answer.text)


def wording(text: str, kind: str = "accepted", concept: str = "pool", question: str = "cnn") -> OwnWording:
    return OwnWording(1, question, concept, kind, text, 7, NOON)  # type: ignore[arg-type]


def known(*texts: str) -> Concept:
    return replace(POOL, own=texts)


def found(answer: str, *texts: str) -> str | None:
    words = answer.split()
    said = said_own_wording(words, known(*texts))
    return None if said is None else " ".join(words[said.first : said.last + 1])


def judged(text: str, *wordings: OwnWording) -> dict[str, object]:
    question = question_with_wordings(QUESTION, wordings)
    return {
        one.concept_id: one for one in evidence_with_wordings(answer_from_text(text), question, WordFinder())
    }


def test_wordings_are_merged_into_their_own_concept_and_no_other():
    merged = question_with_wordings(
        QUESTION,
        [
            wording("it boils everything down"),
            wording("makes maps tiny", "rejected"),
            wording("elsewhere", question="other"),
            wording("gone", concept="gone"),
        ],
    )
    assert merged.concept("pool").own == ("it boils everything down",)
    assert merged.concept("pool").not_said == ("makes maps tiny",)
    assert merged.concept("pool").accepted == ("A pool makes maps small.", "it boils everything down")
    assert merged.concept("filter") == FILTER
    assert question_with_wordings(QUESTION, []) is QUESTION


def test_the_same_words_are_found_wherever_they_stand_and_however_they_are_filled():
    own = "it boils the whole picture down to a few numbers"
    assert found("Well. It boils the whole picture down to a few numbers.", own)
    assert found("So, um, it kind of boils the the picture whole", own) is None, "another order"
    assert (
        found("I think it, uh, boils the whole the whole picture down to just a few numbers, and so on.", own)
        == "boils the whole the whole picture down to just a few numbers,"
    )
    assert found("It boiled the whole pictures down to a few numbers", own), "another ending of a word"


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("dropout reduces the overfitting", "dropout does not reduce the overfitting"),
        ("dropout reduces the overfitting", "it is not that dropout reduces the overfitting"),
        ("dropout reduces the overfitting", "dropout hardly reduces the overfitting"),
        ("more data lowers variance", "less data lowers variance"),
        ("the loss depends on the weights", "the weights depend on the loss"),
        ("normalise before the activation", "normalise after the activation"),
        ("it never sees the test set", "it sees the test set"),
        ("it never sees the test set", "never mind. It sees the test set"),
        ("training with labels", "training without labels"),
        ("weights shrink", "weights explode and then a lot later the inputs shrink"),
    ],
)
def test_words_that_say_something_else_are_not_the_same(own, said):
    assert found(own, own) is not None
    assert found(said, own) is None


def test_a_negation_of_the_clause_before_is_no_matter():
    own = "dropout reduces overfitting a lot"
    assert found("It is not magic, dropout reduces overfitting a lot.", own)
    assert found("No. Dropout reduces overfitting a lot.", own)


def test_a_term_that_is_misheard_is_put_right_on_both_sides():
    concept = known("the lore adapters stay small in rank")
    term = Term("LoRA", heard_as=("lore", "laura"))
    assert said_own_wording("The Laura adapters stay small in rank.".split(), concept, [term])
    assert said_own_wording("The Laura adapters stay small in rank.".split(), concept) is None


def test_identical_words_cover_the_concept_for_certain():
    text = "Then everything gets boiled down to a thumbnail of itself. A filter slides."
    before = judged(text)["pool"]
    assert before.verdict == "missed"
    own = "everything gets boiled down to a thumbnail"
    after = judged(text, wording(own))["pool"]
    assert after.verdict == "covered"
    assert after.covered >= 0.9
    assert after.contradicted <= 0.1
    assert after.own_wording == own
    assert after.quote == "everything gets boiled down to a thumbnail"
    assert after.closest is None
    assert judged(text, wording(own))["filter"] == judged(text)["filter"]


def test_the_seconds_are_those_of_the_words():
    words = "so everything gets boiled down to a thumbnail okay".split()
    answer = Answer(tuple(AnswerWord(word, float(at), at + 0.9) for at, word in enumerate(words)))
    question = question_with_wordings(QUESTION, [wording("everything gets boiled down to a thumbnail")])
    shown = evidence_with_wordings(answer, question, WordFinder())[0]
    assert (shown.start, shown.end) == (1.0, 7.9)


def test_words_that_were_taken_back_are_no_evidence_when_they_come_again():
    text = "A pool shrinks the map. The filter slides and shares its weights."
    before = judged(text)
    assert before["pool"].verdict == "covered"
    after = judged(text, wording("A pool shrinks the map.", "rejected"))
    assert after["pool"].verdict == "missed"
    assert after["filter"] == before["filter"]
    again = judged(f"{text} Maps shrink when you pool.", wording("A pool shrinks the map.", "rejected"))
    assert again["pool"].verdict == "covered", "said once more in other words"
    assert again["pool"].quote == "Maps shrink when you pool."


def test_words_left_out_end_a_sentence_and_keep_the_time():
    words = "one pool shrinks maps and two filters slide".split()
    answer = Answer(tuple(AnswerWord(word, float(at), at + 1.0) for at, word in enumerate(words)))
    rest = without_words(answer, ["pool shrinks maps"])
    assert rest.text == "one … and two filters slide"
    assert rest.words[1] == AnswerWord("…", 1.0, 1.0)
    assert without_words(answer, ["pool grows maps"]) == answer


def test_a_selection_that_is_too_little_a_filler_or_too_long_is_refused_kindly():
    words = "Um, well, the pool does not shrink the map.".split()
    assert "too little" in (selection_fault(words, 0, 1) or "")
    assert "too little" in (selection_fault(words, 2, 3) or "")
    assert selection_fault(words, 2, 8) is None
    assert "“not”" in (selection_fault(words, 6, 8) or "")
    assert "long" in (selection_fault(["pool"] + ["map"] * 80, 0, 80) or "")
