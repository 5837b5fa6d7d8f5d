"""Training pairs for the judge: a text, a statement, and how far the text states or denies it."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vivavoce.core.question import Concept, Question

# Linking words as they are spoken between two thoughts; the empty ones keep most joints plain.
_JOINTS = (
    "", "", "", "", "also", "and", "so", "then", "um", "okay so", "and also", "I mean", "you know",
    "what else", "well", "because of that", "on top of that", "next", "I think", "right",
)  # fmt: skip
_HESITATIONS = ("um", "uh", "like", "you know", "I mean", "sort of", "er")


@dataclass(frozen=True, slots=True)
class Pair:
    """`target` are the probabilities (stated, not said, denied); `asked` is the question, if any."""

    text: str
    statement: str
    target: tuple[float, float, float]
    asked: str = ""


STATED = (1.0, 0.0, 0.0)
PARTLY = (0.5, 0.5, 0.0)
UNSAID = (0.0, 1.0, 0.0)
DENIED = (0.0, 0.0, 1.0)
_OF_LABEL = {"entail": STATED, "neutral": UNSAID, "contradict": DENIED}


def entailment_pairs(path: Path, most: dict[str, int], rng: random.Random) -> list[Pair]:
    """Pairs of public entailment sets, at most so many of each source; sources not named are left out."""
    of_source: dict[str, list[Pair]] = {source: [] for source in most}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["source"] in of_source:
                of_source[row["source"]].append(
                    Pair(row["premise"], row["hypothesis"], _OF_LABEL[row["label"]])
                )
    found: list[Pair] = []
    for source, pairs in of_source.items():
        rng.shuffle(pairs)
        found += pairs[: most[source]]
    return found


def wording_pairs(questions: Iterable[Question], rng: random.Random) -> Iterator[Pair]:
    """Each accepted wording and misconception of the bank alone, against its own and another concept."""
    for question in questions:
        for concept in question.concepts:
            others = [c for c in question.concepts if c is not concept]
            for wordings, target in ((concept.accepted, STATED), (concept.misconceptions, DENIED)):
                for wording in wordings:
                    yield Pair(as_heard(wording, rng), concept.statement, target, question.ask)
                    if others:
                        other = rng.choice(others)
                        yield Pair(as_heard(wording, rng), other.statement, UNSAID, question.ask)


def composed_pairs(
    questions: Sequence[Question], answers: int, rows: int, rng: random.Random
) -> Iterator[Pair]:
    """Answers put together from the bank's wordings, some concepts right, some wrong, some absent.

    Right and wrong stand side by side, so nothing can be learnt from the kind of answer.
    `rows` concepts are asked about each of the `answers`.
    """
    for number in range(answers):
        question = questions[number % len(questions)]
        said: list[str] = []
        targets: list[tuple[Concept, tuple[float, float, float]]] = []
        rightness = rng.choice((0.15, 0.4, 0.4, 0.65))
        for concept in question.concepts:
            wording, target = _state_of(concept, rightness, rng)
            targets.append((concept, target))
            if wording:
                said.append(wording)
        if not said:
            continue
        rng.shuffle(said)
        text = as_heard(_joined(said, rng), rng)
        for concept, target in rng.sample(targets, min(rows, len(targets))):
            yield Pair(text, concept.statement, target, question.ask)


def _state_of(
    concept: Concept, rightness: float, rng: random.Random
) -> tuple[str, tuple[float, float, float]]:
    chance = rng.random()
    if chance < rightness and concept.accepted:
        return rng.choice(concept.accepted), STATED
    if chance < rightness + 0.25 and concept.misconceptions:
        return rng.choice(concept.misconceptions), DENIED
    return "", UNSAID


def _joined(said: Sequence[str], rng: random.Random) -> str:
    stops = rng.random() < 0.7
    parts: list[str] = []
    for sentence in said:
        joint = rng.choice(_JOINTS)
        spoken = f"{joint} {sentence}".strip().rstrip(".")
        parts.append(spoken[0].upper() + spoken[1:] + "." if stops else spoken)
    return " ".join(parts)


def as_heard(text: str, rng: random.Random) -> str:
    """The same words as a recogniser may write them: at times without case and stops, or with hesitations."""
    if rng.random() < 0.25:
        text = "".join(sign for sign in text.lower() if sign not in ",.;:?!")
    if rng.random() < 0.2:
        words = text.split()
        for _ in range(1 + len(words) // 25):
            words.insert(rng.randrange(len(words) + 1), rng.choice(_HESITATIONS))
        text = " ".join(words)
    return text
