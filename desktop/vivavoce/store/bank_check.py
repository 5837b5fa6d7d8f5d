"""Every fault of a bank, with file, line and field, in words its author understands."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from vivavoce import paths
from vivavoce.core.question_form import field_name
from vivavoce.errors import KnownError
from vivavoce.store.bank_file import (
    Fault,
    UnreadableFileError,
    bank_files,
    composed,
    line_of,
    read_data,
    read_text,
)

Place = tuple[str | int, ...]

_KINDS = {
    "array": "a list, one item a line, each beginning with a dash",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a set of named fields",
    "string": "text; put it in quotes",
}
# Beside these, everything Unicode calls a mathematical sign or arrow, and every superscript.
_UNSPOKEN = set("*/\\_#@{}[]^`")
_EXPONENT = re.compile(r"\d[eE][-+]?\d")


def check_bank(path: Path, known: Collection[str] = ()) -> list[Fault]:
    """All faults of one file or of every file below a folder, by file and line; an empty list if sound.

    In a folder, ids that `related` names must be there or in `known` (a user's bank may point to
    shipped questions). Raises KnownError when there is nothing at `path`.
    """
    if not path.exists():
        raise KnownError(f"There is no bank {path}.", "Name a folder of question files, or one file.")
    files = bank_files(path)
    if not files:
        return [Fault(path, 1, "", "there are no question files here (.yaml, .yml or .json)")]
    validator = _validator()
    faults: list[Fault] = []
    pages: list[Page] = []
    for file in files:
        try:
            text = read_text(file)
            page = Page(file, read_data(file, text), composed(file, text))
        except UnreadableFileError as error:
            faults.append(error.fault)
            continue
        pages.append(page)
        check_form(page, validator)
        for place, question in page.questions():
            _check_question(page, place, question)
    _check_ids(pages)
    if path.is_dir():
        _check_related(pages, known)
    faults += [fault for page in pages for fault in page.faults]
    # A fault may be found twice, as an empty text is (by its length and by its pattern).
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))


class QuestionCheck:
    """The same check for one question while it is written, without a file."""

    def __init__(self) -> None:
        self._validator = _validator()

    def faults(
        self, form: Mapping[str, object], known: Collection[str] = (), taken: Collection[str] = ()
    ) -> list[Fault]:
        """The faults of a question in the bank's form, in the order they are found; all have line 1.

        `known` are the ids that `related` may name, `taken` those that the question must not have.
        """
        page = Page(Path(), [dict(form)], None)
        check_form(page, self._validator)
        _check_question(page, 0, form)
        if form.get("id") in taken:
            page.fault((0, "id"), "is already the id of another question")
        _check_related([page], known)
        return list(dict.fromkeys(page.faults))


def _validator() -> Draft202012Validator:
    schema = json.loads((paths.content("data") / "question.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


@dataclass(slots=True)
class Page:
    """One file while it is checked."""

    file: Path
    data: object
    root: yaml.Node | None
    faults: list[Fault] = field(default_factory=list[Fault])

    def fault(self, place: Place, message: str) -> None:
        """Add a fault in the field that a path leads to."""
        # The field is told within its question; the line says which question.
        name = field_name(place[1:] if place and isinstance(place[0], int) else place)
        self.faults.append(Fault(self.file, self.line(place), name, message))

    def line(self, place: Place) -> int:
        """The line of the field that a path leads to."""
        return line_of(self.root, place)

    def where(self, place: Place) -> str:
        """Where something else stands, for a message: its line, or its concept where there is no file."""
        if self.root is None and len(place) > 2 and isinstance(place[2], int):
            return f"in concept {place[2] + 1}"
        return f"in line {self.line(place)}"

    def questions(self) -> Iterator[tuple[int, Mapping[str, object]]]:
        """The items that have fields, each with its place in the list."""
        for place, item in enumerate(_list(self.data)):
            if isinstance(item, dict):
                yield place, cast("Mapping[str, object]", item)


def check_form(page: Page, validator: Draft202012Validator, kind: str = "questions") -> None:
    """Add to a page what does not fit the form of its list."""
    if not isinstance(page.data, list) or not page.data:
        page.fault((), f"this must be a list of {kind}, each beginning with '- id:'")
        return
    _check_keys(page, page.root, (), set())
    for error in validator.iter_errors(cast("Any", page.data)):
        place = tuple(error.absolute_path)
        for tail, message in _told(error):
            page.fault((*place, *tail), message)


def _check_keys(page: Page, node: yaml.Node | None, place: Place, seen: set[int]) -> None:
    """A key that stands twice: YAML takes the last without a word."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))  # an alias may lead back to where it stands
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(cast("list[yaml.Node]", node.value)):
            _check_keys(page, item, (*place, index), seen)
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            name = str(key.value)
            line = key.start_mark.line + 1
            if name in first:
                message = f"stands twice, in line {first[name]} too; only the last counts"
                page.faults.append(Fault(page.file, line, field_name((*place[1:], name)), message))
            first[name] = line
            _check_keys(page, value, (*place, name), seen)


def _told(error: ValidationError) -> Iterator[tuple[Place, str]]:
    """What a schema error means, with the rest of the path to where it is."""
    rule = str(error.validator)
    wanted, found = cast("Any", error.validator_value), cast("Any", error.instance)
    if rule == "required":
        for name in wanted:
            if name not in found:
                yield (name,), "is missing"
    elif rule == "additionalProperties":
        allowed = list(cast("Mapping[str, Any]", error.schema)["properties"])
        for name in found:
            if name not in allowed:
                near = difflib.get_close_matches(str(name), allowed, n=1)
                meant = f"did you mean {near[0]}?" if near else f"possible are {', '.join(allowed)}"
                yield (str(name),), f"is no field of the form; {meant}"
    elif rule == "uniqueItems":
        for index, item in enumerate(found):
            if item in found[:index]:
                yield (index,), f"stands in this list twice: {_short(item)}"
    elif rule == "type":
        kind = _KINDS.get(wanted, wanted)
        yield (), "is empty" if found is None else f"must be {kind} (it is {_short(found)})"
    else:
        yield (), _limit(rule, wanted, found)


def _limit(rule: str, wanted: object, found: object) -> str:
    if rule == "minLength" or (rule == "pattern" and wanted == r"\S"):
        return "is empty"
    if rule == "pattern":
        return f"must be lower-case letters and digits with single hyphens (it is {_short(found)})"
    limits = {
        "minItems": "needs at least one item" if wanted == 1 else f"needs at least {wanted} items",
        "minimum": f"must be at least {wanted} (it is {_short(found)})",
        "maximum": f"must be at most {wanted} (it is {_short(found)})",
        "exclusiveMinimum": f"must be more than {wanted} (it is {_short(found)})",
    }
    return limits.get(rule, f"{_short(found)} does not fit the form ({rule} {wanted})")


def _check_question(page: Page, place: int, question: Mapping[str, object]) -> None:
    _check_concept_ids(page, place, question)
    _check_wordings(page, place, question)
    _check_terms(page, place, question)
    signs = _unspoken(question.get("ask"))
    if signs and not question.get("ask_spoken"):
        page.fault(
            (place, "ask"), f"has signs that a voice cannot read ({' '.join(signs)}); add ask_spoken in words"
        )


def _check_concept_ids(page: Page, place: int, question: Mapping[str, object]) -> None:
    first: dict[str, Place] = {}
    for index, concept in _concepts(question):
        name = concept.get("id")
        at = (place, "concepts", index, "id")
        if isinstance(name, str) and first.setdefault(name, at) != at:
            page.fault(at, f"{name!r} is already an id {page.where(first[name])}")


def _check_wordings(page: Page, place: int, question: Mapping[str, object]) -> None:
    wrong = {words: at for at, words in _wordings(place, question, "misconceptions")}
    first: dict[str, Place] = {}
    for at, words in _wordings(place, question, "accepted"):
        if words in wrong:
            page.fault(at, f"the same words are a misconception {page.where(wrong[words])}")
        if first.setdefault(words, at) != at:
            page.fault(at, f"the same words are already accepted {page.where(first[words])}")


def _wordings(place: int, question: Mapping[str, object], key: str) -> Iterator[tuple[Place, str]]:
    for index, concept in _concepts(question):
        for number, text in enumerate(_list(concept.get(key))):
            # Case, punctuation and spacing do not make a wording another one.
            words = " ".join(re.findall(r"\w+", text.casefold())) if isinstance(text, str) else ""
            if words:
                yield (place, "concepts", index, key, number), words


def _check_terms(page: Page, place: int, question: Mapping[str, object]) -> None:
    said = [question.get(key) for key in ("ask", "reference", "explanation")]
    said += _list(question.get("follow_ups"))
    for _, concept in _concepts(question):
        said += [concept.get("statement"), concept.get("probe")]
        said += [text for key in ("accepted", "misconceptions", "hints") for text in _list(concept.get(key))]
    text = _spaced("\n".join(part for part in said if isinstance(part, str)))
    for index, term in enumerate(_list(question.get("terms"))):
        name = cast("Mapping[str, object]", term).get("text") if isinstance(term, dict) else None
        if not isinstance(name, str) or not name.strip():
            continue
        # From the beginning of a word, so that RAM is not found in parameter; any ending: ReLU, ReLUs.
        if not re.search(rf"(?<!\w){re.escape(_spaced(name))}", text):
            page.fault((place, "terms", index, "text"), f"{name!r} is said nowhere in this question")


def _check_ids(pages: Sequence[Page]) -> None:
    first: dict[str, tuple[Page, Place]] = {}
    for page in pages:
        for place, question in page.questions():
            name, at = question.get("id"), (place, "id")
            if not isinstance(name, str):
                continue
            earlier, there = first.setdefault(name, (page, at))
            if (earlier, there) != (page, at):
                where = f"{earlier.file.name}:{earlier.line(there)}"
                page.fault(at, f"{name!r} is already the id of a question in {where}")


def _check_related(pages: Sequence[Page], known: Collection[str]) -> None:
    ids = {str(question.get("id")) for page in pages for _, question in page.questions()} | set(known)
    for page in pages:
        for place, question in page.questions():
            for index, name in enumerate(_list(question.get("related"))):
                if isinstance(name, str) and name not in ids:
                    near = difflib.get_close_matches(name, ids, n=1)
                    meant = f"; did you mean {near[0]}?" if near else ""
                    page.fault((place, "related", index), f"there is no question {name!r} in the bank{meant}")


def _unspoken(text: object) -> list[str]:
    """The signs in a text that a voice reads wrongly or leaves out, each once."""
    if not isinstance(text, str):
        return []
    signs = [
        sign
        for sign in text
        # Sm: mathematics, So: arrows and others, Sk: accents by themselves, No: superscripts.
        if sign in _UNSPOKEN or unicodedata.category(sign) in ("Sm", "So", "Sk", "No") or _is_greek(sign)
    ]
    return list(dict.fromkeys([*signs, *_EXPONENT.findall(text)]))


def _is_greek(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("GREEK")


def _concepts(question: Mapping[str, object]) -> Iterator[tuple[int, Mapping[str, object]]]:
    for index, concept in enumerate(_list(question.get("concepts"))):
        if isinstance(concept, dict):
            yield index, cast("Mapping[str, object]", concept)


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _spaced(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().casefold())


def _short(value: object) -> str:
    text = "true" if value is True else "false" if value is False else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
