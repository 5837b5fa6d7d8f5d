"""In which manner somebody practises, and what follows from it."""

from __future__ import annotations

from typing import Literal

Manner = Literal["learn", "practise", "interview"]


def shows_words(manner: Manner, wish: bool) -> bool:
    """Whether one's words are shown while one speaks: never in an interview, where nobody shows them."""
    return wish and manner != "interview"
