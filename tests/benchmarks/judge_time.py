"""How long the judge takes, part by part."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from judge_data import LabelledAnswer
from judge_figures import table
from judge_models import Timed

from vivavoce.core.answer import Answer, answer_from_text
from vivavoce.core.calibration import Calibration
from vivavoce.core.judgement import Judge
from vivavoce.core.question import Question
from vivavoce.engines.compute import cores

_WORDS = 300
_CONCEPTS = 6
_TIMES = 5


def time_table(timed: Timed, calibration: Calibration, answers: Sequence[LabelledAnswer]) -> list[str]:
    """Seconds for a long answer once the question is known; nothing is remembered here.

    The answer is put together from several to the same question, so that it is as long as any.
    """
    first = next(a for a in answers if len(a.question.concepts) >= _CONCEPTS)
    question = replace(first.question, concepts=first.question.concepts[:_CONCEPTS])
    said = " ".join(a.text for a in answers if a.question.id == first.question.id).split()[:_WORDS]
    spoken = [word.lower().strip(".,?!;:") for word in said]
    rows: list[list[str]] = []
    for name, words in (("with punctuation", said), ("without", spoken)):
        answer = answer_from_text(" ".join(words))
        rows.append([name, *_best(timed.judge(calibration), timed, answer, question)])
    heads = (
        f"{cores()} cores; {_WORDS} words, {_CONCEPTS} concepts",
        "passages",
        "quoted",
        "wall s, best of 5",
    )
    parts = ("embedding", "first reading", "again where in doubt", "the rest", "CPU s")
    return table([*heads, *parts], rows)


def _best(judge: Judge, timed: Timed, answer: Answer, question: Question) -> list[str]:
    evidence = judge.evidence(answer, question)
    passages = len(judge.findings(answer, question)[0].signs.passages)
    taken: list[tuple[float, ...]] = []
    for _ in range(_TIMES):
        timed.embedded.clear()
        timed.was_read.clear()
        wall, cpu = time.perf_counter(), time.process_time()
        judge.evidence(answer, question)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        # The answer and its nearest passages for all concepts, then the answer for those in doubt once more.
        whole, passages_read, *again = timed.was_read
        parts = (sum(timed.embedded), whole + passages_read, sum(again))
        taken.append((wall, *parts, wall - sum(parts), cpu))
    quoted = sum(item.quote is not None for item in evidence)
    return [str(passages), str(quoted), *(f"{seconds:.2f}" for seconds in min(taken))]
