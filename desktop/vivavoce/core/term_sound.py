"""How a term sounds: consonants as a recogniser hears them, and how much alike two sounds are."""

from __future__ import annotations

import difflib
import re

# How much alike a term and the plain words at its place must sound, 0..1 (difflib on their consonants).
ALIKE = 0.6
# "where" and "query" share an r, and nothing else.
_LEAST_CONSONANTS = 2
_VOWELS = "aeiouy"
_LETTERS = {
    "b": "p", "c": "s", "d": "t", "f": "f", "g": "j", "h": "j", "j": "j", "k": "k", "l": "l", "m": "m",
    "n": "n", "p": "p", "q": "k", "r": "r", "s": "s", "t": "t", "v": "f", "w": "tplj", "x": "ks", "z": "s",
}  # fmt: skip
_SOUNDS = (
    ("tion", "jn"), ("sion", "jn"), ("ture", "jr"), ("sch", "sk"), ("tch", "j"), ("ph", "f"), ("gh", ""),
    ("ch", "j"), ("sh", "j"), ("th", "0"), ("wh", ""), ("ck", "k"), ("qu", "k"), ("dg", "j"), ("kn", "n"),
    ("wr", "r"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("ge", "je"), ("gi", "ji"), ("c", "k"),
    ("q", "k"), ("x", "ks"), ("z", "s"), ("v", "f"), ("d", "t"), ("b", "p"), ("g", "k"), ("w", ""), ("h", ""),
)  # fmt: skip
_NUMBERS = {"0": "zero", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six",
            "7": "seven", "8": "eight", "9": "nine"}  # fmt: skip


def alike(one: str, other: str) -> float:
    """How much two sounds are alike, 0..1; none has no consonant, and a single one is like itself only."""
    if min(len(one), len(other)) < _LEAST_CONSONANTS and one != other:
        return 0.0
    if not one:
        return 0.0
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def sound_of(text: str) -> str:
    """The consonants of a text as they are heard, voiced and voiceless alike; letters by their names.

    "LSTM" and "L S T M" sound as "lstm", "a gru" as "kr". Vowels are left out: they are what speakers
    and recognisers differ in; a vowel at the start of a word that is not the first is, too.
    """
    return re.sub(r"(.)\1+", r"\1", "".join(_word_sound(word) for word in re.findall(r"[^\W_]+", text)))


def _word_sound(word: str) -> str:
    if word.isdigit():
        return "".join(_word_sound(_NUMBERS[digit]) for digit in word)
    if len(word) == 1 or (word.isupper() and len(word) <= 5 and not _sayable(word)):
        return "".join(_LETTERS.get(letter, "") for letter in word.lower())
    small = word.lower()
    for written, heard in _SOUNDS:
        small = small.replace(written, heard)
    return "".join(letter for letter in small if letter not in _VOWELS)


def _sayable(word: str) -> bool:
    """Whether capitals are said as a word ("BERT", "GELU") and not letter by letter ("GRU", "LSTM")."""
    vowels = sum(letter in _VOWELS for letter in word.lower())
    return len(word) >= 4 and vowels >= 1
