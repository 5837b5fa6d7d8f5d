"""Opens the window: a display, one window for a folder, and the program until it is closed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QLockFile
from PySide6.QtWidgets import QApplication, QMessageBox

from vivavoce import __version__
from vivavoce.errors import KnownError
from vivavoce.paths import Home, home
from vivavoce.ui.app import App

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def run_window(folder: Path | None, question_id: str | None) -> int:
    """Open the window and return its exit status when it is closed.

    Raises KnownError when another window uses the same folder, or the history cannot be opened.
    """
    folders = home(folder)
    if sys.platform.startswith("linux") and not any(map(os.environ.get, _DISPLAYS)):
        raise KnownError(
            "There is no display to open a window on.", "Commands work without: vivavoce --help."
        )
    # Which optional libraries Qt did not find is of no use on a user's terminal.
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false")
    application = QApplication.instance() or QApplication(sys.argv[:1])
    application.setApplicationName("vivavoce")
    application.setApplicationDisplayName("Viva Voce")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("vivavoce")
    try:
        return _run(application, folders, explicit_home=folder is not None, question_id=question_id)
    except KnownError as error:
        # Started from a menu there is no terminal to read: it is said in a window, too.
        QMessageBox.critical(None, "Viva Voce", f"{error.what}\n\n{error.next_step}")
        raise


def _run(application: QApplication, folders: Home, *, explicit_home: bool, question_id: str | None) -> int:
    try:
        folders.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KnownError(
            f"The folder {folders.data} cannot be made ({error.strerror}).", "Use --home DIR."
        ) from error
    lock = QLockFile(str(folders.data / "window.lock"))
    lock.setStaleLockTime(0)  # only a process that is gone makes it stale
    if not lock.tryLock(100):
        if lock.error() != QLockFile.LockError.LockFailedError:
            raise KnownError(f"The folder {folders.data} cannot be written.", "Use --home DIR.")
        raise KnownError(f"Viva Voce is already open with the folder {folders.data}.", "Use that window.")
    app = App(application, folders, explicit_home=explicit_home)
    app.crash.install()
    app.start(question_id)
    status = application.exec()
    lock.unlock()
    return status
