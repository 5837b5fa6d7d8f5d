"""Whether a recording loses a sample while every core is busy: ten minutes of noise, found again bit by bit.

Noise is played into the virtual microphone and recorded as the window records, while the worker follows
and one process for each core does nothing but count. Every five seconds the recording is looked for in
what was played: a lost sample moves all that comes after it. Prints a line and writes it to
lost_samples.md beside this file.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import virtual_audio
from commit import measured_at

from vivavoce.audio_file import read_pcm
from vivavoce.store.audio import RATE, WavWriter

FOLDER = Path(__file__).resolve().parent
BLOCK_SECONDS = 5


def count_for_ever() -> None:
    """Keep one core busy."""
    number = 0
    while True:
        number += 1


def noise(seconds: float) -> virtual_audio.Pcm:
    """Noise at the rate of recordings that a sound server's resampling leaves as it is: below 3 kHz."""
    rng = np.random.default_rng(5)
    slow = rng.standard_normal(round(seconds * RATE / 4))
    places = np.arange(round(seconds * RATE)) / 4
    return np.round(6000 * np.interp(places, np.arange(slow.size), slow) / 3).astype(np.int16)


def place_of(block: np.ndarray, played: np.ndarray) -> tuple[int, float]:
    """Where in what was played a block is found, and how alike they are (1.0: the same)."""
    size = 1 << (played.size + block.size).bit_length()
    products = np.fft.irfft(np.fft.rfft(played, size) * np.conj(np.fft.rfft(block, size)), size)
    at = int(np.argmax(products[: played.size]))
    there = played[at : at + block.size].astype(float)
    alike = float(there @ block[: there.size] / (np.linalg.norm(there) * np.linalg.norm(block) + 1e-9))
    return at, alike


def recorded(path: Path, played: Path, seconds: float) -> None:
    """Record what is played, with the program's own recorder, until it has been played."""
    from PySide6.QtCore import QCoreApplication, QTimer

    from vivavoce.sound.devices import Devices
    from vivavoce.sound.recorder import Recorder

    server = virtual_audio.shared()
    application = QCoreApplication([])
    devices = Devices()
    recorder = Recorder(devices)
    recorder.finished.connect(lambda _: application.quit())
    recorder.failed.connect(lambda error: (print(error), application.quit()))
    recorder.listening.connect(lambda: server.feed(played))
    QTimer.singleShot(1500, lambda: recorder.start("", WavWriter(path)))
    QTimer.singleShot(round(1000 * (seconds + 8)), recorder.stop)
    application.exec()


def main() -> None:
    """Record, and look for what was recorded in what was played."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    seconds = 60 * parser.parse_args().minutes
    busy = [multiprocessing.Process(target=count_for_ever, daemon=True) for _ in range(os.cpu_count() or 1)]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        sound = noise(seconds)
        played = virtual_audio.write_wav(scratch / "noise.wav", sound, RATE)
        for process in busy:
            process.start()
        try:
            recorded(scratch / "recording.wav", played, seconds)
        finally:
            for process in busy:
                process.kill()
                process.join()
        pcm, _ = read_pcm(scratch / "recording.wav")
    loud = np.flatnonzero(np.abs(pcm.astype(int)) > 1000)
    pcm = pcm[loud[0] : loud[-1]]
    size = BLOCK_SECONDS * RATE
    found = [
        (
            start,
            *place_of(
                pcm[start : start + size].astype(float), sound[max(0, start - size) : start + 3 * size]
            ),
        )
        for start in range(0, pcm.size - size, size)
    ]
    lags = [max(0, start - size) + at - start for start, at, _ in found]
    moved = [after - before for before, after in itertools.pairwise(lags)]
    alike = min(one[2] for one in found)
    line = (
        f"# Samples lost in a recording with every core busy\n\n{seconds / 60:.0f} minutes, {len(found)} "
        f"blocks of {BLOCK_SECONDS} s: {sum(abs(one) for one in moved)} samples lost or doubled in "
        f"{sum(one != 0 for one in moved)} places; the least alike block {alike:.3f}. "
        f"Commit {measured_at()}.\n"
    )
    print(line)
    (FOLDER / "lost_samples.md").write_text(line, encoding="utf-8")


if __name__ == "__main__":
    main()
