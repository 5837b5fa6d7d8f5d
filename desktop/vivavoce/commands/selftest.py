"""vivavoce selftest: one bundled spoken answer through the whole chain."""

from __future__ import annotations

import argparse
import time
from typing import Any

import yaml

from vivavoce.assess import assess_recording
from vivavoce.commands.form import assessment_form, assessment_lines, printed
from vivavoce.commands.setting import setting_of
from vivavoce.core.attempt import Assessment
from vivavoce.core.ticket import Ticket
from vivavoce.errors import KnownError
from vivavoce.paths import content


def run(arguments: argparse.Namespace) -> int:
    """Print the verdict and the times; KnownError when the verdict is not the one expected."""
    folder = content("data") / "selftest"
    expected: dict[str, Any] = yaml.safe_load((folder / "answer.yaml").read_text(encoding="utf-8"))
    setting = setting_of(arguments)
    question = setting.bank.get(expected["question"])
    began = time.monotonic()
    ears = setting.engines.ears()
    judge = setting.engines.judge()
    models = setting.engines.versions(spoken=True)
    loaded = time.monotonic() - began
    assessment = assess_recording(folder / "answer.flac", question, ears, judge, models, Ticket())
    wrong = _wrong(expected, assessment)
    if arguments.json:
        form = assessment_form(question.id, assessment)
        print(printed({**form, "passed": not wrong, "loaded": round(loaded, 2)}))
    else:
        print(f"Question: {question.ask}\nHeard: {assessment.text}\n")
        print("\n".join(assessment_lines(assessment)))
        print(f"\nModels loaded in {loaded:.1f} s; judged in {assessment.seconds:.1f} s.")
    if wrong:
        raise KnownError(f"The self-test failed: {'; '.join(wrong)}.", "Run vivavoce doctor.")
    if not arguments.json:
        print("The whole chain works.")
    return 0


def _wrong(expected: dict[str, Any], assessment: Assessment) -> list[str]:
    """What differs from the verdict written down beside the recording."""
    if not assessment.scored:
        return [f"not scored: {assessment.reason}"]
    verdicts = {evidence.concept_id: evidence.verdict for evidence in assessment.evidence}
    wrong = [
        f"{concept} is {verdicts.get(concept)}, not {' or '.join(allowed)}"
        for concept, allowed in expected["verdicts"].items()
        if verdicts.get(concept) not in allowed
    ]
    heard = assessment.text.lower()
    return wrong + [f"the word {word!r} was not heard" for word in expected["words"] if word not in heard]
