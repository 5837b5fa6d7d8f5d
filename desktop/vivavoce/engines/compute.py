"""Which device and number format the models run on, found out in a child process."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from vivavoce.paths import role_command

_PROBE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Compute:
    """Where to run: `device` is "cuda" or "cpu"; `reason` says why, for doctor."""

    device: str
    type: str
    threads: int
    reason: str

    def use_every_core(self) -> None:
        """Let PyTorch use all cores: a verdict takes them for a fraction of a second."""
        if self.device == "cpu":
            import torch

            torch.set_num_threads(cores())


def multiplies_short() -> bool:
    """Whether the processor multiplies bfloat16 itself: 1.7 times as fast there, far slower elsewhere.

    torch has no public name for the question, hence the fallback.
    """
    import torch

    asked = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in asked)


def cpu(reason: str) -> Compute:
    """All cores of a small machine, all but one of a larger; int8, 1.8 times cheaper than float32.

    The worker is nicer than the window, which so gets its core when it wants one
    (tests/benchmarks/event_loop.md); with one thread of two cores the last words came .3 s later.
    """
    found = cores()
    return Compute("cpu", "int8", found if found <= 2 else found - 1, reason)


def compute_for(whisper_folder: Path) -> Compute:
    """The GPU when it really encodes, else the CPU with the reason."""
    try:
        import ctranslate2

        if ctranslate2.get_cuda_device_count() < 1:
            return cpu("no CUDA device was found")
    except (ImportError, RuntimeError, ValueError) as error:
        return cpu(f"CUDA cannot be asked ({error})")
    try:
        done = subprocess.run(
            [*role_command("gpu-probe"), str(whisper_folder)],
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return cpu(f"the GPU did not answer in {_PROBE_SECONDS:.0f} s")
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        return cpu(f"the GPU failed its test: {lines[-1] if lines else f'exit {done.returncode}'}")
    return Compute("cuda", str(json.loads(done.stdout.splitlines()[-1])), 1, "the GPU passed its test")


def probe(whisper_folder: str) -> int:
    """Encode a second of silence on the GPU and print the number format; the child's side of the test.

    Encoding is the only honest test: a missing cuBLAS shows at the first encode and not before
    (faster-whisper README, "GPU"), and can abort the process.
    """
    import ctranslate2
    import numpy as np
    from faster_whisper import WhisperModel

    types = cast("set[str]", ctranslate2.get_supported_compute_types("cuda"))
    kind = next(name for name in ("float16", "int8_float16", "int8", "float32") if name in types)
    model = WhisperModel(whisper_folder, device="cuda", compute_type=kind, local_files_only=True)
    segments, _ = model.transcribe(np.zeros(16_000, np.float32), language="en")
    list(segments)
    print(json.dumps(kind))  # noqa: T201  the answer to our own process
    return 0


def cores() -> int:
    """Cores this process may use; fewer than the machine has in a container."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
