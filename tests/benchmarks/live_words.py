"""What it costs in words to write speech down while it is spoken, against the whole file at once.

Recorded readers (the folder VIVAVOCE_SPEECH names), up to two minutes each, are given to the live path a
third of a second at a time, as fast as it takes them, so that where it cuts does not depend on the machine;
then the whole recording to faster-whisper, with our model and beam. Prints a table and writes it to
live_words.md beside this file.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from commit import measured_at
from reliability import errors, words

from vivavoce.core.question import Question
from vivavoce.core.ticket import Ticket
from vivavoce.engines.engines import Engines
from vivavoce.engines.live import LiveHearing
from vivavoce.engines.voice_activity import RATE, Samples
from vivavoce.engines.whisper import Whisper, decode
from vivavoce.paths import home

FOLDER = Path(__file__).resolve().parent
MOST_SECONDS = 120.0
STEP = RATE // 3
QUESTION = Question("read", "What is read?", "A book.", ())


def readers() -> dict[str, tuple[Samples, str]]:
    """Samples and words of each reader: the utterances of a chapter joined, other recordings as they are."""
    folder = Path(os.environ.get("VIVAVOCE_SPEECH", FOLDER.parents[2] / "shared" / "speech"))
    lines = (folder / "transcripts.jsonl").read_text("utf-8").splitlines()
    chapters: dict[str, list[dict[str, Any]]] = {}
    for row in map(json.loads, lines):
        if row["subset"] in ("libri", "tech"):
            name = row["file"].rsplit("-", 1)[0] if row["subset"] == "libri" else row["file"]
            chapters.setdefault(name.removesuffix(".flac"), []).append(row)
    found: dict[str, tuple[Samples, str]] = {}
    for name, rows in chapters.items():
        parts: list[Samples] = []
        said: list[str] = []
        for row in rows:
            samples = decode(folder / row["file"])
            if parts and sum(map(len, parts)) + len(samples) > MOST_SECONDS * RATE:
                break
            parts.append(samples)
            said.append(row["text"])
        found[name] = np.concatenate(parts), " ".join(said)
    return found


def heard_live(ears: Whisper, samples: Samples) -> str:
    """The words of the live path."""
    place = 0

    def take() -> Samples:
        nonlocal place
        start, place = place, min(len(samples), place + STEP)
        return samples[start:place]

    hearing = LiveHearing(ears, QUESTION, take, lambda _: None)
    while place < len(samples):
        hearing.step(idle=0.0, stopping=False, ticket=Ticket())
    return hearing.finish(Ticket()).text


def heard_whole(ears: Whisper, samples: Samples) -> str:
    """The words of faster-whisper over the whole recording."""
    segments, _ = ears.model.transcribe(
        samples, language="en", beam_size=ears.beam, vad_filter=True, word_timestamps=True
    )
    return " ".join(segment.text for segment in segments)


def main() -> None:
    """Hear everybody both ways."""
    ears = Engines(home(), "base").ears()
    lines = [
        "# Words written down while they are spoken, and from the whole file",
        "",
        f"{ears.name}, beam {ears.beam}; commit {measured_at()}.",
        "",
        "| reader | seconds | words | while spoken | whole file |",
        "| --- | --- | --- | --- | --- |",
    ]
    total, wrong = 0, [0, 0]
    for name, (samples, text) in readers().items():
        said = words(text)
        found = [errors(said, words(hear(ears, samples))) for hear in (heard_live, heard_whole)]
        total, wrong = total + len(said), [a + b for a, b in zip(wrong, found, strict=True)]
        shares = " | ".join(f"{100 * count / len(said):.1f} %" for count in found)
        lines.append(f"| {name} | {len(samples) / RATE:.0f} | {len(said)} | {shares} |")
        print(lines[-1], flush=True)
    shares = " | ".join(f"{100 * count / total:.1f} %" for count in wrong)
    lines.append(f"| all | | {total} | {shares} |")
    print(lines[-1])
    (FOLDER / "live_words.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
