"""The whole bank judged by its own words: references, accepted wordings, misconceptions, each alone.

A reference should cover every concept of its question, an accepted wording its own and no other, a
misconception none; each is judged as somebody's whole answer. (How well a wording is recognised that the bank
does not have is in judge_report.md.) Prints the rates and writes them, with every exception, to bank_rates.md
beside this file. About five minutes on two cores.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from commit import measured_at
from judge_models import evidence_of

from vivavoce.core.answer import answer_from_text
from vivavoce.core.calibration import Calibration, calibration_from_json
from vivavoce.core.judgement import Judge
from vivavoce.core.question import Question
from vivavoce.core.wording_check import WordingResult, texts_of
from vivavoce.engines.engines import Engines
from vivavoce.paths import content, home
from vivavoce.store.bank import load_bank

FOLDER = Path(__file__).resolve().parent


def results_of(question: Question, judge: Judge, calibration: Calibration) -> Iterator[WordingResult]:
    """The verdicts on each of a question's texts, without quotes: looking for these takes as long again."""
    for kind, concept, text in texts_of(question):
        findings = judge.looked_again(judge.findings(answer_from_text(text), question), question)
        evidence = evidence_of(findings, question, calibration)
        yield WordingResult(
            kind, concept.id if concept else "", text, {e.concept_id: e.verdict for e in evidence}
        )


def rates(results: Sequence[tuple[Question, WordingResult]]) -> list[str]:
    """The table of rates."""
    counts: Counter[str] = Counter()
    for _, result in results:
        verdicts = list(result.verdicts.values())
        if result.kind == "reference":
            counts["reference concepts"] += len(verdicts)
            counts["reference covered"] += verdicts.count("covered")
            counts["references"] += 1
            counts["references whole"] += result.sound
            continue
        counts[result.kind] += 1
        counts[f"{result.kind} covered"] += result.own == "covered"
        counts[f"{result.kind} contradicted"] += result.own == "contradicted"
        counts[f"{result.kind} others"] += len(verdicts) - 1
        counts[f"{result.kind} others covered"] += len(result.others_covered)

    def share(part: str, whole: str) -> str:
        return f"{counts[part]} of {counts[whole]} ({100 * counts[part] / max(1, counts[whole]):.1f} %)"

    rows = [
        ("a reference covers a concept of its question", share("reference covered", "reference concepts")),
        ("a reference covers all of them", share("references whole", "references")),
        ("an accepted wording covers its own concept", share("accepted covered", "accepted")),
        ("an accepted wording covers another concept", share("accepted others covered", "accepted others")),
        ("a misconception covers its own concept", share("misconception covered", "misconception")),
        ("a misconception is said wrongly", share("misconception contradicted", "misconception")),
        (
            "a misconception covers another concept",
            share("misconception others covered", "misconception others"),
        ),
    ]
    return ["| alone | how often |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)]


def exceptions(results: Sequence[tuple[Question, WordingResult]]) -> list[str]:
    """Everything that is judged otherwise than it is meant, question by question."""
    lines: list[str] = []
    for question, result in results:
        if result.sound:
            continue
        if result.kind == "reference":
            what = f"does not cover {', '.join(result.missing)}"
        else:
            own = [] if (result.own == "covered") == (result.kind == "accepted") else [f"is {result.own}"]
            also = [f"also covers {', '.join(result.others_covered)}"] if result.others_covered else []
            what = "; ".join(own + also)
        text = "" if result.kind == "reference" else f": *{result.text}*"
        lines.append(f"- {question.id} {result.concept_id} {result.kind} {what}{text}")
    return lines


def main() -> None:
    """Judge everything, print the rates, keep them."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--questions", nargs="*", help="ids; nothing is written")
    given = arguments.parse_args()
    bank = load_bank(content("data") / "bank")
    judge = Engines(home(), "base").judge()
    calibration = calibration_from_json((content("models") / "judge" / "calibration.json").read_text("utf-8"))
    results: list[tuple[Question, WordingResult]] = []
    began = time.monotonic()
    wanted = [
        question for question in bank.questions if not given.questions or question.id in given.questions
    ]
    for number, question in enumerate(wanted, 1):
        results += [(question, result) for result in results_of(question, judge, calibration)]
        if number % 10 == 0:
            print(f"{number} of {len(wanted)}, {time.monotonic() - began:.0f} s", file=sys.stderr)
    lines = [
        "# The bank by its own words",
        "",
        f"{len(wanted)} questions, {judge.version}; commit {measured_at()}.",
        "",
        *rates(results),
    ]
    print("\n".join(lines))
    report = [*lines, "", "## Judged otherwise than meant", "", *exceptions(results)]
    if given.questions:
        print("\n".join(report[len(lines) :]))
    else:
        (FOLDER / "bank_rates.md").write_text("\n".join(report) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
