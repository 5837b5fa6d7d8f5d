"""Labelled and graded answers as the judge sees them.

Our own lie in data/labels; those of others in the folder that VIVAVOCE_GRADING names.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Set
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
class FollowUp:
    """One or two sentences said when somebody was asked about one concept, whose id is `concept`."""

    concept: str
    answer: LabelledAnswer


@dataclass(frozen=True, slots=True)
class Frame:
    """A claim about two things in different roles: swapped, it is another claim, that contradicts it.

    `statement` and each of `says`, which say the same, have slots {a} and {b}; `fills` are pairs for these.
    """

    statement: str
    says: tuple[str, ...]
    fills: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MinimalPair:
    """A concept of `question` said rightly, and the same words in an order that says it wrongly."""

    question: Question
    concept: Concept
    right: str
    wrong: str
    note: str


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
    for row in rows_of_file(LABELS / "bank-concepts.jsonl"):
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
    for row in rows_of_file(CALIBRATION / "answers.jsonl"):
        question = bank.get(row["question"])
        found += _answers_of(row, question if told else bare(question))
    return found


def own_fact_answers(bank: Bank) -> list[LabelledAnswer]:
    """Our answers labelled with facts of their authors' own; statements alone."""
    found: list[LabelledAnswer] = []
    for row in rows_of_file(LABELS / "own-facts.jsonl"):
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
    for row in rows_of_file(folder / "follow-ups.jsonl"):
        question = bank.get(row["question"])
        noted: dict[str, str] = notes.get(question.id, {})
        question = question if told else bare(question)
        for reply in row["replies"]:
            covered, contradicted = frozenset[str](reply["covered"]), frozenset[str](reply["contradicted"])
            said = LabelledAnswer(question, reply["kind"], reply["text"], covered, contradicted, notes=noted)
            found.append(FollowUp(reply["concept"], said))
    return found


def frames() -> list[Frame]:
    """Claims that are false when the two things in them are swapped."""
    return [
        Frame(row["statement"], tuple(row["says"]), tuple((a, b) for a, b in row["fills"]))
        for row in rows_of_file(LABELS / "frames.jsonl")
    ]


def minimal_pairs(bank: Bank) -> list[MinimalPair]:
    """The bank's concepts said rightly and wrongly in the same words."""
    notes: Any = json.loads((LABELS / "notes.json").read_text(encoding="utf-8"))
    found: list[MinimalPair] = []
    for row in rows_of_file(LABELS / "pairs.jsonl"):
        question = bank.get(row["question"])
        note: str = notes.get(question.id, {}).get(row["concept"], "")
        concept = question.concept(row["concept"])
        found.append(MinimalPair(question, concept, row["right"], row["wrong"], note))
    return found


def pair_answers(bank: Bank, ids: Set[str], *, told: bool) -> list[LabelledAnswer]:
    """Both texts of each pair to these questions; of concepts other than its own nothing is known."""
    found: list[LabelledAnswer] = []
    for pair in minimal_pairs(bank):
        if pair.question.id in ids:
            question = pair.question if told else bare(pair.question)
            only, none = frozenset({pair.concept.id}), frozenset[str]()
            found.append(LabelledAnswer(question, "right", pair.right, only, none))
            found.append(LabelledAnswer(question, "wrong", pair.wrong, none, only))
    return found


def other_pairs(bank: Bank) -> list[MinimalPair]:
    """The same of facts of their authors' own, and of facts about what the bank does not ask."""
    asked: dict[tuple[str, int], tuple[str, list[dict[str, str]]]] = {}
    for name in ("segments.jsonl", "own-facts.jsonl"):
        for row in rows_of_file(LABELS / name):
            ask = row.get("ask") or bank.get(row["question"]).ask
            asked[row["question"], row["author"]] = ask, row["facts"]
    found: list[MinimalPair] = []
    for row in rows_of_file(LABELS / "other-pairs.jsonl"):
        ask, facts = asked[row["question"], row["facts_by"]]
        question = Question(row["question"], ask, "", tuple(Concept(f["id"], f["text"]) for f in facts))
        note = next(f.get("note", "") for f in facts if f["id"] == row["fact"])
        found.append(MinimalPair(question, question.concept(row["fact"]), row["right"], row["wrong"], note))
    return found


def fact_pairs() -> list[MinimalPair]:
    """The same of facts of other fields, which stand in no answer; two of each."""
    of_ask: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in rows_of_file(LABELS / "fact-pairs.jsonl"):
        of_ask.setdefault((row["author"], row["ask"]), []).append(row)
    found: list[MinimalPair] = []
    for number, ((author, ask), rows) in enumerate(of_ask.items()):
        concepts = tuple(Concept(f"f{place}", row["statement"]) for place, row in enumerate(rows, 1))
        question = Question(f"facts-{author}-{number}", ask, "", concepts)
        found += [
            MinimalPair(question, concept, pair["right"], pair["wrong"], row["note"])
            for concept, row in zip(concepts, rows, strict=True)
            for pair in row["pairs"]
        ]
    return found


def dev_answers(folder: Path, *, told: bool) -> list[LabelledAnswer]:
    """The answers of answers-dev.jsonl, 26 questions by six.

    With `told` each concept has its accepted wordings and misconceptions, without it the statement
    alone.
    """
    phrasings: Any = json.loads((CALIBRATION / "phrasings.json").read_text(encoding="utf-8"))
    found: list[LabelledAnswer] = []
    for row in rows_of_file(folder / "answers-dev.jsonl"):
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
    for row in rows_of_file(path):
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


def rows_of_file(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file with one in each line."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
