"""Where the words of a wording are said again, in their order, whatever grammar comes and goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vivavoce.core.delivery import is_filler
from vivavoce.core.passage import Passage
from vivavoce.core.words import NEGATIONS, content_stems, tokens

# Grammar that may come and go between two tellings of the same. Every other word counts, "not", "more"
# and "before" among them: without them "more data" and "less data" would be the same words.
_EMPTY = frozenset(
    """
    a an the and so then well also just really very quite actually basically like okay ok right yeah yes
    kind kinda sort of i i'm i'd i'll i've we we're you you're know guess think say said
    that that's this these those it it's its there there's here is are was were be been being am
    which who um uh er erm hmm oh please now
    """.split()
)
# One of these put into the same words says something else.
_REVERSING = NEGATIONS | {"hard", "bare", "rare", "seldom", "scarc", "fail", "prevent", "avoid", "less"}
_NEGATED_WITHIN = 3
_CLAUSE_ENDS = ",.;:!?…"
_WORDS_PER_SLIP = 4


def repetitions(words: Sequence[str], wording: str, *, denied: bool = False) -> Iterator[Passage]:
    """The places where a wording is said again, one after the other.

    Every word that carries meaning must come again, in the same order, within a stretch of about the same
    length; grammar, fillers and one word more in four may come between. A "not" that is new is no such
    word, and a place just behind one is none; with `denied` that counts as well.
    """
    spoken = _keys(words)
    wanted = [key for key in _keys(wording.split()) if key.text]
    if not wanted:
        return
    free = 0
    for at, key in enumerate(spoken):
        if at < free or key.text != wanted[0].text or (not denied and _negating(spoken, at)):
            continue
        end = _end_of(spoken, at, wanted)
        if end is not None:
            yield Passage(key.position, spoken[end].position)
            free = end + 1


def negation_before(words: Sequence[str], first: int) -> str | None:
    """The negation that stands within a few words before position `first`, in the same clause."""
    before = _keys(words[:first])
    key = _negating(before, len(before))
    return None if key is None else words[key.position].strip()


@dataclass(frozen=True, slots=True)
class _Key:
    """A word as it is compared, its position among the words, and whether a clause ends with it."""

    text: str
    position: int
    ends: bool


def _keys(words: Sequence[str]) -> tuple[_Key, ...]:
    return tuple(_found_keys(words))


def _found_keys(words: Sequence[str]) -> Iterator[_Key]:
    for position, word in enumerate(words):
        ends = word.rstrip("\"'”’)]").endswith(tuple(_CLAUSE_ENDS))
        keys = [key for token in tokens(word) for key in _token_keys(token)]
        # A word that says nothing may still end a clause: it is kept with an empty text.
        for key in keys or ([""] if ends else []):
            yield _Key(key, position, ends)


def _token_keys(token: str) -> Iterator[str]:
    if token.endswith("n't") or token == "cannot":
        yield "not"
    elif token in _EMPTY or is_filler(token):
        return
    else:
        for part in token.split("-"):
            yield from content_stems(part) or ([part] if part else [])


def _end_of(spoken: Sequence[_Key], at: int, wanted: Sequence[_Key]) -> int | None:
    """Where the wording that begins at `at` ends, or None when something else is said there."""
    slips = len(wanted) // _WORDS_PER_SLIP
    met = 0
    for place in range(at, len(spoken)):
        key = spoken[place]
        if key.text == wanted[met].text:
            met += 1
            if met == len(wanted):
                return place
        elif key.text in _REVERSING:
            return None
        elif key.text and key.text not in [one.text for one in wanted[:met]]:  # said twice is no slip
            slips -= 1
            if slips < 0:
                return None
        if key.ends and wanted[met - 1].text in NEGATIONS and not wanted[met - 1].ends:
            return None  # "Never mind." denies nothing of the sentence after it
    return None


def _negating(spoken: Sequence[_Key], at: int) -> _Key | None:
    """The negation within a few words before `at`, in the same clause."""
    for key in reversed(spoken[max(0, at - _NEGATED_WITHIN) : at]):
        if key.ends:
            return None
        if key.text in NEGATIONS:
            return key
    return None
