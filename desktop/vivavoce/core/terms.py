"""Words of the trade in what was heard: where they stand, whether they were said, and what teaches them.

A recogniser that is told a question's terms writes them far more often where they are said, and could
write one where something else was said. So a doubtful term is listened to again without that help,
and these functions decide by sound whether the plain hearing speaks for it.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from vivavoce.core.question import Question, Term
from vivavoce.core.transcript import Word
from vivavoce.core.words import FUNCTION_WORDS, content_stems, tokens

# Below this mean probability of its words a term is listened to again; tests/benchmarks/terms.md.
SURE = 0.7
# How much alike a term and the plain words at its place must sound, 0..1 (difflib on their consonants).
ALIKE = 0.6
# About a sentence to either side.
_NEAR_WORDS = 12
_MOST_ALIAS_WORDS = 5
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
# Everyday words that a single correction must not turn into a term; FUNCTION_WORDS are never turned.
_EVERYDAY = frozenset(
    """
    atom adam bird boat book boy bread car cat child city class close cold color day dog door drop dropped
    elbow eye face family father fire fish food foot friend game girl glass good great green group hand hard
    head heart high home horse hot house hour key kind lady land large last law learn leave left letter life
    light line live long look lord low man map men milk mind model money moment month mother mouth move name
    nature new news night north number old open order page paper part party pass past pattern people picture
    piece place plan plant play point pole power price problem put queen question railway rain rate read
    reason red rest river road rock room round run sad sail salt school sea season second seed seek set
    shade share ship shop short sister size sky sleep small smooth snow soft song sort sound south space stand
    star start state step stone stop store story street strong study summer sun table tail tan task teacher
    tell term test thank time today tool top town trade train travel tree truth turn unit value view voice
    wait walk wall war warm watch water week weight white win wind window winter woman wonder wood word work
    world year young
    """.split()
)


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term of the question among words: their first and last position, and how sure they are (0..1)."""

    term: Term
    first: int
    last: int
    probability: float


def uses_of(words: Sequence[Word], terms: Iterable[Term]) -> tuple[TermUse, ...]:
    """Where terms are written, the longest at each place, in order."""
    plain = ["".join(tokens(word.word)).replace("-", "") for word in words]
    keys = sorted(
        ((key, term) for term in terms if (key := "".join(tokens(term.text)).replace("-", ""))),
        key=lambda pair: -len(pair[0]),
    )
    found: list[TermUse] = []
    place = 0
    while place < len(words):
        for key, term in keys:
            count = _written(plain, place, key)
            if count:
                sure = sum(word.probability for word in words[place : place + count]) / count
                found.append(TermUse(term, place, place + count - 1, round(sure, 4)))
                place += count - 1
                break
        place += 1
    return tuple(found)


def doubtful(uses: Iterable[TermUse]) -> tuple[TermUse, ...]:
    """The uses that deserve a second look."""
    return tuple(use for use in uses if use.probability < SURE)


def settled(words: Sequence[Word], question: Question, plain: Sequence[Word]) -> tuple[Word, ...]:
    """The words with their doubtful terms marked by what was heard plainly at the same place.

    What is spelled as the term, or sounds like it where the talk is about the question, confirms it.
    Sound alone cannot: "Laura" and "LoRA" are one sound, and a recogniser that expects the second writes
    it for a sister at dinner, too. So beside the question a term gives way to what was heard without
    help; within it only to surer words that sound otherwise, and else it stays and is marked False.
    Nothing is changed where nothing was heard plainly.
    """
    made = list(words)
    uses = doubtful(uses_of(words, question.terms))
    topic = _topic(question) if uses else frozenset[str]()
    for use in reversed(uses):
        there = _instead(words, use, plain)
        if not there:
            continue
        told = _verdict(use, there, on_topic=bool(_around(words, use) & topic))
        if told is None:
            made[use.first : use.last + 1] = there
        else:
            old = words[use.first : use.last + 1]
            made[use.first : use.last + 1] = [replace(word, confirmed=told) for word in old]
    return tuple(made)


def _verdict(use: TermUse, there: Sequence[Word], *, on_topic: bool) -> bool | None:
    """Whether a term is confirmed; None when it must give way to what was heard there."""
    spelled = [token for word in there for token in tokens(word.word)]
    if "".join(spelled) == "".join(tokens(use.term.text)):
        return True
    if not on_topic:
        return None
    if confirmed(use.term, spelled):
        return True
    sure = sum(word.probability for word in there) / len(there)
    return None if sure >= SURE and sure > use.probability else False


def _topic(question: Question) -> frozenset[str]:
    """The stems a talk about the question has."""
    texts = [question.ask, question.reference]
    for concept in question.concepts:
        texts += [concept.statement, *concept.accepted, *concept.misconceptions]
    return content_stems(" ".join(texts))


def _around(words: Sequence[Word], use: TermUse) -> frozenset[str]:
    """The stems of the words near a term, its own left out."""
    near = [*words[max(0, use.first - _NEAR_WORDS) : use.first]]
    near += words[use.last + 1 : use.last + 1 + _NEAR_WORDS]
    return content_stems(" ".join(word.word for word in near))


def _instead(words: Sequence[Word], use: TermUse, plain: Sequence[Word]) -> list[Word]:
    """What was heard plainly where the term stands, without its neighbours.

    Word times differ by a tenth or two between two hearings: a word at the edge that is written the
    same as the term's neighbour is that neighbour.
    """
    start, end = words[use.first].start, words[use.last].end
    there = [word for word in plain if _overlaps(word, start, end)]
    before = [tokens(word.word) for word in words[max(0, use.first - 2) : use.first]]
    after = [tokens(word.word) for word in words[use.last + 1 : use.last + 3]]
    while there and tokens(there[0].word) in before:
        there.pop(0)
    while there and tokens(there[-1].word) in after:
        there.pop()
    return there


def _overlaps(word: Word, start: float, end: float) -> bool:
    """Whether at least a part of a word that counts lies in a stretch of time, seconds."""
    return min(word.end, end + 0.1) - max(word.start, start - 0.1) >= 0.5 * max(0.1, word.end - word.start)


def confirmed(term: Term, plain: Sequence[str]) -> bool:
    """Whether the words heard without help at a term's place speak for it.

    They do when they are one of the ways it is known to be mis-heard, or when a run of them sounds like it.
    """
    said = [token for word in plain for token in tokens(word)]
    runs = [said[a:b] for a in range(len(said)) for b in range(a + 1, min(len(said), a + 6) + 1)]
    known = {tuple(tokens(text)) for text in (term.text, *term.heard_as)}
    if any(tuple(run) in known or _spelled_alike("".join(run), term.text) for run in runs):
        return True
    ways = {sound_of(term.text), *([sound_of(term.spoken)] if term.spoken else [])}
    return any(alike(sound_of(" ".join(run)), way) >= ALIKE for run in runs for way in ways)


def _spelled_alike(heard: str, text: str) -> bool:
    """Whether letters said one by one differ in one of them: "TRU" is a "GRU", "LSDM" an "LSTM"."""
    if not text.isupper() or len(text) < 3 or len(heard) != len(text):
        return False
    return sum(one != other for one, other in zip(heard.upper(), text, strict=True)) <= 1


def alike(one: str, other: str) -> float:
    """How much two sounds are alike, 0..1; one of nothing but vowels is like none."""
    if not one or not other:
        return 0.0
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def sound_of(text: str) -> str:
    """The consonants of a text as they are heard, voiced and voiceless alike; letters by their names.

    "LSTM" and "L S T M" sound as "lstm", "a gru" as "kr". Vowels are left out: they are what speakers
    and recognisers differ in; a vowel at the start of a word that is not the first is, too.
    """
    return re.sub(r"(.)\1+", r"\1", "".join(_word_sound(word) for word in re.findall(r"[^\W_]+", text)))


def taught(question: Question, pairs: Iterable[tuple[str, str]]) -> tuple[Term, ...]:
    """The question's terms with what the user's corrections say they are mis-heard as.

    A pair is (heard, meant): the words that stood there, and those that were put in their place. It
    teaches only when what was meant is a term and what was heard sounds like it, has at most five words,
    is no grammar, no other term and nothing the question itself says. An everyday word teaches when
    it was corrected at least twice.
    """
    counts = Counter((tokens(heard), tokens(meant)) for heard, meant in pairs)
    terms: list[Term] = []
    for term in question.terms:
        known = {tokens(text) for text in (term.text, *term.heard_as)}
        new = [
            " ".join(heard)
            for (heard, meant), count in counts.items()
            if meant == tokens(term.text) and heard not in known and _teaches(heard, term, question, count)
        ]
        terms.append(replace(term, heard_as=(*term.heard_as, *new)) if new else term)
    return tuple(terms)


def _teaches(heard: tuple[str, ...], term: Term, question: Question, count: int) -> bool:
    if not heard or len(heard) > _MOST_ALIAS_WORDS or all(word in FUNCTION_WORDS for word in heard):
        return False
    if heard in {tokens(other.text) for other in question.terms} or _says(question, heard):
        return False
    if len(heard) == 1 and heard[0] in _EVERYDAY and count < 2:
        return False
    ways = {sound_of(term.text), *([sound_of(term.spoken)] if term.spoken else [])}
    return any(alike(sound_of(" ".join(heard)), way) >= ALIKE for way in ways)


def _says(question: Question, heard: tuple[str, ...]) -> bool:
    """Whether the question or one of its wordings has these words in a row."""
    texts = [question.ask, question.reference]
    for concept in question.concepts:
        texts += [concept.statement, *concept.accepted, *concept.misconceptions]
    row = f" {' '.join(heard)} "
    return any(row in f" {' '.join(tokens(text))} " for text in texts)


def _written(plain: Sequence[str], place: int, key: str) -> int:
    """How many words from `place` on spell the key together; 0 when they do not."""
    joined = ""
    for count, word in enumerate(plain[place : place + 6], 1):
        joined += word
        if joined in (key, f"{key}s"):
            return count
        if not key.startswith(joined):
            return 0
    return 0


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
