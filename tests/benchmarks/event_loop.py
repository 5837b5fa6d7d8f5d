"""How long until the window is there, and how long its event loop ever stands still.

Prints a table and writes it to event_loop.md beside this file. The window is started anew in a
process of its own for every figure; the gaps are taken with a timer of 10 ms while the worker
loads its models and then judges the self-test's answer of 38 seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from statistics import median

import psutil
from commit import measured_at

FOLDER = Path(__file__).parent
TICK_MS = 10
_NO_DISPLAY = {} if os.environ.get("DISPLAY") else {"QT_QPA_PLATFORM": "offscreen"}


def measured(home: Path) -> dict[str, object]:
    """One start of the window in this process: seconds to the first paint, gaps in milliseconds."""
    began = float(os.environ["VIVAVOCE_BEGAN"])
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication

    from vivavoce.paths import content
    from vivavoce.paths import home as folders
    from vivavoce.store.audio import WavWriter
    from vivavoce.ui.app import App
    from vivavoce.ui.session import Phase

    application = QApplication([])
    app = App(application, folders(home), explicit_home=True)
    result: dict[str, object] = {}

    class FirstPaint(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and "visible_s" not in result:
                result["visible_s"] = time.time() - began
            return super().eventFilter(watched, event)

    paint = FirstPaint()
    app.window.centralWidget().installEventFilter(paint)
    gaps: list[tuple[str, float]] = []
    stage = ["starting"]
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        gaps.append((stage[0], 1000 * (now - last[0]) - TICK_MS))
        last[0] = now

    timer = QTimer()
    timer.setInterval(TICK_MS)
    timer.timeout.connect(tick)

    def loading() -> None:
        stage[0] = "loading"

    def judge(*_: object) -> None:
        if stage[0] != "loading" or len([s for s in app.engine.states.values() if s == "ready"]) < 3:
            return
        stage[0] = "judging"
        from vivavoce.audio_file import read_pcm

        question = app.actions.bank.get("general-19")
        attempt = app.attempts.begin(question, "benchmark", datetime.now(timezone.utc))
        samples, _ = read_pcm(content("data") / "selftest" / "answer.flac")
        with WavWriter(app.recordings.wav_path(attempt.id)) as out:
            out.write(samples)
        last[0] = time.perf_counter()  # making the recording is the benchmark's own work
        app.actions.judge_again(attempt.id)

    def done(phase: Phase) -> None:
        if phase is Phase.JUDGED:
            weigh()
            last[0] = time.perf_counter()  # nor is weighing the window's
            QTimer.singleShot(500, application.quit)

    def weigh() -> None:
        processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
        result["memory_mb"] = sum(process.memory_full_info().pss for process in processes) / 1e6

    app.engine.engine_state.connect(judge)
    app.session.phase_changed.connect(done)
    app.start()
    timer.start()
    QTimer.singleShot(0, loading)
    QTimer.singleShot(120_000, application.quit)
    application.exec()
    for name in ("loading", "judging"):
        found = [gap for at, gap in gaps if at == name]
        result[f"{name}_gap_ms"] = max(found, default=-1.0)
    app.window.close()
    return result


def main() -> None:
    """Run the starts and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measured(arguments.one)))
        os._exit(0)
    scratch = Path(tempfile.mkdtemp(prefix="vivavoce-benchmark-"))
    try:
        runs = [_run(scratch) for _ in range(arguments.runs + 1)][1:]  # the first one warms the disk
    finally:
        shutil.rmtree(scratch)
    lines = [
        "# Window start and event loop",
        "",
        f"{platform.machine()}, {os.cpu_count()} cores, {arguments.runs} warm starts.",
        f"Commit {measured_at()}.",
        "",
        "| | median | worst | bar |",
        "| --- | --- | --- | --- |",
        _line("process start to first paint, s", [float(run["visible_s"]) for run in runs], 2, "1"),
        _line(
            "longest gap while the worker loads, ms", [float(run["loading_gap_ms"]) for run in runs], 0, "60"
        ),
        _line("longest gap while it judges, ms", [float(run["judging_gap_ms"]) for run in runs], 0, "60"),
        _line(
            "window and worker after a verdict, MB (shared pages once)",
            [float(run["memory_mb"]) for run in runs],
            0,
            "1600",
        ),
    ]
    table = "\n".join(lines) + "\n"
    print(table)
    (FOLDER / "event_loop.md").write_text(table, encoding="utf-8")


def _run(scratch: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), "--one", str(scratch)],
        env={**os.environ, **_NO_DISPLAY, "VIVAVOCE_BEGAN": str(time.time())},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _line(name: str, values: list[float], digits: int, bar: str) -> str:
    return f"| {name} | {median(values):.{digits}f} | {max(values):.{digits}f} | {bar} |"


if __name__ == "__main__":
    main()
