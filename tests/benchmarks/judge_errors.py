"""The judge's worst errors on our own answers, in full: judge_errors.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from judge_figures import table
from judge_labelled import KINDS, Judged, JudgedAnswer
from judge_models import Judges

from vivavoce.core.answer import answer_from_text
from vivavoce.core.evidence import Evidence

_SCORES = 20
_CONFUSED = 10


@dataclass(frozen=True, slots=True)
class _Confusion:
    """One concept that was taken for its opposite, with the probability given to that."""

    where: str
    answer: JudgedAnswer
    number: int
    label: str

    @property
    def evidence(self) -> Evidence:
        return self.answer.evidence[self.number]

    @property
    def sureness(self) -> float:
        return self.evidence.contradicted if self.label == "covered" else self.evidence.covered


def errors_text(sets: Sequence[Judged], judges: Judges, heading: Sequence[str]) -> str:
    """Everything that stands in judge_errors.md."""
    lines = ["# Where the judge is wrong", "", *heading, "", *_by_kind(sets)]
    lines += ["", f"## The {_SCORES} scores furthest from the truth"]
    pooled = [(one.name, answer) for one in sets for answer in one.answers]
    pooled.sort(key=lambda pair: -abs(pair[1].shown - pair[1].truth))
    for number, (where, answer) in enumerate(pooled[:_SCORES], 1):
        lines += ["", f"### {number}. {_title(where, answer)}", *_in_full(answer, judges)]
    for label, called in (("contradicted", "covered"), ("covered", "contradicted")):
        found = _confusions(sets, label, called)
        shown = min(_CONFUSED, len(found))
        lines += ["", f"## Label {label}, called {called}: {len(found)}, the surest {shown} of them"]
        for number, one in enumerate(found[:_CONFUSED], 1):
            lines += ["", *_confused(number, one, judges)]
    return "\n".join(lines) + "\n"


def _by_kind(sets: Sequence[Judged]) -> list[str]:
    rows = [[kind, *(cell for one in sets for cell in _kind_cells(one, kind))] for kind in KINDS]
    heads = [
        head
        for one in sets
        for head in (
            f"{one.name}: score, mean error and distance",
            "contradicted called covered, covered called contradicted",
        )
    ]
    return table(["kind", *heads], rows)


def _kind_cells(one: Judged, kind: str) -> tuple[str, str]:
    answers = [answer for answer in one.answers if answer.answer.kind == kind]
    if not answers:
        return "", ""
    off = np.array([answer.shown - answer.truth for answer in answers])
    pairs = [
        (label, item.verdict)
        for answer in answers
        for label, item in zip(answer.labels, answer.evidence, strict=True)
    ]
    praised, accused = pairs.count(("contradicted", "covered")), pairs.count(("covered", "contradicted"))
    return f"{off.mean():+.0f}, {np.abs(off).mean():.0f}", f"{praised}, {accused}"


def _confusions(sets: Sequence[Judged], label: str, called: str) -> list[_Confusion]:
    found = [
        _Confusion(one.name, answer, number, label)
        for one in sets
        for answer in one.answers
        for number, item in enumerate(answer.evidence)
        if answer.labels[number] == label and item.verdict == called
    ]
    return sorted(found, key=lambda one: -one.sureness)


def _confused(number: int, one: _Confusion, judges: Judges) -> list[str]:
    told = _told(one.answer, judges)[one.number]
    wrong = f" It sounded like: {told.misconception}" if told.misconception else ""
    return [
        f"### {number}. {_title(one.where, one.answer)}",
        f"**{told.statement}** covered {told.covered:.2f}, contradicted {told.contradicted:.2f}. "
        f"Quote: *{told.quote}*{wrong}",
        "",
        f"> {one.answer.answer.text}",
    ]


def _title(where: str, one: JudgedAnswer) -> str:
    scored = "" if one.scored else " (not scored)"
    name = f"{one.answer.question.id}, {one.answer.kind}, {where}"
    return f"{name}: score {one.shown:.0f}{scored}, true {one.truth:.0f}"


def _in_full(one: JudgedAnswer, judges: Judges) -> list[str]:
    rows = [
        [
            _cell(item.statement),
            label,
            item.verdict if item.verdict != _usual(label) else f"({item.verdict})",
            f"{item.covered:.2f}",
            f"{item.contradicted:.2f}",
            _cell(item.quote or ""),
        ]
        for item, label in zip(_told(one, judges), one.labels, strict=True)
    ]
    low, high = one.score.band
    return [
        f"*{one.answer.question.ask}* Band {low:.0f} to {high:.0f}. Right verdicts stand in brackets.",
        "",
        f"> {one.answer.text}",
        "",
        *table(["concept", "label", "verdict", "P(covered)", "P(contradicted)", "quote"], rows),
    ]


def _told(one: JudgedAnswer, judges: Judges) -> tuple[Evidence, ...]:
    """The judge's own evidence, quotes and all; its verdicts must be those of the report."""
    judge = judges.judge(one.calibration)
    evidence = judge.evidence(answer_from_text(one.answer.text), one.answer.question)
    theirs = [(item.verdict, round(item.covered, 6)) for item in evidence]
    if theirs != [(item.verdict, round(item.covered, 6)) for item in one.evidence]:
        raise AssertionError(f"the report's verdicts on {one.answer.question.id} are not the judge's")
    return evidence


def _usual(label: str) -> str:
    return {"covered": "covered", "partly": "partial", "contradicted": "contradicted"}.get(label, "missed")


def _cell(text: str) -> str:
    return text.replace("|", "/")
