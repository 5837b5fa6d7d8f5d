"""The figures a judge is measured by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from vivavoce.core.evidence import VERDICTS

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
_SAMPLES = 1000
_BINS = 10


def pearson(a: Numbers, b: Numbers) -> float:
    """Correlation of a measure with the truth; 0 where the measure is flat, NaN where the truth is."""
    if np.std(b) == 0:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1]) if np.std(a) > 0 else 0.0


def kendall(a: Numbers, b: Numbers) -> float:
    """Tau-b of a measure with the truth; 0 where the measure is flat, NaN where the truth is."""
    upper = np.triu_indices(len(a), 1)
    x = np.sign(a[:, None] - a[None, :])[upper]
    y = np.sign(b[:, None] - b[None, :])[upper]
    if not y.any():
        return float("nan")
    size = float(np.sqrt((x != 0).sum() * (y != 0).sum()))
    return float((x * y).sum() / size) if size else 0.0


def auc(true: Flags, found: Numbers) -> str:
    """Area under the ROC curve; empty where only one class is there."""
    return f"{roc_auc_score(true, found):.3f}" if true.any() and not true.all() else ""


def share(of: Flags) -> str:
    """How many are true, 0..1; a dash where there are none at all."""
    return f"{of.mean():.2f}" if len(of) else "-"


def percent(of: Flags) -> str:
    """How many are true, in percent; a dash where there are none at all."""
    return f"{100 * of.mean():.1f} %" if len(of) else "-"


def calibration_error(probability: Numbers, true: Flags) -> float:
    """Expected calibration error over ten bins of equal width."""
    return sum(abs(said - was) * count for said, was, count in bins(probability, true)) / len(true)


def bins(probability: Numbers, true: Flags) -> list[tuple[float, float, int]]:
    """Mean probability, true share and count in each of ten bins of equal width; NaN in empty ones."""
    place = np.minimum(_BINS - 1, (probability * _BINS).astype(int))
    found: list[tuple[float, float, int]] = []
    for number in range(_BINS):
        here = place == number
        count = int(here.sum())
        found.append(
            (float(probability[here].mean()), float(true[here].mean()), count) if count else (0, 0, 0)
        )
    return found


def each_question(
    of: Callable[[Numbers, Numbers], float], groups: Sequence[str], a: Numbers, b: Numbers
) -> Numbers:
    """The figure of each question by itself, by name."""
    names = np.array(groups)
    return np.array([of(a[names == name], b[names == name]) for name in sorted(set(groups))])


def resamples(groups: Sequence[str]) -> list[tuple[Places, Places]]:
    """Questions drawn with replacement: their numbers by name, and all their rows. The same each time."""
    names = np.array(groups)
    members = [np.flatnonzero(names == name) for name in sorted(set(groups))]
    draw = np.random.default_rng(0)
    drawn = [draw.integers(len(members), size=len(members)) for _ in range(_SAMPLES)]
    return [(chosen, np.concatenate([members[i] for i in chosen])) for chosen in drawn]


def interval(values: Sequence[float], digits: int = 2) -> str:
    """Where 95 of 100 values lie."""
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return f"{low:.{digits}f} to {high:.{digits}f}"


def with_interval(value: float, values: Sequence[float], digits: int = 2) -> str:
    """The value and its interval."""
    return f"{value:.{digits}f} ({interval(values, digits)})"


def overall_pearson(groups: Sequence[str], found: Numbers, truth: Numbers, digits: int = 2) -> str:
    """Pearson over all answers, with its interval by question."""
    values = [pearson(found[rows], truth[rows]) for _, rows in resamples(groups)]
    return with_interval(pearson(found, truth), values, digits)


def verdict_shares(verdicts: Sequence[str]) -> list[str]:
    """How many of these are each verdict, in per cent, in the order of VERDICTS."""
    return [f"{100 * verdicts.count(verdict) / len(verdicts):.1f} %" for verdict in VERDICTS]


def mean_within(
    of: Callable[[Numbers, Numbers], float],
    groups: Sequence[str],
    found: Numbers,
    truth: Numbers,
    digits: int = 2,
) -> str:
    """The mean of each question's figure, with its interval by question."""
    each = each_question(of, groups, found, truth)
    values = [float(np.nanmean(each[chosen])) for chosen, _ in resamples(groups)]
    return with_interval(float(np.nanmean(each)), values, digits)


def paired_gains(groups: Sequence[str], one: Numbers, other: Numbers, truth: Numbers) -> tuple[str, str]:
    """How much more Pearson `one` has than `other`, over all and within a question; same resamples."""
    gain = each_question(pearson, groups, one, truth) - each_question(pearson, groups, other, truth)
    drawn = resamples(groups)
    over_all = [pearson(one[rows], truth[rows]) - pearson(other[rows], truth[rows]) for _, rows in drawn]
    within = [float(np.nanmean(gain[chosen])) for chosen, _ in drawn]
    return (
        with_interval(pearson(one, truth) - pearson(other, truth), over_all),
        with_interval(float(np.nanmean(gain)), within),
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    lines = ["| " + " | ".join(heads) + " |", "| --- " * len(heads) + "|"]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]
