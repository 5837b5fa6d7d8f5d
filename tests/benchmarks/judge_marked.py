"""Answers marked by teachers: does the score go with the marks, and more than simple measures do?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from judge_data import MarkedAnswer, marked_answers, without_blanks
from judge_figures import Numbers, mean_within, overall_pearson, paired_gains, pearson, table
from judge_models import Judges, evidence_of

from vivavoce.core.answer import answer_from_text
from vivavoce.core.calibration import Calibration
from vivavoce.core.scoring import score_of, unscored_reason
from vivavoce.core.words import content_stems, findable_stems

_SETS = (
    ("neural-network-exam.jsonl", None),
    ("saf-networks.jsonl.gz", 25),
    ("scientsbank-train.jsonl.gz", 15),
    ("beetle-train.jsonl.gz", 25),
)
_SCORE, _COSINE, _WORDS = "score", "cosine with the reference", "share of the reference's words"


def marked_tables(judges: Judges, calibration: Calibration, folder: Path, every: int) -> list[str]:
    """Every so manieth question of each set. Concepts as given, else the reference's clauses."""
    rows: list[list[str]] = []
    gains: list[list[str]] = []
    for name, most in _SETS:
        answers = without_blanks(marked_answers(folder / name, most))
        wanted = set(sorted({answer.question.id for answer in answers})[::every])
        answers = [answer for answer in answers if answer.question.id in wanted]
        marks = np.array([answer.mark for answer in answers])
        groups = [answer.question.id for answer in answers]
        found = _measures(judges, calibration, answers)
        for what, values in found.items():
            both = overall_pearson(groups, values, marks), mean_within(pearson, groups, values, marks)
            rows.append([name, f"{len(wanted)}, {len(answers)}", what, *both])
        for other in (_COSINE, _WORDS):
            gains.append([name, other, *paired_gains(groups, found[_SCORE], found[other], marks)])
    heads = ["marked answers, not blank", "questions, answers", "what", "Pearson (95 %)"]
    return [
        *table([*heads, "mean within a question (95 %)"], rows),
        "",
        *table(["gain of the score", "over", "Pearson (95 %)", "mean within a question (95 %)"], gains),
    ]


def _measures(
    judges: Judges, calibration: Calibration, answers: Sequence[MarkedAnswer]
) -> dict[str, Numbers]:
    measures: dict[str, list[float]] = {
        _SCORE: [],
        "mean probability in place of the score": [],
        _COSINE: [],
        _WORDS: [],
    }
    judges.read_ahead((marked.text, marked.question) for marked in answers)
    for marked in answers:
        answer, question = answer_from_text(marked.text), marked.question
        evidence = evidence_of(judges.findings(marked.text, question, calibration), question, calibration)
        empty = unscored_reason(answer, question) is not None
        wanted = content_stems(question.reference) - findable_stems(question.ask)
        pair = judges.embedder.embed([marked.text, question.reference])
        row = (
            0.0 if empty else score_of(evidence, question).score,
            float(np.mean([item.covered for item in evidence])),
            float(pair[0] @ pair[1]),
            len(wanted & findable_stems(marked.text)) / max(1, len(wanted)),
        )
        for values, value in zip(measures.values(), row, strict=True):
            values.append(value)
    return {name: np.array(values) for name, values in measures.items()}
