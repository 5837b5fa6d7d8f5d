"""The program's first lines: another role of ours, one command, or the window."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Start what the arguments ask for; returns the exit status."""
    from vivavoce.offline import go_offline, seal

    go_offline()
    arguments = sys.argv[1:]
    if arguments and arguments[0].startswith("--role="):
        seal()
    if arguments[:1] == ["--role=worker"]:
        from vivavoce.worker.service import main as worker

        return worker(arguments[1:])
    if arguments[:1] == ["--role=system-voice"]:
        from vivavoce.engines.system_voice import main as system_voice

        return system_voice()
    if arguments[:1] == ["--role=gpu-probe"]:
        from vivavoce.engines.compute import probe

        return probe(arguments[1])
    if arguments[:1] == ["--role=speech-trial"]:
        from vivavoce.engines.speech_models import trial

        return trial(*arguments[1:3])
    from vivavoce.commands.line import main as line

    return line(arguments, _open_window, seal)


def _open_window(folder: Path | None, question_id: str | None) -> int:
    from vivavoce.ui.opening import run_window  # Qt is imported for the window alone

    return run_window(folder, question_id)


if __name__ == "__main__":
    raise SystemExit(main())
