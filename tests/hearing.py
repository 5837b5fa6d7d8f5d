"""How much of what was said is in what was heard."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()
_NUMBER = re.compile(r"\d+")
_LONGEST = 5
"""Words that one word may be written as: L S T M, or back propagation through."""


def share_heard(said: str, heard: str) -> float:
    """The share of the words said that were heard, in their order."""
    one, other = words_of(said), words_of(heard)
    blocks = difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(one)


def words_of(text: str) -> list[str]:
    """The words without case, signs and apostrophes."""
    return re.findall(r"[a-z]+", text.lower().replace("'", ""))


@dataclass(frozen=True, slots=True)
class Compared:
    """What was said against what was heard; in `slips` one side is empty for what is left out or added."""

    words: int
    slips: tuple[tuple[str, str], ...]

    @property
    def wrong(self) -> int:
        """Words replaced, left out and added."""
        return sum(max(len(said.split()), len(heard.split())) for said, heard in self.slips)


def compared(said: str, heard: str) -> Compared:
    """Words aligned with the fewest errors; a word written in parts, or as one, is no error.

    "back-propagation", "back propagation" and "backpropagation" are the same, so are "L2" and "L two",
    "LSTM" and "L S T M", "normalise" and "normalize". Anything else that differs counts.
    """
    one, other = _spelled(said), _spelled(heard)
    best: list[list[tuple[int, int, int]]] = [
        [(0, 0, 0)] * (len(other) + 1) for _ in range(len(one) + 1)
    ]  # errors, and the step that leads here: words said, words heard
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if i or j:
                best[i][j] = min(_steps(one, other, i, j, best), key=lambda step: step[0])
    slips: list[tuple[str, str]] = []
    i, j = len(one), len(other)
    while i or j:
        errors, said_words, heard_words = best[i][j]
        if errors > best[i - said_words][j - heard_words][0]:
            slips.append((" ".join(one[i - said_words : i]), " ".join(other[j - heard_words : j])))
        i, j = i - said_words, j - heard_words
    return Compared(len(one), tuple(reversed(slips)))


def _steps(
    one: list[str], other: list[str], i: int, j: int, best: list[list[tuple[int, int, int]]]
) -> list[tuple[int, int, int]]:
    steps: list[tuple[int, int, int]] = []
    for said, heard in ((1, 1), *((1, n) for n in range(2, _LONGEST)), *((n, 1) for n in range(2, _LONGEST)),
                        (2, 2), (2, 3), (3, 2)):  # fmt: skip
        if said <= i and heard <= j and "".join(one[i - said : i]) == "".join(other[j - heard : j]):
            steps.append((best[i - said][j - heard][0], said, heard))
    if i and j:
        steps.append((best[i - 1][j - 1][0] + 1, 1, 1))
    if i:
        steps.append((best[i - 1][j][0] + 1, 1, 0))
    if j:
        steps.append((best[i][j - 1][0] + 1, 0, 1))
    return steps


def _spelled(text: str) -> list[str]:
    """Words in one spelling: lower case, no signs, numbers up to twelve as words, American endings."""
    text = re.sub(r"['’]", "", text.lower().replace("é", "e"))
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text).replace("%", " percent ").replace("&", " and ")
    text = _NUMBER.sub(
        lambda n: f" {_SMALL[int(n.group())] if int(n.group()) < len(_SMALL) else n.group()} ", text
    )
    words = re.findall(r"[a-z]+|\d+", text)
    return [re.sub(r"is(e|es|ed|ing|ation|ations)$", r"iz\1", w) if len(w) > 7 else
            w.replace("colour", "color").replace("neighbour", "neighbor") for w in words]  # fmt: skip
