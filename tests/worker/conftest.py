from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from worker_wire import Wire


@pytest.fixture(scope="module")
def worker(new_home: Callable[[], Path]) -> Iterator[Wire]:
    """A worker with the small speech model, everything loaded, shared by the tests of a file."""
    home = new_home()
    (home / "settings.toml").write_text('speech_model = "tiny"\n')
    wire = Wire(home)
    try:
        wire.ready("voice", "speech", "judge")
        yield wire
    finally:
        wire.close()


@pytest.fixture
def fresh_worker(new_home: Callable[[], Path]) -> Iterator[Wire]:
    """A worker that has only just been started."""
    wire = Wire(new_home())
    try:
        yield wire
    finally:
        wire.close()
