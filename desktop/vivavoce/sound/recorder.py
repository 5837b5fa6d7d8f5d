"""Records the microphone: every sample goes to a sink as it arrives."""

from __future__ import annotations

import sys
from contextlib import suppress
from enum import Enum
from typing import Protocol

from PySide6.QtCore import QIODevice, QObject, Qt, QTimer, Signal
from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSource

from vivavoce.errors import KnownError
from vivavoce.sound.condition import Condition, WarningKind, sentence
from vivavoce.sound.devices import NO_ERROR, STOPPED, Devices, id_of, opens
from vivavoce.sound.meter import BLOCKS_PER_SECOND, Meter, Outline
from vivavoce.sound.pcm import Converter, Pcm, mono16

RATE = 16_000
"""Hz, int16, mono: what Whisper and Silero take."""
SETTLING_S = 0.3
"""Dropped at the start: devices click and fade in (the number is Anki's)."""
TAIL_S = 0.5
"""Kept past stop: people press the key while they are still speaking (Anki's too)."""
BUFFER_S = 10
"""A main thread that is blocked for less loses nothing; Qt's own buffer holds a quarter second."""
_BLOCK = RATE // BLOCKS_PER_SECOND
_TICK_MS = 250
_PATIENCE_TICKS = 6
"""1.5 s without a byte. In ticks: a blocked main thread or a sleeping machine is no fault of the device."""
_FIRST_PATIENCE_TICKS = 24
"""6 s for the first byte: a virtual microphone was seen to take 2 s to begin, others may take longer."""
_AGAIN = "Plug it in again or choose another microphone, then press again."


class PcmSink(Protocol):
    """Where a recording goes: int16 mono at RATE, in order. Both may raise KnownError."""

    def write(self, data: bytes, /) -> object:
        """Keep these samples."""
        ...

    def close(self) -> object:
        """No more will come."""
        ...


class _State(Enum):
    IDLE = "idle"
    SETTLING = "settling"
    LISTENING = "listening"
    PAUSED = "paused"
    ENDING = "ending"


class Recorder(QObject):
    """One microphone into one sink at a time; exactly one of `finished`, `failed` or a `cancel` ends it."""

    listening = Signal()
    """From here on everything is kept; until then the device is getting ready."""
    level = Signal(float, float)
    """Peak and RMS in dBFS, about 20 times a second, also during a pause."""
    elapsed = Signal(float)
    """Seconds kept so far."""
    warning = Signal(object, str)
    """WarningKind and a sentence that names the device; one at a time, the one that matters most."""
    warning_cleared = Signal(object)
    """WarningKind that is over; another one may follow at once."""
    finished = Signal(float)
    """Seconds kept; the sink is closed."""
    failed = Signal(object)
    """KnownError; the sink is closed and holds what was kept."""

    def __init__(self, devices: Devices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._devices = devices
        devices.changed.connect(self._on_devices_changed)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._state = _State.IDLE
        self._source: QAudioSource | None = None
        self._io: QIODevice | None = None
        self._sink: PcmSink | None = None
        self._device = QAudioDevice()
        self._begin_anew(mono16(RATE))

    @property
    def active(self) -> bool:
        """Whether a recording is on, paused or about to end."""
        return self._state is not _State.IDLE

    @property
    def seconds(self) -> float:
        """Seconds kept of this recording, or of the last one."""
        return self._kept / RATE

    @property
    def peaks(self) -> list[float]:
        """A copy of the outline of what is kept: the peak (0..1) of every 50 ms."""
        return list(self._outline.peaks)

    @property
    def device_name(self) -> str:
        """The microphone in use, or the one used last."""
        return self._device.description()

    def start(self, device_id: str, sink: PcmSink) -> None:
        """Record from the microphone of that id ("" for the default one) into `sink`.

        The sink is closed at the end in every case. Raises KnownError when there is no such
        microphone or it cannot be opened.
        """
        if self.active:
            raise RuntimeError("a recording is on already")
        try:
            device = self._devices.find(device_id)
            form = form_for(device)
            source, io = self._opened(device, form)
        except KnownError:
            sink.close()
            raise
        self._begin_anew(form)
        self._device, self._source, self._io, self._sink = device, source, io, sink
        self._state = _State.SETTLING
        # Queued: what is done here may stop the source, which deletes `io`, and must not
        # happen inside a signal of `io`.
        io.readyRead.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._timer.start()

    def pause(self) -> None:
        """Keep nothing from here to `resume`; the microphone stays open and its level is shown."""
        self._take()
        if self._state is _State.LISTENING:
            self._state = _State.PAUSED
            self._warn()

    def resume(self) -> None:
        """Go on after `pause`."""
        self._take()
        if self._state is _State.PAUSED:
            self._state = _State.LISTENING
            self._meter.forget_silence()
            self._condition.forget()

    def stop(self) -> None:
        """End the recording, after TAIL_S more; at once when it is paused or has not begun."""
        self._take()
        if self._state is _State.LISTENING:
            self._state = _State.ENDING
        elif self._state in (_State.PAUSED, _State.SETTLING):
            self._finish()

    def cancel(self) -> None:
        """End it at once, without a signal; the sink is closed and the caller's to remove."""
        if self.active:
            self._take()  # what has arrived and was not read yet is kept
        if self.active:
            self._close()

    def _opened(self, device: QAudioDevice, form: QAudioFormat) -> tuple[QAudioSource, QIODevice]:
        source = QAudioSource(device, form, self)
        source.setBufferSize(form.bytesForDuration(BUFFER_S * 1_000_000))
        io = source.start()
        # Trap: for a microphone that has gone start() returns None, against its type.
        if io is None or source.error().name != NO_ERROR:  # pyright: ignore[reportUnnecessaryComparison]
            source.deleteLater()
            raise KnownError(
                f"{device.description()} could not be opened.",
                "Check that it is plugged in and that this program may use it, or choose another "
                "microphone, then press again.",
            )
        return source, io

    def _begin_anew(self, form: QAudioFormat) -> None:
        self._converter = Converter(form, RATE)
        self._meter = Meter(RATE)
        self._outline = Outline(RATE)
        self._condition = Condition()
        self._warned: WarningKind | None = None
        self._to_drop = round(SETTLING_S * RATE)
        self._tail_left = round(TAIL_S * RATE)
        self._kept = 0
        self._quiet_ticks = 0
        self._heard_bytes = False
        self._can_ask = False
        self._asked_at_s = 0

    def _take(self) -> None:
        """Read all there is; write first and tell afterwards, for a slot may call us back."""
        if self._io is None:
            return
        data = bytes(self._io.readAll().data())
        if not data:
            return
        self._quiet_ticks = 0
        if not self._heard_bytes:
            self._heard_bytes = True
            self._can_ask = sys.platform == "linux" and opens(self._device)
        was, kept = self._state, self._kept
        block = self._route(self._converter.feed(data))
        if was is _State.SETTLING and self._state is _State.LISTENING:
            self.listening.emit()
        if block and self.active:
            self.level.emit(self._meter.peak_dbfs, self._meter.rms_dbfs)
        if self._kept > kept and self.active:
            self.elapsed.emit(self.seconds)
        if self._state is _State.ENDING and self._tail_left == 0:
            self._finish()
        self._warn()

    def _route(self, pcm: Pcm) -> bool:
        """Drop, measure and keep as the state asks; True when a new level is there."""
        if self._state is _State.SETTLING:
            dropped = min(self._to_drop, pcm.size)
            self._to_drop -= dropped
            pcm = pcm[dropped:]
            if self._to_drop > 0:
                return False
            self._state = _State.LISTENING
        if self._state is _State.ENDING:
            pcm = pcm[: self._tail_left]
            self._tail_left -= pcm.size
        block = self._measure(pcm)
        if self._state is not _State.PAUSED:
            self._keep(pcm)
        return block

    def _keep(self, pcm: Pcm) -> None:
        if self._sink is None or pcm.size == 0:
            return
        try:
            self._sink.write(pcm.tobytes())
        except KnownError as error:
            self._close()
            self.failed.emit(error)
            return
        self._kept += pcm.size
        self._outline.feed(pcm)

    def _measure(self, pcm: Pcm) -> bool:
        """Measure block by block, for many come at once after the main thread was busy."""
        measured = False
        for start in range(0, pcm.size, _BLOCK):
            if self._meter.feed(pcm[start : start + _BLOCK]):
                measured = True
                self._condition.feed(self._meter)
        return measured

    def _warn(self) -> None:
        """Tell the one thing that is wrong now, when it is another than before."""
        current = self._condition.current if self._state is _State.LISTENING else None
        before = self._warned
        if current is before or not self.active:
            return
        self._warned = current
        if before is not None:
            self.warning_cleared.emit(before)
        if current is not None:
            self.warning.emit(current, sentence(current, self._device.description()))

    def _on_tick(self) -> None:
        self._quiet_ticks += 1
        self._take()
        if self._source is None:
            return
        patience = _PATIENCE_TICKS if self._heard_bytes else _FIRST_PATIENCE_TICKS
        stopped = self._source.state().name == STOPPED
        if stopped or self._quiet_ticks >= patience or self._has_gone():
            self._lose()

    def _on_devices_changed(self) -> None:
        if self.active and id_of(self._device) not in {one.id for one in self._devices.microphones()}:
            self._lose()

    def _has_gone(self) -> bool:
        """After each second of samples that are all the same: whether the device is still there."""
        dead_s = int(self._meter.dead_s)
        if dead_s == self._asked_at_s or not self._can_ask:
            return False
        self._asked_at_s = dead_s
        return dead_s > 0 and not opens(self._device)

    def _lose(self) -> None:
        """The device is gone: keep what there is; past stop nothing is lost, so that is a finish."""
        self._take()
        if not self.active:
            return
        if self._state is _State.ENDING:
            self._finish()
            return
        error = self._close()
        name = self._device.description()
        if error is None:
            error = KnownError(f"{name} stopped delivering sound.", f"{_kept_words(self.seconds)} {_AGAIN}")
        self.failed.emit(error)

    def _finish(self) -> None:
        error = self._close()
        if error is not None:
            self.failed.emit(error)
        else:
            self.finished.emit(self.seconds)

    def _close(self) -> KnownError | None:
        """Stop the device and close the sink; what went wrong with the sink, if anything did."""
        self._timer.stop()
        self._state = _State.IDLE
        source, sink = self._source, self._sink
        self._source = self._io = self._sink = None
        if source is not None:
            source.stop()
            source.deleteLater()
        if sink is None:
            return None
        try:
            rest = self._converter.flush()
            if rest.size and self._kept:
                sink.write(rest.tobytes())
                self._kept += rest.size
            sink.close()
        except KnownError as error:
            with suppress(KnownError):
                sink.close()
            return error
        return None


def form_for(device: QAudioDevice) -> QAudioFormat:
    """The format to open a microphone in: ours where it can, else the one it likes best."""
    ours = mono16(RATE)
    return ours if device.isFormatSupported(ours) else device.preferredFormat()


def _kept_words(seconds: float) -> str:
    if seconds == 0:
        return "Nothing was recorded."
    if seconds < 1:
        return "Less than a second is kept."
    whole = int(seconds)
    return "1 second is kept." if whole == 1 else f"{whole} seconds are kept."
