"""No byte is sent: the model hubs are switched off and every network connection is refused."""

from __future__ import annotations

import os
import socket
import sys

_SWITCHES = {
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
    os.environ.update(_SWITCHES)
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in _LOOKING_UP:
        raise NetworkRefusedError(f"Viva Voce never uses the network; refused to look up {arguments[0]!r}")
    if _WINDOWS and isinstance(arguments[1], tuple) and arguments[1][0] in _LOOPBACK:
        return
    # By its family and not its class: a socket may also be a plain _socket.socket.
    if event in _SENDING and getattr(arguments[0], "family", None) in (socket.AF_INET, socket.AF_INET6):
        raise NetworkRefusedError(f"Viva Voce never uses the network; refused {arguments[1]!r}")
