"""Answers marked by teachers: does the score go with the marks, and more than simple measures do?

The line by which statements far from the reader's field are judged is fitted on such answers. Each set is
therefore judged by a line that was fitted on others: the exam by the one that ships, each of the other three
by one of the remaining two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from calibrate_judge import NOT_FITTED, afar_rows, fit_afar
from judge_data import MARKED_SETS, MarkedAnswer, marked_answers, without_blanks
from judge_figures import Numbers, mean_within, overall_pearson, paired_gains, pearson, table
from judge_models import Judges, evidence_of

from vivavoce.core.answer import answer_from_text
from vivavoce.core.calibration import Calibration
from vivavoce.core.finding import Finding
from vivavoce.core.language import language_of
from vivavoce.core.scoring import score_of, unscored_reason
from vivavoce.core.words import content_stems, findable_stems

_SCORE, _COSINE, _WORDS = "score", "cosine with the reference", "share of the reference's words"


def marked_tables(judges: Judges, calibration: Calibration, folder: Path, every: int) -> list[str]:
    """Every so manieth question of each set. Concepts as given, else the reference's clauses."""
    rows: list[list[str]] = []
    gains: list[list[str]] = []
    looked_at = {
        name: _looked_at(judges, calibration, folder / name, most, every)
        for name, most in MARKED_SETS.items()
    }
    for name, found in looked_at.items():
        others = [one for key, one in looked_at.items() if key not in (name, NOT_FITTED)]
        fitted = calibration
        if name != NOT_FITTED:
            sets = [afar_rows(one.answers, one.findings) for one in others]
            fitted = replace(calibration, afar=fit_afar(sets))
        groups = [marked.question.id for marked in found.answers]
        measures = _measures(judges, fitted, found)
        for what, values in measures.items():
            rows.append(_row(name, what, groups, values, found.marks))
        english = [n for n, marked in enumerate(found.answers) if language_of(marked.text) in {"en", None}]
        if len(english) < len(groups):
            # The rest is not scored, and counts as 0 above.
            asked, scores = [groups[n] for n in english], measures[_SCORE][english]
            rows.append(_row(name, "score, answers in English", asked, scores, found.marks[english]))
        for other in (_COSINE, _WORDS):
            gain = paired_gains(groups, measures[_SCORE], measures[other], found.marks)
            gains.append([name, other, *gain])
    heads = ["marked answers, not blank", "questions, answers", "what", "Pearson (95 %)"]
    return [
        *table([*heads, "mean within a question (95 %)"], rows),
        "",
        *table(["gain of the score", "over", "Pearson (95 %)", "mean within a question (95 %)"], gains),
    ]


def _row(name: str, what: str, groups: Sequence[str], values: Numbers, marks: Numbers) -> list[str]:
    both = overall_pearson(groups, values, marks), mean_within(pearson, groups, values, marks)
    return [name, f"{len(set(groups))}, {len(groups)}", what, *both]


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """A set with what was found in each answer."""

    answers: Sequence[MarkedAnswer]
    marks: Numbers
    findings: Sequence[Sequence[Finding]]


def _looked_at(
    judges: Judges, calibration: Calibration, path: Path, most: int | None, every: int
) -> _LookedAt:
    answers = without_blanks(marked_answers(path, most))
    wanted = set(sorted({answer.question.id for answer in answers})[::every])
    answers = [answer for answer in answers if answer.question.id in wanted]
    judges.read_ahead((marked.text, marked.question) for marked in answers)
    return _LookedAt(
        answers,
        np.array([answer.mark for answer in answers]),
        [judges.findings(marked.text, marked.question, calibration) for marked in answers],
    )


def _measures(judges: Judges, calibration: Calibration, found: _LookedAt) -> dict[str, Numbers]:
    measures: dict[str, list[float]] = {
        _SCORE: [],
        "mean probability in place of the score": [],
        _COSINE: [],
        _WORDS: [],
    }
    for marked, findings in zip(found.answers, found.findings, strict=True):
        answer, question = answer_from_text(marked.text), marked.question
        evidence = evidence_of(findings, question, calibration)
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
