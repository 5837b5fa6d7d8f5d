"""The questions: read from the bank's files, the user's own before the shipped ones."""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from vivavoce import __version__
from vivavoce.core.question import Question
from vivavoce.core.question_form import FieldError, field_name, question_from_mapping
from vivavoce.errors import KnownError

LEVELS = ("general", "fresher", "core", "experienced")
"""Levels in the order they are learned; others follow by name."""

_ENDINGS = (".yaml", ".yml", ".json")
_CACHE_FORM = 1  # to be raised when question_from_mapping reads a file differently
_LAST = 10**9  # number of a question that names no source
# libyaml reads the whole bank in 0.1 s; the loader in Python needs 1 s.
Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a bank file; `line` counts from 1, `field` is empty for the file as a whole."""

    file: Path
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class UnreadableFileError(Exception):
    """A bank file that is no text, no YAML or no JSON; `fault` says where."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(file, line, "", message)


class Bank:
    """All questions in their order, and what could not be read."""

    def __init__(self, questions: Iterable[Question], faults: Iterable[Fault] = ()) -> None:
        self.questions = tuple(questions)
        self.faults = tuple(faults)
        self._by_id = {question.id: question for question in self.questions}

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

    def search(self, text: str = "", level: str = "", topic: str = "") -> tuple[Question, ...]:
        """Questions of that level and topic that hold every word of the text, in the bank's order."""
        words = text.casefold().split()
        return tuple(
            question
            for question in self.questions
            if (not level or question.level == level)
            and (not topic or topic in question.topics)
            and _holds(question, words)
        )


def load_bank(shipped: Path, user: Path | None = None, cache: Path | None = None) -> Bank:
    """The questions of all bank files in the folder (or one file) `shipped` and the folder `user`.

    A user's question takes the place of the shipped one with its id. What is wrong is listed in
    `faults` and the rest loads. `cache` is a folder for what was read, known by path, size and time of
    each file. Raises KnownError when `shipped` does not exist.
    """
    if not shipped.exists():
        raise KnownError(f"There is no bank {shipped}.", "Name a folder of question files, or one file.")
    kept = _Cache(cache)
    faults: list[Fault] = []
    entries: dict[str, _Entry] = {}
    for source in (shipped, user):
        if source is not None and source.exists():
            entries |= _entries(bank_files(source), kept, faults)
    kept.save()
    ordered = sorted(entries.values(), key=_Entry.order)
    return Bank((entry.question for entry in ordered), faults)


def bank_files(path: Path) -> list[Path]:
    """The question files below a folder in a stable order, or the one file itself."""
    if path.is_file():
        return [path]
    files = (file for file in path.rglob("*") if file.suffix.lower() in _ENDINGS and file.is_file())
    # Names with a dot in front are other programs' (editors, macOS).
    return sorted(file for file in files if not file.name.startswith("."))


def read_text(file: Path) -> str:
    """The text of a bank file; UnreadableFileError when there is none."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(file, line, "this is no UTF-8 text; save the file as UTF-8") from error
    except OSError as error:
        raise UnreadableFileError(file, 1, f"the file cannot be read: {error.strerror or error}") from error


def read_data(file: Path, text: str) -> object:
    """What the YAML or JSON text of a file describes; UnreadableFileError with the line of a slip."""
    if file.suffix.lower() == ".json":
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise UnreadableFileError(file, error.lineno, f"this is no JSON: {error.msg}") from error
        except RecursionError as error:
            raise UnreadableFileError(file, 1, "this is nested too deep") from error
    try:
        return yaml.load(text, Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise UnreadableFileError(file, mark.line + 1 if mark else 1, _yaml_problem(error)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UnreadableFileError(file, line, "there is a character that YAML does not allow") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableFileError(file, 1, f"this cannot be read as YAML: {error}") from error


def composed(file: Path, text: str) -> yaml.Node | None:
    """The text as nodes that know their lines; None where YAML cannot read a JSON file."""
    # JSON may be indented with tabs, YAML may not; within JSON's texts there are none.
    plain = text.replace("\t", " ") if file.suffix.lower() == ".json" else text
    try:
        return cast("yaml.Node | None", yaml.compose(plain, Loader))
    except (yaml.YAMLError, RecursionError):
        return None


def line_of(root: yaml.Node | None, path: Sequence[str | int]) -> int:
    """The line, from 1, of the field a path leads to, or of the last thing on the way that is there."""
    node, line = root, 1
    for part in path:
        key, inner = _step(node, part)
        if inner is None:
            break
        node, line = inner, (key or inner).start_mark.line + 1
    return line


def _step(node: yaml.Node | None, part: str | int) -> tuple[yaml.Node | None, yaml.Node | None]:
    """The key (None in a list) and value of one step into a node; the value is None where there is none."""
    if isinstance(node, yaml.MappingNode):
        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
        # Of two equal keys YAML takes the last.
        for key, value in reversed(pairs):
            if key.value == part:
                return key, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        items = cast("list[yaml.Node]", node.value)
        if part < len(items):
            return None, items[part]
    return None, None


def _yaml_problem(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "something is wrong")
    if "mapping values are not allowed" in problem:
        return "there is a colon in a text without quotes, or a line is indented wrongly"
    if "\\t" in problem or "tab" in problem:
        return "there is a tab; YAML is indented with spaces"
    return f"this is no YAML: {problem}"


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


def _holds(question: Question, words: Sequence[str]) -> bool:
    if not words:
        return True
    texts = [question.id, question.title, question.ask, *question.topics]
    texts += [term.text for term in question.terms]
    texts += [concept.statement for concept in question.concepts]
    text = "\n".join(texts).casefold()
    return all(word in text for word in words)


def _entries(files: Iterable[Path], kept: _Cache, faults: list[Fault]) -> dict[str, _Entry]:
    """The entries of one source by id; the first of two with one id stays."""
    entries: dict[str, _Entry] = {}
    for file in files:
        found = kept.entries(file)
        if found is None:
            found, wrong = _read(file)
            faults += wrong
            if not wrong:
                kept.keep(file, found)
        for entry in found:
            if entries.setdefault(entry.question.id, entry) is not entry:
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
