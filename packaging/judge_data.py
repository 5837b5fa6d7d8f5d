"""Labelled and graded answers as the judge sees them.

Our own lie in data/labels; those of others in the folder that VIVAVOCE_GRADING names.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vivavoce.core.question import Concept, Question
from vivavoce.core.question_form import question_from_mapping
from vivavoce.engines.compute import cpu
from vivavoce.engines.embedder import MiniLM
from vivavoce.engines.manifest import ModelShelf
from vivavoce.errors import KnownError
from vivavoce.paths import content, home
from vivavoce.store.bank import Bank

ROOT = Path(__file__).resolve().parent.parent
PHRASINGS = ROOT / "data" / "calibration" / "phrasings.json"
LABELS = ROOT / "data" / "labels"


@dataclass(frozen=True, slots=True)
class LabelledAnswer:
    """One answer with the ids of the concepts it covers, half-covers and contradicts."""

    question: Question
    kind: str
    text: str
    covered: frozenset[str]
    contradicted: frozenset[str]
    partly: frozenset[str] = frozenset()


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
    found: list[LabelledAnswer] = []
    for row in _rows(LABELS / "bank-concepts.jsonl"):
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
        found += _answers_of(row, question)
    return found


def dev_answers(folder: Path, *, told: bool) -> list[LabelledAnswer]:
    """The answers of answers-dev.jsonl, 26 questions by six.

    With `told` each concept has its accepted wordings and misconceptions, without it the statement
    alone.
    """
    phrasings: Any = json.loads(PHRASINGS.read_text(encoding="utf-8"))
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


def _answers_of(row: dict[str, Any], question: Question) -> list[LabelledAnswer]:
    return [
        LabelledAnswer(
            question,
            a["kind"],
            a["text"],
            frozenset(a["covered"]),
            frozenset(a["contradicted"]),
            frozenset(a.get("partly", ())),
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


def without_blanks(answers: Iterable[MarkedAnswer]) -> list[MarkedAnswer]:
    """Only answers with at least one letter or digit."""
    return [answer for answer in answers if any(sign.isalnum() for sign in answer.text)]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
