"""Whether an answer is judged alike typed and spoken: a voice reads labelled answers, Whisper hears them.

Our own test questions, one answer of each kind in turn. Writes typed_and_spoken.md beside this file.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))

from commit import measured_at
from judge_data import ROOT, LabelledAnswer, bank_answers, split

from vivavoce.assess import assess_recording, assess_text
from vivavoce.core.spoken import spoken_form
from vivavoce.core.ticket import Ticket
from vivavoce.engines.engines import Engines
from vivavoce.paths import home
from vivavoce.store.bank import load_bank


def chosen() -> list[LabelledAnswer]:
    """One answer of each test question, the kinds in turn; written as a person writes, not as one hears."""
    bank = load_bank(ROOT / "data" / "bank")
    kept = split("test")
    by_question: dict[str, list[LabelledAnswer]] = {}
    for answer in bank_answers(bank, told=True):
        if answer.question.id in kept and "." in answer.text:
            by_question.setdefault(answer.question.id, []).append(answer)
    return [answers[turn % len(answers)] for turn, answers in enumerate(by_question.values())]


def main() -> None:
    """Judge each answer both ways and print the table."""
    lines = [
        "| question | kind | words | typed | spoken | verdicts that differ |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    apart: list[float] = []
    changed = concepts = 0
    with tempfile.TemporaryDirectory() as scratch:
        engines = Engines(home(Path(scratch)), "base")
        voice, judge, ears = engines.voice("natural"), engines.judge(), engines.ears()
        for number, answer in enumerate(chosen()):
            audio = Path(scratch) / f"{number}.wav"
            voice.speak(spoken_form(answer.text, answer.question.terms), audio, 1.0, Ticket())
            typed = assess_text(answer.text, answer.question, judge, {}, Ticket())
            spoken = assess_recording(audio, answer.question, ears, judge, {}, Ticket())
            differ = sum(
                one.verdict != other.verdict
                for one, other in zip(typed.evidence, spoken.evidence, strict=False)
            )
            scores = [0.0 if a.score is None else a.score for a in (typed, spoken)]
            apart.append(abs(scores[0] - scores[1]))
            changed, concepts = changed + differ, concepts + len(answer.question.concepts)
            lines.append(
                f"| {answer.question.id} | {answer.kind} | {len(answer.text.split())} | {scores[0]:.0f} | "
                f"{scores[1]:.0f} | {differ} of {len(answer.question.concepts)} |"
            )
    head = [
        "# The same answer typed and spoken",
        "",
        f"{len(apart)} answers, natural voice, whisper-base; commit {measured_at()}.",
        "",
        f"Scores differ by {np.median(apart):.1f} points in the median, {np.percentile(apart, 90):.1f} in "
        f"nine of ten; {changed} of {concepts} verdicts change.",
        "",
    ]
    report = "\n".join([*head, *lines]) + "\n"
    print(report)
    Path(__file__).with_suffix(".md").write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
