"""Every question and model answer read aloud, written down by Whisper base, and compared word by word.

Prints a table and the words that go wrong most often, and keeps them beside itself. What was heard is kept
in a folder (--keep) by the text as it is spoken, so that after a change of data/pronunciation.yaml only what
sounds different is heard again. Two cores take a quarter of an hour for the questions and three quarters
for the model answers; `--every 5` hears every fifth of these.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from commit import measured_at
from hearing import compared

from vivavoce.core.question import Question
from vivavoce.core.spoken import asked_text
from vivavoce.core.ticket import Ticket
from vivavoce.engines.engines import Engines
from vivavoce.offline import go_offline
from vivavoce.paths import content, home
from vivavoce.store.bank import load_bank
from vivavoce.store.pronunciation import load_pronunciation

WORST = 20
SYSTEM_QUESTIONS = 20


@dataclass(frozen=True)
class Row:
    """One line of the table: WER in percent, plain and with the question's terms."""

    name: str
    texts: int
    words: int
    plain: float
    with_terms: float
    slips: Counter[tuple[str, str]]


class Booth:
    """Speaks and hears; what was heard of a sound is remembered."""

    def __init__(self, keep: Path) -> None:
        self._keep = keep
        self._engines = Engines(home(), "base")
        self._table = load_pronunciation()

    def heard(self, question: Question, what: str, voice: str) -> tuple[str, str, str]:
        """The text as written, and what was heard of it, plain and with the question's terms."""
        text, terms = asked_text(question) if what == "ask" else (question.reference, question.terms)
        spoken = self._table.form(text, terms, natural=voice == "natural")
        names = ",".join(term.text for term in question.terms)
        key = hashlib.sha256(f"{voice}|{spoken}|{names}".encode()).hexdigest()[:20]
        file = self._keep / f"{key}.json"
        if not file.is_file():
            with tempfile.TemporaryDirectory() as folder:
                sound = Path(folder) / "spoken.wav"
                self._engines.voice(voice).speak(spoken, sound, 1.0, Ticket())
                both = [
                    self._engines.ears().transcribe(sound, asked, Ticket()).text for asked in (None, question)
                ]
            file.write_text(
                json.dumps({"id": question.id, "spoken": spoken, "heard": both}), encoding="utf-8"
            )
        plain, helped = json.loads(file.read_text(encoding="utf-8"))["heard"]
        return text if what == "ask" else question.reference, plain, helped


def row(booth: Booth, name: str, questions: Iterable[Question], what: str, voice: str = "natural") -> Row:
    """Hear all of them."""
    words = texts = 0
    wrong = [0, 0]
    slips: Counter[tuple[str, str]] = Counter()
    for question in questions:
        said, *both = booth.heard(question, what, voice)
        found = [compared(said, heard) for heard in both]
        texts, words = texts + 1, words + found[0].words
        wrong = [total + one.wrong for total, one in zip(wrong, found, strict=True)]
        slips.update(found[1].slips)
        if texts % 10 == 0:
            print(
                f"{name}: {texts}, {100 * wrong[0] / words:.1f} / {100 * wrong[1] / words:.1f} %",
                file=sys.stderr,
            )
    return Row(name, texts, words, 100 * wrong[0] / words, 100 * wrong[1] / words, slips)


def report(rows: list[Row]) -> str:
    """The table and the worst words."""
    lines = [
        "# What the voices say, heard back",
        "",
        "Read aloud at normal speed, written down by Whisper base, alone and with the question's terms.",
        f"WER against the text as it is written; spelling variants are no error. At {measured_at()}.",
        "",
        "| voice, texts | texts | words | WER plain | WER with terms |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [f"| {r.name} | {r.texts} | {r.words} | {r.plain:.1f} % | {r.with_terms:.1f} % |" for r in rows]
    for r in rows:
        lines += ["", f"{r.name}, the {WORST} most frequent slips with terms (said: heard):", ""]
        lines += [
            f"- {said or '(nothing)'}: {heard or '(nothing)'} ({count})"
            for (said, heard), count in r.slips.most_common(WORST)
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    go_offline()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, default=home().cache / "heard-back")
    parser.add_argument("--only", choices=["questions", "references", "system"], action="append")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of the model answers")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    questions = load_bank(content("data") / "bank").questions
    booth = Booth(options.keep)
    wanted = options.only or ["questions", "references", "system"]
    rows: list[Row] = []
    if "questions" in wanted:
        rows.append(row(booth, "natural, questions", questions, "ask"))
    if "system" in wanted:
        some = questions[:: len(questions) // SYSTEM_QUESTIONS][:SYSTEM_QUESTIONS]
        rows.append(row(booth, "natural, the same 20 questions", some, "ask"))
        rows.append(row(booth, "system (espeak-ng), 20 questions", some, "ask", "system"))
    if "references" in wanted:
        name = "natural, model answers" + (f", one in {options.every}" if options.every > 1 else "")
        rows.append(row(booth, name, questions[:: options.every], "reference"))
    text = report(rows)
    print(text)
    if options.only is None:
        Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
