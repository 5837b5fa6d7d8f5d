"""A process that has gone offline sends nothing: proven from the other end of the wire."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from vivavoce.offline import SWITCHES

# Runs in a child process, because an audit hook can never be taken off again. Each attempt says
# what became of it; the addresses are those of real listeners in the test.
CHILD = """
import _socket, json, os, socket, sys, urllib.request
from vivavoce.offline import go_offline, NetworkRefusedError

attempt, stream, datagram, local = sys.argv[1], *json.loads(sys.argv[2])
stream, datagram = tuple(stream), tuple(datagram)
attempts = {
    "connect": lambda: socket.socket().connect(stream),
    "connect_ex": lambda: socket.socket().connect_ex(stream),
    "connect of a plain _socket": lambda: _socket.socket(socket.AF_INET).connect(stream),
    "connect of IPv6": lambda: socket.socket(socket.AF_INET6).connect(("::1", stream[1])),
    "create_connection": lambda: socket.create_connection(stream),
    "sendto": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", datagram),
    "sendto of a plain _socket": lambda: _socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", datagram),
    "sendmsg": lambda: socket.socket(type=socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, datagram),
    "getaddrinfo": lambda: socket.getaddrinfo("localhost", 80),
    "gethostbyname": lambda: socket.gethostbyname("localhost"),
    "gethostbyname_ex": lambda: socket.gethostbyname_ex("localhost"),
    "gethostbyaddr": lambda: socket.gethostbyaddr("127.0.0.1"),
    "getnameinfo": lambda: socket.getnameinfo(stream, 0),
    "urlopen": lambda: urllib.request.urlopen(f"http://127.0.0.1:{stream[1]}/"),
}
go_offline()
try:
    found = repr(attempts[attempt]())
except OSError as error:
    # urllib wraps what it meets.
    found = "refused" if isinstance(getattr(error, "reason", error), NetworkRefusedError) else repr(error)
unix = socket.socket(socket.AF_UNIX)
unix.connect(local)
unix.sendall(json.dumps({"found": found, "hub": os.environ["HF_HUB_OFFLINE"]}).encode())
unix.close()
"""

ATTEMPTS = [
    "connect",
    "connect_ex",
    "connect of a plain _socket",
    "connect of IPv6",
    "create_connection",
    "sendto",
    "sendto of a plain _socket",
    "sendmsg",
    "getaddrinfo",
    "gethostbyname",
    "gethostbyname_ex",
    "gethostbyaddr",
    "getnameinfo",
    "urlopen",
]


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs Unix sockets")
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_every_way_out_is_refused_and_unix_sockets_still_work(attempt: str, tmp_path: Path):
    told, reached = _tried(attempt, tmp_path)
    assert told["found"] == "refused"
    assert not reached, "something arrived at the listener"
    assert told["hub"] == "1"


def test_the_listeners_of_these_tests_hear_a_process_that_is_online():
    with socket.create_server(("127.0.0.1", 0)) as stream, socket.create_connection(stream.getsockname()):
        assert _arrived(stream)
    with socket.socket(type=socket.SOCK_DGRAM) as datagram:
        datagram.bind(("127.0.0.1", 0))
        with socket.socket(type=socket.SOCK_DGRAM) as sender:
            sender.sendto(b"x", datagram.getsockname())
        assert _arrived(datagram)


# Native code meets no audit hook; only the kernel stops it.
NATIVE = """
import ctypes, socket
from vivavoce.offline import go_offline, seal
go_offline()
sealed = seal()
libc = ctypes.CDLL(None, use_errno=True)
families = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX)
print(sealed, *(libc.socket(int(family), 1, 0) >= 0 for family in families))
"""

HUSHED = """
import onnxruntime
told = []
made = onnxruntime.InferenceSession
onnxruntime.disable_telemetry_events = lambda: told.append("hushed")
onnxruntime.InferenceSession = lambda *words, **more: told.append("loaded") or made(*words, **more)
import numpy as np
from vivavoce.engines.voice import NaturalVoice
from vivavoce.engines.voice_activity import speech_spans
speech_spans(np.zeros(16000, np.float32))
print(*told)
told.clear()
NaturalVoice()
print(*told)
"""
# The voice activity model is the first that onnxruntime loads.
SILERO = """
from vivavoce.offline import go_offline
go_offline()
from faster_whisper.vad import get_vad_model
get_vad_model()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes the network away by a filter")
def test_native_code_of_a_sealed_process_cannot_open_a_network_socket():
    sealed, stream, stream6, local = _said(NATIVE).split()
    if sealed == "False":
        pytest.skip("no libseccomp, or a container that allows no filter")
    assert (stream, stream6, local) == ("False", "False", "True")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_that_hears_and_judges_is_sealed(tmp_path: Path):
    if _said(NATIVE).startswith("False"):
        pytest.skip("no libseccomp, or a container that allows no filter")
    command = [sys.executable, "-m", "vivavoce", "--role=worker", "--home", str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdout.readline()
        status = Path(f"/proc/{worker.pid}/status").read_text()
        worker.stdin.close()
        worker.wait(60)
    assert re.search(r"^Seccomp:\s+2$", status, re.MULTILINE)


def test_a_model_that_is_loaded_is_not_reported(tmp_path: Path):
    _said(SILERO, HOME=str(tmp_path))
    # onnxruntime keeps an identifier and its unsent reports there when it is not told to be still.
    assert list(tmp_path.rglob("*")) == []


def test_onnxruntime_is_hushed_before_it_loads_a_model():
    for told in _said(HUSHED).splitlines():
        assert told.split()[0] == "hushed"
        assert "loaded" in told


def _said(code: str, **environment: str) -> str:
    """What a child prints; it does not look as if it ran in a CI, where libraries keep still anyway."""
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", *SWITCHES}}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _tried(attempt: str, folder: Path) -> tuple[dict[str, Any], bool]:
    """What the child says through a Unix socket, and whether anything reached the network listeners."""
    with (
        socket.create_server(("127.0.0.1", 0)) as stream,
        socket.socket(type=socket.SOCK_DGRAM) as datagram,
        socket.socket(socket.AF_UNIX) as local,
    ):
        datagram.bind(("127.0.0.1", 0))
        local.bind(str(folder / "s"))
        local.listen()
        addresses = [stream.getsockname(), datagram.getsockname(), str(folder / "s")]
        done = subprocess.run(
            [sys.executable, "-c", CHILD, attempt, json.dumps(addresses)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        connection, _ = local.accept()
        with connection, connection.makefile() as words:
            told = json.loads(words.read())
        return told, _arrived(stream) or _arrived(datagram)


def _arrived(listener: socket.socket) -> bool:
    listener.setblocking(False)
    try:
        if listener.type == socket.SOCK_STREAM:
            listener.accept()[0].close()
        else:
            listener.recv(16)
    except BlockingIOError:
        return False
    return True
