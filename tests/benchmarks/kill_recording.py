"""How much speech a kill -9 of the window costs: a sweep tells to the hundredth second what was kept.

The real window records from a virtual microphone into which a rising tone is played; after 30
seconds it is killed. Where the tone of the recovered file ends is compared with what had been
played by then. Prints a table and writes kill_recording.md beside this file.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import virtual_audio
from commit import measured_at

from vivavoce.audio_file import read_pcm
from vivavoce.store.audio import repair

FOLDER = Path(__file__).resolve().parent
SECONDS = 30.0
SWEEP_SECONDS = 60.0
LOW_HZ, HIGH_HZ = 300.0, 3000.0
VICTIM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from vivavoce.paths import home
from vivavoce.ui.app import App

application = QApplication([])
app = App(application, home(Path(sys.argv[1])), explicit_home=True)
app.start("general-06")
app.session.phase_changed.connect(lambda phase: print(phase.value, flush=True))
QTimer.singleShot(2500, app.session.record)
application.exec()
"""


def sweep(rate: int) -> virtual_audio.Pcm:
    """A tone that rises evenly from LOW_HZ to HIGH_HZ."""
    t = np.arange(round(SWEEP_SECONDS * rate)) / rate
    phase = 2 * np.pi * (LOW_HZ * t + (HIGH_HZ - LOW_HZ) / (2 * SWEEP_SECONDS) * t * t)
    return np.round(12_000 * np.sin(phase)).astype(np.int16)


def place(pcm: virtual_audio.Pcm, rate: int) -> float:
    """Seconds of the sweep at the end of `pcm`, from the frequency of its last fifth of a second."""
    size = rate // 5
    hertz = virtual_audio.frequency(np.concatenate([pcm[-size:], np.zeros(7 * size, np.int16)]), rate)
    return (hertz - LOW_HZ) / (HIGH_HZ - LOW_HZ) * SWEEP_SECONDS + 0.1


def lost_seconds(server: virtual_audio.VirtualAudio, scratch: Path) -> float:
    """One recording, killed; seconds that were played and are not in the recovered file."""
    home = scratch / f"home-{time.monotonic_ns()}"
    home.mkdir()
    tone = virtual_audio.write_wav(scratch / "sweep.wav", sweep(48_000), 48_000)
    with subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as victim:
        assert victim.stdout is not None
        for line in victim.stdout:
            if line.strip() == "recording":
                break
        began = time.monotonic()
        speaker = server.feed(tone)
        time.sleep(SECONDS)
        victim.kill()
        played = time.monotonic() - began
        victim.wait()
    speaker.kill()
    speaker.wait()
    (wav,) = (home / "recordings").glob("*.wav")
    repair(wav)
    pcm, rate = read_pcm(wav)
    return played - place(pcm, rate)


def main() -> None:
    """Kill three recordings and print what each lost."""
    server = virtual_audio.shared()
    server.replug()
    with tempfile.TemporaryDirectory() as scratch:
        lost = [lost_seconds(server, Path(scratch)) for _ in range(3)]
    table = (
        "# What a kill -9 costs\n\n"
        f"Three recordings killed after {SECONDS:.0f} s; the figure holds the sound server's own delay "
        f"and paplay's start. Commit {measured_at()}.\n\n"
        "| | lost, s | bar |\n| --- | --- | --- |\n"
        f"| median | {sorted(lost)[1]:.2f} | 0.5 |\n| worst | {max(lost):.2f} | 0.5 |\n"
    )
    print(table)
    (FOLDER / "kill_recording.md").write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
