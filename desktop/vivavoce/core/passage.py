"""Passages of an answer: the stretches of words in which a concept may have been said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# 10 to 16 words, half overlapping, were the best of the lengths measured; no punctuation is needed.
WINDOW_WORDS = 14
WINDOW_STEP = 7
# A sentence longer than this is told in windows alone: 40 gains .002 of AUC and is up to 1.8 times slower.
LONGEST_SENTENCE = 24
# The nearest passages are read with their whole sentences, or with so many words around them.
MOST_WORDS_WIDENED = 40
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*$")


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """The words from position `first` up to and with `last`."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


def ends_sentence(word: str) -> bool:
    """Whether a full stop, question or exclamation mark stands at the end of the word, quotes aside."""
    return bool(_SENTENCE_END.search(word))


def sentences_of(words: Sequence[str]) -> tuple[Passage, ...]:
    """Stretches that end with a full stop, question or exclamation mark, or with the answer."""
    sentences: list[Passage] = []
    first = 0
    for position, word in enumerate(words):
        if ends_sentence(word) or position == len(words) - 1:
            sentences.append(Passage(first, position))
            first = position + 1
    return tuple(sentences)


def windows_of(first: int, last: int) -> tuple[Passage, ...]:
    """Windows of WINDOW_WORDS, half overlapping, over positions `first` to `last`; the last one is full."""
    windows: list[Passage] = []
    start = first
    while True:
        end = start + WINDOW_WORDS - 1
        if end >= last:
            windows.append(Passage(max(first, last - WINDOW_WORDS + 1), last))
            return tuple(windows)
        windows.append(Passage(start, end))
        start += WINDOW_STEP


def passages_of(words: Sequence[str]) -> tuple[Passage, ...]:
    """All passages to look at, each once, in order: sentences, and windows where a sentence is long.

    Text without punctuation is one long sentence and so comes in windows. An empty answer has no
    passage. A sentence together with the one before it, for its pronouns, was measured and gained
    nothing on the labelled answers, nor did windows across sentences.
    """
    found: set[Passage] = set()
    for sentence in sentences_of(words):
        if len(sentence) <= LONGEST_SENTENCE:
            found.add(sentence)
        if len(sentence) > WINDOW_WORDS + 2:
            found.update(windows_of(sentence.first, sentence.last))
    return tuple(sorted(found))


def stretches_of(count: int, most: int) -> tuple[Passage, ...]:
    """`count` words in stretches of at most `most`, each over a third of the next; the last one is full.

    More words at the end leave all but the last one where they were.
    """
    if count <= most:
        return (Passage(0, count - 1),)
    starts = [*range(0, count - most, most - most // 3), count - most]
    return tuple(Passage(start, start + most - 1) for start in starts)


def stretch_around(passage: Passage, stretches: Sequence[Passage]) -> Passage:
    """The stretch in whose middle the passage lies, as nearly as may be."""
    middle = passage.first + passage.last
    return min(stretches, key=lambda stretch: abs(stretch.first + stretch.last - middle))


def widened(passage: Passage, sentences: Sequence[Passage]) -> Passage:
    """The passage with the rest of its sentences, of long ones with some words on either side.

    A window cut out of a sentence may have lost who does what.
    """
    inside = [s for s in sentences if s.first <= passage.last and s.last >= passage.first]
    first, last = inside[0].first, inside[-1].last
    if last - first + 1 > MOST_WORDS_WIDENED:
        spare = max(0, MOST_WORDS_WIDENED - len(passage)) // 2
        first, last = max(first, passage.first - spare), min(last, passage.last + spare)
    return Passage(first, last)
