"""How well delivery is measured: hesitation, pauses, pace.

Hesitation: spontaneous speech with verbatim transcripts (the folder VIVAVOCE_SPEECH names; sets `filler`
and `mfa_short`), and fluent read speech for false ones. A hesitation counts as found when it stands at
its place in the row of words (alignment of the words said with the words of the pass). Pauses and pace:
read utterances of one speaker joined with silences; the truth is the energy of the clean recordings and
the words that were read. Writes delivery.md beside this file.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from commit import measured_at
from term_sentences import GROUPS

from vivavoce.core.delivery import delivery_of
from vivavoce.core.hesitation import Filler, fillers_of, is_filler
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Word
from vivavoce.core.words import tokens
from vivavoce.engines.engines import Engines
from vivavoce.engines.fillers import words_of
from vivavoce.engines.voice_activity import RATE, Samples, pauses_of, raised, speech_spans
from vivavoce.engines.whisper import Whisper, decode
from vivavoce.paths import home

FOLDER = Path(__file__).resolve().parent
_SOUND = "<um>"
SENTENCES = tuple(text for group in GROUPS for text, _ in group.true[:2])
_GAPS = (0.6, 0.9, 1.4, 2.2, 3.5)


class Count(NamedTuple):
    """Hesitations said, written, and written at their place."""

    said: int = 0
    written: int = 0
    found: int = 0

    def plus(self, other: Count) -> Count:
        return Count(*(one + more for one, more in zip(self, other, strict=True)))

    @property
    def recall(self) -> float:
        return self.found / max(1, self.said)

    @property
    def precision(self) -> float:
        return self.found / max(1, self.written)


def rows() -> list[dict[str, Any]]:
    """The lines of transcripts.jsonl, with `file` as a path."""
    folder = Path(os.environ.get("VIVAVOCE_SPEECH", FOLDER.parents[2] / "shared" / "speech"))
    lines = (folder / "transcripts.jsonl").read_text("utf-8").splitlines()
    return [{**row, "file": folder / row["file"]} for row in map(json.loads, lines)]


def row_of(words: Sequence[Word], fillers: Sequence[Filler]) -> list[str]:
    """The words in order, every hesitation that counts as one sign."""
    plain = [(word.start, token) for word in words if not is_filler(word.word) for token in tokens(word.word)]
    return [text for _, text in sorted([*plain, *((one.start, _SOUND) for one in fillers)])]


def said_row(text: str) -> list[str]:
    """The words that were said; "'er" in these texts is "her", and no hesitation."""
    return [
        _SOUND if is_filler(word) and "'" not in word else token
        for word in text.split()
        for token in tokens(word)
    ]


def in_place(said: Sequence[str], written: Sequence[str]) -> int:
    """Hesitations that stand at their place in the alignment of least changes."""
    cost = np.zeros((len(said) + 1, len(written) + 1))
    cost[:, 0], cost[0, :] = np.arange(len(said) + 1), np.arange(len(written) + 1)
    for i, one in enumerate(said, 1):
        for j, other in enumerate(written, 1):
            cost[i, j] = min(cost[i - 1, j] + 1, cost[i, j - 1] + 1, cost[i - 1, j - 1] + _change(one, other))
    i, j, found = len(said), len(written), 0
    while i and j:
        if cost[i, j] == cost[i - 1, j - 1] + _change(said[i - 1], written[j - 1]):
            i, j = i - 1, j - 1
            found += said[i] == written[j] == _SOUND
        elif cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return found


def _change(one: str, other: str) -> float:
    if one == other:
        return 0.0
    return 3.0 if _SOUND in (one, other) else 1.5  # a hesitation is no way to mis-hear a word


def hesitation(ears: Whisper) -> list[str]:
    """The table of hesitation: the pass of its own against the transcript."""
    ways = {
        "the transcript": lambda samples: ears.transcribe_samples(samples, None, Ticket()).words,
        "the pass of its own": lambda samples: words_of(ears.model, samples, Ticket()),
    }
    lines = ["| words from | said | found | recall | written | precision | false in fluent speech |",
             "| --- | --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    chosen = rows()
    fluent = [row for row in chosen if row["subset"] == "tech"]
    fluent += [row for row in chosen if row["subset"] == "libri" and row["duration"] > 8][::4]
    for name, way in ways.items():
        total, false, seconds = Count(), 0, 0.0
        for row in chosen:
            if not row["verbatim"]:
                continue
            words = way(decode(row["file"]))
            fillers = fillers_of(words)
            said, written = said_row(row["text"]), row_of(words, fillers)
            one = Count(said.count(_SOUND), len(fillers), in_place(said, written))
            if one.found != max(one.said, one.written):
                print("   ", row["file"].name, *one, flush=True)
            total = total.plus(one)
        for row in fluent:
            false += len(fillers_of(way(decode(row["file"]))))
            seconds += row["duration"]
        lines.append(
            f"| {name} | {total.said} | {total.found} | {total.recall:.2f} | {total.written} | "
            f"{total.precision:.2f} | {false} in {seconds:.0f} s |"
        )
        print(lines[-1], flush=True)
    return lines


def edges(samples: Samples) -> tuple[int, int]:
    """First and last sample of speech in a clean recording: where 10 ms frames pass -40 dB of the loudest."""
    size = RATE // 100
    frames = samples[: samples.size // size * size].reshape(-1, size)
    power = np.sqrt((frames**2).mean(axis=1))
    loud = np.flatnonzero(power >= power.max() * 10 ** (-40 / 20))
    return int(loud[0]) * size, (int(loud[-1]) + 1) * size


def joined(parts: Sequence[Samples]) -> tuple[Samples, list[tuple[float, float]], float]:
    """Utterances with silences between: samples, the true pauses, seconds from the first word to the last."""
    pieces: list[Samples] = [np.zeros(RATE, np.float32)]
    pauses: list[tuple[float, float]] = []
    at = 1.0
    random = np.random.default_rng(5)
    for number, samples in enumerate(parts):
        begin, end = edges(samples)
        if number:
            gap = _GAPS[number % len(_GAPS)]
            pauses.append((at, at + gap))
            pieces.append((1e-4 * random.standard_normal(round(gap * RATE))).astype(np.float32))
            at += gap
        pieces.append(samples[begin:end])
        at += (end - begin) / RATE
    return np.concatenate([*pieces, np.zeros(RATE, np.float32)]), pauses, at - 1.0


def pauses_of_voices(engines: Engines, scratch: Path) -> list[str]:
    """The rows of pauses: sentences of two voices, whose edges are known to a hundredth of a second.

    Recorded speech has a room around its words, louder than the end of a word: its edges are not.
    """
    off: list[float] = []
    true = found = 0
    for voice in ("natural", "system"):
        parts: list[Samples] = []
        for text in SENTENCES:
            engines.voice(voice).speak(text, scratch / "said.wav", 1.0, Ticket())
            parts.append(decode(scratch / "said.wav"))
        samples, pauses, _ = joined(parts)
        told = pauses_of(speech_spans(raised(samples)))
        true += len(pauses)
        for start, end in pauses:
            near = [one for one in told if one[0] < end and one[1] > start]
            if near:
                found += 1
                off += [abs(near[0][0] - start), abs(near[-1][1] - end)]
    middle, most = np.percentile(off, (50, 90))
    return [
        f"| pauses of 0.6 to 3.5 s put in and found | {found} of {true} |",
        f"| start and end of a pause, error | median {middle:.3f} s, 90 % within {most:.3f} s |",
    ]


def pace_of_readers(ears: Whisper) -> list[str]:
    """The row of the pace, over read utterances of each speaker joined with silences."""
    chapters: dict[str, list[dict[str, Any]]] = {}
    for row in rows():
        if row["subset"] == "libri":
            chapters.setdefault(row["file"].name.rsplit("-", 1)[0], []).append(row)
    off: list[float] = []
    for chapter in chapters.values():
        samples, _, seconds = joined([decode(row["file"]) for row in chapter[:8]])
        words = sum(len(row["text"].split()) for row in chapter[:8])
        told = delivery_of(ears.transcribe_samples(samples, None, Ticket()))
        off.append(abs(told.words_per_minute / (60 * words / seconds) - 1))
    return [f"| words a minute, error | mean {100 * np.mean(off):.1f} %, worst {100 * max(off):.1f} % |"]


def main() -> None:
    """Measure and print the tables."""
    with tempfile.TemporaryDirectory() as scratch:
        engines = Engines(home(Path(scratch)), "base")
        ears = engines.ears()
        pauses = ["| measured | result |", "| --- | --- |"]
        pauses += [*pauses_of_voices(engines, Path(scratch)), *pace_of_readers(ears)]
        print("\n".join(pauses), flush=True)
        table = hesitation(ears)
    lines = ["# How well delivery is measured", "", f"whisper-base; commit {measured_at()}.", "",
             "## Hesitation (um, uh, er, hm)", "", *table, "", "## Pauses and pace", "", *pauses]  # fmt: skip
    (FOLDER / "delivery.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
