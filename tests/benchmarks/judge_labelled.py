"""Labelled answers as the judge sees them: the table, the reliability curves, who is taken for whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from calibration_rows import label_of
from judge_data import LabelledAnswer
from judge_figures import (
    Flags,
    Numbers,
    auc,
    bins,
    calibration_error,
    kendall,
    mean_within,
    overall_pearson,
    percent,
    share,
    table,
)
from judge_models import Judges, evidence_of

from vivavoce.core.answer import answer_from_text
from vivavoce.core.calibration import Calibration
from vivavoce.core.evidence import VERDICTS, Evidence
from vivavoce.core.scoring import Score, score_of, unscored_reason

KINDS = ("strong", "good", "slip", "partial", "mixed", "near", "weak", "wrong", "short-wrong", "gaming")
LABELS = ("covered", "partly", "contradicted", "unsaid")
_BY_VERDICT = {"covered": 100.0, "partial": 50.0, "missed": 0.0, "contradicted": 0.0}
_CREDIT = {"covered": 1.0, "partly": 0.5, "contradicted": 0.0, "unsaid": 0.0}
_LEAST = 1e-6
_BY_KIND = "mean score, "


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """One labelled answer with what was found; `nearest` is each concept's best cosine with the answer.

    `shown` is the score in 0..100, 0 for an answer that is not scored, as in a list of marks.
    """

    answer: LabelledAnswer
    calibration: Calibration
    evidence: tuple[Evidence, ...]
    nearest: tuple[float, ...]
    score: Score
    scored: bool

    @property
    def shown(self) -> float:
        return self.score.score if self.scored else 0.0

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(label_of(self.answer, concept.id) for concept in self.answer.question.concepts)

    @property
    def truth(self) -> float:
        """The score that right verdicts would give; half said counts one half."""
        concepts = self.answer.question.concepts
        earned = sum(c.weight * _CREDIT[label] for c, label in zip(concepts, self.labels, strict=True))
        return 100.0 * earned / sum(c.weight for c in concepts)


@dataclass(frozen=True)
class Judged:
    """A set of labelled answers, judged; the arrays go over answers or over their concepts in order."""

    name: str
    answers: tuple[JudgedAnswer, ...]

    @cached_property
    def labels(self) -> npt.NDArray[np.str_]:
        return np.array([label for one in self.answers for label in one.labels])

    @cached_property
    def verdicts(self) -> npt.NDArray[np.str_]:
        return np.array([item.verdict for one in self.answers for item in one.evidence])

    @cached_property
    def covered(self) -> Numbers:
        return np.array([item.covered for one in self.answers for item in one.evidence])

    @cached_property
    def contradicted(self) -> Numbers:
        return np.array([item.contradicted for one in self.answers for item in one.evidence])

    @cached_property
    def nearest(self) -> Numbers:
        return np.array([cosine for one in self.answers for cosine in one.nearest])

    @cached_property
    def score(self) -> Numbers:
        return np.array([one.shown for one in self.answers])

    @cached_property
    def truth(self) -> Numbers:
        return np.array([one.truth for one in self.answers])

    @cached_property
    def kinds(self) -> npt.NDArray[np.str_]:
        return np.array([one.answer.kind for one in self.answers])

    @cached_property
    def questions(self) -> list[str]:
        return [one.answer.question.id for one in self.answers]


def judged(
    name: str,
    answers: Sequence[LabelledAnswer],
    judges: Judges,
    calibration_of: Callable[[str], Calibration],
) -> Judged:
    """Judge each answer by the calibration that is named for its question's id."""
    found: list[JudgedAnswer] = []
    for answer in answers:
        calibration = calibration_of(answer.question.id)
        findings = judges.findings(answer.text, answer.question, calibration)
        evidence = evidence_of(findings, answer.question, calibration)
        scored = unscored_reason(answer_from_text(answer.text), answer.question) is None
        nearest = tuple(float(one.signs.about[:, 0].max()) for one in findings)
        score = score_of(evidence, answer.question)
        found.append(JudgedAnswer(answer, calibration, evidence, nearest, score, scored))
    return Judged(name, tuple(found))


def labelled_table(sets: Sequence[Judged], by_cosine: Sequence[Judged]) -> list[str]:
    """All figures of the judge, and those that cosine with the bare statement has, side by side."""
    columns = [_figures(one) for one in sets] + [_cosine_figures(one) for one in by_cosine]
    heads = [one.name for one in sets] + [f"cosine alone, {one.name}" for one in by_cosine]
    sizes = [
        f"{len(set(one.questions))}, {len(one.answers)}, {len(one.labels)}" for one in (*sets, *by_cosine)
    ]
    rows = [["questions, answers, labels", *sizes]]
    names = dict.fromkeys(name for column in columns for name in column if not name.startswith(_BY_KIND))
    kinds = [f"{_BY_KIND}{kind} (true)" for kind in KINDS]
    for name in (*names, *(kind for kind in kinds if any(kind in column for column in columns))):
        rows.append([name, *(column.get(name, "") for column in columns)])
    return table(["", *heads], rows)


def _cosine_figures(one: Judged) -> dict[str, str]:
    each = np.array([float(np.mean(answer.nearest)) for answer in one.answers])
    covered = one.labels == "covered"
    told = covered | (one.labels == "contradicted")
    return {
        "covered against the rest, AUC": auc(covered, one.nearest),
        "covered against contradicted, AUC: P(covered)": auc(covered[told], one.nearest[told]),
        "score, Pearson (95 %)": overall_pearson(one.questions, each, one.truth, 3),
        "score within a question, Kendall (95 %)": mean_within(kendall, one.questions, each, one.truth, 3),
    }


def _figures(one: Judged) -> dict[str, str]:
    soft = np.array([100.0 * float(np.mean([e.covered for e in a.evidence])) for a in one.answers])
    by_verdict = np.array([float(np.mean([_BY_VERDICT[e.verdict] for e in a.evidence])) for a in one.answers])
    held = np.mean([a.score.band[0] - _LEAST <= a.truth <= a.score.band[1] + _LEAST for a in one.answers])
    width = np.mean([a.score.band[1] - a.score.band[0] for a in one.answers])
    figures = _concept_figures(one) | {
        "score, Pearson (95 %)": overall_pearson(one.questions, one.score, one.truth, 3),
        "mean probability in place of the score, Pearson (95 %)": overall_pearson(
            one.questions, soft, one.truth, 3
        ),
        "whole, half or nothing by verdict, Pearson (95 %)": overall_pearson(
            one.questions, by_verdict, one.truth, 3
        ),
        "score within a question, Kendall (95 %)": mean_within(
            kendall, one.questions, one.score, one.truth, 3
        ),
        "score: mean error, mean distance": (
            f"{(one.score - one.truth).mean():+.1f}, {np.abs(one.score - one.truth).mean():.1f}"
        ),
        "true score inside the band; its width": f"{100 * held:.0f} %; {width:.0f} points",
        "errors within an answer go together": f"{_togetherness(one):.2f}",
        "not scored (gaming, near or weak, other)": _unscored(one),
    }
    for kind in KINDS:
        here = one.kinds == kind
        if here.any():
            figures[f"{_BY_KIND}{kind} (true)"] = (
                f"{one.score[here].mean():.0f} ({one.truth[here].mean():.0f})"
            )
    return figures


def _concept_figures(one: Judged) -> dict[str, str]:
    covered, contradicted = one.labels == "covered", one.labels == "contradicted"
    called, open_, wrong, missed = (
        one.verdicts == name for name in ("covered", "partial", "contradicted", "missed")
    )
    told = covered | contradicted
    ratio = np.log(one.covered + _LEAST) - np.log(one.contradicted + _LEAST)
    return {
        "covered against the rest, AUC": auc(covered, one.covered),
        "covered against contradicted, AUC: P(covered)": auc(covered[told], one.covered[told]),
        "covered against contradicted, AUC: log ratio": auc(covered[told], ratio[told]),
        "contradicted against the rest, AUC": auc(contradicted, one.contradicted),
        "verdict covered: precision, recall": f"{share(covered[called])}, {share(called[covered])}",
        "verdict missed: really not said": share(~covered[missed]),
        "verdict partial: covered, contradicted, unsaid": ", ".join(
            share((one.labels == label)[open_]) for label in ("covered", "contradicted", "unsaid")
        ),
        "verdict contradicted: precision, recall": (
            f"{share(contradicted[wrong])}, {share(wrong[contradicted])}"
        ),
        "covered concepts called contradicted": percent(wrong[covered]),
        "contradicted concepts called covered": percent(called[contradicted]),
        "calibration error, covered": f"{calibration_error(one.covered, covered):.3f}",
        "calibration error, contradicted": f"{calibration_error(one.contradicted, contradicted):.3f}",
    }


def _togetherness(one: Judged) -> float:
    """Correlation of the errors of two concepts in one answer; scoring.py takes it for the band."""
    shared = expected = 0.0
    for answer in one.answers:
        said = np.array([_CREDIT[label] for label in answer.labels])
        chance = np.array([item.covered for item in answer.evidence])
        error, spread = said - chance, np.sqrt(chance * (1.0 - chance))
        shared += float(error.sum() ** 2 - (error**2).sum())
        expected += float(spread.sum() ** 2 - (spread**2).sum())
    return shared / expected


def _unscored(one: Judged) -> str:
    empty: Flags = np.array([not answer.scored for answer in one.answers])
    gaming, vague = one.kinds == "gaming", np.isin(one.kinds, ("near", "weak"))
    return ", ".join(str(int(empty[here].sum())) for here in (gaming, vague, ~gaming & ~vague))


def reliability_tables(sets: Sequence[Judged]) -> list[str]:
    """Ten bins of each probability: mean probability, how often it was true, how many."""
    lines: list[str] = []
    for label in ("covered", "contradicted"):
        columns = [bins(getattr(one, label), one.labels == label) for one in sets]
        rows = [
            [f"{low / 10:.1f} to {(low + 1) / 10:.1f}", *(_bin(*column[low]) for column in columns)]
            for low in range(10)
        ]
        lines += ["", *table([f"P({label}): said, true (count)", *(one.name for one in sets)], rows)]
    return lines[1:]


def _bin(said: float, was: float, count: int) -> str:
    return f"{said:.2f}, {was:.2f} ({count})" if count else ""


def confusion_table(sets: Sequence[Judged]) -> list[str]:
    """Labels against verdicts: counts, and shares of each label."""
    rows: list[list[str]] = []
    for one in sets:
        for label in LABELS:
            here = one.verdicts[one.labels == label]
            if len(here):
                counts = [int((here == verdict).sum()) for verdict in VERDICTS]
                cells = [f"{count} ({100 * count / len(here):.0f} %)" for count in counts]
                rows.append([one.name, label, str(len(here)), *cells])
    return table(["answers", "label", "concepts", *(f"called {verdict}" for verdict in VERDICTS)], rows)
