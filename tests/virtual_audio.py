"""A real sound server with a microphone to speak into and a speaker to listen to, for tests.

One PulseAudio for each test process, with a runtime folder of its own. Two null sinks
(`norewinds=1`, or the monitor stutters): "speaker" is the default output, "cable" is what the
tests speak into; its monitor becomes the default microphone through module-remap-source,
because Qt hides the monitor of a null sink.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]

MICROPHONE = "Virtual microphone"
SPEAKER = "Virtual speaker"
SPEAKER_RATE = 48_000
_PROGRAMS = ("pulseaudio", "pactl", "paplay", "parec")


@functools.cache
def shared() -> VirtualAudio:
    """The sound server of this process, started at the first call and ended with the process.

    One and the same for all tests: Qt connects to the first one it finds and stays there.
    """
    server = VirtualAudio()
    atexit.register(server.close)
    return server


def missing_program() -> str | None:
    """The first sound program this machine lacks, or None when tests with sound can run."""
    return next((name for name in _PROGRAMS if shutil.which(name) is None), None)


class VirtualAudio:
    """The running sound server; make one before the first Qt audio object of the process."""

    def __init__(self) -> None:
        # Short and in the system's temporary folder: a socket path must stay under 108 bytes.
        self._folder = Path(tempfile.mkdtemp(prefix="vv-sound-"))
        self._log = (self._folder / "log").open("wb")
        self._socket = self._folder / "native"
        self._before = {name: os.environ.get(name) for name in ("PULSE_RUNTIME_PATH", "PULSE_SERVER")}
        os.environ["PULSE_RUNTIME_PATH"] = str(self._folder)
        os.environ["PULSE_SERVER"] = f"unix:{self._socket}"
        self._children: list[subprocess.Popen[bytes]] = []
        self._microphones: dict[str, str] = {}
        self._server = self._start_server()
        try:
            _wait(self._answers, "the sound server to answer", alive=self._server)
            self._load_sinks()
        except BaseException:
            self.close()
            raise

    def feed(self, wav: Path) -> subprocess.Popen[bytes]:
        """Speak a 16-bit WAV file into the microphone; the process ends when it has been played."""
        return self._spawn(["paplay", "--device=cable", str(wav)])

    @contextmanager
    def heard(self) -> Iterator[Heard]:
        """Listen to the speaker; `.pcm` of the value grows, int16 mono at SPEAKER_RATE."""
        raw = self._folder / f"heard-{len(self._children)}.raw"
        parec = self._spawn(
            [
                *("parec", "--device=speaker.monitor", "--raw", "--format=s16le", "--channels=1"),
                *(f"--rate={SPEAKER_RATE}", "--latency-msec=20", "--process-time-msec=20", str(raw)),
            ]
        )
        try:
            _wait(lambda: raw.exists() and raw.stat().st_size > 0, "the speaker's monitor", alive=parec)
            yield Heard(raw)
        finally:
            self._end(parec)

    def replug(self, name: str = "microphone", description: str = MICROPHONE) -> None:
        """Plug a microphone in (again) and make it the default one."""
        if name not in self._microphones:
            self._microphones[name] = self._pactl(
                "load-module",
                "module-remap-source",
                f"source_name={name}",
                "master=cable.monitor",
                f"source_properties=device.description={_quoted(description)}",
            )
        self._pactl("set-default-source", name)

    def unplug(self, name: str = "microphone") -> None:
        """Pull a microphone's plug."""
        module = self._microphones.pop(name, None)
        if module is not None:
            self._pactl("unload-module", module)

    def freeze(self) -> None:
        """Stop the microphone from delivering while it stays in the list, as a hung driver does."""
        self._pactl("suspend-source", "microphone", "1")

    def thaw(self) -> None:
        """Let a frozen microphone deliver again."""
        self._pactl("suspend-source", "microphone", "0")

    def close(self) -> None:
        """End every process this started, and remove the runtime folder."""
        for child in [*self._children, self._server]:
            self._end(child)
        self._log.close()
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start_server(self) -> subprocess.Popen[bytes]:
        # No client may start a server of its own after this one has gone.
        client = self._folder / "client.conf"
        client.write_text("autospawn = no\nenable-shm = no\n", encoding="utf-8")
        environment = {**os.environ, "HOME": str(self._folder), "DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        environment["XDG_CONFIG_HOME"] = str(self._folder)
        return subprocess.Popen(
            [
                # It ends by itself ten minutes after its last client, should the tests be killed.
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=600", "--use-pid-file=no"),
                *("--disable-shm=yes", "--realtime=no", "--high-priority=no", "--log-target=stderr"),
                *("-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1"),
            ],
            env=environment,
            stdout=self._log,
            stderr=self._log,
        )

    def _load_sinks(self) -> None:
        for name, description in (("speaker", SPEAKER), ("cable", "Cable")):
            self._pactl(
                "load-module",
                "module-null-sink",
                f"sink_name={name}",
                "norewinds=1",
                f"rate={SPEAKER_RATE}",
                "channels=2",
                f"sink_properties=device.description={_quoted(description)}",
            )
        self._pactl("set-default-sink", "speaker")
        self.replug()

    def _answers(self) -> bool:
        return subprocess.run(["pactl", "info"], capture_output=True, timeout=10, check=False).returncode == 0

    def _pactl(self, *arguments: str) -> str:
        done = subprocess.run(["pactl", *arguments], capture_output=True, text=True, timeout=10, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"pactl {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout.strip()

    def _spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self._log)
        self._children.append(child)
        return child

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


class Heard:
    """What a listener has caught from the speaker so far."""

    def __init__(self, raw: Path) -> None:
        self._raw = raw

    @property
    def pcm(self) -> Pcm:
        """int16 mono at SPEAKER_RATE; silence included."""
        data = self._raw.read_bytes()
        return np.frombuffer(data[: len(data) // 2 * 2], dtype=np.int16)

    @property
    def quiet_s(self) -> float:
        """Seconds since the last sound; counts from the beginning while there was none."""
        pcm = self.pcm
        at = _loud_at(pcm)
        return float(pcm.size - (at[-1] if at.size else 0)) / SPEAKER_RATE

    @property
    def loud(self) -> Pcm:
        """From the first sound to the last."""
        return loud(self.pcm)


def loud(pcm: Pcm) -> Pcm:
    """From the first to the last sample that is more than a whisper (-40 dBFS)."""
    at = _loud_at(pcm)
    return pcm[at[0] : at[-1] + 1] if at.size else pcm[:0]


def likeness(heard: Pcm, spoken: Pcm) -> float:
    """How well `spoken` is found whole somewhere in `heard`: 1.0 is sample by sample."""
    if heard.size < spoken.size:
        heard = np.pad(heard, (0, spoken.size - heard.size))
    a, b = heard.astype(np.float64), spoken.astype(np.float64)
    size = 1 << (a.size + b.size).bit_length()
    products = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    at = int(np.argmax(np.abs(products[: a.size - b.size + 1])))
    there = a[at : at + b.size]
    return float(abs(there @ b) / (np.linalg.norm(there) * np.linalg.norm(b) + 1e-9))


def write_wav(path: Path, pcm: Pcm, rate: int) -> Path:
    """Write int16 mono as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm.tobytes())
    return path


def tone(hertz: float, seconds: float, rate: int, dbfs: float = -12.0) -> Pcm:
    """A sine at `dbfs` peak."""
    t = np.arange(round(seconds * rate)) / rate
    return _pcm(np.sin(2 * np.pi * hertz * t), dbfs)


def chirp(seconds: float, rate: int, dbfs: float = -12.0) -> Pcm:
    """A sweep from 200 to 3,000 Hz: unlike a tone, it fits itself at one place only."""
    t = np.arange(round(seconds * rate)) / rate
    return _pcm(np.sin(2 * np.pi * (200 * t + (3000 - 200) / (2 * seconds) * t * t)), dbfs)


def frequency(pcm: Pcm, rate: int) -> float:
    """The strongest frequency in Hz."""
    spectrum = np.abs(np.fft.rfft(pcm.astype(np.float64) * np.hanning(pcm.size)))
    return float(np.argmax(spectrum) * rate / pcm.size)


def _pcm(wave_: npt.NDArray[np.float64], dbfs: float) -> Pcm:
    return np.round(wave_ * 32767 * 10 ** (dbfs / 20)).astype(np.int16)


def _loud_at(pcm: Pcm) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.abs(pcm.astype(np.int32)) > 328)


def _quoted(description: str) -> str:
    """A description with blanks, as a module's argument takes it."""
    return '"' + description.replace(" ", "\\ ") + '"'


def _wait(ready: Callable[[], bool], what: str, alive: subprocess.Popen[bytes], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not ready():
        if alive.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"waited in vain for {what}")
        time.sleep(0.02)
