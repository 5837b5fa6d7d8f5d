"""How much of what was said is in what was heard."""

from __future__ import annotations

import difflib
import re


def share_heard(said: str, heard: str) -> float:
    """The share of the words said that were heard, in their order."""
    one, other = words_of(said), words_of(heard)
    blocks = difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(one)


def words_of(text: str) -> list[str]:
    """The words without case, signs and apostrophes."""
    return re.findall(r"[a-z]+", text.lower().replace("'", ""))
