"""What was found for a concept in an answer, and what the calibration makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vivavoce.core.calibration import Calibration, Line
from vivavoce.core.ports import Numbers
from vivavoce.core.repetition import repetitions
from vivavoce.core.signs import Signs

STATED, UNSAID, DENIED = range(3)
# Nothing is certain where the reader does not know the field.
_AFAR = 0.02, 0.98
# With a probability of covered between these, or of contradicted above the last, a second look at the
# accepted wordings and misconceptions pays: it is two concepts in five and gains as much as for all.
DOUBT = (0.1, 0.9)
DOUBT_CONTRADICTED = 0.2
# A known misconception in almost its own words is said wrongly, whatever the reader makes of it: a passage
# this near to one, and this much nearer than to any right wording. On labelled answers that held 7 times,
# 7 times rightly; at .85 it was right in 17 of 22.
VERBATIM = 0.9
VERBATIM_MARGIN = 0.03
VERBATIM_CONTRADICTED = 0.95
# So is a right wording in almost its own words said, unless a reader finds it denied although it does not
# come word for word: 4 of 4 labelled answers, 9 of 10 at .88, 21 of 24 at .85. The reader alone is shy of an
# answer of one sentence.
VERBATIM_COVERED = 0.95


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one concept: its signs, passage by passage, and the reader's log-odds (3,).

    `text` is what was read, mis-heard terms put right; `nearest` are the rows of the nearest n passages,
    nearest first, and `nearest_odds` (n, 3) what the reader makes of each alone. `again` (2, 3) are the
    log-odds of the nearest accepted wording and of the nearest misconception, None where not looked for.
    `trust` (0..1) is how far the reader knows the field of the question; `met` (0..1) how well the words of
    the statement are met in `text` (`alignment.share_met`), 0 where the reader is trusted whole. `detail`
    (-1..1) is how much the statements of the question ask for.
    """

    signs: Signs
    odds: Numbers
    nearest_odds: Numbers
    nearest: tuple[int, ...]
    text: str
    again: Numbers | None = None
    trust: float = 1.0
    met: float = 0.0
    detail: float = 0.0


def about_log_odds(signs: Signs, calibration: Calibration) -> Numbers:
    """Log-odds (n,) that the concept is talked about, for each passage."""
    return _log_odds(calibration.about_bare if signs.bare else calibration.about_told, signs.about)


def weighed_signs(finding: Finding, calibration: Calibration) -> tuple[float, ...]:
    """The signs that the calibration weighs, in the order of `calibration.BARE_SIGNS` and those after it."""
    near = float(about_log_odds(finding.signs, calibration).max())
    alone = np.array([_read(odds) for odds in finding.nearest_odds]).max(axis=0)
    signs = (*_read(finding.odds), near, *(float(sign) for sign in alone), finding.detail)
    if not finding.signs.misconceptions:
        return signs
    signs += tuple(float(margin) for margin in finding.signs.margin)
    if finding.again is None:
        return signs
    return (*signs, *_read(finding.again[0]), *_read(finding.again[1]))


def chances_of(finding: Finding, calibration: Calibration) -> tuple[float, float]:
    """The probabilities (covered, contradicted)."""
    if misconception_said(finding.signs):
        return 1.0 - VERBATIM_CONTRADICTED, VERBATIM_CONTRADICTED
    if wording_said(finding.signs) and (not _denied(finding) or _said_again(finding)):
        return VERBATIM_COVERED, 1.0 - VERBATIM_COVERED
    weighing = calibration.bare
    if finding.signs.misconceptions:
        weighing = calibration.told if finding.again is None else calibration.again
    covered, contradicted = weighing.probabilities(weighed_signs(finding, calibration))
    if finding.trust == 1.0 or finding.signs.misconceptions:
        return covered, contradicted
    least, most = _AFAR
    afar = min(most, max(least, calibration.afar.value(afar_signs(finding))))
    return finding.trust * covered + (1 - finding.trust) * afar, finding.trust * contradicted


def _denied(finding: Finding) -> bool:
    """Whether the answer, or the nearest passage by itself, denies the concept rather than states it."""
    return any(odds[DENIED] > odds[STATED] for odds in (finding.odds, finding.nearest_odds[0]))


def _said_again(finding: Finding) -> bool:
    """Whether the nearest accepted wording is said word for word, and not only with its words."""
    return any(repetitions(finding.text.split(), finding.signs.accepted))


def afar_signs(finding: Finding) -> tuple[float, ...]:
    """What counts where the reader does not know the field, in the order of `calibration.AFAR_SIGNS`."""
    return finding.met, _read(finding.odds)[0]


def misconception_said(signs: Signs) -> bool:
    """Whether a passage says a known misconception in almost its own words.

    Not when another says a right wording so: which of the two was meant in the end, the reader decides.
    """
    return _only_in_own_words(signs.wrong[:, 0], signs.right[:, 0])


def wording_said(signs: Signs) -> bool:
    """Whether a passage says a right wording in almost its own words, and none a misconception so."""
    return _only_in_own_words(signs.right[:, 0], signs.wrong[:, 0])


def _only_in_own_words(near: Numbers, other: Numbers) -> bool:
    return _in_own_words(near, other) and not _in_own_words(other, near)


def _in_own_words(near: Numbers, other: Numbers) -> bool:
    return bool(((near >= VERBATIM) & (near - other >= VERBATIM_MARGIN)).any())


def _read(odds: Numbers) -> tuple[float, float]:
    return float(odds[STATED] - odds[UNSAID]), float(odds[DENIED] - odds[UNSAID])


def in_doubt(chances: tuple[float, float]) -> bool:
    """Whether these probabilities (covered, contradicted) call for a second look."""
    covered, contradicted = chances
    return DOUBT[0] < covered < DOUBT[1] or contradicted > DOUBT_CONTRADICTED


def _log_odds(line: Line, signs: Numbers) -> Numbers:
    return signs @ np.asarray(line.weights, dtype=np.float64) + line.intercept
