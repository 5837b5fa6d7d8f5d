"""Minimal pairs: a concept said rightly, and the same words in an order that says it wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from judge_data import MinimalPair, bare, minimal_pairs, split
from judge_figures import auc, table, verdict_shares
from judge_models import Judges, evidence_of

from vivavoce.core.calibration import Calibration
from vivavoce.core.evidence import VERDICTS, Evidence
from vivavoce.core.question import Question
from vivavoce.store.bank import Bank


def pair_tables(judges: Judges, calibration: Calibration, bank: Bank, every: int) -> list[str]:
    """Pairs to the concepts of every so manieth test question, with wordings and with statements alone."""
    wanted = frozenset(sorted(split("test"))[::every])
    pairs = [pair for pair in minimal_pairs(bank) if pair.question.id in wanted]
    rows: list[list[str]] = []
    figures: list[list[str]] = []
    for name, told in (("with wordings", True), ("statement alone", False)):
        right, wrong = zip(*_judged(judges, calibration, pairs, told=told), strict=True)
        for what, found in (("says it", right), ("the same words, wrongly", wrong)):
            rows.append([name, what, str(len(found)), *verdict_shares([item.verdict for item in found])])
        chances = np.array([[item.covered for item in found] for found in (right, wrong)])
        apart = float(np.mean((chances[0] > chances[1]) + (chances[0] == chances[1]) / 2))
        truth = np.repeat([True, False], len(right))
        figures.append([name, auc(truth, chances.ravel()), f"{100 * apart:.1f} %"])
    heads = ["", "right against wrong, AUC", "of a pair, the right one has the higher probability"]
    return [
        *table(["", "same words", "texts", *(f"called {v}" for v in VERDICTS)], rows),
        "",
        *table(heads, figures),
    ]


def _judged(
    judges: Judges, calibration: Calibration, pairs: Sequence[MinimalPair], *, told: bool
) -> Iterator[tuple[Evidence, Evidence]]:
    """Of each pair the evidence for its concept, in the right text and in the wrong one."""
    asked = [(pair, pair.question if told else bare(pair.question)) for pair in pairs]
    judges.read_ahead((text, question) for pair, question in asked for text in (pair.right, pair.wrong))

    def evidence(text: str, question: Question, concept: str) -> Evidence:
        found = evidence_of(judges.findings(text, question, calibration), question, calibration)
        return next(item for item in found if item.concept_id == concept)

    for pair, question in asked:
        of = pair.concept.id
        yield evidence(pair.right, question, of), evidence(pair.wrong, question, of)
