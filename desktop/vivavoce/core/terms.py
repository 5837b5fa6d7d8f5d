"""Words of the trade in what was heard: where they stand, whether they were said, and what teaches them.

A recogniser that is told a question's terms writes them far more often where they are said, and could
write one where something else was said. So a doubtful term is listened to again without that help,
and these functions decide by sound whether the plain hearing speaks for it.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from vivavoce.core.question import Question, Term
from vivavoce.core.term_sound import ALIKE, alike, sound_of
from vivavoce.core.transcript import Word
from vivavoce.core.words import FUNCTION_WORDS, content_stems, tokens

# Below this mean probability of its words a term is listened to again; tests/benchmarks/terms.md.
SURE = 0.7
# About a sentence to either side.
_NEAR_WORDS = 12
# Beside the question's topic even the term itself, heard plainly, must be more than a guess.
_GUESS = 0.5
# Within it, what was heard plainly with less is noise ("then there" for "an adapter"), and no witness.
_NOISE = 0.35
# So many terms in a row, in the order in which the recogniser was told them, are its prompt read out.
_RECITED = 4
_MOST_ALIAS_WORDS = 5
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
# Words of any talk: beside an everyday word that is a term ("An Adam is too small to be seen") they do not
# show that the talk is about the question.
_ANYWHERE = content_stems(
    """
    become begin big bring change come day far few find first good great hand hard hear help high hold last
    large late leave light little long look low mean meet meter move need new night old open part pass place
    play point read run second see seen send show small stand start stay stop tell time turn two wait walk way
    win word work world write year young
    """
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
    plain = [_together(word.word) for word in words]
    keys = sorted(
        ((key, term) for term in terms if (key := _together(term.text))),
        key=lambda pair: -len(pair[0]),
    )
    found: list[TermUse] = []
    place = 0
    while place < len(words):
        for key, term in keys:
            count = _written(plain, place, key)
            if count:
                sure = round(_sureness(words[place : place + count]), 4)
                found.append(TermUse(term, place, place + count - 1, sure))
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
    help; within it only to surer words that sound otherwise. Against noise it stays as it is, else it is
    marked False. An everyday word that sounds as another does ("Adam", "atom") is marked False, however
    surely it was heard, where nothing around it is about the question. Doubtful terms speak for nothing
    around them.
    """
    made = list(words)
    uses = uses_of(words, question.terms)
    unsure = {place for use in doubtful(uses) for place in range(use.first, use.last + 1)}
    asked = [use for use in uses if use.probability < SURE or _sounds_everyday(use.term.text.lower())]
    topic = _topic(question) if asked else frozenset[str]()
    for use in reversed(asked):
        about = _around(words, use, unsure) & topic
        if _sounds_everyday(use.term.text.lower()):
            about -= _ANYWHERE
        old = words[use.first : use.last + 1]
        if use.probability < SURE:
            made[use.first : use.last + 1] = _decided(
                use, old, _instead(words, use, plain), on_topic=bool(about)
            )
        elif not about:
            made[use.first : use.last + 1] = _marked(old, told=False)
    return tuple(made)


def recited(words: Sequence[Word], question: Question) -> bool:
    """Whether a recogniser that was told the question's terms has read them out in place of what was said.

    Four or more in the order of the question with nothing between them, one of them doubtful; somebody
    who lists them so is understood without help, too.
    """
    order = [term.text for term in question.terms]
    row: list[TermUse] = []
    for use in uses_of(words, question.terms):
        follows = row and use.first == row[-1].last + 1
        if not (follows and order.index(use.term.text) == order.index(row[-1].term.text) + 1):
            row = []
        row.append(use)
        if len(row) >= _RECITED and doubtful(row):
            return True
    return False


def _decided(use: TermUse, old: Sequence[Word], there: Sequence[Word], *, on_topic: bool) -> list[Word]:
    """The words of a doubtful term, marked or not, or those that were heard plainly in its place."""
    if not there:
        return list(old) if on_topic else _marked(old, told=False)
    spelled = _spelled(there, use.term)
    if spelled is not None:
        return _marked(old, told=on_topic or spelled >= _GUESS)
    if not on_topic:
        return list(there)
    if confirmed(use.term, [token for word in there for token in tokens(word.word)]):
        return _marked(old, told=True)
    sure = _sureness(there)
    if sure < _NOISE:
        return list(old)
    return list(there) if sure >= SURE and sure > use.probability else _marked(old, told=False)


def _marked(words: Sequence[Word], *, told: bool) -> list[Word]:
    return [replace(word, confirmed=told) for word in words]


def _spelled(there: Sequence[Word], term: Term) -> float | None:
    """How sure the words in a row are that, written together, are the term: "A U -Net" has a "U-Net"."""
    said = [_together(word.word) for word in there]
    key = _together(term.text)
    for first in range(len(said)):
        for last in range(first + 1, len(said) + 1):
            if "".join(said[first:last]) == key:
                return _sureness(there[first:last])
    return None


@functools.cache
def _sounds_everyday(word: str) -> bool:
    """Whether it is an everyday word and another one has the same consonants, no fewer than two: an atom."""
    sound = sound_of(word) if word in _EVERYDAY else ""
    return len(sound) > 1 and any(sound_of(other) == sound for other in _EVERYDAY if other != word)


def _sureness(words: Sequence[Word]) -> float:
    """The mean probability of some words."""
    return sum(word.probability for word in words) / len(words)


def _together(text: str) -> str:
    """The letters of a text in lower case, written together."""
    return "".join(tokens(text)).replace("-", "")


def _topic(question: Question) -> frozenset[str]:
    """The stems a talk about the question has."""
    texts = [question.ask, question.reference, *(term.text for term in question.terms)]
    for concept in question.concepts:
        texts += [concept.statement, *concept.accepted, *concept.misconceptions]
    return content_stems(" ".join(texts))


def _around(words: Sequence[Word], use: TermUse, unsure: Collection[int]) -> frozenset[str]:
    """The stems of the words near a term, its own and the places of doubtful terms left out."""
    near = [*range(max(0, use.first - _NEAR_WORDS), use.first)]
    near += range(use.last + 1, min(len(words), use.last + 1 + _NEAR_WORDS))
    return content_stems(" ".join(words[place].word for place in near if place not in unsure))


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
    if not any(ways):  # "I owe you" is an "IoU": nothing but vowels, and more than one word
        return any(len(run) > 1 and not sound_of(" ".join(run)) for run in runs)
    return any(alike(sound_of(" ".join(run)), way) >= ALIKE for run in runs for way in ways)


def _spelled_alike(heard: str, text: str) -> bool:
    """Whether letters said one by one differ in one of them: "TRU" is a "GRU", "LSDM" an "LSTM"."""
    if not text.isupper() or len(text) < 3 or len(heard) != len(text):
        return False
    return sum(one != other for one, other in zip(heard.upper(), text, strict=True)) <= 1


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
