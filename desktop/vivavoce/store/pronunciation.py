"""How the terms of the bank are said: data/pronunciation.yaml, read and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from jsonschema import Draft202012Validator

from vivavoce import paths
from vivavoce.core.question import Question, Term
from vivavoce.core.spoken import Pronunciation, Saying
from vivavoce.errors import KnownError
from vivavoce.store.bank_check import Page, check_form
from vivavoce.store.bank_file import Fault, UnreadableFileError, composed, read_data, read_text

# The alphabet of the natural voice (hibari 0.2.1, assets/vocab.json); it drops any other sign unheard.
PHONEMES = frozenset(
    " AIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔɕçɖðʤəɚɛɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːᵻ"
)
# A plain word is read as it is written: letters without a capital inside.
_PLAIN = re.compile(r"[A-Za-z]?[a-z]*(?:[ -][A-Za-z]?[a-z]*)*")


def pronunciation_file() -> Path:
    """The shipped table."""
    return paths.content("data") / "pronunciation.yaml"


def load_pronunciation(path: Path | None = None) -> Pronunciation:
    """The table in a file, by default the shipped one; KnownError names a line that is wrong."""
    page = _page(path or pronunciation_file())
    if page.faults:
        raise KnownError(f"The pronunciation table has a fault: {page.faults[0]}.", "Terms are spelled out.")
    return Pronunciation(_sayings(page))


def check_pronunciation(questions: Iterable[Question], path: Path | None = None) -> list[Fault]:
    """Every fault of the table: its form, its sounds, and terms of the questions that it lacks."""
    page = _page(path or pronunciation_file())
    if page.faults:
        return page.faults
    sayings = _sayings(page)
    first: dict[str, int] = {}
    for place, saying in enumerate(sayings):
        earlier = first.setdefault(saying.text.lower(), place)
        if earlier != place:
            page.fault((place, "text"), f"{saying.text!r} already stands {page.where((earlier, 'text'))}")
        foreign = "".join(dict.fromkeys(sign for sign in saying.phonemes if sign not in PHONEMES))
        if foreign:
            page.fault((place, "phonemes"), f"the natural voice knows no {foreign!r}")
    known = Pronunciation(sayings)
    lacking = {
        term.text: question.id for question in questions for term in question.terms if _lacks(term, known)
    }
    for text, question_id in lacking.items():
        page.fault((), f"{text!r}, a term of {question_id}, is missing: say how it is spoken")
    return page.faults


def _page(path: Path) -> Page:
    schema = json.loads((paths.content("data") / "pronunciation.schema.json").read_text(encoding="utf-8"))
    try:
        text = read_text(path)
        page = Page(path, read_data(path, text), composed(path, text))
    except UnreadableFileError as error:
        return Page(path, None, None, [error.fault])
    check_form(page, Draft202012Validator(schema), "sayings")
    return page


def _sayings(page: Page) -> list[Saying]:
    return [_saying(item) for _, item in page.questions()]


def _saying(item: Mapping[str, object]) -> Saying:
    return Saying(
        text=cast("str", item["text"]),
        spoken=cast("str", item["spoken"]),
        phonemes=cast("str", item.get("phonemes", "")),
        exact=bool(item.get("exact", False)),
    )


def _lacks(term: Term, known: Pronunciation) -> bool:
    """Whether nothing says how an unusual term is spoken: not the question, not the table."""
    if term.spoken or known.knows(term.text):
        return False
    return any(
        not _PLAIN.fullmatch(word) and not known.knows(word) and not known.knows(word.rstrip("s"))
        for word in term.text.split()
    )
