"""Hesitation in speech: sounds like "um", words said twice, and words begun and left."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vivavoce.core.passage import ends_sentence
from vivavoce.core.transcript import Word

# Whisper runs in circles on hesitations ("uh" a hundred times in two seconds, all at one instant).
# Nobody says more than four a second.
LEAST_APART_SECONDS = 0.25
# Fast talkers reach seven words a second, and not while they hesitate.
_CROWD_SECONDS = 0.5
_MOST_IN_A_CROWD = 7
# Two passes put one sound at two times; word starts are right within this in nine cases of ten.
_SAME_SECONDS = 0.4
# A sound that Whisper writes with less than this is recited from the prompt, mostly behind the last word.
_LEAST_PROBABILITY = 0.03
# A row of more sounds than this is a circle. It may begin with a sound that was said, if that is believed.
_LONGEST_ROW = 7
_BELIEVED = 0.2
_LONGEST_REPEAT = 4
# A pause this long between the two: the sentence was taken up again on purpose.
_REPEAT_WITHIN_SECONDS = 2.0
# Said twice for weight, in grammar, or in counting and spelling, and no slip.
_TWICE_ON_PURPOSE = frozenset("very really no yes so much many far more long again that had bye ha".split())
_FILLER = re.compile(r"^(u+h+|u+m+|e+r|e+r+m+|a+h+|h+m+|mm+)$", re.IGNORECASE)
_SIGNS = " .,;:!?…-–—\"'‘’“”()"
_BROKEN_OFF = re.compile(r"\w[-–—]+[.,…]*$")
# "You know," holds the turn, but not in "once you know,". "I mean" does more: it may take back what was said.
_MEANT_AFTER = frozenset("if when once do did as what which that how since unless until let".split())
# "Zero zero one" is a number.
_NUMBERS = frozenset(
    """
    zero nought oh point one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    thousand million billion
    """.split()
)


@dataclass(frozen=True, slots=True)
class Filler:
    """A hesitation sound; seconds of the recording."""

    start: float
    end: float
    word: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """Words said twice at once ("repetition"), or begun, left and begun again ("restart")."""

    kind: Literal["repetition", "restart"]
    start: float
    end: float
    text: str


def is_filler(word: str) -> bool:
    """Whether a written word is nothing but a hesitation sound."""
    return bool(_FILLER.match(word.strip(_SIGNS)))


def fillers_of(words: Sequence[Word]) -> tuple[Filler, ...]:
    """The hesitation sounds among words with times, at least LEAST_APART_SECONDS apart."""
    found: list[Filler] = []
    starts = sorted(word.start for word in words)
    ordered = sorted(words, key=lambda one: one.start)
    recited = _recited(ordered) | _circling(ordered)
    for place, word in enumerate(ordered):
        if not is_filler(word.word) or place in recited or _crowded(starts, word.start):
            continue
        if word.probability < _LEAST_PROBABILITY:
            continue
        if not found or word.start - found[-1].start >= LEAST_APART_SECONDS:
            found.append(Filler(word.start, word.end, word.word.strip(_SIGNS).lower()))
    return tuple(found)


def _recited(words: Sequence[Word]) -> set[int]:
    """The positions in rows like "so, um, so, uh": nobody says "so" twice with nothing else between."""
    said = [_bare(word) for word in words]
    rows = _rows([word == "so" or is_filler(word) for word in said])
    return {place for row in rows if sum(said[one] == "so" for one in row) >= 2 for place in row}


def _circling(words: Sequence[Word]) -> set[int]:
    """The positions in rows of nothing but sounds that are too long to be said, and not believed."""
    rows = _rows([is_filler(word.word) for word in words])
    long = (place for row in rows if len(row) > _LONGEST_ROW for place in row)
    return {place for place in long if words[place].probability < _BELIEVED}


def _rows(belongs: Sequence[bool]) -> list[list[int]]:
    """The positions that belong, in rows with nothing between them."""
    grouped = itertools.groupby(range(len(belongs)), key=lambda place: belongs[place])
    return [list(places) for together, places in grouped if together]


def _crowded(starts: Sequence[float], at: float) -> bool:
    """Whether more words begin around a moment than anybody can say: they were recited, not heard."""
    near = bisect_right(starts, at + _CROWD_SECONDS) - bisect_left(starts, at - _CROWD_SECONDS)
    return near > _MOST_IN_A_CROWD


def merged(first: Sequence[Filler], more: Sequence[Filler]) -> tuple[Filler, ...]:
    """All of `first`, and those of `more` that are not the same sound at a slightly other time."""
    new = [one for one in more if all(abs(one.start - other.start) >= _SAME_SECONDS for other in first)]
    return tuple(sorted([*first, *new], key=lambda one: one.start))


def repeats_of(words: Sequence[Word]) -> tuple[Repeat, ...]:
    """Repetitions and restarts in a row of words; hesitation sounds between them do not matter.

    One to four words said twice in a row count once; a run of three is one, too. Words that are
    doubled on purpose ("very very"), numbers and letters are left out. A restart is a word written
    with a dash after it whose beginning the next word has.
    """
    said = [word for word in words if not is_filler(word.word) and _bare(word)]
    found: list[Repeat] = []
    place = 0
    while place < len(said):
        length = _said_again(said, place)
        if length:
            last = place + 2 * length
            while _same(said, last - length, last, length):
                last += length
            found.append(_repeat("repetition", said[place:last], said[place : place + length]))
            place = last
        elif place + 1 < len(said) and _begun(said[place], said[place + 1]):
            found.append(_repeat("restart", said[place : place + 2], said[place : place + 2]))
            place += 1
        else:
            place += 1
    return tuple(found)


def without_hesitation(words: Sequence[str]) -> tuple[str, ...]:
    """The words as they would be written: fillers, a "you know", first tries and words begun are left empty.

    One entry for each word, to be judged and never to be shown. The end of a sentence is not lost.
    """
    kept = [place for place, word in enumerate(words) if _bare_text(word) and not is_filler(word)]
    holding = _turn_holders(words, kept)
    kept = [place for place in kept if place not in holding]
    said = [Word(0.0, 0.0, words[place], 1.0) for place in kept]
    out = set[int]()
    for at in range(len(said)):
        again = _said_again(said, at)
        first = said[at : at + again]
        # "It shrinks the map. The map is ..." says nothing twice.
        if not any(ends_sentence(word.word) or _bare(word) in _NUMBERS for word in first):
            out.update(kept[at : at + again])
        if not again and at + 1 < len(said) and _begun(said[at], said[at + 1]):
            out.add(kept[at])
    left = set(kept) - out
    found = [word if place in left else "" for place, word in enumerate(words)]
    last: int | None = None
    for place, word in enumerate(words):
        if place in left:
            last = place
        elif last is not None and ends_sentence(word) and not ends_sentence(found[last]):
            found[last] = found[last].rstrip(",;:-–—") + "."
    return tuple(found)


def _turn_holders(words: Sequence[str], kept: Sequence[int]) -> set[int]:
    """The positions of every "you know" that is set off from what follows, of those in `kept`."""
    bare = [_bare_text(words[place]) for place in kept]
    found = set[int]()
    for at in range(len(kept) - 1):
        meant = at > 0 and bare[at - 1] in _MEANT_AFTER
        if bare[at : at + 2] == ["you", "know"] and words[kept[at + 1]][-1] in _SIGNS and not meant:
            found.update(kept[at : at + 2])
    return found


def _said_again(said: Sequence[Word], place: int) -> int:
    """How many words from `place` on are said twice in a row; 0 for none."""
    for length in range(_LONGEST_REPEAT, 0, -1):
        if _same(said, place, place + length, length):
            first = [_bare(word) for word in said[place : place + length]]
            if length > 1 or (
                first[0] not in _TWICE_ON_PURPOSE
                and (len(first[0]) > 1 or first[0] == "i")
                and first[0].isalpha()
            ):
                return length if len(set(first)) > 1 or length == 1 else 0
    return 0


def _same(said: Sequence[Word], first: int, second: int, length: int) -> bool:
    if second + length > len(said):
        return False
    pairs = zip(said[first : first + length], said[second : second + length], strict=True)
    near = said[second].start - said[second - 1].end <= _REPEAT_WITHIN_SECONDS
    return near and all(_bare(one) == _bare(other) for one, other in pairs)


def _begun(word: Word, following: Word) -> bool:
    part, whole = _bare(word), _bare(following)
    near = following.start - word.end <= _REPEAT_WITHIN_SECONDS
    return near and bool(_BROKEN_OFF.search(word.word)) and part != whole and whole.startswith(part)


def _repeat(
    kind: Literal["repetition", "restart"], all_of_it: Sequence[Word], shown: Sequence[Word]
) -> Repeat:
    text = " ".join(word.word.strip(" .,;:!?…") for word in shown)
    return Repeat(kind, all_of_it[0].start, all_of_it[-1].end, text)


def _bare(word: Word) -> str:
    return _bare_text(word.word)


def _bare_text(word: str) -> str:
    return word.strip(_SIGNS).lower()
