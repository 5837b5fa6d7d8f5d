"""The spoken form of a text: terms as a voice should read them, and the sentences it is read in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vivavoce.core.question import Question, Term

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])|\n\s*\n")
# "e.g. This" and "Dr. Smith" end no sentence; nor does an initial.
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|Dr|Mr|Mrs|Ms|Prof|Fig|No|cf)|\b[A-Z])\.$")
_HISSING, _VOICELESS = "szʃʒʧʤ", "ptkfθ"


@dataclass(frozen=True, slots=True)
class Saying:
    """How one term is said.

    `spoken` is a respelling that any voice reads; `phonemes` are sounds for the natural voice. An
    `exact` one is found in its own capitals only, so that mAP is no map.
    """

    text: str
    spoken: str
    phonemes: str = ""
    exact: bool = False


class Pronunciation:
    """How terms are said; a question's own spoken forms come before the table's.

    Voices spell what they do not know: ReLU becomes "R A el-yoo" in one and "reh-lu" in another.
    """

    def __init__(self, sayings: Iterable[Saying] = ()) -> None:
        self.sayings = tuple(sayings)
        self._by_text = {saying.text.lower(): saying for saying in self.sayings}

    def knows(self, text: str) -> bool:
        """Whether the table says how this term is said."""
        return text.lower() in self._by_text

    def form(self, text: str, terms: Sequence[Term] = (), *, natural: bool = False) -> str:
        """The text with every term replaced by how it is said, longer terms first; a plural keeps its s.

        With `natural` the sounds are written in, as hibari reads them: [ReLU](/ɹˈɛlˌu/).
        """
        known = self._by_text | self._own(terms)
        if not known:
            return text
        words = "|".join(_escaped(name) for name in _longest_first(known) if _has_letters(name))
        signs = "|".join(re.escape(name) for name in _longest_first(known) if not _has_letters(name))
        parts = [rf"(?<!\w)(?P<word>{words})(?P<plural>['’]?s)?(?!\w)"] * bool(words)
        parts += [f"(?P<sign>{signs})"] * bool(signs)

        def said(found: re.Match[str]) -> str:
            groups = found.groupdict()
            if groups.get("sign"):
                return f" {known[groups['sign'].lower()].spoken} "
            written = groups["word"]
            saying = known[re.sub(r"\s+", " ", written.lower())]
            if saying.exact and written != saying.text:
                return found.group()
            return _said(saying, written, groups["plural"] or "", natural)

        spoken = re.sub("|".join(parts), said, text, flags=re.IGNORECASE)
        return re.sub(r" {2,}", " ", spoken).strip() if signs else spoken

    def _own(self, terms: Sequence[Term]) -> dict[str, Saying]:
        """What a question says of its terms; where the table says the same, the table knows the sounds."""
        own: dict[str, Saying] = {}
        for term in terms:
            if term.spoken and (not self.sayings or term.spoken.lower() != self.form(term.text).lower()):
                saying = self._by_text.get(term.text.lower())
                exact = saying is not None and saying.exact
                own[term.text.lower()] = Saying(term.text, term.spoken, exact=exact)
        return own


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text: its first character, one past its last, and its words."""

    start: int
    end: int
    text: str


def sentences_in(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order; all of it when it has no full stop."""
    found: list[Sentence] = []
    start = 0
    ends = [end.end() for end in _SENTENCE_END.finditer(text)]
    for end in [*ends, len(text)]:
        part = text[start:end]
        if end != len(text) and _NO_END.search(part.rstrip()):
            continue
        if part.strip():
            first = start + len(part) - len(part.lstrip())
            found.append(Sentence(first, start + len(part.rstrip()), part.strip()))
        start = end
    return tuple(found)


def spoken_form(text: str, terms: Sequence[Term]) -> str:
    """The text with the spoken forms of these terms alone."""
    return Pronunciation().form(text, terms)


def asked_text(question: Question) -> tuple[str, tuple[Term, ...]]:
    """What is read when the question is asked, and the terms to be replaced in it."""
    # The author's own spoken form is read as it stands.
    return (question.ask_spoken, ()) if question.ask_spoken else (question.ask, question.terms)


def spoken_question(question: Question) -> str:
    """What a voice reads when it asks the question, without a table."""
    return spoken_form(*asked_text(question))


def _said(saying: Saying, written: str, plural: str, natural: bool) -> str:
    if not natural or not saying.phonemes:
        return saying.spoken + plural
    return f"[{written}{plural}](/{saying.phonemes}{_ending(saying.phonemes) if plural else ''}/)"


def _ending(phonemes: str) -> str:
    """The sound of a plural s after these sounds."""
    last = phonemes[-1]
    return "ᵻz" if last in _HISSING else "s" if last in _VOICELESS else "z"


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted(names, key=len, reverse=True)


def _escaped(name: str) -> str:
    return r"\s+".join(re.escape(part) for part in name.split())


def _has_letters(name: str) -> bool:
    return any(sign.isascii() and sign.isalnum() for sign in name)
