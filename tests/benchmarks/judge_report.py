"""How good the judge is on answers it was not fitted on; written to judge_report.md and judge_errors.md.

Run with `make judge-report`; the graded answers of others lie in the folder that VIVAVOCE_GRADING names.
`--quick` takes a fifth of the questions and writes nothing, to try it out. About ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))

from calibrate_judge import (
    TARGET,
    fitting_rows,
    held_out,
    shipped_field,
    shipped_readers,
)
from commit import measured_at
from judge_data import (
    ROOT,
    LabelledAnswer,
    bank_answers,
    dev_answers,
    grading_folder,
    own_fact_answers,
    sentence_model,
    split,
    unseen_answers,
)
from judge_errors import errors_text
from judge_figures import table
from judge_follow_ups import follow_up_tables
from judge_hesitant import hesitant_table
from judge_labelled import Judged, confusion_table, judged, labelled_table, reliability_tables
from judge_marked import marked_tables
from judge_models import Judges, Timed
from judge_pairs import pair_tables
from judge_time import time_table
from segmented_answers import put_together_answers, segmented_answers

from vivavoce.core.calibration import Calibration, calibration_from_json
from vivavoce.core.evidence import VERDICTS
from vivavoce.core.judgement import Judge
from vivavoce.core.question import Question
from vivavoce.core.remembered import RememberedEmbedder, RememberedReader
from vivavoce.core.wording_check import WordingKind, wording_results
from vivavoce.store.bank import Bank, load_bank

FOLDER = Path(__file__).resolve().parent
_QUICK = 5
_SEGMENT_SEED = 7
# Nothing is worked out twice in a report.
_ALL = 10**9
# All wordings of the whole bank would take as long as the rest of the report.
_OTHERS = 8
_REFERENCE_ROW = "reference answer, each concept"
_WORDING_ROWS: dict[tuple[WordingKind, bool], str] = {
    ("accepted", True): "an accepted wording left out, its concept",
    ("accepted", False): "an accepted wording left out, the others",
    ("misconception", True): "a misconception alone, its concept",
    ("misconception", False): "a misconception alone, the others",
}


def our_sets(judges: Judges, calibration: Calibration, bank: Bank, every: int) -> list[Judged]:
    """Our answers to questions never trained or fitted on, by the shipped calibration."""
    wanted = frozenset(sorted(split("test"))[::every])

    def judge_all(name: str, answers: Sequence[LabelledAnswer]) -> Judged:
        here = [answer for answer in answers if answer.question.id in wanted]
        return judged(name, here, judges, lambda _: calibration)

    segmented = [answer for answer in segmented_answers(bank) if answer.question in wanted]
    return [
        judge_all("ours, with wordings", bank_answers(bank, told=True)),
        judge_all("ours, statement alone", bank_answers(bank, told=False)),
        judge_all("ours, own facts", own_fact_answers(bank)),
        judge_all("ours, segments", put_together_answers(segmented, 4, _SEGMENT_SEED)),
    ]


def dev_sets(judges: Judges, calibration: Calibration, folder: Path, every: int) -> list[Judged]:
    """What the calibration is fitted on, each question by one that never saw it; the shipped thresholds.

    So is the line for statements far from the reader's field, which is fitted on other answers altogether.
    Of every so manieth question only, all of it is the shipped one: too few would be left to fit.
    """
    used: dict[str, Calibration] = {}
    if every == 1:
        told, plain = fitting_rows(judges.judge)
        _, _, used = held_out(told, plain)

    def calibration_of(question: str) -> Calibration:
        fitted = used.get(question, calibration)
        return replace(fitted, thresholds=calibration.thresholds, afar=calibration.afar)

    found: list[Judged] = []
    sets = (
        ("dev, with wordings", dev_answers(folder, told=True)),
        ("dev, statement alone", dev_answers(folder, told=False)),
        ("no bank, with wordings", unseen_answers(told=True)),
        ("no bank, statement alone", unseen_answers(told=False)),
    )
    for name, answers in sets:
        wanted = set(sorted({answer.question.id for answer in answers})[::every])
        here = [answer for answer in answers if answer.question.id in wanted]
        found.append(judged(name, here, judges, calibration_of))
    return found


def bank_tables(judges: Judges, judge: Judge, bank: Bank, every: int) -> list[str]:
    """The bank judged by its own wordings: the test questions, and some that the reader was trained on."""
    apart = split("test")
    test = [question for question in bank.questions if question.id in apart]
    others = [question for question in bank.questions if question.id not in apart][::_OTHERS]
    judges.read_ahead(
        (text, question)
        for question in (*test[::every], *others[::every])
        for concept in question.concepts
        for text in (*concept.accepted, *concept.misconceptions, question.reference)
    )
    return [
        *_bank_table("the bank, test questions", judge, test[::every]),
        "",
        *_bank_table(f"the bank, one in {_OTHERS} of the others, mostly trained on", judge, others[::every]),
    ]


def _bank_table(name: str, judge: Judge, questions: Sequence[Question]) -> list[str]:
    counts = {row: dict.fromkeys(VERDICTS, 0) for row in (_REFERENCE_ROW, *_WORDING_ROWS.values())}
    for question in questions:
        for result in wording_results(question, judge):
            for concept, verdict in result.verdicts.items():
                own = concept == result.concept_id
                row = _REFERENCE_ROW if result.kind == "reference" else _WORDING_ROWS[result.kind, own]
                counts[row][verdict] += 1
    rows = [
        [row, *(f"{100 * found[v] / max(1, sum(found.values())):.1f} %" for v in VERDICTS)]
        for row, found in counts.items()
    ]
    return table([f"{name}: {len(questions)}", *VERDICTS], rows)


def _heading(calibration: Calibration, names: str) -> list[str]:
    return [
        f"Calibration {calibration.version}, {names}; commit {measured_at()}.",
        "",
        "*Ours*: data/labels, the test questions, on which neither reader nor calibration was fitted; the "
        "shipped calibration. *Dev*: answers-dev, calibration held out by question; the reader saw none of "
        "these answers, but others to most of the same questions. *No bank*: data/calibration, held out in "
        "the same way; the reader saw nothing of these questions. *Segments*: answers to the test questions "
        "put together from versions that differ in a few words, statements alone.",
    ]


_NOTES = """\
`partly` counts as one half in the true share and as not covered in AUC, precision and calibration error.
Intervals: 95 % of 1,000 draws of questions with replacement. A measure that is the same for all answers of a
question counts as correlation 0 there; a question whose true shares are all the same is left out. Cosine
alone: each concept's best passage; its score is the mean over the concepts."""


def main() -> None:
    """Measure everything, print it, keep it."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--quick", action="store_true", help="a fifth of the questions; writes nothing")
    every = _QUICK if arguments.parse_args().quick else 1
    began = time.monotonic()
    folder = grading_folder()
    models = Timed(sentence_model(), *shipped_readers())
    judges = Judges(
        RememberedEmbedder(models.embedder, _ALL),
        RememberedReader(models.reader, _ALL),
        RememberedReader(models.passage_reader, _ALL),
        shipped_field(),
    )
    calibration = calibration_from_json(TARGET.read_text(encoding="utf-8"))
    bank = load_bank(ROOT / "data" / "bank")
    heading = _heading(calibration, f"sentence model {models.embedder.name}, both readers")
    parts: list[list[str]] = [["# How good the judge is", "", *heading, "", _NOTES]]

    def add(title: str, lines: list[str]) -> None:
        parts.append([f"## {title}", "", *lines])
        print(f"{title}: {time.monotonic() - began:.0f} s", file=sys.stderr)

    ours = our_sets(judges, calibration, bank, every)
    print(f"our answers: {time.monotonic() - began:.0f} s", file=sys.stderr)
    dev = dev_sets(judges, calibration, folder, every)
    add("Labelled answers", labelled_table([*ours, *dev], [ours[1], dev[1]]))
    add("Reliability", reliability_tables([*ours, *dev]))
    add("Labels and verdicts", confusion_table([*ours, *dev]))
    errors = errors_text([ours[0], ours[2]], judges, heading)
    add("Follow-ups", follow_up_tables(judges, calibration, bank, every))
    add("Right and wrong in the same words", pair_tables(judges, calibration, bank, every))
    add("Told hesitantly", hesitant_table(judges, calibration, ours[:2]))
    add("Marked answers", marked_tables(judges, calibration, folder, every))
    add("The bank's own wordings", bank_tables(judges, judges.judge(calibration), bank, every))
    add("Time", time_table(models, calibration, [one.answer for one in ours[0].answers]))
    report = "\n\n".join("\n".join(part) for part in parts) + "\n"
    print(report)
    if every == 1:
        (FOLDER / "judge_report.md").write_text(report, encoding="utf-8")
        (FOLDER / "judge_errors.md").write_text(errors, encoding="utf-8")
    else:
        print(errors)


if __name__ == "__main__":
    main()
