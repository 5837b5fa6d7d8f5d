"""People reading aloud, from the folder that VIVAVOCE_SPEECH names, for the benchmarks that hear them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from vivavoce.engines.voice_activity import RATE, Samples
from vivavoce.engines.whisper import decode

MOST_SECONDS = 120.0
_ROOT = Path(__file__).resolve().parents[2]


def recorded_readers(*subsets: str) -> dict[str, tuple[Samples, str]]:
    """Samples (16 kHz, at most two minutes) and words of each reader of these subsets of the recordings.

    The utterances of a chapter ("libri") are joined, without pauses of ours; other recordings are taken as
    they are. Empty where there is no recorded speech.
    """
    folder = Path(os.environ.get("VIVAVOCE_SPEECH", _ROOT.parent / "shared" / "speech"))
    if not (folder / "transcripts.jsonl").is_file():
        print(f"no recorded speech in {folder}: VIVAVOCE_SPEECH names another folder")
        return {}
    chapters: dict[str, list[dict[str, Any]]] = {}
    for row in map(json.loads, (folder / "transcripts.jsonl").read_text("utf-8").splitlines()):
        if row["subset"] in subsets:
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
