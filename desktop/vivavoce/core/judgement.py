"""The judge: for each concept, whether it was said, left out, or said wrongly."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vivavoce.core.alignment import share_met
from vivavoce.core.answer import Answer
from vivavoce.core.calibration import Calibration
from vivavoce.core.evidence import Evidence, Verdict
from vivavoce.core.finding import DENIED, STATED, UNSAID, Finding, about_log_odds, chances_of, in_doubt
from vivavoce.core.hesitation import without_hesitation
from vivavoce.core.passage import Passage, passages_of, sentences_of, stretch_around, stretches_of, widened
from vivavoce.core.ports import Embedder, Numbers, Reader, Reading, TokenVectors, Vectors
from vivavoce.core.question import Concept, Question
from vivavoce.core.signs import Signs, Spoken, Wordings, signs_of, wordings_of
from vivavoce.core.words import NEGATIONS, corrected, findable_stems, is_function_word, tokens

# A practice session returns to the same few questions; a question's vectors take about 60 kB.
_QUESTIONS_KEPT = 64
# An answer up to this long is read whole, more than a minute's talk; a longer one in stretches of this many
# words that overlap, of which each concept is read in the one around its nearest passage. One piece each:
# read in fragments, model answers lost 5 covered concepts in 100.
MOST_WORDS_READ = 180
# Mean nearness of a question's statements to the field the reader was trained in, from where it is not
# trusted with bare statements to where it is trusted whole. Deep-learning questions that nobody had read lie
# between .41 and .68 (data/calibration), those of answers-dev at .52 and above; a neural-networks exam at
# .47 to .70, but for one; networking at .27 to .44, school science below .37. There its "denied" does harm,
# and `Calibration.afar` decides. Higher bounds follow the exam's marks closer, lower ones are better at
# deep-learning questions of no bank: from (.40, .48) to (.34, .42) covered against contradicted rises there
# from .80 to .84, and the exam's correlation falls from .46 to .44. Over a wide stretch most of both is kept.
FIELD = (0.36, 0.50)
# Mean words of a question's statements, from where they ask for the gist (-1) to where for detail (1).
# Short statements are covered more often, and long ones less, than the reader's odds tell: by answers-dev,
# 11 words, .05 more, by data/calibration, 15 words, .04 less. Beyond what was seen nothing is assumed.
DETAIL = (11.0, 15.0)
# So many of the nearest passages are read by themselves too: without the rest of the answer around it the
# reader sees better which way a claim goes (covered against contradicted +.013). The quote is one of them.
NEAREST_READ = 2
# A quote that starts after its "not" would say the opposite.
_NEGATIONS = NEGATIONS | {"cannot"}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one question before anybody answers it."""

    ask: Vectors
    wordings: tuple[Wordings, ...]
    trust: float
    detail: float
    tokens: tuple[TokenVectors, ...]
    """Of the question and of each statement; none where nobody asks for them."""


class Judge:
    """Looks for the evidence of each concept in an answer.

    Similarity finds where a concept is talked about; the trained reader says whether it is stated,
    left out or denied there; the calibration turns both into probabilities. `field` (n, width) are
    vectors of what the reader was trained on: outside that field words and similarity decide.
    `passage_reader` reads the nearest passages by themselves and was taught who does what in a sentence;
    without one the reader reads them too.
    """

    def __init__(
        self,
        embedder: Embedder,
        reader: Reader,
        calibration: Calibration,
        field: Vectors | None = None,
        passage_reader: Reader | None = None,
    ) -> None:
        self._field = field
        self._embedder = embedder
        self._reader = reader
        self._passage_reader = passage_reader or reader
        self._calibration = calibration
        self._known: OrderedDict[tuple[str, tuple[Concept, ...]], _Known] = OrderedDict()
        self.version = f"{reader.name}, calibration {calibration.version}"
        self.embedder_name = embedder.name

    def prepare(self, question: Question) -> None:
        """Get to know a question before anybody answers it."""
        if question.concepts:
            self._knowledge(question)

    def evidence(self, answer: Answer, question: Question) -> tuple[Evidence, ...]:
        """The evidence for every concept of the question, in its order.

        An answer without words leaves every concept missed with probability 0.
        """
        findings = self.findings(answer, question)
        if not findings:
            return tuple(Evidence(c.id, c.statement, "missed", 0.0, 0.0) for c in question.concepts)
        findings = self.looked_again(findings, question)
        chances = [chances_of(finding, self._calibration) for finding in findings]
        verdicts: list[Verdict] = [self._calibration.thresholds.verdict(*chance) for chance in chances]
        return tuple(
            self._evidence(answer, concept, finding, chance, verdict)
            for concept, finding, chance, verdict in zip(
                question.concepts, findings, chances, verdicts, strict=True
            )
        )

    def findings(self, answer: Answer, question: Question) -> tuple[Finding, ...]:
        """What was found before calibration, for each concept; empty when the answer has no words."""
        words, places = _judged_words(answer, question)
        passages = passages_of(words)
        if not passages or not question.concepts:
            return ()
        known = self._knowledge(question)
        texts = [_said(words, passage) for passage in passages]
        vectors = self._embedder.embed(texts)
        spoken = Spoken(
            passages=passages,
            vectors=vectors,
            stems=tuple(findable_stems(text) for text in texts),
            echo=np.asarray(vectors @ known.ask[0], dtype=np.float64),
        )
        signs = [signs_of(spoken, wordings) for wordings in known.wordings]
        stretches = stretches_of(len(words), MOST_WORDS_READ)
        nearest = [self._nearest_rows(found) for found in signs]
        sentences = sentences_of(words)
        read = [_text_around(words, passages[rows[0]], stretches) for rows in nearest]
        odds = self._odds(
            question,
            [
                (text, *(_said(words, widened(passages[row], sentences)) for row in rows))
                for text, rows in zip(read, nearest, strict=True)
            ],
        )
        met = self._met(known, read)
        heard = tuple(Passage(places[passage.first], places[passage.last]) for passage in passages)
        signs = [replace(found, passages=heard) for found in signs]
        return tuple(
            Finding(
                found, of[0], of[1:], tuple(rows), text, trust=known.trust, met=share, detail=known.detail
            )
            for found, of, rows, text, share in zip(signs, odds, nearest, read, met, strict=True)
        )

    def looked_again(self, findings: Sequence[Finding], question: Question) -> tuple[Finding, ...]:
        """The findings with a second look where misconceptions are known and the first left doubt."""
        doubtful = [
            number
            for number, finding in enumerate(findings)
            if finding.signs.misconceptions and in_doubt(chances_of(finding, self._calibration))
        ]
        odds = self._reader.read(
            [
                Reading(statement, findings[number].text, question.ask)
                for number in doubtful
                for statement in (findings[number].signs.accepted, findings[number].signs.misconception)
            ]
        )
        found = list(findings)
        for place, number in enumerate(doubtful):
            found[number] = replace(found[number], again=odds[2 * place : 2 * place + 2])
        return tuple(found)

    def _odds(self, question: Question, texts: Sequence[Sequence[str]]) -> list[Numbers]:
        """Log-odds (n, 3) of each concept in its n texts, the first of which is the answer."""
        asked = [
            [Reading(concept.statement, text, question.ask) for text in of]
            for concept, of in zip(question.concepts, texts, strict=True)
        ]
        whole = _read_once(self._reader, [of[0] for of in asked])
        passages = _read_once(self._passage_reader, [reading for of in asked for reading in of[1:]])
        return [np.stack([whole[of[0]], *(passages[reading] for reading in of[1:])]) for of in asked]

    def _met(self, known: _Known, texts: Sequence[str]) -> list[float]:
        """How well the words of each statement are met in its text; 0 where nobody asks."""
        if not known.tokens:
            return [0.0] * len(texts)
        once = list(dict.fromkeys(texts))
        said = dict(zip(once, self._embedder.token_vectors(once), strict=True))
        asked, *statements = known.tokens
        return [
            share_met(statement, said[text], asked) for statement, text in zip(statements, texts, strict=True)
        ]

    def _knowledge(self, question: Question) -> _Known:
        key = (question.ask, question.concepts)
        known = self._known.get(key)
        if known is None:
            wordings = wordings_of(question.concepts, question.ask, self._embedder)
            trust = self._trust(wordings)
            texts = [question.ask, *(concept.statement for concept in question.concepts)]
            any_bare = any(not concept.misconceptions for concept in question.concepts)
            known = _Known(
                self._embedder.embed([question.ask]),
                wordings,
                trust,
                _detail(question.concepts),
                tuple(self._embedder.token_vectors(texts)) if trust < 1.0 and any_bare else (),
            )
            self._known[key] = known
            if len(self._known) > _QUESTIONS_KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return known

    def _trust(self, wordings: Sequence[Wordings]) -> float:
        """How far the reader is trusted with these concepts, by their nearness to its field."""
        if self._field is None or not wordings:
            return 1.0
        statements = np.stack([known.vectors[0] for known in wordings])
        near = float((statements @ self._field.T).max(axis=1).mean())
        return float(np.interp(near, FIELD, (0.0, 1.0)))

    def _evidence(
        self,
        answer: Answer,
        concept: Concept,
        finding: Finding,
        chance: tuple[float, float],
        verdict: Verdict,
    ) -> Evidence:
        covered, contradicted = chance
        if verdict == "missed":
            closest = _closest(answer, finding)
            return Evidence(concept.id, concept.statement, verdict, covered, contradicted, closest=closest)
        place = _trimmed(_quoted(finding, verdict), answer)
        return Evidence(
            concept.id,
            concept.statement,
            verdict,
            covered,
            contradicted,
            quote=answer.quote(place.first, place.last),
            start=answer.words[place.first].start,
            end=answer.words[place.last].end,
            misconception=_misconception(finding.signs, place) if verdict == "contradicted" else None,
        )

    def _nearest_rows(self, signs: Signs) -> list[int]:
        """Rows of the nearest passages, nearest first, none of which holds another."""
        order = np.argsort(-about_log_odds(signs, self._calibration), kind="stable")
        taken: list[int] = []
        for row in (int(row) for row in order):
            passage = signs.passages[row]
            if not any(_overlap(passage, signs.passages[other]) for other in taken):
                taken.append(row)
            if len(taken) == NEAREST_READ:
                break
        return taken


def _judged_words(answer: Answer, question: Question) -> tuple[list[str], list[int]]:
    """The words that are judged, and the position of each in the answer.

    Mis-heard terms are put right and hesitation is left out in this copy only; what the user reads stays
    what was heard. Um, you know and words said twice took .03 of covered against contradicted.
    """
    heard = without_hesitation(corrected([word.text for word in answer.words], question.terms))
    places = [place for place, word in enumerate(heard) if word]
    return [heard[place] for place in places], places


def _detail(concepts: Sequence[Concept]) -> float:
    """How much the statements ask for, by their mean number of words: -1 for the gist, 1 for detail."""
    mean = sum(len(concept.statement.split()) for concept in concepts) / len(concepts)
    return float(np.interp(mean, DETAIL, (-1.0, 1.0)))


def _read_once(reader: Reader, readings: Sequence[Reading]) -> dict[Reading, Numbers]:
    """Log-odds (3,) of each reading; the same one is done once."""
    once = list(dict.fromkeys(readings))
    return dict(zip(once, reader.read(once), strict=True)) if once else {}


def _text_around(words: Sequence[str], nearest: Passage, stretches: Sequence[Passage]) -> str:
    """What is read for a concept: the answer, of a long one the stretch around the nearest passage."""
    return _said(words, stretches[0] if len(stretches) == 1 else stretch_around(nearest, stretches))


def _closest(answer: Answer, finding: Finding) -> str | None:
    """The nearest thing said, as long as it shares at least one word with the concept."""
    row = finding.nearest[0]
    if finding.signs.about[row, 1] <= 0.0:
        return None
    place = _trimmed(finding.signs.passages[row], answer)
    return answer.quote(place.first, place.last)


def _quoted(finding: Finding, verdict: Verdict) -> Passage:
    """Of the nearest passages the one that says by itself what the verdict says."""
    wanted = DENIED if verdict == "contradicted" else STATED
    telling = finding.nearest_odds[:, wanted] - finding.nearest_odds[:, UNSAID]
    return finding.signs.passages[finding.nearest[int(telling.argmax())]]


def _misconception(signs: Signs, place: Passage) -> str | None:
    """The misconception nearest to what is quoted."""
    if not signs.misconceptions:
        return None
    inside = [row for row, passage in enumerate(signs.passages) if _overlap(passage, place)]
    row = max(inside, key=lambda i: signs.wrong[i, 0])
    return signs.misconceptions[int(signs.nearest[row])]


def _overlap(one: Passage, other: Passage) -> bool:
    """Whether half of the shorter passage lies in the other."""
    shared = min(one.last, other.last) - max(one.first, other.first) + 1
    return 2 * shared >= min(len(one), len(other))


def _said(words: Sequence[str], passage: Passage) -> str:
    return " ".join(words[passage.first : passage.last + 1])


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
