"""The judge's two models for a report: read in full batches, no quotes where none are shown."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vivavoce.core.answer import answer_from_text
from vivavoce.core.calibration import Calibration
from vivavoce.core.evidence import Evidence
from vivavoce.core.finding import Finding, chances_of
from vivavoce.core.judgement import MOST_WORDS_READ, Judge
from vivavoce.core.passage import LONGEST_SENTENCE
from vivavoce.core.ports import Embedder, Numbers, Reader, Reading, TokenVectors, Vectors
from vivavoce.core.question import Question


@dataclass(slots=True)
class Timed:
    """The judge's models, with the seconds of each call."""

    embedder: Embedder
    reader: Reader
    passage_reader: Reader
    name: str = "timed"
    embedded: list[float] = field(default_factory=list[float])
    was_read: list[float] = field(default_factory=list[float])

    def embed(self, texts: Sequence[str]) -> Vectors:
        began = time.perf_counter()
        found = self.embedder.embed(texts)
        self.embedded.append(time.perf_counter() - began)
        return found

    def token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        began = time.perf_counter()
        found = self.embedder.token_vectors(texts)
        self.embedded.append(time.perf_counter() - began)
        return found

    def judge(self, calibration: Calibration) -> Judge:
        """A judge with these models."""
        return Judge(
            self,
            _TimedReader(self.reader, self.was_read),
            calibration,
            passage_reader=_TimedReader(self.passage_reader, self.was_read),
        )


@dataclass(frozen=True, slots=True)
class _TimedReader:
    """A reader that notes the seconds of each call in `taken`."""

    inner: Reader
    taken: list[float]
    name: str = "timed"

    def read(self, pairs: Sequence[Reading]) -> Numbers:
        began = time.perf_counter()
        found = self.inner.read(pairs)
        self.taken.append(time.perf_counter() - began)
        return found


class Judges:
    """One judge for each calibration, all with the same models."""

    def __init__(self, embedder: Embedder, reader: Reader, passage_reader: Reader, field: Vectors) -> None:
        self.embedder = embedder
        self._field = field
        self._reader = reader
        self._passage_reader = passage_reader
        self._known: dict[Calibration, Judge] = {}

    def judge(self, calibration: Calibration) -> Judge:
        if calibration not in self._known:
            self._known[calibration] = Judge(
                self.embedder, self._reader, calibration, self._field, self._passage_reader
            )
        return self._known[calibration]

    def read_ahead(self, answers: Iterable[tuple[str, Question]]) -> None:
        """Short answers one by one would take much longer than all of them in full batches.

        Only a help: what the judge reads differently, a corrected term for one, it reads when it gets there.
        """
        known = [(" ".join(text.split()), question) for text, question in answers]
        self.embedder.embed([text for text, _ in known])
        readings = [
            Reading(concept.statement, text, question.ask)
            for text, question in dict.fromkeys(known)
            for concept in question.concepts
        ]
        self._reader.read([r for r in readings if len(r.text.split()) <= MOST_WORDS_READ])
        # A short answer is its own nearest passage.
        self._passage_reader.read([r for r in readings if len(r.text.split()) <= LONGEST_SENTENCE])

    def findings(self, text: str, question: Question, calibration: Calibration) -> tuple[Finding, ...]:
        judge = self.judge(calibration)
        return judge.looked_again(judge.findings(answer_from_text(text), question), question)


def evidence_of(
    findings: Sequence[Finding], question: Question, calibration: Calibration
) -> tuple[Evidence, ...]:
    """What Judge.evidence says, without quotes: looking for these would take as long again.

    judge_errors.py asks the judge itself and fails when the verdicts differ.
    """
    chances = [chances_of(found, calibration) for found in findings] or [(0.0, 0.0)] * len(question.concepts)
    return tuple(
        Evidence(concept.id, concept.statement, calibration.thresholds.verdict(*chance), *chance)
        for concept, chance in zip(question.concepts, chances, strict=True)
    )
