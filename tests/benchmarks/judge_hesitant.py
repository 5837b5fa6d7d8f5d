"""The same answers told hesitantly: with um, uh, you know, and words said twice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from judge_figures import auc, overall_pearson, percent, table
from judge_labelled import Judged, judged
from judge_models import Judges

from vivavoce.core.calibration import Calibration

_HELD = ("um,", "uh", "you know,")
_OFTEN = 0.08
_TWICE = 0.03
_SEED = 3


def hesitant(text: str, seed: int) -> str:
    """The text with something held before one word in twelve, and one in thirty said twice."""
    rng = random.Random(seed)
    said: list[str] = []
    for word in text.split():
        if rng.random() < _OFTEN:
            said.append(rng.choice(_HELD))
        said.append(word)
        if rng.random() < _TWICE and word.isalpha():
            said.append(word)
    return " ".join(said)


def hesitant_table(judges: Judges, calibration: Calibration, sets: Sequence[Judged]) -> list[str]:
    """The answers of these sets as they are and hesitantly."""
    rows: list[list[str]] = []
    for fluent in sets:
        slow = [
            replace(one.answer, text=hesitant(one.answer.text, _SEED + number))
            for number, one in enumerate(fluent.answers)
        ]
        halting = judged(fluent.name, slow, judges, lambda _: calibration)
        for how, one in (("as written", fluent), ("hesitantly", halting)):
            covered, contradicted = one.labels == "covered", one.labels == "contradicted"
            told_of = covered | contradicted
            wrong = one.kinds == "wrong"
            rows.append(
                [
                    f"{one.name}, {how}",
                    auc(covered, one.covered),
                    auc(covered[told_of], one.covered[told_of]),
                    overall_pearson(one.questions, one.score, one.truth, 3),
                    f"{one.score[wrong].mean():.0f} ({one.truth[wrong].mean():.0f})",
                    percent(one.verdicts != fluent.verdicts),
                ]
            )
    heads = [
        "the same answers",
        "covered against the rest, AUC",
        "against contradicted, AUC",
        "score, Pearson (95 %)",
        "mean score, wrong (true)",
        "verdicts that change",
    ]
    return table(heads, rows)
