"""What transcribing while somebody speaks saves, and what it costs in words.

Two answers of about two minutes, people reading (the folder VIVAVOCE_SPEECH names) and our own voice,
are written into a WAV file in real time as the recorder does it, while the worker follows; then the same
recording is heard as a whole by us, by faster-whisper, and by its batched pipeline. Stop is pressed
on the last word; half a second more is recorded, as always. Prints a table and writes it to
while_speaking.md beside this file.

    python tests/benchmarks/while_speaking.py [--runs 3] [--stream PYTHON]

`--stream` names the Python of another environment in which whisperlivekit is installed; see
stream_of_others.py.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np
import psutil
from commit import measured_at
from recorded_readers import MOST_SECONDS, recorded_readers
from reliability import errors, words

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from worker_wire import Wire

from vivavoce.core.plain import to_plain
from vivavoce.core.question import Question
from vivavoce.core.spoken import spoken_form
from vivavoce.core.ticket import Ticket
from vivavoce.engines.engines import Engines
from vivavoce.engines.whisper import decode
from vivavoce.paths import content, home
from vivavoce.store.audio import RATE, WavWriter
from vivavoce.store.bank import load_bank

FOLDER = Path(__file__).resolve().parent
TAIL_SECONDS = 0.5
STEP_SECONDS = 0.05
SPOKEN = ("general-06", "core-01", "core-02", "general-19", "core-03")


@dataclass
class Answer:
    """Something said: samples that end with the last word, the words, and the question it answers."""

    name: str
    samples: np.ndarray
    said: str
    question: Question


@dataclass
class Row:
    """What one way of listening came to, run by run."""

    waits: list[float] = field(default_factory=list)
    verdicts: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)


def read_answer() -> Answer | None:
    """The longest that one reader has read, up to two minutes; None where there is no recorded speech."""
    readers = recorded_readers("libri")
    if not readers:
        return None
    samples, said = max(readers.values(), key=lambda reader: len(reader[0]))
    return Answer("a reader", _ended(samples), said, Question("read", "What is read?", "A book.", ()))


def spoken_answer(engines: Engines, scratch: Path) -> Answer:
    """Model answers of our bank, spoken by our own voice, two minutes of them."""
    bank = load_bank(content("data") / "bank")
    parts: list[np.ndarray] = []
    said: list[str] = []
    for name in SPOKEN:
        question = bank.get(name)
        text = spoken_form(question.reference, question.terms)
        engines.voice("natural").speak(text, scratch / f"{name}.wav", 1.0, Ticket())
        samples = decode(scratch / f"{name}.wav")
        if parts and sum(map(len, parts)) + len(samples) > 1.15 * MOST_SECONDS * RATE:
            break
        parts += [samples, np.zeros(RATE // 2, np.float32)]
        # What is counted are the words of the text: "R N N" for the voice is "RNN" for a reader.
        said.append(question.reference)
    return Answer("our voice", _ended(np.concatenate(parts)), " ".join(said), bank.get(SPOKEN[0]))


def _ended(samples: np.ndarray) -> np.ndarray:
    """Without what comes after the last word."""
    loud = np.flatnonzero(np.abs(samples) > 0.02)
    return samples[: int(loud[-1]) + 1]


def while_speaking(wire: Wire, answer: Answer, path: Path) -> tuple[float, float, float, str]:
    """Seconds from stop to the words and to the verdict, CPU seconds of the worker, the words."""
    process = psutil.Process(wire.process.pid)
    noise = np.random.default_rng(1).standard_normal(round(TAIL_SECONDS * RATE)) * 3
    pcm = np.concatenate([np.round(answer.samples * 32767), noise]).astype(np.int16)
    question, spent = to_plain(answer.question), _cpu(process)
    with WavWriter(path) as wav:
        wire.ask("listen", recording=str(path), question=question)
        stop_at = len(answer.samples)
        stopped = _speak(wav, pcm[:stop_at])
        wire.send({"do": "stopping", "recording": str(path)})
        _speak(wav, pcm[stop_at:])
    return _assessed(wire, path, answer, stopped, spent, {})


def whole_file(wire: Wire, answer: Answer, path: Path) -> tuple[float, float, float, str]:
    """The same of our whole-file path."""
    spent = _cpu(psutil.Process(wire.process.pid))
    return _assessed(wire, path, answer, time.monotonic(), spent, {"beam": 5})


def _assessed(
    wire: Wire, path: Path, answer: Answer, stopped: float, spent: float, how: dict[str, int]
) -> tuple[float, float, float, str]:
    number = wire.ask("assess", recording=str(path), question=to_plain(answer.question), **how)
    heard = wire.until(lambda event: event["id"] == number and event["event"] == "transcript")
    words_after = time.monotonic() - stopped
    wire.end_of(number)
    verdict_after = time.monotonic() - stopped
    text = heard["transcript"]["text"]
    return words_after, verdict_after, _cpu(psutil.Process(wire.process.pid)) - spent, text


def _speak(wav: WavWriter, pcm: np.ndarray) -> float:
    """Write the samples as fast as they would be spoken; the moment at which the last one was."""
    began, step = time.monotonic(), round(STEP_SECONDS * RATE)
    for start in range(0, len(pcm), step):
        part = pcm[start : start + step]
        time.sleep(max(0.0, began + (start + len(part)) / RATE - time.monotonic()))
        wav.write(part)
    return time.monotonic()


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def faster_whisper_rows(engines: Engines, path: Path) -> dict[str, tuple[float, float, str]]:
    """faster-whisper by itself, as its README shows it, with our model, threads and beam."""
    from faster_whisper import BatchedInferencePipeline

    model = engines.ears().model
    found: dict[str, tuple[float, float, str]] = {}
    ways = {
        "faster-whisper, whole file": lambda: model.transcribe(
            str(path), language="en", beam_size=5, vad_filter=True, word_timestamps=True
        ),
        "faster-whisper, batched pipeline": lambda: BatchedInferencePipeline(model).transcribe(
            str(path), language="en", beam_size=5, batch_size=8, word_timestamps=True
        ),
    }
    for name, hear in ways.items():
        began, spent = time.monotonic(), time.process_time()
        segments, _ = hear()
        text = " ".join(segment.text.strip() for segment in segments)
        found[name] = (time.monotonic() - began, time.process_time() - spent, text)
    return found


class Peak:
    """The largest memory of the worker while it is watched, MB."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self.mb = 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.25):
            self.mb = max(self.mb, self._process.memory_info().rss / 1e6)

    def close(self) -> None:
        """Watch no more."""
        self._over.set()
        self._thread.join()


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--stream", help="the Python of an environment with whisperlivekit")
    arguments = parser.parse_args()
    lines = [
        "# Transcribing while somebody speaks",
        "",
        f"{platform.machine()}, {os.cpu_count()} cores, whisper-base int8, {arguments.runs} runs, load at "
        f"first {os.getloadavg()[0]:.1f}. Commit {measured_at()}.",
        "Stop is pressed on the last word; half a second more is recorded and is part of the wait.",
        "",
    ]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        engines = Engines(home(scratch / "engines"), "base")
        read = read_answer()
        answers = [*([read] if read is not None else []), spoken_answer(engines, scratch)]
        (scratch / "worker").mkdir()
        wire = Wire(scratch / "worker")
        wire.ready("voice", "speech", "judge")
        peak = Peak(wire.process.pid)
        try:
            for answer in answers:
                lines += table(answer, measure(answer, wire, engines, scratch, arguments))
        finally:
            peak.close()
            wire.close()
    lines += [f"Largest memory of the worker, models loaded: {peak.mb:.0f} MB.", ""]
    print("\n".join(lines))
    (FOLDER / "while_speaking.md").write_text("\n".join(lines), encoding="utf-8")


def measure(
    answer: Answer, wire: Wire, engines: Engines, scratch: Path, arguments: argparse.Namespace
) -> dict[str, Row]:
    """Every way of listening to one answer, run by run in turn, so that all meet the same machine."""
    rows: dict[str, Row] = {}
    said = words(answer.said)

    def keep(name: str, wait: float, cpu: float, text: str, verdict: float | None = None) -> None:
        row = rows.setdefault(name, Row())
        row.waits.append(wait)
        row.cpu.append(cpu)
        row.verdicts += [] if verdict is None else [verdict]
        row.wrong.append(100 * errors(said, words(text)) / len(said))
        print(f"{answer.name}: {name}: {wait:.2f} s, {row.wrong[-1]:.1f} %", flush=True)

    for run in range(arguments.runs):
        path = scratch / f"{answer.name.replace(' ', '-')}-{run}.wav"
        wait, verdict, cpu, text = while_speaking(wire, answer, path)
        keep("ours, while speaking", wait, cpu, text, verdict)
        wait, verdict, cpu, text = whole_file(wire, answer, path)
        keep("ours, whole file", wait, cpu, text, verdict)
        for name, (wait, cpu, text) in faster_whisper_rows(engines, path).items():
            keep(name, wait, cpu, text)
        if arguments.stream and run == 0 and answer.name == "a reader":  # it takes minutes
            model = str(engines.shelf.folder("whisper-base"))
            script = [arguments.stream, str(FOLDER / "stream_of_others.py"), str(path), model]
            done = subprocess.run(script, stdout=subprocess.PIPE, check=True, text=True)
            other = json.loads(done.stdout.splitlines()[-1])
            keep(other["name"], other["wait"], other["cpu"], other["text"])
    return rows


def table(answer: Answer, rows: dict[str, Row]) -> list[str]:
    """Medians with the spread of the runs, and ratios to faster-whisper on the whole file."""
    whole = median(rows["faster-whisper, whole file"].waits)
    lines = [
        f"## {answer.name}, {len(answer.samples) / RATE:.0f} s, {len(words(answer.said))} words",
        "",
        "| | stop to words, s | to verdict, s | faster-whisper's whole file takes | word errors | CPU s |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in rows.items():
        verdict = _spread(row.verdicts) if row.verdicts else "-"
        lines.append(
            f"| {name} | {_spread(row.waits)} | {verdict} | {whole / median(row.waits):.1f} times as long | "
            f"{_spread(row.wrong, 1)} % | {median(row.cpu):.1f} |"
        )
    return [*lines, ""]


def _spread(values: list[float], digits: int = 2) -> str:
    low, high = f"{min(values):.{digits}f}", f"{max(values):.{digits}f}"
    middle = f"{median(values):.{digits}f}"
    return middle if low == high else f"{middle} ({low} to {high})"


if __name__ == "__main__":
    main()
