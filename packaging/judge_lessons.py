"""What the judge learns from: texts, statements, and how far each text states or denies each."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from judge_data import FollowUp, Frame, LabelledAnswer, MinimalPair
from segmented_answers import SegmentedAnswer, passages_put_together, put_together_twice

from vivavoce.core.question import Concept, Question

Target = tuple[float, float, float]

# Linking words as they are spoken between two thoughts; the empty ones keep most joints plain.
_JOINTS = (
    "", "", "", "", "also", "and", "so", "then", "um", "okay so", "and also", "I mean", "you know",
    "what else", "well", "because of that", "on top of that", "next", "I think", "right",
)  # fmt: skip
_HESITATIONS = ("um", "uh", "like", "you know", "I mean", "sort of", "er")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text and statements about it, each with the probabilities (stated, not said, denied).

    `asked` is the question, if any.
    """

    text: str
    statements: tuple[str, ...]
    targets: tuple[Target, ...]
    asked: str = ""


STATED: Target = (1.0, 0.0, 0.0)
PARTLY: Target = (0.5, 0.5, 0.0)
UNSAID: Target = (0.0, 1.0, 0.0)
DENIED: Target = (0.0, 0.0, 1.0)
_OF_LABEL = {"entail": STATED, "neutral": UNSAID, "contradict": DENIED}
_OF_STATE = {"covered": STATED, "unsaid": UNSAID, "contradicted": DENIED}


def lesson(text: str, asked: str, marked: Sequence[tuple[str, Target]]) -> Lesson:
    """A lesson from statements with their targets."""
    return Lesson(text, tuple(one for one, _ in marked), tuple(target for _, target in marked), asked)


def entailment_lessons(path: Path, most: dict[str, int], rng: random.Random) -> list[Lesson]:
    """Pairs of public entailment sets, at most so many of each source; sources not named are left out."""
    of_source: dict[str, list[Lesson]] = {source: [] for source in most}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["source"] in of_source:
                marked = [(row["hypothesis"], _OF_LABEL[row["label"]])]
                of_source[row["source"]].append(lesson(row["premise"], "", marked))
    found: list[Lesson] = []
    for source, lessons in of_source.items():
        rng.shuffle(lessons)
        found += lessons[: most[source]]
    return found


def wording_lessons(questions: Iterable[Question], rng: random.Random) -> Iterator[Lesson]:
    """Each accepted wording and misconception of the bank alone, against its own and other concepts."""
    for question in questions:
        for concept in question.concepts:
            others = [c for c in question.concepts if c is not concept]
            for wordings, target in ((concept.accepted, STATED), (concept.misconceptions, DENIED)):
                for wording in wordings:
                    beside = rng.sample(others, min(len(others), rng.randint(1, 4)))
                    marked = [(concept.statement, target), *((c.statement, UNSAID) for c in beside)]
                    rng.shuffle(marked)
                    yield lesson(as_heard(wording, rng), question.ask, marked)


def composed_lessons(questions: Sequence[Question], answers: int, rng: random.Random) -> Iterator[Lesson]:
    """Answers put together from the bank's wordings, some concepts right, some wrong, some absent.

    Right and wrong stand side by side, so nothing can be learnt from the kind of answer.
    """
    for number in range(answers):
        question = questions[number % len(questions)]
        said: list[str] = []
        marked: list[tuple[str, Target]] = []
        rightness = rng.choice((0.15, 0.4, 0.4, 0.65))
        for concept in question.concepts:
            wording, target = _state_of(concept, rightness, rng)
            marked.append((concept.statement, target))
            if wording:
                said.append(wording)
        if not said:
            continue
        rng.shuffle(said)
        rng.shuffle(marked)
        yield lesson(as_heard(_joined(said, rng), rng), question.ask, marked)


def labelled_lesson(answer: LabelledAnswer, rng: random.Random) -> Lesson:
    """A labelled answer: half of them roughened, the question left out now and then.

    Of one in four only some concepts are asked about: how many there are must not matter. In one in four
    the statements stand as hasty notes: people who write questions of their own do not write sentences.
    """
    return _lesson_of(answer, _some(_marked(answer, answer.question.concepts, rng), rng), rng)


def _marked(
    answer: LabelledAnswer, concepts: Sequence[Concept], rng: random.Random
) -> list[tuple[str, Target]]:
    noted = answer.notes if rng.random() < 0.25 else {}
    marked: list[tuple[str, Target]] = []
    for concept in concepts:
        target = UNSAID
        if concept.id in answer.covered:
            target = STATED
        elif concept.id in answer.contradicted:
            target = DENIED
        elif concept.id in answer.partly:
            target = PARTLY
        marked.append((noted.get(concept.id, concept.statement), target))
    return marked


def _lesson_of(answer: LabelledAnswer, marked: list[tuple[str, Target]], rng: random.Random) -> Lesson:
    text = as_heard(answer.text, rng) if rng.random() < 0.5 else answer.text
    asked = "" if rng.random() < 0.15 else answer.question.ask
    return lesson(text, asked, marked)


def segment_lessons(told: SegmentedAnswer, rng: random.Random) -> list[Lesson]:
    """Two of the answers a segmented answer can be, each wrong where the other is right."""
    lessons: list[Lesson] = []
    for text, labels in put_together_twice(told, rng):
        if told.style != "heard" and rng.random() < 0.35:
            text = as_heard(text, rng)
        marked = [(rng.choice(told.facts[fact]), _OF_STATE[label]) for fact, label in labels.items()]
        asked = "" if rng.random() < 0.15 else told.ask
        lessons.append(lesson(text, asked, _some(marked, rng)))
    return lessons


def passage_lessons(told: SegmentedAnswer, rng: random.Random) -> Iterator[Lesson]:
    """Its segments one or two at a time, beside what they claim and up to three facts of the others."""
    for first, turned in passages_put_together(told, rng):
        claimed = {
            fact for segment in (first[1], turned[1]) for fact, label in segment.items() if label != "unsaid"
        }
        others = [fact for fact in told.facts if fact not in claimed]
        about = [*claimed, *rng.sample(others, min(len(others), rng.choice((0, 1, 1, 2, 3)) or not claimed))]
        rng.shuffle(about)
        wordings = {fact: rng.choice(told.facts[fact]) for fact in about}
        asked = "" if rng.random() < 0.15 else told.ask
        rough = told.style != "heard" and rng.random() < 0.35
        for text, labels in (first,) if first == turned else (first, turned):
            marked = [(wordings[fact], _OF_STATE[labels[fact]]) for fact in about]
            yield lesson(as_heard(text, rng) if rough else text, asked, marked)


def follow_up_lessons(replies: Sequence[FollowUp], rng: random.Random) -> Iterator[Lesson]:
    """What somebody said when asked about one concept, against it and some others of the question."""
    for reply in replies:
        concepts = reply.answer.question.concepts
        others = [concept for concept in concepts if concept.id != reply.concept]
        about = [concept for concept in concepts if concept.id == reply.concept]
        about += rng.sample(others, min(len(others), rng.randint(1, 4)))
        rng.shuffle(about)
        yield _lesson_of(reply.answer, _marked(reply.answer, about, rng), rng)


def pair_lessons(pairs: Sequence[MinimalPair], rng: random.Random) -> Iterator[Lesson]:
    """Each pair alone or with one or two more of its question, and the same with right and wrong exchanged.

    Beside its own statements a text gets some of other questions, which it says nothing about.
    """
    of_question: dict[Question, list[MinimalPair]] = {}
    for pair in rng.sample(pairs, len(pairs)):
        of_question.setdefault(pair.question, []).append(pair)
    for own in of_question.values():
        while own:
            together = [own.pop() for _ in range(min(len(own), rng.choice((1, 1, 1, 2, 3))))]
            together = list({pair.concept.id: pair for pair in together}.values())
            sides = [rng.random() < 0.5 for _ in together]
            about = together[0].question.id
            beside = [pair.concept for pair in rng.sample(pairs, 2) if pair.question.id != about]
            noted = rng.random() < 0.25
            asked = "" if rng.random() < 0.15 else together[0].question.ask
            for turned in (False, True):
                rightly = [side != turned for side in sides]
                said = [pair.right if ok else pair.wrong for pair, ok in zip(together, rightly, strict=True)]
                marked = [
                    ((noted and pair.note) or pair.concept.statement, STATED if ok else DENIED)
                    for pair, ok in zip(together, rightly, strict=True)
                ]
                marked += [(concept.statement, UNSAID) for concept in beside]
                rng.shuffle(marked)
                yield lesson(as_heard(_joined(said, rng), rng), asked, marked)


def contrast_lessons(pairs: Sequence[MinimalPair], rng: random.Random) -> list[Lesson]:
    """Both texts of each pair beside one statement, which grows harder to hold against them.

    It is the very words of one of the two (three in ten), what somebody else said rightly of the same concept
    (three in ten), or the concept as it stands. With the last alone a reader that sees word order in short
    frames hardly found it in spoken sentences: validation pairs rose .59 to .61 in a pass, with all three .61
    to .75.
    """
    of_concept: dict[tuple[str, Concept], list[MinimalPair]] = {}
    for pair in pairs:
        of_concept.setdefault((pair.question.id, pair.concept), []).append(pair)
    found: list[Lesson] = []
    for together in of_concept.values():
        for pair in together:
            others = [other.right for other in together if other is not pair]
            asked = pair.question.ask if rng.random() < 0.5 else ""
            rough = rng.random() < 0.5
            statement, target, contrary = _stated_by(pair, others, rng)
            for text, truth in ((pair.right, target), (pair.wrong, contrary)):
                found.append(lesson(as_heard(text, rng) if rough else text, asked, [(statement, truth)]))
    return found


def _stated_by(pair: MinimalPair, others: Sequence[str], rng: random.Random) -> tuple[str, Target, Target]:
    """A statement for the pair, and what its right and its wrong text make of it."""
    chance = rng.random()
    if chance < 0.1:
        return pair.wrong, DENIED, STATED
    if chance < 0.3:
        return pair.right, STATED, DENIED
    if chance < 0.6 and others:
        return rng.choice(others), STATED, DENIED
    noted = pair.note and rng.random() < 0.2
    return pair.note if noted else pair.concept.statement, STATED, DENIED


def order_lessons(frames: Sequence[Frame], rng: random.Random) -> list[Lesson]:
    """Each frame beside itself, and beside itself with the two swapped: nothing but word order tells.

    A reader that starts from all-MiniLM-L6-v2 does not see it. Shown this it begins to after one to four
    passes, and only then can learn who does what in sentences of other words.
    """
    found: list[Lesson] = []
    for frame in frames:
        for pair in frame.fills:
            statement = _filled(frame.statement, pair)
            for text, target in _both_ways(frame.statement, pair):
                found += [lesson(text, "", [(statement, target)])] * 2
    rng.shuffle(found)
    return found


def role_lessons(frames: Sequence[Frame], rng: random.Random) -> list[Lesson]:
    """Two of each frame's ways to say it with each of its pairs, right and swapped, beside the statement.

    A third as many are of its own words, so that what was learnt of these is kept.
    """
    found: list[Lesson] = []
    for frame in frames:
        for pair in frame.fills:
            statement = _filled(frame.statement, pair)
            for say in rng.sample(frame.says, 2):
                rough = rng.random() < 0.3
                for text, target in _both_ways(say, pair):
                    heard = as_heard(text, rng) if rough else text
                    found.append(lesson(heard, "", [(statement, target)]))
    found += rng.sample(order_lessons(frames, rng), len(found) // 3)
    rng.shuffle(found)
    return found


def _both_ways(template: str, pair: tuple[str, str]) -> tuple[tuple[str, Target], tuple[str, Target]]:
    """What the frame says of the pair, and of the pair swapped."""
    return (_filled(template, pair), STATED), (_filled(template, pair[::-1]), DENIED)


def _filled(template: str, pair: tuple[str, str]) -> str:
    text = template.replace("{a}", pair[0]).replace("{b}", pair[1])
    return text[0].upper() + text[1:] if template[0] == "{" else text


def _some(marked: list[tuple[str, Target]], rng: random.Random) -> list[tuple[str, Target]]:
    rng.shuffle(marked)
    return marked[: rng.randint(1, 4)] if rng.random() < 0.25 else marked


def _state_of(concept: Concept, rightness: float, rng: random.Random) -> tuple[str, Target]:
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
