"""Words of the trade: how many are heard where they are said, and whether one is heard where it is not.

The sentences of term_sentences.py, spoken by voices of this machine and heard by whisper-base without and
with the terms of their group, and with the second look at doubtful ones. Recorded speech that is about
something else (the folder VIVAVOCE_SPEECH names) is heard with every group's terms. Writes terms.md
beside this file.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from commit import measured_at
from term_sentences import GROUPS, Group

from vivavoce.core.question import Term
from vivavoce.core.terms import uses_of
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Word
from vivavoce.core.words import corrected
from vivavoce.engines.cutting import pieces_of, within
from vivavoce.engines.engines import Engines
from vivavoce.engines.piece import Piece, heard_in, term_prompt
from vivavoce.engines.second_look import looked_again
from vivavoce.engines.voice_activity import Samples, raised, speech_spans
from vivavoce.engines.whisper import Whisper, decode
from vivavoce.paths import content, home
from vivavoce.store.bank import load_bank

FOLDER = Path(__file__).resolve().parent
VOICES = ("natural", "system")
WAYS = ("without the terms", "with the terms", "and a second look")
CLIPS = 12


class Heard(NamedTuple):
    """The words of one sentence in the three ways."""

    ways: tuple[tuple[Word, ...], ...]


def spoken(text: str, terms: tuple[Term, ...]) -> str:
    """The sentence as a voice is to say it."""
    for term in sorted(terms, key=lambda one: -len(one.text)):
        if term.spoken:
            text = re.sub(rf"(?<!\w){re.escape(term.text)}(?!\w)", term.spoken, text)
    return text


def heard(ears: Whisper, samples: Samples, group: Group) -> Heard:
    """What is heard without help, with it, and after the second look."""
    loud = raised(samples)
    spans = speech_spans(loud)
    question = replace(load_bank(content("data") / "bank").get(group.topic), terms=group.terms)
    prompt = term_prompt(question)
    ways: list[list[Word]] = [[], [], []]
    for place in pieces_of(spans):
        piece = Piece(loud, tuple(within(spans, place)))
        plain = heard_in(piece, ears.model, ears.beam, None, _go_on)
        helped = heard_in(piece, ears.model, ears.beam, prompt, _go_on)
        looked = looked_again(helped, piece, ears.model, question, _go_on)
        for way, segments in zip(ways, (plain, helped, looked), strict=True):
            way += [word for segment in segments for word in segment.words]
    return Heard(tuple(tuple(way) for way in ways))


def _go_on() -> None:
    """Nobody takes these requests back."""


def written(words: tuple[Word, ...], terms: tuple[Term, ...]) -> list[str]:
    """The terms as the matcher finds them, by text or alias; those that are not confirmed are left out."""
    words = tuple(word for word in words if word.confirmed is not False)
    texts = corrected([word.word for word in words], terms)
    put_right = [
        Word(w.start, w.end, text, w.probability) for w, text in zip(words, texts, strict=True) if text
    ]
    return [use.term.text for use in uses_of(put_right, terms)]


def clips() -> list[Path]:
    """Recorded people who talk about something else."""
    folder = Path(os.environ.get("VIVAVOCE_SPEECH", FOLDER.parents[2] / "shared" / "speech"))
    lines = (folder / "transcripts.jsonl").read_text("utf-8").splitlines()
    chosen = [row for row in map(json.loads, lines) if row["subset"] == "libri" and row["duration"] > 6]
    return [folder / row["file"] for row in chosen[:: max(1, len(chosen) // CLIPS)]][:CLIPS]


def main() -> None:
    """Speak, hear, count and print the table."""
    lines = ["# Words of the trade", "", f"whisper-base; commit {measured_at()}.", "",
             "| voice | heard | terms found | recall | others written | attacks with a false term |",
             "| --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        engines = Engines(home(Path(scratch)), "base")
        ears = engines.ears()
        file = Path(scratch) / "said.wav"
        for voice in VOICES:
            found, others, false = [0, 0, 0], [0, 0, 0], [0, 0, 0]
            said = attacks = 0
            for group in GROUPS:
                for text, terms in (*group.true, *((attack, ()) for attack in group.attacks)):
                    engines.voice(voice).speak(spoken(text, group.terms), file, 1.0, Ticket())
                    result = heard(ears, decode(file), group)
                    said, attacks = said + len(terms), attacks + (not terms)
                    for number, words in enumerate(result.ways):
                        there = written(words, group.terms)
                        found[number] += sum(term in there for term in terms)
                        others[number] += len([term for term in there if term not in terms]) if terms else 0
                        false[number] += bool(there) and not terms
                    wrong = set(terms) - set(written(result.ways[2], group.terms))
                    if wrong or (not terms and written(result.ways[2], group.terms)):
                        print("   ", text, "|", *(" ".join(w.word for w in way) for way in result.ways[::2]))
            for number, name in enumerate(WAYS):
                lines.append(
                    f"| {voice} | {name} | {found[number]} of {said} | {found[number] / said:.2f} | "
                    f"{others[number]} | {false[number]} of {attacks} |"
                )
                print(lines[-1], flush=True)
        lines += ["", *_other_talk(ears)]
    (FOLDER / "terms.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _other_talk(ears: Whisper) -> list[str]:
    """False terms in recorded speech about something else; words that are simply said are none."""
    false, hearings = [0, 0, 0], 0
    for number, clip in enumerate(clips()):
        group = GROUPS[number % len(GROUPS)]
        result = heard(ears, decode(clip), group)
        before = written(result.ways[0], group.terms)
        hearings += 1
        for way, words in enumerate(result.ways):
            false[way] += len([term for term in written(words, group.terms) if term not in before])
    line = f"Recorded talk about other things, {hearings} clips: terms that are not said: "
    line += ", ".join(f"{name} {count}" for name, count in zip(WAYS, false, strict=True)) + "."
    print(line, flush=True)
    return [line]


if __name__ == "__main__":
    main()
