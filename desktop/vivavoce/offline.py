"""No byte is sent: the libraries' reports are switched off and every network connection is refused."""

from __future__ import annotations

import errno
import importlib
import os
import socket
import sys
from typing import Any, cast

# To be set before the libraries are loaded. onnxruntime from 1.29 on sends a report of every model it
# loads to its maker, out of native code that no audit hook sees, and keeps an identifier and what it
# could not send yet under ~/.cache/Microsoft (microsoft/onnxruntime#27379, #29843).
SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
}
_SENDING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
# A name is looked up by asking a server: each way to do so is refused, whoever takes it.
_LOOKING_UP = {
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.getnameinfo",
}


# Windows has no Unix sockets for socketpair(), which asyncio stands on.
_WINDOWS = os.name == "nt"
_LOOPBACK = {"127.0.0.1", "::1"}


class NetworkRefusedError(OSError):
    """Some library tried to reach the network; nothing was sent."""


def go_offline() -> None:
    """Refuse every network connection of this process; sockets of the machine itself still work.

    Uses an audit hook (PEP 578), which Python code cannot take off again. The sound server is
    reached through a Unix socket and is not affected.
    """
    os.environ.update(SWITCHES)
    sys.addaudithook(_refuse)


def hush_onnxruntime() -> None:
    """Switch off what onnxruntime reports on Windows, where the environment variable does nothing.

    To be called before it loads a model.
    """
    cast("Any", importlib.import_module("onnxruntime")).disable_telemetry_events()


def seal() -> bool:
    """Take the network away from this process and its children for good, from native code as well.

    The kernel refuses to open an internet socket (a seccomp filter), which an audit hook cannot do
    for C++. Only Linux has it, and only where libseccomp is; elsewhere nothing happens and False is
    returned. Not for a process that draws or plays sound: a display or a sound server may be at
    the other end of a TCP connection that the user has set up.
    """
    try:
        import pyseccomp as untyped
    except (ImportError, RuntimeError, OSError):  # it is not Linux, or there is no libseccomp
        return False
    pyseccomp = cast("Any", untyped)
    try:
        rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        for family in (socket.AF_INET, socket.AF_INET6):
            is_network = pyseccomp.Arg(0, pyseccomp.EQ, int(family))
            rules.add_rule(pyseccomp.ERRNO(errno.EACCES), "socket", is_network)
        rules.load()
    except (RuntimeError, OSError):  # a kernel or a container that allows no filter
        return False
    return True


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in _LOOKING_UP:
        raise NetworkRefusedError(f"Viva Voce never uses the network; refused to look up {arguments[0]!r}")
    if _WINDOWS and isinstance(arguments[1], tuple) and arguments[1][0] in _LOOPBACK:
        return
    # By its family and not its class: a socket may also be a plain _socket.socket.
    if event in _SENDING and getattr(arguments[0], "family", None) in (socket.AF_INET, socket.AF_INET6):
        raise NetworkRefusedError(f"Viva Voce never uses the network; refused {arguments[1]!r}")
