"""Words as they are compared: lower case, stems, and the terms a recogniser mis-hears put right."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

import snowballstemmer

from vivavoce.core.question import Term

_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_NUMBERS = {
    "zero": "0",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
}
NEGATIONS = frozenset({"no", "not", "never", "nothing", "none", "neither", "nor", "without"})
# Words that carry grammar or talk about talking; what is left over says what a passage is about.
# "not", "no" and "without" stand here too: on their own they are no subject.
FUNCTION_WORDS = frozenset(
    """
    a about above after again all almost along already also although always am an and another any anything
    are around as at away back be because been before being below between both but by came can cannot come
    comes could did do does doing done down during each either else enough even ever every everything few
    for from further get gets getting give gives go goes going gone got had has have having he her here hers
    him his how however i if in instead into is it its itself just keep keeps know least less let like lot
    lots made make makes making many may maybe me mean means might more most much must my myself need needs
    neither never next no nor not nothing now of off often on once one only onto or other others otherwise
    ought our out over own per perhaps put quite rather really right said same say says see seem seems shall
    she should since so some somehow someone something sometimes somewhere soon still such sure take takes
    than that the their them themselves then there therefore these they thing things think this those though
    through thus to together too toward towards under unless until up upon us use used uses using usually
    very via want wants was way ways we well went were what whatever when where whereas whether which while
    who whole whom whose why will with within without would yes yet you your yours yourself
    actually basically bit exactly guess er erm hmm kind kinda okay ok please probably simply sort stuff uh
    um yeah y'know gonna wanna
    ain't aren't can't couldn't didn't doesn't don't hadn't hasn't haven't he'd he'll he's i'd i'll i'm i've
    isn't it'd it'll it's let's mustn't shan't she'd she'll she's shouldn't that'd that's there's they'd
    they'll they're they've wasn't we'd we'll we're we've weren't what's who's won't wouldn't you'd you'll
    you're you've
    """.split()
)


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in lower case without punctuation; "fine-tuning" and "don't" are one word."""
    return tuple(found.lower().replace("’", "'") for found in _TOKEN.findall(text))


def is_function_word(token: str) -> bool:
    """Whether a token carries grammar and no subject; a single letter does not count as a subject."""
    return token in FUNCTION_WORDS or (len(token) == 1 and token.isalpha())


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words of a text that are no function words: what it is about.

    A hyphenated word is one stem written together ("pre-training" -> "pretrain"), letters said one by
    one too ("L S T M" -> "lstm"), and small numbers are digits.
    """
    return frozenset(_stem(token) for token in _spelled(tokens(text)) if not is_function_word(token))


def findable_stems(text: str) -> frozenset[str]:
    """Every stem under which something said in `text` may be looked for.

    More than `content_stems`: the parts of a hyphenated word and neighbours written together are here
    as well, so that "pre training", "pre-training" and "pretraining" find one another.
    """
    spoken = _spelled(tokens(text))
    parts = [part for token in spoken for part in token.split("-") if part]
    joined = [first + second for first, second in itertools.pairwise(parts)]
    kept = (token for token in [*spoken, *parts] if not is_function_word(token))
    return frozenset(_stem(token) for token in [*kept, *joined])


def corrected(words: Sequence[str], terms: Iterable[Term]) -> tuple[str, ...]:
    """The words with mis-heard terms put right, one entry for each word, to compare and never to show.

    Where an alias of several words is found, the first takes the term's text and the others become
    empty, so that every position still names the same word of the answer.
    """
    aliases = _aliases(terms)
    if not aliases:
        return tuple(words)
    plain = [" ".join(tokens(word)) for word in words]
    longest = max(len(alias) for alias in aliases)
    put_right = list(words)
    position = 0
    while position < len(words):
        for length in range(min(longest, len(words) - position), 0, -1):
            term = aliases.get(tuple(plain[position : position + length]))
            if term is not None:
                put_right[position : position + length] = [
                    term + _ending(words[position + length - 1]),
                    *[""] * (length - 1),
                ]
                position += length - 1
                break
        position += 1
    return tuple(put_right)


def _aliases(terms: Iterable[Term]) -> dict[tuple[str, ...], str]:
    aliases: dict[tuple[str, ...], str] = {}
    for term in terms:
        for heard in term.heard_as:
            key = tuple(" ".join(tokens(word)) for word in heard.split())
            if any(key):
                aliases.setdefault(key, term.text)
    return aliases


def _ending(word: str) -> str:
    """The punctuation after a word; sentences must still end where they did."""
    return word[len(word.rstrip(".,;:!?…")) :]


def _spelled(spoken: Sequence[str]) -> list[str]:
    """The tokens with runs of two or more single letters written together."""
    joined: list[str] = []
    letters = ""
    for token in [*spoken, ""]:
        if len(token) == 1 and token.isalpha():
            letters += token
            continue
        if letters:
            joined.append(letters)
        letters = ""
        if token:
            joined.append(token)
    return joined


@functools.lru_cache(maxsize=20_000)
def _stem(token: str) -> str:
    plain = _NUMBERS.get(token, token.replace("-", "").removesuffix("'s"))
    return str(_stemmer().stemWord(plain))


@functools.cache
def _stemmer() -> Any:  # noqa: ANN401 - snowballstemmer has no types
    return cast("Any", snowballstemmer).stemmer("english")
