"""From evidence to a score, and the answers that are not scored at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vivavoce.core.answer import Answer
from vivavoce.core.delivery import is_filler
from vivavoce.core.evidence import Evidence
from vivavoce.core.language import language_of
from vivavoce.core.question import Question
from vivavoce.core.words import content_stems, corrected, findable_stems

LEAST_WORDS = 4
LEAST_OWN_WORDS = 2
# A reference this short asks for a few words, and "by evaporation" may be a whole answer to it; an
# interview answer of 25 words takes ten seconds.
SHORT_REFERENCE_WORDS = 25
# A question longer than this tells a story ("Kurt found that ..."), and a right answer may live on its words;
# those of our bank have up to 30. Of 1,260 answers to such questions in SciEntsBank, 130 were taken for the
# question said back, a quarter of them marked right.
LONG_QUESTION_WORDS = 30
# A concept counts the more, the surer the judge is that it was said: not at all up to the first of these
# probabilities, whole from the second on. Where misconceptions are known, one that is missed counts nothing;
# from the statement alone a verdict is less sure, and one that is missed counts by its probability too.
# Chosen on answers-dev and data/calibration: counting whole or half by the verdict follows the true scores
# less closely; counting from .05 to .95 gives fluent wrong answers half as much again.
CREDIT = 0.25, 0.90
# Eight in ten of a normal distribution lie within this many standard deviations of its mean.
_EIGHT_IN_TEN = 1.2816
# The judge's errors within one answer go together, in a fluent wrong answer most of all: measured .46
# (with wordings) and .56 (bare statements). Taken as independent, the band holds 5 true scores in 10.
_ERRORS_TOGETHER = 0.5


@dataclass(frozen=True, slots=True)
class Score:
    """`score` is 0..100; `band` is (low, high) around it, where 8 of 10 true scores lie."""

    score: float
    band: tuple[float, float]


def score_of(evidence: Sequence[Evidence], question: Question) -> Score:
    """How much of what the question asks for was said, by the weights of its concepts.

    A concept counts by the probability that it was covered (`credit_of`), one said wrongly nothing. Nothing
    else counts: neither length nor fluency nor pace. The band comes from the probabilities: were each concept
    covered with the probability the judge gives it, its errors going together as measured, the true score
    would lie within it eight times in ten; it is widened to hold the score itself. Without evidence the
    score is 0 with a band of nothing.
    """
    weights = {concept.id: concept.weight for concept in question.concepts}
    total = sum(weights.get(item.concept_id, 1.0) for item in evidence)
    if total <= 0.0:
        return Score(0.0, (0.0, 0.0))
    shares = [weights.get(item.concept_id, 1.0) / total for item in evidence]
    pairs = list(zip(shares, evidence, strict=True))
    told = any(concept.misconceptions for concept in question.concepts)
    score = 100.0 * sum(share * credit_of(item, told=told) for share, item in pairs)
    expected = 100.0 * sum(share * item.covered for share, item in pairs)
    errors = [share * math.sqrt(item.covered * (1.0 - item.covered)) for share, item in pairs]
    alone = sum(error**2 for error in errors)
    variance = alone + _ERRORS_TOGETHER * (sum(errors) ** 2 - alone)
    reach = 100.0 * _EIGHT_IN_TEN * math.sqrt(variance)
    low = max(0.0, min(score, expected - reach))
    high = min(100.0, max(score, expected + reach))
    return Score(round(score, 1), (round(low, 1), round(high, 1)))


def credit_of(evidence: Evidence, *, told: bool) -> float:
    """How far (0..1) a concept counts; `told` says that misconceptions of the question are known."""
    if evidence.verdict == "contradicted" or (told and evidence.verdict == "missed"):
        return 0.0
    none, whole = CREDIT
    return min(1.0, max(0.0, (evidence.covered - none) / (whole - none)))


def unscored_reason(answer: Answer, question: Question) -> str | None:
    """Why this answer is not scored, in a sentence for the user; None when it is scored.

    Something that is long enough and beside the point is scored: 0 says that nothing was found. A
    question whose reference is short may be answered in a word. An answer in a language that neither the
    judge nor the question speaks would get 0 for its language.
    """
    spoken = [word.text for word in answer.words if not is_filler(word.text)]
    said = content_stems(" ".join(word for word in corrected(spoken, question.terms) if word))
    if not said:
        return "Nothing was said about the question yet, so there is nothing to score."
    language = language_of(answer.text)
    if language not in {"en", None} and language != language_of(f"{question.ask} {question.reference}"):
        return "This does not seem to be English, and only English can be judged. Say it in English, please."
    if len(question.reference.split()) < SHORT_REFERENCE_WORDS:
        return None
    long = len(question.ask.split()) > LONG_QUESTION_WORDS
    own = said if long else said - findable_stems(question.ask)
    if len(spoken) >= LEAST_WORDS and len(own) < LEAST_OWN_WORDS <= len(said) - len(own):
        return "This says the question back. Add what you know about it, then it can be scored."
    if len(spoken) < LEAST_WORDS or len(own) < LEAST_OWN_WORDS:
        return "That is too little to score. Two or three sentences about the question are enough."
    return None
