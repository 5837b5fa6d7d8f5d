"""The judge: for each concept, whether it was talked about and whether it was said right."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from vivavoce.core.answer import Answer
from vivavoce.core.calibration import Calibration, Line, probability
from vivavoce.core.evidence import Evidence, Verdict
from vivavoce.core.passage import Passage, passages_of, sentences_of
from vivavoce.core.ports import Embedder, Vectors
from vivavoce.core.question import Concept, Question
from vivavoce.core.signs import Numbers, Signs, Spoken, Wordings, signs_of, wordings_of
from vivavoce.core.words import corrected, findable_stems, is_function_word, tokens

# A practice session returns to the same few questions; a question's vectors take about 60 kB.
_QUESTIONS_KEPT = 64
# A quote that starts after its "not" would say the opposite.
_NEGATIONS = frozenset({"no", "not", "never", "nothing", "none", "neither", "nor", "without", "cannot"})


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one question before anybody answers it."""

    ask: Vectors
    wordings: tuple[Wordings, ...]


class Judge:
    """Looks for the evidence of each concept in an answer.

    Similarity finds where a concept is talked about; whether it is said right there is a second
    question with signs of its own. The calibration turns both into probabilities:
    covered = P(about) * (1 - P(wrong)), contradicted = P(about) * P(wrong).
    """

    def __init__(self, embedder: Embedder, calibration: Calibration) -> None:
        self._embedder = embedder
        self._calibration = calibration
        self._known: OrderedDict[tuple[str, tuple[Concept, ...]], _Known] = OrderedDict()
        self.version = f"signs {calibration.version}"
        self.embedder_name = embedder.name

    def evidence(self, answer: Answer, question: Question) -> tuple[Evidence, ...]:
        """The evidence for every concept of the question, in its order.

        An answer without words leaves every concept missed with probability 0.
        """
        signs = self.signs(answer, question)
        if not signs:
            return tuple(Evidence(c.id, c.statement, "missed", 0.0, 0.0) for c in question.concepts)
        return tuple(
            self._evidence(answer, concept, sign)
            for concept, sign in zip(question.concepts, signs, strict=True)
        )

    def signs(self, answer: Answer, question: Question) -> tuple[Signs, ...]:
        """The signs before calibration, for each concept; empty when the answer has no words."""
        # Mis-heard terms are put right in this copy only; what the user reads stays what was heard.
        words = corrected([word.text for word in answer.words], question.terms)
        passages = passages_of(words)
        if not passages or not question.concepts:
            return ()
        known = self._knowledge(question)
        texts = [" ".join(word for word in words[p.first : p.last + 1] if word) for p in passages]
        vectors = self._embedder.embed(texts)
        spoken = Spoken(
            passages=passages,
            vectors=vectors,
            stems=tuple(findable_stems(text) for text in texts),
            echo=np.asarray(vectors @ known.ask[0], dtype=np.float64),
        )
        return tuple(signs_of(spoken, wordings) for wordings in known.wordings)

    def _knowledge(self, question: Question) -> _Known:
        key = (question.ask, question.concepts)
        known = self._known.get(key)
        if known is None:
            known = _Known(
                ask=self._embedder.embed([question.ask]),
                wordings=wordings_of(question.concepts, question.ask, self._embedder),
            )
            self._known[key] = known
            if len(self._known) > _QUESTIONS_KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return known

    def _evidence(self, answer: Answer, concept: Concept, signs: Signs) -> Evidence:
        calibration = self._calibration
        about = probability(float(about_log_odds(signs, calibration).max()))
        wrong = wrong_probability(signs, calibration)
        covered, contradicted = about * (1.0 - wrong), about * wrong
        verdict = self._verdict(covered, contradicted)
        if verdict == "missed":
            return Evidence(
                concept.id,
                concept.statement,
                verdict,
                covered,
                contradicted,
                closest=self._closest(answer, signs),
            )
        place = self._place(answer, signs, verdict)
        return Evidence(
            concept.id,
            concept.statement,
            verdict,
            covered,
            contradicted,
            quote=answer.quote(place.first, place.last),
            start=answer.words[place.first].start,
            end=answer.words[place.last].end,
            misconception=self._misconception(signs) if verdict == "contradicted" else None,
        )

    def _verdict(self, covered: float, contradicted: float) -> Verdict:
        bounds = self._calibration.thresholds
        if contradicted >= bounds.contradicted and contradicted > covered:
            return "contradicted"
        if covered >= bounds.covered:
            return "covered"
        return "partial" if covered >= bounds.partial else "missed"

    def _place(self, answer: Answer, signs: Signs, verdict: Verdict) -> Passage:
        """The passage that decided the verdict, or the shortest one inside it that would alone."""
        log_odds = self._telling(signs, wrong=verdict == "contradicted")
        best = signs.passages[int(log_odds.argmax())]
        alone = [
            passage
            for row, passage in enumerate(signs.passages)
            if best.first <= passage.first
            and passage.last <= best.last
            and self._alone(signs, row) == verdict
        ]
        return _trimmed(min(alone, key=len, default=best), answer)

    def _telling(self, signs: Signs, *, wrong: bool) -> Numbers:
        """How much each passage speaks for the concept said wrongly, or said right (log-odds)."""
        about = about_log_odds(signs, self._calibration)
        if not signs.misconceptions:
            return about
        against = _log_odds(self._calibration.wrong, signs.margins)
        return about + against if wrong else about - against

    def _alone(self, signs: Signs, row: int) -> Verdict:
        """The verdict if this passage were the whole answer."""
        about = probability(float(about_log_odds(signs, self._calibration)[row]))
        wrong = self._calibration.wrong_unknown
        if signs.misconceptions:
            wrong = probability(float(_log_odds(self._calibration.wrong, signs.margins)[row]))
        return self._verdict(about * (1.0 - wrong), about * wrong)

    def _misconception(self, signs: Signs) -> str | None:
        if not signs.misconceptions:
            return None
        row = int(self._telling(signs, wrong=True).argmax())
        return signs.misconceptions[int(signs.nearest[row])]

    def _closest(self, answer: Answer, signs: Signs) -> str | None:
        """The nearest thing said, as long as it shares at least one word with the concept."""
        row = int(about_log_odds(signs, self._calibration).argmax())
        if signs.about[row, 1] <= 0.0:
            return None
        place = _trimmed(signs.passages[row], answer)
        return answer.quote(place.first, place.last)


def about_log_odds(signs: Signs, calibration: Calibration) -> Numbers:
    """Log-odds (n,) that the concept is talked about, for each passage."""
    return _log_odds(calibration.about_bare if signs.bare else calibration.about_told, signs.about)


def wrong_probability(signs: Signs, calibration: Calibration) -> float:
    """P(said wrongly | talked about), over the whole answer."""
    if not signs.misconceptions:
        return calibration.wrong_unknown
    return probability(calibration.wrong.log_odds([float(sign) for sign in signs.margin]))


def _log_odds(line: Line, signs: Numbers) -> Numbers:
    return signs @ np.asarray(line.weights, dtype=np.float64) + line.intercept


def _trimmed(passage: Passage, answer: Answer) -> Passage:
    """The passage without grammar words at an end that was cut out of the middle of a sentence."""
    words = [word.text for word in answer.words]
    starts = {sentence.first for sentence in sentences_of(words)}
    ends = {sentence.last for sentence in sentences_of(words)}
    first, last = passage.first, passage.last
    while first < last and first not in starts and _droppable(words[first]):
        first += 1
    while last > first and last not in ends and _droppable(words[last]):
        last -= 1
    return Passage(first, last)


def _droppable(word: str) -> bool:
    spoken = tokens(word)
    return all(is_function_word(t) and t not in _NEGATIONS and not t.endswith("n't") for t in spoken)
