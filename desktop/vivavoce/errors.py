"""The two kinds of wrong: a KnownError is told to the user, anything else is our bug."""

from __future__ import annotations


class KnownError(Exception):
    """Something outside the program is wrong and the user can do something about it.

    `what` is one plain sentence saying what happened, naming the file, line or device;
    `next_step` says what was kept and what to do now.
    """

    def __init__(self, what: str, next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.what} {self.next_step}".strip()


class Cancelled(Exception):
    """The user took the request back; nothing is wrong."""
