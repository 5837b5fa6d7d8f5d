"""Fit the judge's calibration from labelled answers and write models/judge/calibration.json.

Nothing here is random: the same data give the same file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from judge_data import ROOT, LabelledAnswer, grading_folder, labelled_answers, sentence_model
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from vivavoce.core.answer import answer_from_text
from vivavoce.core.calibration import Calibration, Line, Thresholds, probability
from vivavoce.core.judgement import Judge, about_log_odds, wrong_probability
from vivavoce.core.plain import to_plain
from vivavoce.core.signs import Signs

TARGET = ROOT / "models" / "judge" / "calibration.json"
VERSION = "1"
FITTED_ON = "answers-dev: 156 answers to 26 deep-learning questions, and data/calibration/phrasings.json"
FOLDS = 13
# Inverse strength of the shrinkage. With wordings there is barely any: three weights, 948 rows. Bare
# statements come with any kind of question; 3 instead of 30 costs .002 of AUC here and gains .01 to .02 of
# correlation on three other sets (SAF, SciEntsBank, Beetle).
_C_TOLD = 30.0
_C_BARE = 3.0
_ROUNDS = 8
# What a verdict promises. Of the covered concepts at most 1 in 100 may be called said wrongly (a fifth
# of what we allow the finished judge), and of the concepts called missed at most 1 in 10 was said.
MOST_FALSE_CONTRADICTED = 0.01
MOST_MISSED_SAID = 0.10

Numbers = npt.NDArray[np.float64]
UNFITTED = Calibration(
    version="unfitted",
    fitted_on="",
    about_told=Line((7.0, 4.0, -4.0), 0.0),
    about_bare=Line((7.0, 2.0, -4.0), 0.0),
    wrong=Line((1.0, 1.0), 0.0),
    wrong_unknown=0.0,
    thresholds=Thresholds(0.5, 0.2, 0.5),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One concept in one answer."""

    question: str
    answer: int
    kind: str
    signs: Signs
    covered: bool
    contradicted: bool

    @property
    def about(self) -> bool:
        """Whether it is talked about at all, right or wrong."""
        return self.covered or self.contradicted


def rows_of(answers: Sequence[LabelledAnswer], judge: Judge) -> list[Row]:
    """The signs and labels of every concept in every answer."""
    return [
        Row(
            answer.question.id,
            number,
            answer.kind,
            signs,
            concept.id in answer.covered,
            concept.id in answer.contradicted,
        )
        for number, answer in enumerate(answers)
        for concept, signs in zip(
            answer.question.concepts,
            judge.signs(answer_from_text(answer.text), answer.question),
            strict=True,
        )
    ]


def fit_about(rows: Sequence[Row], start: Line, c: float) -> Line:
    """The line by which the best passage tells whether a concept is talked about.

    Which passage is the best depends on the line, so the two are found in turns.
    """
    labels = np.array([row.about for row in rows])
    weights = np.array(start.weights)
    intercept = 0.0
    for _ in range(_ROUNDS):
        best = np.array([r.signs.about[int((r.signs.about @ weights).argmax())] for r in rows])
        weights, intercept = _logistic(best, labels, c)
    return Line(tuple(float(weight) for weight in weights), intercept)


def fit_wrong(rows: Sequence[Row]) -> Line:
    """The line that tells wrong from right among the concepts that are talked about."""
    talked = [row for row in rows if row.about]
    signs = np.array([row.signs.margin for row in talked])
    weights, intercept = _logistic(signs, np.array([row.contradicted for row in talked]), _C_TOLD)
    return Line(tuple(float(weight) for weight in weights), intercept)


def _logistic(signs: Numbers, labels: npt.NDArray[np.bool_], c: float) -> tuple[Numbers, float]:
    model = LogisticRegression(C=c).fit(signs, labels)
    return model.coef_[0], float(model.intercept_[0])


def fit(told: Sequence[Row], bare: Sequence[Row], thresholds: Thresholds) -> Calibration:
    """All lines from the rows of both situations, with thresholds found elsewhere."""
    return Calibration(
        version=VERSION,
        fitted_on=FITTED_ON,
        about_told=fit_about(told, UNFITTED.about_told, _C_TOLD),
        about_bare=fit_about(bare, UNFITTED.about_bare, _C_BARE),
        wrong=fit_wrong(told),
        wrong_unknown=float(np.mean([row.contradicted for row in bare if row.about])),
        thresholds=thresholds,
    )


def probabilities(rows: Sequence[Row], calibration: Calibration) -> Numbers:
    """(n, 2): covered and contradicted."""
    found: list[tuple[float, float]] = []
    for row in rows:
        about = probability(float(about_log_odds(row.signs, calibration).max()))
        wrong = wrong_probability(row.signs, calibration)
        found.append((about * (1.0 - wrong), about * wrong))
    return np.array(found)


def held_out(told: Sequence[Row], bare: Sequence[Row]) -> tuple[Numbers, Numbers, list[Calibration]]:
    """Probabilities of each row by a calibration that never saw its question; the calibration by row."""
    groups = [row.question for row in told]
    of_told, of_bare = np.zeros((len(told), 2)), np.zeros((len(bare), 2))
    used: list[Calibration] = [UNFITTED] * len(told)
    for train, test in GroupKFold(FOLDS).split(of_told, groups=groups):
        fold = fit([told[i] for i in train], [bare[i] for i in train], UNFITTED.thresholds)
        of_told[test] = probabilities([told[i] for i in test], fold)
        of_bare[test] = probabilities([bare[i] for i in test], fold)
        for i in test:
            used[i] = fold
    return of_told, of_bare, used


def choose_thresholds(told: Sequence[Row], of_told: Numbers, of_bare: Numbers) -> Thresholds:
    """Verdicts that keep the promises above on held-out probabilities of both situations together.

    Covered: where as many concepts are called covered as are covered, so that precision and recall are
    equal and nothing is gained by calling more or fewer.
    """
    covered = np.array([row.covered for row in told])
    both, labels = np.concatenate([of_told[:, 0], of_bare[:, 0]]), np.concatenate([covered, covered])
    grid = np.round(np.arange(0.02, 0.98, 0.01), 2)
    best = min(grid, key=lambda t: abs(int((both >= t).sum()) - int(labels.sum())))
    safe = [t for t in grid if t < best and labels[both < t].mean() <= MOST_MISSED_SAID]
    false = [
        t
        for t in grid
        if np.mean((of_told[covered, 1] >= t) & (of_told[covered, 1] > of_told[covered, 0]))
        <= MOST_FALSE_CONTRADICTED
    ]
    return Thresholds(float(best), float(max(safe)), float(min(false)))


def _write(calibration: Calibration, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_text(json.dumps(_rounded(to_plain(calibration)), indent=2) + "\n", encoding="utf-8")
    os.replace(half, path)  # noqa: PTH105 - the same call as everywhere else


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value


def main() -> None:
    """Fit, print the held-out figures, write the file."""
    folder = grading_folder()
    judge = Judge(sentence_model(), UNFITTED)
    told = rows_of(labelled_answers(folder, told=True), judge)
    bare = rows_of(labelled_answers(folder, told=False), judge)
    of_told, of_bare, _ = held_out(told, bare)
    thresholds = choose_thresholds(told, of_told, of_bare)
    covered = np.array([row.covered for row in told])
    for name, found in (("with wordings", of_told), ("statement alone", of_bare)):
        called = found[:, 0] >= thresholds.covered
        print(
            f"{name:16s} covered or not: AUC {roc_auc_score(covered, found[:, 0]):.3f}, "
            f"precision {covered[called].mean():.2f}, recall {called[covered].mean():.2f}"
        )
    calibration = fit(told, bare, thresholds)
    _write(calibration, TARGET)
    print(f"{TARGET.relative_to(ROOT)}:\n{TARGET.read_text(encoding='utf-8')}")


if __name__ == "__main__":
    main()
