"""Plays samples: a whole recording, a span of it, a question."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer, Signal
from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSink

from vivavoce.errors import KnownError
from vivavoce.sound.devices import IDLE, NO_ERROR, STOPPED, Devices
from vivavoce.sound.pcm import Pcm, encoded, mono16

PAD_S = 0.25
"""Played around a span: nine of ten of Whisper's word starts are right within 0.27 s (measured)."""
BUFFER_S = 10
"""Handed to the sound server ahead, so that a busy main thread is not heard."""
TAIL_S = 0.1
"""Silence after the end: some systems call the sound played when it has only been handed over."""
_TICK_MS = 33
_PATIENCE_TICKS = 60
"""2 s without progress; in ticks, because a blocked main thread is no fault of the device."""


class _Piece(NamedTuple):
    """What is being played: samples, their rate in Hz, and where to end, in samples."""

    pcm: Pcm
    rate: int
    end: int


class Player(QObject):
    """One sound at a time; exactly one of `finished`, `stopped`, `failed` ends each `started`."""

    started = Signal()
    position_changed = Signal(float)
    """Seconds from the start of the recording, about 30 times a second."""
    finished = Signal()
    """Played to the end."""
    stopped = Signal()
    """Ended before that, by `stop` or by another `play`."""
    failed = Signal(object)
    """KnownError: there is no speaker, or it has gone."""

    def __init__(self, devices: Devices | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._devices = devices if devices is not None else Devices(self)
        self._device_id = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._piece: _Piece | None = None
        self._sink: QAudioSink | None = None
        self._buffer: QBuffer | None = None
        self._from_s = 0.0
        self._position_s = 0.0
        self._progress_us = -1
        self._stuck_ticks = 0
        self._paused = False

    @property
    def active(self) -> bool:
        """Whether something is being played or paused."""
        return self._piece is not None

    @property
    def paused(self) -> bool:
        """Whether it waits for `resume`."""
        return self._paused

    @property
    def position(self) -> float:
        """Seconds from the start of the recording; stays where the last sound ended."""
        return self._position_s

    def set_device(self, device_id: str) -> None:
        """Play the next sound through the speaker of that id ("" for the default one)."""
        self._device_id = device_id

    def play(
        self, pcm: Pcm, rate: int, start_s: float = 0.0, end_s: float | None = None, pad_s: float = PAD_S
    ) -> None:
        """Play int16 mono at `rate` Hz, from `start_s` to `end_s` and `pad_s` on either side.

        Ends what was being played. Without a speaker nothing is started and `failed` is emitted.
        """
        self.stop()
        end = pcm.size if end_s is None else min(pcm.size, round((end_s + pad_s) * rate))
        self._piece = _Piece(pcm, rate, end)
        self._paused = False
        if self._play_from(max(0.0, start_s - pad_s)):
            self.started.emit()

    def stop(self) -> None:
        """Be silent at once."""
        if self.active:
            self._close()
            self.stopped.emit()

    def pause(self) -> None:
        """Be silent at once, and go on from here with `resume`."""
        if self._sink is not None and not self._paused:
            self._paused = True
            self._sink.suspend()
            self._timer.stop()

    def resume(self) -> None:
        """Go on after `pause`."""
        if not self._paused:
            return
        self._paused = False
        if self._sink is None:
            self._play_from(self._position_s)
        else:
            self._stuck_ticks = 0
            self._sink.resume()
            self._timer.start()

    def toggle(self) -> None:
        """Pause or go on."""
        if self._paused:
            self.resume()
        else:
            self.pause()

    def seek(self, seconds: float) -> None:
        """Go to that place of the recording, playing or paused; no further than where it would end."""
        if self._piece is None:
            return
        place = min(max(0.0, seconds), self._piece.end / self._piece.rate)
        self._release()
        self._position_s = place
        self.position_changed.emit(place)
        # While paused the new sink is made by `resume`.
        if not self._paused:
            self._play_from(place)

    def _play_from(self, seconds: float) -> bool:
        """Start a sink there; False, after `failed`, when there is none to be had."""
        piece = self._piece
        if piece is None:
            return False
        try:
            device = self._devices.find_speaker(self._device_id)
            self._open(device, piece, seconds)
        except KnownError as error:
            self._close()
            self.failed.emit(error)
            return False
        return True

    def _open(self, device: QAudioDevice, piece: _Piece, seconds: float) -> None:
        form = form_for(device, piece.rate)
        span = piece.pcm[min(round(seconds * piece.rate), piece.end) : piece.end]
        silence = np.zeros(round(TAIL_S * piece.rate), np.int16)
        sink = QAudioSink(device, form, self)
        # Pulled by Qt from a buffer of Qt's: no Python in between, so nothing stutters.
        buffer = QBuffer(self)
        buffer.setData(QByteArray(encoded(np.concatenate([span, silence]), piece.rate, form)))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        sink.setBufferSize(form.bytesForDuration(BUFFER_S * 1_000_000))
        self._sink, self._buffer = sink, buffer
        sink.start(buffer)
        if sink.error().name != NO_ERROR and sink.state().name == STOPPED:
            raise _lost(device.description())
        self._from_s = self._position_s = seconds
        self._progress_us = -1
        self._stuck_ticks = 0
        self._timer.start()

    def _on_tick(self) -> None:
        # A timer and not stateChanged: the sink must not be taken down inside its own signal.
        if self._sink is None or self._buffer is None or self._piece is None:
            return
        state, progress_us = self._sink.state().name, self._sink.processedUSecs()
        end_s = self._piece.end / self._piece.rate
        # Idle also means that the buffer ran dry behind a blocked main thread; only at the end
        # of the data it means played.
        if state == IDLE and self._buffer.atEnd():
            self._move_to(end_s)
            if self.active:
                self._close()
                self.finished.emit()
            return
        self._stuck_ticks = self._stuck_ticks + 1 if progress_us == self._progress_us else 0
        self._progress_us = progress_us
        if state == STOPPED or self._stuck_ticks >= _PATIENCE_TICKS:
            self._close()
            self.failed.emit(_lost("The speaker"))
            return
        self._move_to(min(end_s, self._from_s + progress_us / 1e6))

    def _move_to(self, seconds: float) -> None:
        self._position_s = seconds
        self.position_changed.emit(seconds)

    def _close(self) -> None:
        self._release()
        self._piece = None
        self._paused = False

    def _release(self) -> None:
        self._timer.stop()
        sink, buffer = self._sink, self._buffer
        self._sink = self._buffer = None
        if sink is not None and buffer is not None:
            # reset, not stop: on some systems stop first plays out what lies in the buffer (Qt docs).
            sink.reset()
            sink.deleteLater()
            buffer.deleteLater()


def form_for(device: QAudioDevice, rate: int) -> QAudioFormat:
    """The format to open a speaker in: int16 mono at `rate` Hz where it can, else what it likes best."""
    ours = mono16(rate)
    return ours if device.isFormatSupported(ours) else device.preferredFormat()


def _lost(name: str) -> KnownError:
    return KnownError(
        f"{name} takes no sound.", "Plug it in again or choose another speaker, then press again."
    )
