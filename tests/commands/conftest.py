"""The command line called as it is from a shell, in this process, with engines that are loaded once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vivavoce.commands import setting
from vivavoce.commands.line import main
from vivavoce.engines.engines import Engines
from vivavoce.paths import Home


@dataclass(frozen=True)
class Ran:
    """What a command came to: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Ran]


def no_window(folder: Path | None, question_id: str | None) -> int:
    """Stands where the window would be opened."""
    raise AssertionError(f"a command opened the window with {folder} at {question_id}")


@pytest.fixture
def vivavoce(user_folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command with a fresh --home."""

    def ran(*words: str | Path) -> Ran:
        capsys.readouterr()
        status = main([*map(str, words), "--home", str(user_folder)], no_window)
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return ran


@pytest.fixture
def loaded(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> Engines:
    """Real engines, small and already loaded, in the place of those a command would load itself."""

    def shared(_home: Home, _speech_model: str) -> Engines:
        return engines

    monkeypatch.setattr(setting, "Engines", shared)
    return engines
