from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from vivavoce.ui.crash import CrashLog


def test_our_bug_is_written_down_and_told_in_one_sentence(
    qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = CrashLog(tmp_path / "data" / "vivavoce.log")
    try:
        raise ZeroDivisionError("ours")
    except ZeroDivisionError as error:
        caught = error
    before = sys.excepthook
    log.install()
    try:
        with qtbot.waitSignal(log.told) as told:
            sys.excepthook(type(caught), caught, caught.__traceback__)
    finally:
        log.remove()
    assert sys.excepthook is before
    assert "Your answers are kept." in told.args[0]
    assert "Traceback" not in told.args[0]
    assert "ZeroDivisionError: ours" in (tmp_path / "data" / "vivavoce.log").read_text()
    assert "ZeroDivisionError: ours" in capsys.readouterr().err


def test_a_log_that_cannot_be_written_makes_nothing_worse(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    CrashLog(tmp_path / "file" / "vivavoce.log").write("something")
