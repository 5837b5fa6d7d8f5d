"""Which speech model is used: chosen by the user, tried by the worker, or advised by measuring once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from vivavoce.engines.speech_models import advised_model
from vivavoce.errors import KnownError
from vivavoce.settings import Settings
from vivavoce.ui.engine_process import EngineProcess, Reply

IDLE_MS = 3000
"""From when the models are loaded, and from each look that found the user busy."""


class Hearing(QObject):
    """Changes the worker's speech model; the old one stays until the new one has heard something."""

    changed = Signal(object)
    """The Settings with another model or another measurement."""
    told = Signal(str)
    """How it stands, in a few words for the preferences."""
    advised = Signal(str)
    """Base was too slow here, and tiny is used: a sentence about it."""
    fault = Signal(object)
    """KnownError; the model is as it was."""

    def __init__(
        self,
        engine: EngineProcess,
        settings: Callable[[], Settings],
        busy: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._settings = settings
        self._busy = busy
        self._reply: Reply | None = None
        self._wanted = ""
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._measure_once)

    @property
    def busy(self) -> bool:
        """Whether a model is tried or measured."""
        return self._reply is not None

    def choose(self, model: str) -> None:
        """Hear with another model from now on, if it works."""
        if model == self._wanted:
            return
        self.cancel()
        self._wanted = model
        self.told.emit("Trying the model …")
        reply = self._engine.use_model(model)
        self._reply = reply
        reply.done.connect(lambda _: self._on_used(reply, model))
        reply.failed.connect(lambda error: self._on_failed(reply, error))

    def engines_ready(self) -> None:
        """Everything is loaded: measure once, when the user does nothing with it."""
        settings = self._settings()
        if not settings.measured_on and settings.speech_model == "base":
            self._idle.start()

    def measure(self) -> None:
        """Measure the model base now."""
        if self._reply is not None:
            return
        self.told.emit("Measuring … this takes a few seconds.")
        reply = self._engine.measure()
        self._reply = reply
        reply.done.connect(lambda pace: self._on_measured(reply, float(pace)))
        reply.failed.connect(lambda error: self._on_failed(reply, error))

    def cancel(self) -> None:
        """Give up what runs."""
        reply, self._reply = self._reply, None
        self._wanted = ""
        if reply is not None:
            reply.cancel()

    def _measure_once(self) -> None:
        if self._busy():
            self._idle.start()
        else:
            self.measure()

    def _on_used(self, reply: Reply, model: str) -> None:
        if reply is self._reply:
            self._reply, self._wanted = None, ""
            self.changed.emit(dataclasses.replace(self._settings(), speech_model=model))
            self.told.emit(measured_text(self._settings()) or "Used from now on.")

    def _on_measured(self, reply: Reply, pace: float) -> None:
        if reply is not self._reply:
            return
        self._reply = None
        settings = self._settings()
        first = not settings.measured_on
        settings = dataclasses.replace(settings, base_pace=pace, measured_on=date.today().isoformat())
        self.changed.emit(settings)
        self.told.emit(measured_text(settings))
        if first and settings.speech_model == "base" and advised_model(pace) == "tiny":
            self.choose("tiny")
            self.advised.emit(
                f"This machine needs {pace:.1f} s for a second of speech with the model base. The smaller "
                "model is used from now on; it mis-hears a few more technical words."
            )

    def _on_failed(self, reply: Reply, error: KnownError) -> None:
        if reply is self._reply:
            self._reply, self._wanted = None, ""
            self.told.emit(measured_text(self._settings()))
            self.fault.emit(error)


def measured_text(settings: Settings) -> str:
    """What was measured, for the preferences; empty before."""
    if not settings.measured_on:
        return ""
    fits = {"base": "Base fits this machine.", "tiny": "Tiny fits this machine better."}
    pace, when = settings.base_pace, settings.measured_on
    return f"Base needs {pace:.2f} s for a second of speech (measured {when}). {fits[advised_model(pace)]}"
