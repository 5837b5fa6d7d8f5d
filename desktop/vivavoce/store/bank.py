"""The questions: read from the bank's files, the user's own before the shipped ones."""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

from vivavoce import __version__
from vivavoce.core.idea import ConceptRef, Idea, IdeaIndex, ideas_of, merged_ideas
from vivavoce.core.question import Question
from vivavoce.core.question_form import FieldError, field_name, question_from_mapping
from vivavoce.core.question_search import Found, found_in, search_words
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
from vivavoce.store.idea_file import load_ideas

LEVELS = ("general", "fresher", "core", "experienced")
"""Levels in the order they are learned; others follow by name."""

_CACHE_FORM = 1  # to be raised when question_from_mapping reads a file differently
_LAST = 10**9  # number of a question that names no source


OriginKind = Literal["shipped", "own", "changed"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a question comes from: `file` is the one that counts, `shipped` the question it replaces."""

    kind: OriginKind
    file: Path
    shipped: Question | None = None


class Bank:
    """All questions in their order, where each comes from, and what could not be read."""

    def __init__(
        self,
        questions: Iterable[Question],
        faults: Iterable[Fault] = (),
        origins: Mapping[str, Origin] | None = None,
        listed_ideas: Iterable[Idea] = (),
    ) -> None:
        self.questions = tuple(questions)
        self.faults = tuple(faults)
        self._by_id = {question.id: question for question in self.questions}
        self._origins = dict(origins or {})
        self._listed_ideas = tuple(listed_ideas)

    def __contains__(self, question_id: object) -> bool:
        return question_id in self._by_id

    @cached_property
    def ideas(self) -> IdeaIndex:
        """What all questions ask for, with the ideas that several of them share."""
        return ideas_of(self.questions, self._listed_ideas)

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of the questions, in the order they are learned."""
        found = {question.level for question in self.questions if question.level}
        return tuple(sorted(found, key=_level_order))

    @property
    def topics(self) -> tuple[str, ...]:
        """All topics of the questions, by name."""
        return tuple(sorted({topic for question in self.questions for topic in question.topics}))

    def get(self, question_id: str) -> Question:
        """The question with that id; KnownError naming near ids when there is none."""
        question = self._by_id.get(question_id)
        if question is None:
            near = difflib.get_close_matches(question_id.strip().lower(), list(self._by_id), n=3)
            meant = f"Did you mean {' or '.join(near)}?" if near else "`vivavoce bank list` shows all ids."
            raise KnownError(f"There is no question {question_id!r} in the bank.", meant)
        return question

    def asking(self, concepts: Iterable[ConceptRef]) -> tuple[Question, ...]:
        """The questions that have one of these concepts now, each once."""
        found = (self._by_id[name] for name, concept in concepts if self._has(name, concept))
        return tuple({question.id: question for question in found}.values())

    def origin(self, question_id: str) -> Origin | None:
        """Where a question comes from; None when it was not read from a file."""
        return self._origins.get(question_id)

    def search(self, text: str = "", level: str = "", topic: str = "") -> tuple[Question, ...]:
        """Questions of that level and topic that hold every word of the text, in the bank's order."""
        return tuple(found.question for found in self.find(text, level, topic))

    def find(self, text: str = "", level: str = "", topic: str = "", origin: str = "") -> tuple[Found, ...]:
        """The same with the concept that holds the words; `origin` is a kind of origin, or empty for all."""
        words = search_words(text)
        wanted = (
            question
            for question in self.questions
            if (not level or question.level == level)
            and (not topic or topic in question.topics)
            and (not origin or self._kind(question) == origin)
        )
        return tuple(found for question in wanted if (found := found_in(question, words)) is not None)

    def _has(self, question_id: str, concept_id: str) -> bool:
        question = self._by_id.get(question_id)
        return question is not None and any(one.id == concept_id for one in question.concepts)

    def _kind(self, question: Question) -> str:
        origin = self._origins.get(question.id)
        return "" if origin is None else origin.kind


def load_bank(shipped: Path, user: Path | None = None, cache: Path | None = None) -> Bank:
    """The questions of all bank files in the folder (or one file) `shipped` and the folder `user`.

    A user's question takes the place of the shipped one with its id, and a user's idea adds to it. What
    is wrong is listed in `faults` and the rest loads. `cache` is a folder for what was read, known by
    path, size and time of each file. Raises KnownError when `shipped` does not exist.
    """
    if not shipped.exists():
        raise KnownError(f"There is no bank {shipped}.", "Name a folder of question files, or one file.")
    kept = _Cache(cache)
    faults: list[Fault] = []
    given = _entries(bank_files(shipped), kept, faults)
    own = _entries(bank_files(user), kept, faults) if user is not None and user.exists() else {}
    kept.save()
    ideas = merged_ideas(load_ideas(shipped, faults), load_ideas(user, faults) if user is not None else ())
    origins = {name: Origin("shipped", file) for name, (_, file) in given.items()}
    for name, (_, file) in own.items():
        instead = given[name][0].question if name in given else None
        origins[name] = Origin("own" if instead is None else "changed", file, instead)
    ordered = sorted((entry for entry, _ in (given | own).values()), key=_Entry.order)
    return Bank((entry.question for entry in ordered), faults, origins, ideas)


@dataclass(frozen=True, slots=True)
class _Entry:
    question: Question
    number: int
    """In its source; it orders the questions of a level."""
    place: int
    """In its file, from 0."""

    def order(self) -> tuple[tuple[int, str], int, str]:
        return _level_order(self.question.level), self.number, self.question.id


def _level_order(level: str) -> tuple[int, str]:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS), level


def _entries(files: Iterable[Path], kept: _Cache, faults: list[Fault]) -> dict[str, tuple[_Entry, Path]]:
    """The entries of one source by id, each with its file; the first of two with one id stays."""
    entries: dict[str, tuple[_Entry, Path]] = {}
    for file in files:
        found = kept.entries(file)
        if found is None:
            found, wrong = _read(file)
            faults += wrong
            if not wrong:
                kept.keep(file, found)
        for entry in found:
            if entries.setdefault(entry.question.id, (entry, file))[0] is not entry:
                message = f"{entry.question.id!r} is already the id of another question; this one is left out"
                faults.append(_fault_at(file, (entry.place, "id"), message))
    return entries


def _read(file: Path) -> tuple[list[_Entry], list[Fault]]:
    try:
        text = read_text(file)
        data = read_data(file, text)
    except UnreadableFileError as error:
        return [], [error.fault]
    if not isinstance(data, list):
        return [], [Fault(file, 1, "", "this must be a list of questions, each beginning with '- id:'")]
    entries: list[_Entry] = []
    faults: list[Fault] = []
    for place, item in enumerate(cast("list[object]", data)):
        try:
            question = question_from_mapping(item, f"{file.name}, question {place + 1}")
        except FieldError as error:
            faults.append(_fault_at(file, (place, *error.path), error.problem))
            continue
        if question.id:
            entries.append(_Entry(question, _number(cast("Mapping[str, object]", item)), place))
        else:
            faults.append(_fault_at(file, (place, "id"), "is missing"))
    return entries, faults


def _fault_at(file: Path, path: tuple[str | int, ...], message: str) -> Fault:
    # Read again for the lines: only who made a mistake pays for finding its place.
    return Fault(file, line_of(composed(file, read_text(file)), path), field_name(path[1:]), message)


def _number(item: Mapping[str, object]) -> int:
    source = item.get("source")
    number = cast("Mapping[str, object]", source).get("number") if isinstance(source, dict) else None
    return number if isinstance(number, int) else _LAST


class _Cache:
    """What was read of each file the last time; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._file = None if folder is None else folder / "bank.json"
        self._mark = f"{__version__} {_CACHE_FORM}"
        self._files: dict[str, dict[str, object]] = self._stored()
        self._changed = False

    def _stored(self) -> dict[str, dict[str, object]]:
        try:
            stored: Any = json.loads(self._file.read_bytes()) if self._file else {}
            files: Any = stored["files"] if stored["mark"] == self._mark else {}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return {}
        return cast("dict[str, dict[str, object]]", files) if type(files) is dict else {}

    def entries(self, file: Path) -> list[_Entry] | None:
        """What the file held when it had the size and time it has now, None if that is not known."""
        try:
            stored = self._files[str(file.resolve())]
            if stored["state"] != _state(file):
                return None
            rows = cast("list[tuple[object, int, int]]", stored["entries"])
            return [
                _Entry(question_from_mapping(data, str(file)), int(number), int(place))
                for data, number, place in rows
            ]
        except (OSError, KeyError, TypeError, ValueError, AttributeError, KnownError):
            return None

    def keep(self, file: Path, entries: Iterable[_Entry]) -> None:
        """Remember what the file holds now."""
        if self._file is None:
            return
        rows = [(dataclasses.asdict(entry.question), entry.number, entry.place) for entry in entries]
        self._files[str(file.resolve())] = {"state": _state(file), "entries": rows}
        self._changed = True

    def save(self) -> None:
        """Write what is new; a cache that cannot be written is no harm."""
        if self._file is None or not self._changed:
            return
        files = {name: stored for name, stored in self._files.items() if Path(name).is_file()}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._file.parent, prefix=".bank.")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as temporary:
                    json.dump({"mark": self._mark, "files": files}, temporary)
                Path(name).replace(self._file)
            finally:
                Path(name).unlink(missing_ok=True)
        except OSError:
            return


def _state(file: Path) -> list[int]:
    stat = file.stat()
    return [stat.st_size, stat.st_mtime_ns]
