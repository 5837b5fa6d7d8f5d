"""Follow-ups: one or two sentences by somebody who was asked about one concept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from calibration_rows import label_of
from judge_data import LABELS, FollowUp, follow_ups, split
from judge_figures import auc, calibration_error, table, verdict_shares
from judge_models import Judges, evidence_of

from vivavoce.core.calibration import Calibration
from vivavoce.core.evidence import VERDICTS, Evidence
from vivavoce.store.bank import Bank

_KINDS = {"right": "says it", "wrong": "says it wrongly", "vague": "talks beside it"}
_OTHERS = "concepts that it says nothing of"


def follow_up_tables(judges: Judges, calibration: Calibration, bank: Bank, every: int) -> list[str]:
    """Follow-ups to every so manieth test question, with wordings and with statements alone."""
    wanted = frozenset(sorted(split("test"))[::every])
    rows: list[list[str]] = []
    figures: list[list[str]] = []
    for name, told in (("with wordings", True), ("statement alone", False)):
        replies = [r for r in follow_ups(LABELS, bank, told=told) if r.answer.question.id in wanted]
        judges.read_ahead((reply.answer.text, reply.answer.question) for reply in replies)
        judged = list(_judged(judges, calibration, replies))
        for what in (*_KINDS.values(), _OTHERS):
            found = [item.verdict for said, _, item in judged if said == what]
            rows.append([name, what, str(len(found)), *verdict_shares(found)])
        labels = np.array([label for _, label, _ in judged])
        covered = np.array([item.covered for _, _, item in judged])
        about = np.isin(labels, ("covered", "contradicted"))
        figures.append(
            [
                name,
                auc(labels == "covered", covered),
                auc(labels[about] == "covered", covered[about]),
                f"{calibration_error(covered, labels == 'covered'):.3f}",
            ]
        )
    heads = ["", "covered against the rest, AUC", "against contradicted, AUC", "calibration error, covered"]
    return [
        *table(["", "one or two sentences", "concepts", *(f"called {v}" for v in VERDICTS)], rows),
        "",
        *table(heads, figures),
    ]


def _judged(
    judges: Judges, calibration: Calibration, replies: Sequence[FollowUp]
) -> Iterator[tuple[str, str, Evidence]]:
    """For each concept what the reply does, its label and the evidence."""
    for reply in replies:
        answer = reply.answer
        findings = judges.findings(answer.text, answer.question, calibration)
        for item in evidence_of(findings, answer.question, calibration):
            label = label_of(answer, item.concept_id)
            if item.concept_id == reply.concept:
                yield _KINDS[answer.kind], label, item
            elif label == "unsaid":
                yield _OTHERS, label, item
