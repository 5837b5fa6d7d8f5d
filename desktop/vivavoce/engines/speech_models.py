"""Which speech model fits this machine, and whether a model of the user's own works at all."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from vivavoce.core.ticket import Ticket
from vivavoce.engines.compute import Compute, cpu
from vivavoce.errors import KnownError
from vivavoce.paths import content, role_command

if TYPE_CHECKING:
    from vivavoce.engines.whisper import Whisper

CLIP_SECONDS = 10.0
SLOWEST_PACE = 0.5
"""Seconds of work for a second of speech; a machine that needs more with base takes tiny."""

_TRIAL_SECONDS = 300.0
_POLL_SECONDS = 0.1
# Said in the clip's first ten seconds; a model that hears none of these hears nothing.
_SAID = ("speed", "slowest", "percent", "requests", "seconds", "users", "latency", "average")
_NEEDED = ("model.bin", "config.json", "tokenizer.json")
_OTHER = "Choose another folder, or the speech model base, in the preferences."


def pace_of(ears: Whisper, ticket: Ticket, clip: Path | None = None) -> float:
    """Seconds of work for a second of speech: ten seconds of the bundled answer, the better of two runs.

    On a machine that is busy with other things the clock says too much; the processor time of our own
    threads then says what it would be.
    """
    samples = _clip(clip)
    paces: list[float] = []
    for _ in range(2):
        ticket.check()
        began, used = time.perf_counter(), time.process_time()
        ears.transcribe_samples(samples, None, ticket)
        worked = time.perf_counter() - began
        if ears.compute.device == "cpu":
            worked = min(worked, (time.process_time() - used) / ears.compute.threads)
        paces.append(worked / (len(samples) / 16_000))
    return round(min(paces), 3)


def advised_model(base_pace: float) -> str:
    """The model base, or tiny on a machine on which base is too slow."""
    return "tiny" if base_pace > SLOWEST_PACE else "base"


def check_own_folder(folder: Path) -> None:
    """KnownError, naming the file, unless the folder holds what a Whisper model for CTranslate2 needs."""
    for name in _NEEDED:
        if not (folder / name).is_file():
            raise KnownError(
                f"The folder {folder} holds no Whisper model for CTranslate2: {name} is missing.", _OTHER
            )


def try_own_folder(folder: Path, compute: Compute, ticket: Ticket) -> None:
    """Load the model and let it hear ten seconds, in a child process: a broken one can end its process.

    KnownError names what is wrong with it. A model too large for the memory ends there, too, and not here.
    """
    check_own_folder(folder)
    how = json.dumps([compute.device, compute.type, compute.threads])
    child = subprocess.Popen(
        [*role_command("speech-trial"), str(folder), how],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    waited = 0.0
    try:
        while True:
            ticket.check()
            try:
                out, err = child.communicate(timeout=_POLL_SECONDS)
                break
            except subprocess.TimeoutExpired as error:
                waited += _POLL_SECONDS
                ticket.progress("trying the model", min(0.95, waited / 60.0))
                if waited > _TRIAL_SECONDS:
                    what = f"The model in {folder} is too slow: {_TRIAL_SECONDS:.0f} s did not do for a clip."
                    raise KnownError(what, _OTHER) from error
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    if child.returncode != 0:
        said = (err.strip().splitlines() or [f"it ended with status {child.returncode}"])[-1]
        raise KnownError(f"The model in {folder} cannot be used: {said}.", _OTHER)
    heard = str(json.loads(out.strip().splitlines()[-1])).lower()
    if not any(word in heard for word in _SAID):
        what = f"The model in {folder} can be loaded but heard “{heard[:60]}” in a clear English sentence."
        raise KnownError(what, _OTHER)


def trial(folder: str, compute: str) -> int:
    """The child's side of `try_own_folder`: print what was heard."""
    from vivavoce.engines.whisper import Whisper

    device, kind, threads = cast("list[Any]", json.loads(compute))
    ears = Whisper(Path(folder), "trial", Compute(device, kind, threads, "") if device != "cpu" else cpu(""))
    print(json.dumps(ears.transcribe_samples(_clip(None), None, Ticket()).text))  # noqa: T201
    return 0


def _clip(path: Path | None) -> Any:  # noqa: ANN401  float32 samples
    from vivavoce.engines.whisper import RATE, decode

    return decode(path or content("data") / "selftest" / "answer.flac")[: round(CLIP_SECONDS * RATE)]
