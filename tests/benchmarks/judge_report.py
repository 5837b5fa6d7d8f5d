"""How good the judge is on answers it was not fitted on; written to judge_report.md beside this file.

Run with `make judge-report`; the graded answers lie in the folder that VIVAVOCE_GRADING names.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))

from calibrate_judge import TARGET, UNFITTED, Row, choose_thresholds, held_out, rows_of
from commit import measured_at
from judge_data import (
    ROOT,
    LabelledAnswer,
    MarkedAnswer,
    grading_folder,
    labelled_answers,
    marked_answers,
    sentence_model,
    without_blanks,
)

from vivavoce.core.answer import answer_from_text
from vivavoce.core.calibration import calibration_from_json
from vivavoce.core.evidence import VERDICTS, Evidence
from vivavoce.core.judgement import Judge
from vivavoce.core.ports import Embedder, Vectors
from vivavoce.core.scoring import score_of, unscored_reason
from vivavoce.core.words import content_stems, findable_stems
from vivavoce.store.bank import Bank, load_bank

KINDS = ("strong", "good", "partial", "weak", "wrong", "gaming")
_MARKED = (
    ("neural-network-exam.jsonl", None),
    ("saf-networks.jsonl.gz", 25),
    ("scientsbank-train.jsonl.gz", 15),
    ("beetle-train.jsonl.gz", 25),
)
_SAMPLES = 1000
Numbers = npt.NDArray[np.float64]


class Remembering:
    """An embedder that keeps what it has embedded: the report asks for the same wordings again and again."""

    def __init__(self, inner: Embedder) -> None:
        self.name = inner.name
        self._inner = inner
        self._kept: dict[str, Vectors] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        self._kept.update(zip(new, self._inner.embed(new), strict=True))
        return np.stack([self._kept[text] for text in texts])


def pearson(a: Numbers, b: Numbers) -> float:
    if np.std(a) == 0 or np.std(b) == 0:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def kendall(a: Numbers, b: Numbers) -> float:
    """Tau-b."""
    upper = np.triu_indices(len(a), 1)
    x = np.sign(a[:, None] - a[None, :])[upper]
    y = np.sign(b[:, None] - b[None, :])[upper]
    size = float(np.sqrt((x != 0).sum() * (y != 0).sum()))
    return float((x * y).sum() / size) if size else float("nan")


def calibration_error(probability: Numbers, true: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.minimum(9, (probability * 10).astype(int))
    parts = [
        abs(true[bins == b].mean() - probability[bins == b].mean()) * (bins == b).mean() for b in set(bins)
    ]
    return float(sum(parts))


def by_question(
    of: Callable[[Numbers, Numbers], float], groups: Sequence[str], a: Numbers, b: Numbers
) -> float:
    names = np.array(groups)
    return float(np.nanmean([of(a[names == name], b[names == name]) for name in sorted(set(groups))]))


def interval(of: Callable[[npt.NDArray[np.intp]], float], groups: Sequence[str]) -> str:
    """A 95 % interval over questions drawn with replacement."""
    names = np.array(groups)
    members = [np.flatnonzero(names == name) for name in sorted(set(groups))]
    draw = np.random.default_rng(0)
    found = [
        of(np.concatenate([members[i] for i in draw.integers(len(members), size=len(members))]))
        for _ in range(_SAMPLES)
    ]
    low, high = np.nanpercentile(found, [2.5, 97.5])
    return f"{low:.2f} to {high:.2f}"


def labelled_table(embedder: Embedder, folder: Path) -> list[str]:
    """The labelled answers by calibrations that never saw their question, thresholds included."""
    judge = Judge(embedder, UNFITTED)
    answers = labelled_answers(folder, told=True)
    plain = labelled_answers(folder, told=False)
    told, bare = rows_of(answers, judge), rows_of(plain, judge)
    of_told, of_bare, used = held_out(told, bare)
    thresholds = choose_thresholds(told, of_told, of_bare)
    lines = [
        "| 26 questions x 6 answers, question held out | with wordings | statement alone | cosine alone |",
        "| --- | --- | --- | --- |",
    ]
    columns: list[dict[str, str]] = []
    for group, found in ((answers, of_told), (plain, of_bare)):
        evidence: list[tuple[Evidence, ...]] = []
        row = 0
        for answer in group:
            fold = Judge(embedder, replace(used[row], thresholds=thresholds))
            evidence.append(fold.evidence(answer_from_text(answer.text), answer.question))
            row += len(answer.question.concepts)
        columns.append(_labelled_figures(told, group, found, evidence))
    cosine = np.array([row.signs.about[:, 0].max() for row in bare])
    columns.append(_rank_figures(told, cosine))
    for name in columns[0]:
        lines.append(f"| {name} | " + " | ".join(column.get(name, "") for column in columns) + " |")
    return lines


def _rank_figures(rows: Sequence[Row], found: Numbers) -> dict[str, str]:
    covered = np.array([row.covered for row in rows])
    told = np.array([row.about for row in rows])
    return {
        "covered against the rest, AUC": f"{roc_auc_score(covered, found):.3f}",
        "covered against contradicted, AUC": f"{roc_auc_score(covered[told], found[told]):.3f}",
    }


def _labelled_figures(
    rows: Sequence[Row],
    answers: Sequence[LabelledAnswer],
    found: Numbers,
    evidence: Sequence[tuple[Evidence, ...]],
) -> dict[str, str]:
    covered = np.array([row.covered for row in rows])
    contradicted = np.array([row.contradicted for row in rows])
    verdicts = np.array([item.verdict for items in evidence for item in items])
    truth = np.array([100.0 * len(a.covered) / len(a.question.concepts) for a in answers])
    scores = [score_of(items, a.question) for items, a in zip(evidence, answers, strict=True)]
    # An answer that is not scored stands as 0 here, as it would in a list of marks.
    empty = [unscored_reason(answer_from_text(a.text), a.question) is not None for a in answers]
    score = np.array([0.0 if none else s.score for s, none in zip(scores, empty, strict=True)])
    soft = np.array([100.0 * float(np.mean([item.covered for item in items])) for items in evidence])
    kinds = np.array([answer.kind for answer in answers])
    groups = [answer.question.id for answer in answers]
    held = np.mean([s.band[0] - 1e-6 <= t <= s.band[1] + 1e-6 for s, t in zip(scores, truth, strict=True)])
    width = np.mean([s.band[1] - s.band[0] for s in scores])
    called, wrong = verdicts == "covered", verdicts == "contradicted"
    figures = _rank_figures(rows, found[:, 0])
    figures |= {
        "contradicted against the rest, AUC": f"{roc_auc_score(contradicted, found[:, 1]):.3f}",
        "verdict covered: precision, recall": f"{covered[called].mean():.2f}, {called[covered].mean():.2f}",
        "verdict missed: really not said": f"{1 - covered[verdicts == 'missed'].mean():.2f}",
        "verdict contradicted: precision, recall": (
            f"{contradicted[wrong].mean():.2f}, {wrong[contradicted].mean():.2f}"
            if wrong.any()
            else "never given"
        ),
        "covered concepts called contradicted": f"{100 * wrong[covered].mean():.1f} %",
        "contradicted concepts called covered": f"{100 * called[contradicted].mean():.1f} %",
        "calibration error, covered": f"{calibration_error(found[:, 0], covered):.3f}",
        "calibration error, contradicted": f"{calibration_error(found[:, 1], contradicted):.3f}",
        "score, Pearson (95 %)": (
            f"{pearson(score, truth):.3f} ({interval(lambda i: pearson(score[i], truth[i]), groups)})"
        ),
        "mean probability in place of verdicts, Pearson": f"{pearson(soft, truth):.3f}",
        "score within a question, Kendall": f"{by_question(kendall, groups, score, truth):.3f}",
        "true score inside the band; its width": f"{100 * held:.0f} %; {width:.0f} points",
        "not scored (gaming, weak, other)": ", ".join(
            str(sum(none for none, kind in zip(empty, kinds, strict=True) if kind in wanted))
            for wanted in (("gaming",), ("weak",), ("strong", "good", "partial", "wrong"))
        ),
    }
    for kind in KINDS:
        figures[f"mean score, {kind} (true)"] = (
            f"{score[kinds == kind].mean():.0f} ({truth[kinds == kind].mean():.0f})"
        )
    return figures


def marked_table(judge: Judge, embedder: Embedder, folder: Path) -> list[str]:
    """Teachers' marks; nothing was fitted on these. Concepts as given, else the reference's clauses."""
    lines = [
        "| marked answers, not blank | answers | what | Pearson (95 %) | mean within a question (95 %) |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, most in _MARKED:
        answers = without_blanks(marked_answers(folder / name, most))
        marks = np.array([answer.mark for answer in answers])
        groups = [answer.question.id for answer in answers]
        for what, found in _measures(judge, embedder, answers).items():
            lines.append(f"| {name} | {len(answers)} | {what} | {_both(groups, found, marks)} |")
    return lines


def _both(groups: Sequence[str], found: Numbers, marks: Numbers) -> str:
    def over_all(rows: npt.NDArray[np.intp]) -> float:
        return pearson(found[rows], marks[rows])

    names = np.array(groups)
    each = {g: pearson(found[names == g], marks[names == g]) for g in sorted(set(groups))}
    values = np.array(list(each.values()))
    draw = np.random.default_rng(0)
    means = [np.nanmean(values[draw.integers(len(values), size=len(values))]) for _ in range(_SAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return (
        f"{pearson(found, marks):.2f} ({interval(over_all, groups)}) | "
        f"{np.nanmean(values):.2f} ({low:.2f} to {high:.2f})"
    )


def _measures(judge: Judge, embedder: Embedder, answers: Sequence[MarkedAnswer]) -> dict[str, Numbers]:
    measures: dict[str, list[float]] = {
        "score": [],
        "mean probability in place of verdicts": [],
        "cosine with the reference": [],
        "share of the reference's words": [],
    }
    for marked in answers:
        answer = answer_from_text(marked.text)
        evidence = judge.evidence(answer, marked.question)
        empty = unscored_reason(answer, marked.question) is not None
        wanted = content_stems(marked.question.reference) - findable_stems(marked.question.ask)
        pair = embedder.embed([marked.text, marked.question.reference])
        row = (
            0.0 if empty else score_of(evidence, marked.question).score,
            float(np.mean([item.covered for item in evidence])),
            float(pair[0] @ pair[1]),
            len(wanted & findable_stems(marked.text)) / max(1, len(wanted)),
        )
        for values, value in zip(measures.values(), row, strict=True):
            values.append(value)
    return {name: np.array(values) for name, values in measures.items()}


def bank_table(judge: Judge, bank: Bank) -> list[str]:
    """The bank judged by its own wordings."""
    counts = {name: dict.fromkeys(VERDICTS, 0) for name in _BANK_ROWS}
    for question in bank.questions:
        _count(
            counts["reference answer, each concept"],
            judge.evidence(answer_from_text(question.reference), question),
        )
        for concept in question.concepts:
            for text in concept.misconceptions:
                found = judge.evidence(answer_from_text(text), question)
                _count(counts["a misconception alone, its concept"], _own(found, concept.id))
                _count(counts["a misconception alone, the others"], _others(found, concept.id))
            for text in concept.accepted:
                rest = replace(concept, accepted=tuple(other for other in concept.accepted if other != text))
                concepts = tuple(rest if c.id == concept.id else c for c in question.concepts)
                found = judge.evidence(answer_from_text(text), replace(question, concepts=concepts))
                _count(counts["an accepted wording left out, its concept"], _own(found, concept.id))
                _count(counts["an accepted wording left out, the others"], _others(found, concept.id))
    lines = [
        f"| the bank, {len(bank.questions)} questions | " + " | ".join(VERDICTS) + " |",
        "| --- " * 5 + "|",
    ]
    for name, found in counts.items():
        total = max(1, sum(found.values()))
        lines.append(f"| {name} | " + " | ".join(f"{100 * found[v] / total:.1f} %" for v in VERDICTS) + " |")
    return lines


_BANK_ROWS = (
    "reference answer, each concept",
    "an accepted wording left out, its concept",
    "an accepted wording left out, the others",
    "a misconception alone, its concept",
    "a misconception alone, the others",
)


def _own(found: Sequence[Evidence], concept_id: str) -> list[Evidence]:
    return [item for item in found if item.concept_id == concept_id]


def _others(found: Sequence[Evidence], concept_id: str) -> list[Evidence]:
    return [item for item in found if item.concept_id != concept_id]


def _count(counts: dict[str, int], found: Sequence[Evidence]) -> None:
    for item in found:
        counts[item.verdict] += 1


def time_table(judge: Judge, bank: Bank, folder: Path) -> list[str]:
    """Seconds for an answer of 300 words once the question is known; the embedder here remembers nothing."""
    question = replace(bank.questions[0], concepts=bank.questions[0].concepts[:6])
    words = " ".join(a.text for a in labelled_answers(folder, told=False)[:12]).split()[:300]
    lines = ["| 300 words, 6 concepts | passages | wall s, best of 5 | CPU s |", "| --- | --- | --- | --- |"]
    bare = [word.lower().strip(".,?!") for word in words]
    for name, said in (("with punctuation", words), ("without", bare)):
        answer = answer_from_text(" ".join(said))
        judge.evidence(answer, question)
        taken: list[tuple[float, float]] = []
        for _ in range(5):
            wall, cpu = time.perf_counter(), time.process_time()
            judge.evidence(answer, question)
            taken.append((time.perf_counter() - wall, time.process_time() - cpu))
        wall, cpu = min(taken)
        count = len(judge.signs(answer, question)[0].passages)
        lines.append(f"| {name} | {count} | {wall:.2f} | {cpu:.2f} |")
    return lines


def main() -> None:
    """Measure everything, print it, keep it."""
    folder = grading_folder()
    model = sentence_model()
    embedder = Remembering(model)
    calibration = calibration_from_json(TARGET.read_text(encoding="utf-8"))
    bank = load_bank(ROOT / "data" / "bank")
    judge = Judge(embedder, calibration)
    parts = [
        [
            "# How good the judge is",
            "",
            f"Calibration {calibration.version}, sentence model {model.name}; commit {measured_at()}.",
        ],
        labelled_table(embedder, folder),
        marked_table(judge, embedder, folder),
        bank_table(judge, bank),
        time_table(Judge(model, calibration), bank, folder),
    ]
    report = "\n\n".join("\n".join(part) for part in parts) + "\n"
    print(report)
    Path(__file__).with_suffix(".md").write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
