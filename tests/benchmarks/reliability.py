"""From which noise on an answer can no longer be judged by its transcript.

Real speech (the folder VIVAVOCE_SPEECH names) with rising pink noise: word error rate, mean word
probability, and how many clips the program calls unreliable. The bound LEAST_RELIABLE in
engines/whisper.py is read off this table. Writes reliability.md beside this file.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path

import numpy as np
from commit import measured_at

from vivavoce.core.ticket import Ticket
from vivavoce.engines.engines import Engines
from vivavoce.engines.whisper import LEAST_RELIABLE, Samples, decode
from vivavoce.paths import home

FOLDER = Path(__file__).resolve().parent
SNRS = (None, 20, 10, 5, 0, -5, -10)
CLIPS = 16


def speech() -> list[tuple[Path, str]]:
    """Clips of 5 seconds and more, with what is said in them."""
    folder = Path(os.environ.get("VIVAVOCE_SPEECH", FOLDER.parents[2] / "shared" / "speech"))
    rows = [json.loads(line) for line in (folder / "transcripts.jsonl").read_text("utf-8").splitlines()]
    chosen = [row for row in rows if row["subset"] == "libri" and row["duration"] >= 5.0]
    return [(folder / row["file"], row["text"]) for row in chosen[:: max(1, len(chosen) // CLIPS)]][:CLIPS]


def noisy(samples: Samples, snr: int | None, rng: np.random.Generator) -> Samples:
    """The samples with pink noise `snr` dB below them; None for none."""
    if snr is None:
        return samples
    spectrum = np.fft.rfft(rng.standard_normal(samples.size))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 1.0))
    noise = np.fft.irfft(spectrum, samples.size)
    noise *= np.sqrt(np.mean(samples**2) / np.mean(noise**2)) * 10 ** (-snr / 20)
    return np.clip(samples + noise, -1.0, 1.0).astype(np.float32)


def words(text: str) -> list[str]:
    """Lower-case words without punctuation."""
    return re.sub(r"[^a-z' ]", " ", text.lower().replace("-", " ")).split()


def errors(said: list[str], heard: list[str]) -> int:
    """Smallest number of words to change, leave out or put in (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for place, word in enumerate(said, 1):
        before, row[0] = row[0], place
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1]


def main() -> None:
    """Transcribe every clip at every noise level and print the table."""
    rng = np.random.default_rng(1)
    clips = [(decode(path), words(text)) for path, text in speech()]
    lines = [
        "# When a transcript can be judged by",
        "",
        f"{len(clips)} clips of read speech with pink noise, whisper-base; bound {LEAST_RELIABLE}.",
        f"Commit {measured_at()}.",
        "",
        "| speech above noise | word error rate | mean word probability | called unreliable or wordless |",
        "| --- | --- | --- | --- |",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        ears = Engines(home(Path(scratch)), "base").ears()
        for snr in SNRS:
            wrong = total = refused = 0
            certainty: list[float] = []
            for samples, said in clips:
                heard = ears.transcribe_samples(noisy(samples, snr, rng), None, Ticket())
                wrong += errors(said, words(heard.text))
                total += len(said)
                refused += not heard.reliable
                certainty += (
                    [float(np.mean([word.probability for word in heard.words]))] if heard.words else []
                )
            name = "clean" if snr is None else f"{snr} dB"
            mean = f"{np.mean(certainty):.2f}" if certainty else "-"
            lines.append(f"| {name} | {100 * wrong / total:.0f} % | {mean} | {refused} of {len(clips)} |")
            print(lines[-1], flush=True)
    (FOLDER / "reliability.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
