"""What it costs in words to write speech down while it is spoken, against the whole file at once.

Recorded readers (the folder VIVAVOCE_SPEECH names), up to two minutes each, are given to the live path a
third of a second at a time, as fast as it takes them, so that where it cuts does not depend on the machine;
then the whole recording to our whole-file path and to faster-whisper, with our model and beam. Prints a
table and writes it to live_words.md beside this file.
"""

from __future__ import annotations

from pathlib import Path

from commit import measured_at
from recorded_readers import recorded_readers
from reliability import errors, words

from vivavoce.core.question import Question
from vivavoce.core.ticket import Ticket
from vivavoce.engines.engines import Engines
from vivavoce.engines.live import LiveHearing
from vivavoce.engines.voice_activity import RATE, Samples
from vivavoce.engines.whisper import Whisper
from vivavoce.paths import home

FOLDER = Path(__file__).resolve().parent
STEP = RATE // 3
QUESTION = Question("read", "What is read?", "A book.", ())


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
    """The words of our whole-file path."""
    return ears.transcribe_samples(samples, QUESTION, Ticket()).text


def heard_by_others(ears: Whisper, samples: Samples) -> str:
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
        "| reader | seconds | words | while spoken | our whole file | faster-whisper's whole file |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    ways = (heard_live, heard_whole, heard_by_others)
    total, wrong = 0, [0] * len(ways)
    for name, (samples, text) in recorded_readers("libri", "tech").items():
        said = words(text)
        found = [errors(said, words(hear(ears, samples))) for hear in ways]
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
