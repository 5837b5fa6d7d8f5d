"""A question from the form people write it in: the bank's YAML, or one line of a grading file."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import cast

from vivavoce.core.question import Concept, Question, Term
from vivavoce.errors import KnownError

Path = tuple[str | int, ...]

TARGET_SECONDS = (15, 600)
"""Shortest and longest answer in seconds; the same as in data/question.schema.json."""

_TARGET = 90
_SMALLEST_CLAUSE = 4  # words; shorter ones ("It depends.") say nothing that could be covered
_SHORTENED = re.compile(r"\b(?:e\.g|i\.e|cf|vs|approx|fig|dr|mr|mrs|prof)\.$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]+[\"')\]]*\s+|;(?=\s|$)|\n\s*\n|\n\s*[-*•]\s+")


class FieldError(KnownError):
    """A field of a question is wrong.

    `path` leads to it, as in ("concepts", 1, "weight"); `field` is the same as text and `problem`
    says what is wrong with it.
    """

    def __init__(self, where: str, path: Path, problem: str) -> None:
        self.path = path
        self.field = field_name(path)
        self.problem = problem
        super().__init__(f"{where}: {self.field or 'the question'} {problem}.", "Mend it there.")


def field_name(path: Path) -> str:
    """The path as people write it: concepts[1].weight; places in a list count from 0."""
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def question_from_mapping(data: object, where: str) -> Question:
    """The question that a mapping read from YAML or JSON describes; `where` names its place for errors.

    Only `ask` and `reference` are required. `concepts` may be texts or mappings; a mapping may say
    `text` for `statement`, and may go without an id (they are then c1, c2 ...). Without concepts
    they are the reference's clauses. Keys that a question does not have are passed over. Raises
    FieldError, which is a KnownError, with the path of the first field that is wrong.
    """
    fields = _Fields(data, where, ())
    reference = fields.text("reference", required=True)
    return Question(
        id=fields.identifier(),
        ask=fields.text("ask", required=True),
        reference=reference,
        concepts=_concepts(fields) or _clause_concepts(reference),
        level=fields.text("level"),
        topics=fields.texts("topics"),
        title=fields.text("title"),
        ask_spoken=fields.text("ask_spoken"),
        explanation=fields.text("explanation"),
        follow_ups=fields.texts("follow_ups"),
        terms=tuple(_term(fields.inner("terms", place)) for place in range(len(fields.items("terms")))),
        target_seconds=_target(fields),
        related=fields.texts("related"),
    )


def mapping_from_question(question: Question) -> dict[str, object]:
    """The question in the form that `question_from_mapping` reads, without what is empty or the default."""
    form: dict[str, object] = {
        "id": question.id,
        "level": question.level,
        "topics": list(question.topics),
        "title": question.title,
        "ask": question.ask,
        "ask_spoken": question.ask_spoken,
        "reference": question.reference,
        "explanation": question.explanation,
        "concepts": [_concept_mapping(concept) for concept in question.concepts],
        "follow_ups": list(question.follow_ups),
        "terms": [
            _filled({"text": term.text, "spoken": term.spoken, "heard_as": list(term.heard_as)})
            for term in question.terms
        ],
        "target_seconds": 0 if question.target_seconds == _TARGET else question.target_seconds,
        "related": list(question.related),
    }
    return _filled(form)


def draft_question(form: Mapping[str, object]) -> Question | None:
    """A question that is still being written, as far as an answer can be judged by it.

    Concepts without a statement are left out; None while no concept has one.
    """
    concepts = [
        concept
        for concept in cast("Sequence[Mapping[str, object]]", form.get("concepts", ()))
        if concept.get("statement")
    ]
    if not concepts:
        return None
    statements = " ".join(str(concept["statement"]) for concept in concepts)
    whole = {
        "ask": "-",
        "reference": statements,
        **form,
        "concepts": _once_named(concepts),
        "terms": _whole_terms(form),
    }
    return question_from_mapping(whole, "the question")


def _once_named(concepts: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The concepts, without an id that an earlier one has: it may be half typed."""
    found: list[Mapping[str, object]] = []
    for concept in concepts:
        again = any(concept.get("id") == earlier.get("id") for earlier in found)
        found.append({**concept, "id": None} if again else concept)
    return found


def _whole_terms(form: Mapping[str, object]) -> list[Mapping[str, object]]:
    terms = cast("Sequence[Mapping[str, object]]", form.get("terms", ()))
    return [term for term in terms if term.get("text")]


def _concept_mapping(concept: Concept) -> dict[str, object]:
    weight = int(concept.weight) if concept.weight == int(concept.weight) else concept.weight
    return _filled(
        {
            "id": concept.id,
            "statement": concept.statement,
            "weight": 0 if weight == 1 else weight,
            "essential": concept.essential,
            "accepted": list(concept.accepted),
            "misconceptions": list(concept.misconceptions),
            "probe": concept.probe,
            "hints": list(concept.hints),
        }
    )


def _filled(fields: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in fields.items() if value}


def slug(text: str) -> str:
    """The text as an identifier of the bank: lower-case letters and digits with single hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def clauses(text: str) -> tuple[str, ...]:
    """The sentences of a text, split at semicolons too, without those of under four words."""
    pieces: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        piece = text[start : end.end()]
        # "e.g. this" is no end of a sentence.
        if end.group().startswith(".") and _SHORTENED.search(piece.rstrip()):
            continue
        pieces.append(piece)
        start = end.end()
    pieces.append(text[start:])
    whole = (" ".join(piece.split()).strip("-*•; ") for piece in pieces)
    # dict.fromkeys: a clause said twice is one concept.
    return tuple(dict.fromkeys(piece for piece in whole if len(piece.split()) >= _SMALLEST_CLAUSE))


def _clause_concepts(reference: str) -> tuple[Concept, ...]:
    # A reference of three words has no clause; then all of it is the one thing to say.
    statements = clauses(reference) or (" ".join(reference.split()),)
    return tuple(Concept(id=f"c{number}", statement=text) for number, text in enumerate(statements, start=1))


def _concepts(fields: _Fields) -> tuple[Concept, ...]:
    items = fields.items("concepts")
    found = [_concept(fields, place, item) for place, item in enumerate(items)]
    taken: dict[str, int] = {}
    for place, concept in enumerate(found):
        if concept.id and concept.id in taken:
            first = field_name(("concepts", taken[concept.id]))
            raise fields.error(f"{concept.id!r} is already the id of {first}", "concepts", place, "id")
        taken[concept.id] = place
    return tuple(
        concept if concept.id else _named(concept, place, taken) for place, concept in enumerate(found)
    )


def _concept(fields: _Fields, place: int, item: object) -> Concept:
    if isinstance(item, str):
        if not item.strip():
            raise fields.error("is empty", "concepts", place)
        return Concept(id="", statement=item.strip())
    inner = fields.inner("concepts", place)
    statement = inner.text("statement") or inner.text("text")
    return Concept(
        id=inner.identifier(),
        statement=statement or inner.text("statement", required=True),
        weight=_weight(inner),
        essential=_flag(inner, "essential"),
        accepted=inner.texts("accepted"),
        misconceptions=inner.texts("misconceptions"),
        probe=inner.text("probe"),
        hints=inner.texts("hints"),
    )


def _named(concept: Concept, place: int, taken: Mapping[str, int]) -> Concept:
    name = f"c{place + 1}"
    while name in taken:
        name += "x"
    return dataclasses.replace(concept, id=name)


def _term(inner: _Fields) -> Term:
    return Term(
        text=inner.text("text", required=True),
        spoken=inner.text("spoken"),
        heard_as=inner.texts("heard_as"),
    )


def _weight(inner: _Fields) -> float:
    value = inner.value("weight")
    if value is None:
        return 1.0
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise inner.error(f"must be a number, not {_shown(value)}", "weight")
    if not 0 < value <= 5:
        raise inner.error("must be above 0 and at most 5", "weight")
    return float(value)


def _flag(inner: _Fields, key: str) -> bool:
    value = inner.value(key)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise inner.error(f"must be true or false, not {_shown(value)}", key)
    return value


def _target(fields: _Fields) -> int:
    value = fields.value("target_seconds")
    if value is None:
        return _TARGET
    shortest, longest = TARGET_SECONDS
    if isinstance(value, bool) or not isinstance(value, int) or not shortest <= value <= longest:
        problem = f"must be a whole number from {shortest} to {longest}, not {_shown(value)}"
        raise fields.error(problem, "target_seconds")
    return value


def _shown(value: object) -> str:
    text = "true" if value is True else "false" if value is False else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


class _Fields:
    """Reads the fields of one mapping and knows where it stands."""

    def __init__(self, data: object, where: str, path: Path) -> None:
        self._where = where
        self._path = path
        if not isinstance(data, Mapping):
            raise self.error(f"must have named fields, not {_shown(data)}")
        self._data = cast("Mapping[object, object]", data)

    def error(self, problem: str, *path: str | int) -> FieldError:
        return FieldError(self._where, (*self._path, *path), problem)

    def value(self, key: str) -> object:
        return self._data.get(key)

    def text(self, key: str, *, required: bool = False) -> str:
        value = self._data.get(key)
        if value is None:
            if required:
                raise self.error("is missing", key)
            return ""
        return self._text(value, required, key)

    def _text(self, value: object, required: bool, *path: str | int) -> str:
        if not isinstance(value, str):
            # YAML reads no, on and 12 as something else than text.
            raise self.error(f"must be text, not {_shown(value)}; put it in quotes", *path)
        if required and not value.strip():
            raise self.error("is empty", *path)
        return value.strip()

    def identifier(self) -> str:
        value = self._data.get("id")
        # Data sets count their questions, so a number is an id too.
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else self.text("id")

    def items(self, key: str) -> Sequence[object]:
        value = self._data.get(key)
        if value is None:
            return ()
        if not isinstance(value, (list, tuple)):
            raise self.error(f"must be a list, not {_shown(value)}", key)
        return cast("Sequence[object]", value)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self._text(item, True, key, place) for place, item in enumerate(self.items(key)))

    def inner(self, key: str, place: int) -> _Fields:
        return _Fields(self.items(key)[place], self._where, (*self._path, key, place))
