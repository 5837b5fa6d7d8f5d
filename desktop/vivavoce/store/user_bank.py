"""The questions of the user's own: written into the user's bank files, and taken out of them again."""

from __future__ import annotations

import codecs
import dataclasses
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from vivavoce.core.question import Concept, Question, Term
from vivavoce.core.question_form import question_from_mapping
from vivavoce.errors import KnownError
from vivavoce.store.bank_file import UnreadableFileError, bank_files, composed, read_data

OWN_FILE = "own"
"""Name of the file, without its ending, that new questions and changed shipped ones go to."""

_FIELDS = frozenset(field.name for field in dataclasses.fields(Question))
_INNER_FIELDS = frozenset(field.name for kind in (Concept, Term) for field in dataclasses.fields(kind))
_WIDTH = 100
_KEPT = "Nothing was changed."
_RETYPE = f"{_KEPT} Take out what was pasted last, and type it."

Form = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Change:
    """What one change did to a file: its bytes before and after, None where there was or is no file.

    `kept` is a copy of the file as it was, made when it held what is now gone: comments, fields that
    the program does not know, or changes that somebody else made to the question meanwhile.
    """

    file: Path
    before: bytes | None
    after: bytes | None
    kept: Path | None = None


class UserBank:
    """The folder of the user's question files; it changes one question and leaves every other byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(
        self, form: Form, base: Path | None = None, opened: Question | None = None, *, new: bool = False
    ) -> Change:
        """Write a question into the file that has it, or else into the file for own questions.

        What a form does not know of (`source`, fields of a newer program) is taken over from the
        entry it replaces, or from the entry in the file `base`. `opened` is the question as it was
        when its editing began: where the file says something else by now, a copy of it is kept.
        Raises KnownError when the file cannot be written, is laid out in a way in which one question
        cannot be replaced, or has a question with the id of a `new` one.
        """
        name = str(form["id"])
        there = self._found(name)
        if there is not None and new:
            raise KnownError(f"{there.file} holds a question {name!r} by now.", "Give yours another id.")
        former = there.entry if there is not None else _entry_in(base, name)
        whole = dict(form) | {key: v for key, v in former.items() if key not in _FIELDS}
        return self._add(whole) if there is None else _replaced(there, whole, opened)

    def remove(self, question_id: str) -> Change:
        """Take a question out of its file; a file that becomes empty goes, too."""
        there = self._found(question_id)
        if there is None:
            raise KnownError(f"There is no question {question_id!r} of your own.", _KEPT)
        return _replaced(there, None)

    def undo(self, change: Change) -> None:
        """Bring a file back to what it was before a change; KnownError when it was changed since."""
        try:
            now = change.file.read_bytes() if change.file.exists() else None
        except OSError as error:
            raise _unwritable(change.file, error) from error
        if now != change.after:
            raise KnownError(f"{change.file} has been changed since.", "It was left as it is.")
        if change.before is None:
            _unlink(change.file)
        else:
            _write(change.file, change.before)

    def file_of(self, question_id: str) -> Path | None:
        """The user's file that holds a question, None when there is none."""
        there = self._found(question_id)
        return None if there is None else there.file

    def _found(self, question_id: str) -> _Entry | None:
        files = bank_files(self.folder) if self.folder.is_dir() else []
        return next((there for file in files if (there := _entry_of(file, question_id)) is not None), None)

    def _add(self, form: Form) -> Change:
        """Append to the first own file that can be read and appended to."""
        for number in itertools.count(1):
            ending = "" if number == 1 else f"-{number}"
            file = self.folder / f"{OWN_FILE}{ending}.yaml"
            if not file.exists():
                new = _entry_text(form, 0, "")
                if not _reads_as(file, new, [form]):
                    raise KnownError("The question holds a sign that cannot be kept in a file.", _RETYPE)
                return Change(file, None, _write(file, _bytes(file, new)))
            try:
                before, text = _read(file)
                data = read_data(file, text)
            except (KnownError, UnreadableFileError):
                continue  # what the program does not understand is not touched
            if data is not None and not isinstance(data, list):
                continue
            items = cast("list[object]", data or [])
            column = next((column for _, _, column in _spans(file, text)), 0)
            gap = "" if not text or text.endswith("\n") else "\n"
            gap = gap.replace("\n", "\r\n") if "\r\n" in text else gap
            new = text + gap + _entry_text(form, column, text)
            if _reads_as(file, new, [*items, form]):
                return Change(file, before, _write(file, _bytes(file, new, before)))
        raise AssertionError  # the count has no end


def _replaced(there: _Entry, form: Form | None, opened: Question | None = None) -> Change:
    """Put another question in the place of an entry, or none."""
    file, text, items, place = there.file, there.text, there.items, there.place
    wanted = [*items[:place], *([form] if form is not None else []), *items[place + 1 :]]
    old = ""
    if file.suffix.lower() == ".json":
        new = _json(wanted)
    else:
        spans = _spans(file, text)
        lines = text.splitlines(keepends=True)
        if len(spans) != len(items):
            raise _unchangeable(file)
        first, last, column = spans[place]
        old = "".join(lines[first:last]) if wanted else text  # the last one takes the whole file with it
        entry = "" if form is None else _entry_text(form, column, text)
        new = "".join(lines[:first]) + entry + "".join(lines[last:])
        if wanted and not _reads_as(file, new, wanted):
            raise _unchangeable(file)
    lost = _has_comments(old) or _has_unknown(there.entry) or _is_other(there.entry, opened)
    content = _bytes(file, new, there.content)
    kept = _keep(file, there.content) if lost else None
    if not wanted:
        _unlink(file)
        return Change(file, there.content, None, kept)
    return Change(file, there.content, _write(file, content), kept)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A question in its file, all read at one moment: a long file takes a while, and others may write it."""

    file: Path
    content: bytes
    text: str
    items: list[object]
    place: int

    @property
    def entry(self) -> dict[str, object]:
        return cast("dict[str, object]", self.items[self.place])


def _entry_of(file: Path, name: str) -> _Entry | None:
    try:
        content, text = _read(file)
        data = read_data(file, text)
    except (KnownError, UnreadableFileError):
        return None
    items = cast("list[object]", data) if isinstance(data, list) else []
    place = next((at for at, item in enumerate(items) if _is(item, name)), None)
    return None if place is None else _Entry(file, content, text, items, place)


def _entry_in(file: Path | None, name: str) -> dict[str, object]:
    """The fields of a question in a file; none when it is not there."""
    there = None if file is None else _entry_of(file, name)
    return {} if there is None else there.entry


def _is(item: object, name: str) -> bool:
    # As a bank is read: blanks around an id are none of it.
    return isinstance(item, dict) and str(cast("dict[str, object]", item).get("id")).strip() == name


def _read(file: Path) -> tuple[bytes, str]:
    """The file as it is and its text, of one moment: somebody else may be writing it."""
    try:
        content = file.read_bytes()
        return content, content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(f"{file} cannot be read ({error}).", _KEPT) from error


def _bytes(file: Path, text: str, before: bytes = b"") -> bytes:
    """The text as it is written, with the mark at its beginning that some editors set."""
    try:
        mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
        return mark + text.encode()
    except UnicodeEncodeError as error:  # half of a sign of two parts, which JSON may hold
        raise _unchangeable(file) from error


def _spans(file: Path, text: str) -> list[tuple[int, int, int]]:
    """First line, line after the last, and column of the dash of each entry; empty for another layout.

    Blank lines and comments between two entries belong to neither.
    """
    root = composed(file, text)
    if not isinstance(root, yaml.SequenceNode) or root.flow_style:
        return []
    column = int(root.start_mark.column)
    lines = text.splitlines()
    starts: list[int] = []
    for node in cast("list[yaml.Node]", root.value):
        line = int(node.start_mark.line)
        while line > 0 and lines[line][column : column + 1] != "-":
            line -= 1
        starts.append(line)
    spans: list[tuple[int, int, int]] = []
    for first, following in zip(starts, [*starts[1:], len(lines)], strict=True):
        last = following
        while last > first + 1 and _between(lines[last - 1], column):
            last -= 1
        spans.append((first, last, column))
    return spans


def _between(line: str, column: int) -> bool:
    # Deeper, a number sign may be a line of a sample of code.
    bare = line.lstrip()
    return not bare or (bare.startswith("#") and len(line) - len(bare) <= column)


def _reads_as(file: Path, text: str, wanted: list[object]) -> bool:
    try:
        return read_data(file, text) == [_plain(item) for item in wanted]
    except UnreadableFileError:
        return False


def _plain(item: object) -> object:
    return dict(cast("Mapping[str, object]", item)) if isinstance(item, Mapping) else item


def _unchangeable(file: Path) -> KnownError:
    return KnownError(
        f"{file} is laid out in a way in which the program cannot change one question.",
        f"{_KEPT} Change it in a text editor, or take the question out of it and save again.",
    )


def _has_unknown(fields: Mapping[str, object]) -> bool:
    """Whether a concept or term has a field that would be lost; those of the question are kept."""
    found = [fields.get(key) for key in ("concepts", "terms")]
    inner = [one for value in found if isinstance(value, list) for one in cast("list[object]", value)]
    return any(set(cast("dict[str, object]", one)) - _INNER_FIELDS for one in inner if isinstance(one, dict))


def _is_other(item: object, opened: Question | None) -> bool:
    """Whether the entry says something else than what was opened."""
    try:
        return opened is not None and question_from_mapping(item, "") != opened
    except KnownError:
        return True


def _has_comments(text: str) -> bool:
    return any(line.lstrip().startswith("#") or " #" in line for line in text.splitlines())


class _Dumper(yaml.SafeDumper):
    """Long texts with line breaks as blocks, as people write them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - yaml's own signature
        return True


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # In quotes: a break that YAML reads as another sign, and blank lines that the next entry could take.
    quoted = "\x85" in text or text.endswith("\n\n")
    style = '"' if quoted else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)


def _entry_text(form: Form, column: int, around: str) -> str:
    """One question as YAML, its dash in `column`, with the line ends of the text around it."""
    dumped = yaml.dump([dict(form)], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
    lines = (" " * column + line if line.strip() else line for line in dumped.splitlines(keepends=True))
    text = "".join(lines)
    return text.replace("\n", "\r\n") if "\r\n" in around else text


def _json(items: list[object]) -> str:
    return json.dumps([_plain(item) for item in items], ensure_ascii=False, indent=2) + "\n"


def _keep(file: Path, content: bytes) -> Path:
    """Put what a file held beside it; a copy that is there already holds what was lost before, and stays."""
    names = itertools.chain([f"{file.name}.old"], (f"{file.name}.old-{n}" for n in itertools.count(2)))
    kept = next(path for name in names if not (path := file.with_name(name)).exists())
    _write(kept, content)
    return kept


def _write(file: Path, content: bytes) -> bytes:
    """Put `content` in the file's place as a whole; returns it. Raises KnownError when that fails."""
    try:
        target = file.resolve()  # a link stays one, and the file it leads to is written
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".own.")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            if target.exists():
                shutil.copymode(target, name)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(file, error) from error
    return content


def _unlink(file: Path) -> None:
    try:
        file.unlink()
    except OSError as error:
        raise _unwritable(file, error) from error


def _unwritable(file: Path, error: OSError) -> KnownError:
    step = f"{_KEPT} Make room or mend the folder's rights, and try again."
    return KnownError(f"{file} cannot be written ({error.strerror or error}).", step)
