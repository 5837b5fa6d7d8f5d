"""PySide6 6.12.0 on Python 3.10 and 3.11 loses a reference to None with every Qt call that
returns nothing, and one to True with every emit; after some thousands the process aborts."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import pytest

if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QProgressBar
from pytestqt.qtbot import QtBot

CALLS = 1000


class _Source(QObject):
    told = Signal(str)


@pytest.mark.parametrize("constant", [None, True], ids=["None", "True"])
def test_setters_and_emits_give_back_every_reference(qtbot: QtBot, constant: bool | None) -> None:
    label, bar, source = QLabel(), QProgressBar(), _Source()
    qtbot.addWidget(label)
    qtbot.addWidget(bar)
    source.told.connect(label.setText)

    def set_everything() -> None:
        label.setText("a")
        label.setToolTip("b")
        label.setEnabled(True)
        bar.setValue(1)

    assert abs(_growth(constant, set_everything)) < 10
    assert abs(_growth(constant, lambda: source.told.emit("c"))) < 10


def _growth(constant: bool | None, call: Callable[[], object]) -> int:
    call()
    before = sys.getrefcount(constant)
    for _ in range(CALLS):
        call()
    return sys.getrefcount(constant) - before
