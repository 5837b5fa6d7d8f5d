"""Fit the judge's calibration from labelled answers and write models/judge/calibration.json.

Nothing here is random: the same data and the same reader give the same file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from calibration_rows import Row, first_look, follow_up_rows, looked_again, pair_rows, rows_of
from judge_data import (
    CALIBRATION,
    MARKED_SETS,
    ROOT,
    MarkedAnswer,
    dev_answers,
    follow_ups,
    grading_folder,
    marked_answers,
    pair_answers,
    sentence_model,
    sentence_model_folder,
    split,
    unseen_answers,
    unseen_bank,
    without_blanks,
)
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from vivavoce.core.answer import answer_from_text
from vivavoce.core.calibration import (
    AFAR_SIGNS,
    AGAIN_SIGNS,
    BARE_SIGNS,
    DETAIL_SIGN,
    TOLD_SIGNS,
    Calibration,
    Line,
    Thresholds,
    Weighing,
)
from vivavoce.core.finding import Finding, afar_signs, chances_of, in_doubt, weighed_signs
from vivavoce.core.judgement import Judge
from vivavoce.core.plain import to_plain
from vivavoce.core.ports import Vectors
from vivavoce.core.remembered import RememberedEmbedder, RememberedReader
from vivavoce.engines.compute import cpu
from vivavoce.engines.reader import StatementReader, both_readers, read_field
from vivavoce.store.bank import load_bank

TARGET = ROOT / "models" / "judge" / "calibration.json"
READERS = ROOT / "models" / "judge"
VERSION = "9"
FITTED_ON = (
    "answers-dev: 156 answers to 26 deep-learning questions with data/calibration/phrasings.json; "
    "data/calibration: 160 answers and 576 follow-ups to 16 questions of no bank, unknown to the reader; "
    "data/labels: pairs in the same words to the 10 validation questions, unknown to the readers; "
    "afar: answers marked by teachers, SAF, SciEntsBank and Beetle"
)
# The neural-networks exam is never fitted on: it is what the others are tried on.
NOT_FITTED = "neural-network-exam.jsonl"
FOLDS = 12
# Inverse strength of the shrinkage. With wordings there is barely any: few weights, many rows. Bare
# statements come with any kind of question; 3 instead of 30 costs .002 of AUC here and gains .01 to .02 of
# correlation on three other sets (SAF, SciEntsBank, Beetle).
_C_TOLD = 30.0
_C_BARE = 3.0
_ROUNDS = 8
# What the detail of statements tells comes from two groups of authors, and only half of it is believed: the
# other half may be the authors' own. All of it makes other authors' facts (own_fact_answers) .01 worse.
_DETAIL_BELIEVED = 0.5
# Two weights need no more answers to each question than this.
_MARKED_OF_EACH = 12
# What a verdict promises. Of the covered concepts at most 1 in 50 may be called said wrongly, and of the
# concepts called partial at most 1 in 10 was not talked about.
MOST_FALSE_CONTRADICTED = 0.02
MOST_PARTIAL_UNSAID = 0.10

Numbers = npt.NDArray[np.float64]


def _flat(signs: int) -> Weighing:
    return Weighing(Line((0.0,) * signs, 0.0), Line((0.0,) * signs, 0.0))


UNFITTED = Calibration(
    version="unfitted",
    fitted_on="",
    about_told=Line((7.0, 4.0, -4.0), 0.0),
    about_bare=Line((7.0, 2.0, -4.0), 0.0),
    told=_flat(TOLD_SIGNS),
    again=_flat(AGAIN_SIGNS),
    bare=_flat(BARE_SIGNS),
    afar=Line((0.0,) * AFAR_SIGNS, 0.0),
    thresholds=Thresholds(0.5, 0.7, 0.5),
)


def fit_about(rows: Sequence[Row], start: Line, c: float) -> Line:
    """The line by which the best passage tells whether a concept is talked about.

    Which passage is the best depends on the line, so the two are found in turns.
    """
    labels = np.array([row.about for row in rows])
    counts = np.array([row.weight for row in rows])
    weights = np.array(start.weights)
    intercept = 0.0
    for _ in range(_ROUNDS):
        best = np.array(
            [r.finding.signs.about[int((r.finding.signs.about @ weights).argmax())] for r in rows]
        )
        model = LogisticRegression(C=c).fit(best, labels, sample_weight=counts)
        weights, intercept = model.coef_[0], float(model.intercept_[0])
    return Line(tuple(float(weight) for weight in weights), intercept)


def fit_weighing(rows: Sequence[Row], calibration: Calibration, c: float) -> Weighing:
    """How the signs are weighed: multinomial logistic regression, half said counted as unsaid."""
    signs = np.array([weighed_signs(row.finding, calibration) for row in rows])
    names = ("covered", "contradicted", "unsaid")
    labels = np.array([names.index("unsaid" if row.label == "partly" else row.label) for row in rows])
    counts = np.array([row.weight for row in rows])
    model = LogisticRegression(C=c, max_iter=1000).fit(signs, labels, sample_weight=counts)
    stated, denied, unsaid = ((model.coef_[i], float(model.intercept_[i])) for i in range(len(names)))
    return Weighing(_against(stated, unsaid), _against(denied, unsaid))


def _against(one: tuple[Numbers, float], other: tuple[Numbers, float]) -> Line:
    weights = one[0] - other[0]
    weights[DETAIL_SIGN] *= _DETAIL_BELIEVED
    return Line(tuple(float(weight) for weight in weights), one[1] - other[1])


def fit(told: Sequence[Row], plain: Sequence[Row], thresholds: Thresholds) -> Calibration:
    """All lines from the rows of both situations, with thresholds found elsewhere."""
    lines = replace(
        UNFITTED,
        version=VERSION,
        fitted_on=FITTED_ON,
        about_told=fit_about(told, UNFITTED.about_told, _C_TOLD),
        about_bare=fit_about(plain, UNFITTED.about_bare, _C_BARE),
        thresholds=thresholds,
    )
    again = [row for row in told if row.finding.again is not None]
    return replace(
        lines,
        told=fit_weighing([first_look(row) for row in told], lines, _C_TOLD),
        again=fit_weighing(again, lines, _C_TOLD) if again else _flat(AGAIN_SIGNS),
        bare=fit_weighing(plain, lines, _C_BARE),
    )


def fit_afar(sets: Sequence[tuple[Numbers, Numbers]]) -> Line:
    """The line from mean signs (n, AFAR_SIGNS) to marks (n,), each set counting the same.

    Sets differ in how generous their teachers are, so the weights follow the marks within each set, and the
    line lies where the strictest teachers do: talk beside the point must earn nothing.
    """
    found = [(signs - signs.mean(axis=0)) / np.sqrt(len(signs)) for signs, _ in sets]
    wanted = [(marks - marks.mean()) / np.sqrt(len(marks)) for _, marks in sets]
    weights = np.linalg.lstsq(np.concatenate(found), np.concatenate(wanted), rcond=None)[0]
    intercept = min(marks.mean() - signs.mean(axis=0) @ weights for signs, marks in sets)
    return Line(tuple(float(weight) for weight in weights), float(intercept))


def afar_rows(
    answers: Sequence[MarkedAnswer], findings: Iterable[Sequence[Finding]]
) -> tuple[Numbers, Numbers]:
    """The mean signs of each marked answer, from what was found in it, and its mark."""
    signs = [np.mean([afar_signs(each) for each in found], axis=0) for found in findings]
    return np.array(signs), np.array([marked.mark for marked in answers])


def probabilities(rows: Sequence[Row], calibration: Calibration) -> Numbers:
    """(n, 2): covered and contradicted, the second look taken where the first leaves doubt."""
    found: list[tuple[float, float]] = []
    for row in rows:
        chances = chances_of(first_look(row).finding, calibration)
        found.append(chances_of(row.finding, calibration) if in_doubt(chances) else chances)
    return np.array(found)


def held_out(told: Sequence[Row], plain: Sequence[Row]) -> tuple[Numbers, Numbers, dict[str, Calibration]]:
    """Probabilities of each row by a calibration that never saw its question; the calibrations."""
    names = np.array(sorted({row.question for row in plain}))
    of_told, of_plain = np.zeros((len(told), 2)), np.zeros((len(plain), 2))
    used: dict[str, Calibration] = {}
    for _, test in GroupKFold(FOLDS).split(names, groups=names):
        out = set(names[test])
        fold = fit(
            [row for row in told if row.question not in out],
            [row for row in plain if row.question not in out],
            UNFITTED.thresholds,
        )
        used |= dict.fromkeys(out, fold)
        for rows, found in ((told, of_told), (plain, of_plain)):
            here = [i for i, row in enumerate(rows) if row.question in out]
            if here:
                found[here] = probabilities([rows[i] for i in here], fold)
    return of_told, of_plain, used


def of_whole_answers(rows: Sequence[Row], found: Numbers) -> tuple[list[Row], Numbers]:
    """What belongs to answers: most of a follow-up says nothing of most concepts."""
    whole = [number for number, row in enumerate(rows) if row.weight == 1.0]
    return [rows[number] for number in whole], found[whole]


def choose_thresholds(rows: Sequence[Row], found: Numbers) -> Thresholds:
    """Verdicts that keep the promises above on held-out probabilities of both situations together.

    Covered: where as many concepts are called covered as are covered, so that precision and recall are
    equal and nothing is gained by calling more or fewer.
    """
    covered = np.array([row.covered for row in rows])
    grid = np.round(np.arange(0.02, 0.98, 0.01), 2)
    best = min(grid, key=lambda t: abs(int((found[:, 0] >= t).sum()) - int(covered.sum())))
    wrong = min(
        t
        for t in grid
        if np.mean((found[covered, 1] >= t) & (found[covered, 1] > found[covered, 0]))
        <= MOST_FALSE_CONTRADICTED
    )
    about = np.array([row.about for row in rows])
    talk = found.sum(axis=1)
    sure = Thresholds(best, 0.0, wrong)  # what is neither is partial
    open_ = np.array([sure.verdict(*each) == "partial" for each in found])
    partial = min(t for t in grid if np.mean(~about[open_ & (talk >= t)]) <= MOST_PARTIAL_UNSAID)
    return Thresholds(float(best), float(partial), float(wrong))


def fitting_rows(judge_with: Callable[[Calibration], Judge]) -> tuple[list[Row], list[Row]]:
    """The rows the calibration is fitted on, with wordings and with statements alone.

    Which passages are nearest and where the judge looks again depend on the calibration, so each is found
    with one that was fitted on what was known before.
    """
    folder, bank, apart = grading_folder(), unseen_bank(), split("validation")
    ours = load_bank(ROOT / "data" / "bank")
    told, plain = (
        (
            [*dev_answers(folder, told=how), *unseen_answers(told=how)],
            follow_ups(CALIBRATION, bank, told=how),
            pair_answers(ours, apart, told=how),
        )
        for how in (True, False)
    )
    calibration = UNFITTED
    of_told, of_plain = list[Row](), list[Row]()
    for _ in range(2):
        judge = judge_with(calibration)
        of_told, of_plain = (
            [
                *rows_of(answers, judge),
                *follow_up_rows(replies, judge, len(answers)),
                *pair_rows(pairs, judge, len(answers) + len(replies)),
            ]
            for answers, replies, pairs in (told, plain)
        )
        calibration = fit(of_told, of_plain, UNFITTED.thresholds)
    said = [*told[0], *(reply.answer for reply in told[1]), *told[2]]
    return looked_again(said, of_told, judge_with(calibration)), of_plain


def shipped_readers() -> tuple[StatementReader, StatementReader]:
    """The readers that ship with the program, of whole answers and of single passages."""
    return both_readers(READERS, sentence_model_folder(), "reader", cpu("a benchmark"))


def shipped_field() -> Vectors:
    """Vectors of what the shipped reader was trained on."""
    return read_field(READERS / "field.safetensors")


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
    embedder = RememberedEmbedder(sentence_model(), most=50_000)
    reader, passages = (RememberedReader(each, most=50_000) for each in shipped_readers())
    told, plain = fitting_rows(
        lambda calibration: Judge(embedder, reader, calibration, passage_reader=passages)
    )
    of_told, of_plain, _ = held_out(told, plain)
    (told_whole, told_found), (plain_whole, plain_found) = (
        of_whole_answers(rows, found) for rows, found in ((told, of_told), (plain, of_plain))
    )
    thresholds = choose_thresholds([*told_whole, *plain_whole], np.concatenate([told_found, plain_found]))
    for name, rows, found in (
        ("with wordings", told_whole, told_found),
        ("statement alone", plain_whole, plain_found),
    ):
        covered = np.array([row.covered for row in rows])
        called = found[:, 0] >= thresholds.covered
        print(
            f"{name:16s} covered or not: AUC {roc_auc_score(covered, found[:, 0]):.3f}, "
            f"precision {covered[called].mean():.2f}, recall {called[covered].mean():.2f}"
        )
    calibration = fit(told, plain, thresholds)
    judge = Judge(embedder, reader, calibration, shipped_field(), passages)
    marked = [
        without_blanks(marked_answers(grading_folder() / name, _MARKED_OF_EACH))
        for name in MARKED_SETS
        if name != NOT_FITTED
    ]
    sets = [
        afar_rows(answers, (judge.findings(answer_from_text(one.text), one.question) for one in answers))
        for answers in marked
    ]
    calibration = replace(calibration, afar=fit_afar(sets))
    _write(calibration, TARGET)
    print(f"{TARGET.relative_to(ROOT)}:\n{TARGET.read_text(encoding='utf-8')}")


if __name__ == "__main__":
    main()
