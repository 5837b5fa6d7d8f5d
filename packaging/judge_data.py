"""Labelled and graded answers as the judge sees them.

Our own lie in data/labels; those of others in the folder that VIVAVOCE_GRADING names.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vivavoce.core.question import Concept, Question
from vivavoce.core.question_form import question_from_mapping
from vivavoce.engines.compute import cpu
from vivavoce.engines.embedder import MiniLM
from vivavoce.engines.manifest import ModelShelf
from vivavoce.errors import KnownError
from vivavoce.paths import content, home
from vivavoce.store.bank import Bank, load_bank

ROOT = Path(__file__).resolve().parent.parent
CALIBRATION = ROOT / "data" / "calibration"
LABELS = ROOT / "data" / "labels"


@dataclass(frozen=True, slots=True)
class LabelledAnswer:
    """One answer with the ids of the concepts it covers, half-covers and contradicts.

    `notes` has for some concept ids the statement as a hasty person would note it.
    """

    question: Question
    kind: str
    text: str
    covered: frozenset[str]
    contradicted: frozenset[str]
    partly: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of an answer in its versions; one without facts claims nothing and has `right` alone."""

    facts: tuple[str, ...]
    right: str
    wrong: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class SegmentedAnswer:
    """An answer whose segments can each be right, wrong, beside the point, or left out.

    `facts` has for each id its statement, the same in other words, and at times as a hasty note.
    """

    question: str
    ask: str
    style: str
    facts: dict[str, tuple[str, ...]]
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One or two sentences said when somebody was asked about one concept, whose id is `concept`."""

    concept: str
    answer: LabelledAnswer


@dataclass(frozen=True, slots=True)
class MarkedAnswer:
    """One answer with a teacher's mark, 0..1; `label` is the data set's own word for it, if any."""

    question: Question
    text: str
    mark: float
    label: str = ""


def grading_folder() -> Path:
    """The folder of graded answers; KnownError when there is none."""
    folder = Path(os.environ.get("VIVAVOCE_GRADING", ROOT.parent / "shared" / "grading"))
    if not folder.is_dir():
        raise KnownError(
            f"There is no folder {folder} with graded answers.",
            "Name it: VIVAVOCE_GRADING=DIR make calibrate",
        )
    return folder


def sentence_model_folder() -> Path:
    """The folder of the sentence model that ships with the program."""
    return ModelShelf(content("models"), home().models).folder("minilm-l6")


def sentence_model() -> MiniLM:
    """The sentence model that ships with the program."""
    return MiniLM(sentence_model_folder(), "minilm-l6", cpu("a benchmark"))


def split(name: str) -> frozenset[str]:
    """Ids of the questions of "test" (never trained or fitted on) or "validation"."""
    return frozenset(json.loads((LABELS / "split.json").read_text(encoding="utf-8"))[name])


def bare(question: Question) -> Question:
    """The question with concept statements alone."""
    return replace(
        question, concepts=tuple(replace(c, accepted=(), misconceptions=()) for c in question.concepts)
    )


def bank_answers(bank: Bank, *, told: bool) -> list[LabelledAnswer]:
    """Our answers labelled with the bank's concepts."""
    notes: Any = json.loads((LABELS / "notes.json").read_text(encoding="utf-8"))
    found: list[LabelledAnswer] = []
    for row in _rows(LABELS / "bank-concepts.jsonl"):
        question = bank.get(row["question"])
        found += _answers_of(row, question if told else bare(question), notes.get(question.id, {}))
    return found


def unseen_bank() -> Bank:
    """Questions of no bank, of which the reader has seen nothing: for the calibration."""
    return load_bank(CALIBRATION / "bank")


def unseen_answers(*, told: bool) -> list[LabelledAnswer]:
    """Our answers to those questions."""
    bank = unseen_bank()
    found: list[LabelledAnswer] = []
    for row in _rows(CALIBRATION / "answers.jsonl"):
        question = bank.get(row["question"])
        found += _answers_of(row, question if told else bare(question))
    return found


def own_fact_answers(bank: Bank) -> list[LabelledAnswer]:
    """Our answers labelled with facts of their authors' own; statements alone."""
    found: list[LabelledAnswer] = []
    for row in _rows(LABELS / "own-facts.jsonl"):
        question = replace(
            bank.get(row["question"]),
            reference=row["reference"],
            concepts=tuple(Concept(fact["id"], fact["text"]) for fact in row["facts"]),
        )
        notes = {fact["id"]: fact["note"] for fact in row["facts"] if "note" in fact}
        found += _answers_of(row, question, notes)
    return found


def follow_ups(folder: Path, bank: Bank, *, told: bool) -> list[FollowUp]:
    """What was said, in LABELS or CALIBRATION, when somebody was asked about one concept of a question."""
    notes: Any = json.loads((LABELS / "notes.json").read_text(encoding="utf-8"))
    found: list[FollowUp] = []
    for row in _rows(folder / "follow-ups.jsonl"):
        question = bank.get(row["question"])
        noted: dict[str, str] = notes.get(question.id, {})
        question = question if told else bare(question)
        for reply in row["replies"]:
            covered, contradicted = frozenset[str](reply["covered"]), frozenset[str](reply["contradicted"])
            said = LabelledAnswer(question, reply["kind"], reply["text"], covered, contradicted, notes=noted)
            found.append(FollowUp(reply["concept"], said))
    return found


def segmented_answers(bank: Bank) -> list[SegmentedAnswer]:
    """Our answers in segments, to questions of the bank and of other fields."""
    found: list[SegmentedAnswer] = []
    for row in _rows(LABELS / "segments.jsonl"):
        ask = row.get("ask") or bank.get(row["question"]).ask
        facts = {
            fact["id"]: tuple(fact[wording] for wording in ("text", "other", "note") if wording in fact)
            for fact in row["facts"]
        }
        for answer in row["answers"]:
            segments = tuple(
                Segment(tuple(s["facts"]), s["right"], tuple(s.get("wrong", ())), s.get("beside", ""))
                for s in answer["segments"]
            )
            found.append(SegmentedAnswer(row["question"], ask, answer["style"], facts, segments))
    return found


def answers_of_follow_ups(replies: Sequence[FollowUp]) -> list[SegmentedAnswer]:
    """What was said to one concept after the other of a question as an answer in segments.

    Each right reply stands in one answer, and any wrong one or one beside the point can take its place.
    Replies that say something of another concept as well are left out.
    """
    found: list[SegmentedAnswer] = []
    of_question: dict[str, list[FollowUp]] = {}
    for reply in replies:
        if len(reply.answer.covered) + len(reply.answer.contradicted) <= 1:
            of_question.setdefault(reply.answer.question.id, []).append(reply)
    for said in of_question.values():
        question, notes = said[0].answer.question, said[0].answer.notes
        facts = {
            concept.id: (concept.statement, *([notes[concept.id]] if concept.id in notes else []))
            for concept in question.concepts
        }
        texts = {
            (concept, kind): tuple(
                reply.answer.text for reply in said if (reply.concept, reply.answer.kind) == (concept, kind)
            )
            for concept in facts
            for kind in ("right", "wrong", "vague")
        }
        for number in range(max(len(texts[concept, "right"]) for concept in facts)):
            segments = tuple(
                Segment((concept,), right[number % len(right)], wrong, beside[0])
                for concept in facts
                if (right := texts[concept, "right"])
                and (wrong := texts[concept, "wrong"])
                and (beside := texts[concept, "vague"])
            )
            found.append(SegmentedAnswer(question.id, question.ask, "spoken", facts, segments))
    return found


# How often a segment is right, wrong, beside the point, left out.
_MIXTURES = (
    (1.0, 0.0, 0.0, 0.0),
    (0.6, 0.2, 0.12, 0.08),
    (0.35, 0.35, 0.15, 0.15),
    (0.35, 0.35, 0.15, 0.15),
    (0.12, 0.6, 0.18, 0.1),
)


def put_together(told: SegmentedAnswer, rng: random.Random) -> tuple[str, dict[str, str]]:
    """One of the answers a segmented answer can be, and the label of each fact in it."""
    return _answer_of(told, _states(told, rng), rng)


def put_together_twice(
    told: SegmentedAnswer, rng: random.Random
) -> tuple[tuple[str, dict[str, str]], tuple[str, dict[str, str]]]:
    """An answer put together, and the one that is right where that one is wrong and wrong where it is right.

    The two differ in nothing else, so only what makes a statement right or wrong tells them apart.
    """
    states = _states(told, rng)
    other = {"covered": "contradicted", "contradicted": "covered"}
    seed = rng.random()
    first = _answer_of(told, states, random.Random(seed))
    return first, _answer_of(told, [other.get(state, state) for state in states], random.Random(seed))


def _states(told: SegmentedAnswer, rng: random.Random) -> list[str]:
    mixture = rng.choice(_MIXTURES)
    states: list[str] = []
    for segment in told.segments:
        if segment.facts:
            states += rng.choices(("covered", "contradicted", "beside", "out"), mixture)
        else:
            states.append("covered" if rng.random() < 0.85 else "out")
    return states


def _answer_of(
    told: SegmentedAnswer, states: Sequence[str], rng: random.Random
) -> tuple[str, dict[str, str]]:
    said: list[str] = []
    labels = dict.fromkeys(told.facts, "unsaid")
    for segment, state in zip(told.segments, states, strict=True):
        # Drawn in any case: two answers from one seed differ only where their states do.
        wrong = rng.choice(segment.wrong) if segment.facts else segment.right
        said_as = {"covered": segment.right, "contradicted": wrong, "beside": segment.beside}
        if state in said_as:
            said.append(said_as[state])
        if state in ("covered", "contradicted"):
            labels |= dict.fromkeys(segment.facts, state)
    if rng.random() < 0.15:
        rng.shuffle(said)
    return " ".join(said) or told.ask, labels


def put_together_answers(told: Sequence[SegmentedAnswer], times: int, seed: int) -> list[LabelledAnswer]:
    """Each segmented answer so many times, as labelled answers; the same for the same seed."""
    rng = random.Random(seed)
    found: list[LabelledAnswer] = []
    for answer in told:
        for _ in range(times):
            text, labels = put_together(answer, rng)
            concepts = tuple(Concept(fact, statements[0]) for fact, statements in answer.facts.items())
            of_label = {
                label: frozenset(fact for fact, found in labels.items() if found == label)
                for label in ("covered", "contradicted")
            }
            found.append(
                LabelledAnswer(
                    Question(answer.question, answer.ask, "", concepts),
                    "segments",
                    text,
                    of_label["covered"],
                    of_label["contradicted"],
                )
            )
    return found


def dev_answers(folder: Path, *, told: bool) -> list[LabelledAnswer]:
    """The answers of answers-dev.jsonl, 26 questions by six.

    With `told` each concept has its accepted wordings and misconceptions, without it the statement
    alone.
    """
    phrasings: Any = json.loads((CALIBRATION / "phrasings.json").read_text(encoding="utf-8"))
    found: list[LabelledAnswer] = []
    for row in _rows(folder / "answers-dev.jsonl"):
        key = f"{row['section']}-{row['number']}"
        concepts = tuple(
            Concept(
                fact["id"],
                fact["text"],
                accepted=tuple(phrasings[key][fact["id"]]["accepted"]) if told else (),
                misconceptions=tuple(phrasings[key][fact["id"]]["misconceptions"]) if told else (),
            )
            for fact in row["facts"]
        )
        found += _answers_of(row, Question(key, row["ask"], row["reference"], concepts))
    return found


def _answers_of(
    row: dict[str, Any], question: Question, notes: Mapping[str, str] | None = None
) -> list[LabelledAnswer]:
    return [
        LabelledAnswer(
            question,
            a["kind"],
            a["text"],
            frozenset(a["covered"]),
            frozenset(a["contradicted"]),
            frozenset(a.get("partly", ())),
            notes or {},
        )
        for a in row["answers"]
    ]


def marked_answers(path: Path, most: int | None = None) -> list[MarkedAnswer]:
    """Non-blank answers of a marked data set; concepts as given, else the reference's clauses.

    `most` takes the first so many answers of each question, to keep a report short.
    """
    questions: dict[str, Question] = {}
    taken: dict[str, int] = {}
    found: list[MarkedAnswer] = []
    for row in _rows(path):
        key = str(row["question_id"])
        if not row["answer"].strip() or (most is not None and taken.get(key, 0) >= most):
            continue
        if key not in questions:
            form = {"id": key, "ask": row["question"], "reference": row["reference"]}
            if row.get("concepts"):
                form["concepts"] = row["concepts"]
            questions[key] = question_from_mapping(form, path.name)
        taken[key] = taken.get(key, 0) + 1
        mark = float(row["grade"]) / float(row["grade_max"])
        label = str(row.get("label3") or row.get("verification") or "")
        found.append(MarkedAnswer(questions[key], row["answer"], mark, label))
    return found


MARKED_SETS: dict[str, int | None] = {
    "neural-network-exam.jsonl": None,
    "saf-networks.jsonl.gz": 25,
    "scientsbank-train.jsonl.gz": 15,
    "beetle-train.jsonl.gz": 25,
}
"""Files of answers that teachers marked, and how many of each question are read."""


def without_blanks(answers: Iterable[MarkedAnswer]) -> list[MarkedAnswer]:
    """Only answers with at least one letter or digit."""
    return [answer for answer in answers if any(sign.isalnum() for sign in answer.text)]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
