"""A file of the user's made into questions of the user's own bank."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import itertools
import json
import os
import re
import tempfile
import textwrap
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from vivavoce.core.question import Question
from vivavoce.core.question_form import FieldError, question_from_mapping, slug
from vivavoce.errors import KnownError
from vivavoce.store.bank import Bank, load_bank
from vivavoce.store.bank_check import check_bank
from vivavoce.store.bank_file import Fault, UnreadableFileError, bank_files, read_text
from vivavoce.store.question_rows import Row, question_rows

OWN_LEVEL = "own"
"""The level of questions whose file names none."""

_TITLE = 60  # letters, what a line of the question list shows
_SPOKEN = {
    "+": "plus",
    "=": "equals",
    "<": "less than",
    ">": "greater than",
    "±": "plus or minus",
    "×": "times",
    "÷": "divided by",
    "≤": "at most",
    "≥": "at least",
    "≠": "is not",
    "→": "to",
    "*": "star",
    "#": "sharp",
    "@": "at",
    "^": "to the power of",
    "²": "squared",
    "³": "cubed",
}
_OTHER_LINE = re.compile(r" in line \d+")

Form = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to; the counts compare with the earlier import of the same file's name."""

    file: Path
    added: int
    changed: int
    unchanged: int
    removed: int
    instead: tuple[str, ...] = ()
    """Ids of shipped questions whose place is taken now."""
    kept: Path | None = None
    """The earlier import, where something in it was changed or removed."""
    faults: tuple[Fault, ...] = ()
    """The rows that were left out, with their lines."""


def import_questions(file: Path, banks: Path, topic: str = "", shipped: Collection[str] = ()) -> Imported:
    """Bring the questions of a CSV, Anki text, YAML or JSON file into the folder `banks`, as one file.

    `topic` is for rows that name none, by default the file's name; `shipped` are the ids of the shipped
    questions. Faulty rows are left out and told; an earlier import of a file of this name is replaced.
    Raises KnownError when nothing can be read or written, or another file would be overwritten.
    """
    rows, faults = question_rows(file)
    name = slug(file.stem) or "file-" + hashlib.sha256(file.name.encode(errors="replace")).hexdigest()[:8]
    target = banks / f"{name}.yaml"
    header = _header(file)
    earlier = _earlier(target, header)
    elsewhere = _elsewhere(banks, target)
    entries = _entries(file, rows, slug(topic) or name, faults)
    _give_ids(entries, f"own-{name}-", earlier, {*elsewhere, *shipped})
    entries = _single(file, entries, elsewhere, faults)
    try:
        banks.mkdir(parents=True, exist_ok=True)
        with _written(banks) as draft:
            found = _checked(file, draft, header, entries, faults)
            return _placed(draft, found, target, earlier, shipped, faults)
    except OSError as error:
        step = "Your questions are as they were. Make room or mend the folder's rights, and try again."
        raise KnownError(f"{banks} cannot be written: {error.strerror or error}.", step) from error


def _header(file: Path) -> str:
    name = unicodedata.normalize("NFC", file.name)
    # In a comment a name must stay on its line.
    told = json.dumps(name, ensure_ascii=not name.isprintable())
    return f"# Imported from {told}."


def _earlier(target: Path, header: str) -> tuple[Question, ...]:
    """What the earlier import of a file of this name holds; KnownError if `target` is something else."""
    if not target.exists():
        return ()
    try:
        ours = read_text(target).startswith(header)
    except UnreadableFileError:
        ours = False
    if not ours:
        what = f"{target} is there already and does not come from a file of this name."
        raise KnownError(what, "Nothing was changed. Rename one of the two and import again.")
    return load_bank(target).questions


def _elsewhere(banks: Path, target: Path) -> dict[str, Path]:
    """The ids of the user's other questions, with their files."""
    if not banks.is_dir():
        return {}
    files = [file for file in bank_files(banks) if file != target]
    return {question.id: file for file in files for question in load_bank(file).questions}


def _entries(file: Path, rows: Sequence[Row], topic: str, faults: list[Fault]) -> list[tuple[Row, Form]]:
    entries: list[tuple[Row, Form]] = []
    for row in rows:
        try:
            question = question_from_mapping(row.data, file.name)
        except FieldError as error:
            faults.append(Fault(file, row.line_at(error.path), error.field, error.problem))
            continue
        entries.append((row, _form(question, topic)))
    return entries


def _form(question: Question, topic: str) -> Form:
    """A question with every field the bank wants, and none that is empty; the id may be."""
    form = cast("Form", _clean(dataclasses.asdict(question)))
    form["ask"] = " ".join(form.get("ask", "").split())
    form["id"] = slug(form.get("id", ""))
    form["level"] = slug(question.level) or OWN_LEVEL
    form["topics"] = _slugs(question.topics) or [topic]
    form["related"] = _slugs(question.related)
    form.setdefault("title", textwrap.shorten(form["ask"], _TITLE, placeholder=" ..."))
    for number, concept in enumerate(form["concepts"], start=1):
        concept["id"] = slug(concept.get("id", "")) or f"c{number}"
    spoken = _spoken(form["ask"])
    if spoken != form["ask"]:
        form.setdefault("ask_spoken", spoken)
    order = ("id", "level", "topics", "title", "ask", "ask_spoken", "reference")
    return {key: form[key] for key in (*order, *form) if form.get(key, []) != []}


def _clean(value: object) -> object:
    """Plain values without what is empty, and texts without signs that no file may hold."""
    if isinstance(value, str):
        kept = (c for c in value if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
        return "".join(kept).strip()
    if isinstance(value, Mapping):
        pairs = ((key, _clean(item)) for key, item in cast("Mapping[str, object]", value).items())
        return {key: item for key, item in pairs if item not in ("", [], False)}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in cast("Sequence[object]", value)]
    return value


def _give_ids(
    entries: Sequence[tuple[Row, Form]], start: str, earlier: Sequence[Question], taken: Collection[str]
) -> None:
    """An id for each question without one: the one it had before, or else one of its number.

    A row put between others must not move their ids, for the history hangs on them.
    """
    known = {question.ask: question.id for question in earlier if question.id.startswith(start)}
    used = {form["id"] for _, form in entries} | set(taken)
    nameless = [(row, form) for row, form in entries if not form["id"]]
    for _, form in nameless:
        before = known.pop(form["ask"], "")
        if before and before not in used:
            form["id"] = before
            used.add(before)
    former = {question.id for question in earlier}
    beyond = itertools.count(max((row.number for row, _ in entries), default=0) + 1)
    for row, form in nameless:
        if form["id"]:
            continue
        name = f"{start}{row.number:03d}"
        while name in used:
            name = next(n for n in (f"{start}{number:03d}" for number in beyond) if n not in former)
        form["id"] = name
        used.add(name)


def _single(
    file: Path, entries: Sequence[tuple[Row, Form]], elsewhere: Mapping[str, Path], faults: list[Fault]
) -> list[tuple[Row, Form]]:
    """The entries whose id is no other question's; the first of two stays."""
    first: dict[str, int] = {}
    kept: list[tuple[Row, Form]] = []
    for row, form in entries:
        name, line = form["id"], row.line_at(("id",))
        if name in elsewhere:
            faults.append(Fault(file, line, "id", f"{name!r} is already a question in {elsewhere[name]}"))
        elif name in first:
            faults.append(Fault(file, line, "id", f"{name!r} is already the id in line {first[name]}"))
        else:
            first[name] = line
            kept.append((row, form))
    return kept


def _checked(
    file: Path, draft: Path, header: str, entries: list[tuple[Row, Form]], faults: list[Fault]
) -> Bank:
    """Write the entries that a check of the bank finds sound into `draft`; those it does not are told."""
    while entries:
        starts, text = [2], f"{header} Importing a file of that name again replaces this one.\n"
        for _, form in entries:
            text += yaml.safe_dump([form], allow_unicode=True, sort_keys=False, width=110)
            starts.append(text.count("\n") + 1)
        with draft.open("w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        found = check_bank(draft)
        if not found:
            return load_bank(draft)
        wrong = {bisect_right(starts, fault.line) - 1: fault for fault in reversed(found)}
        for place, fault in sorted(wrong.items()):
            row = entries[place][0]
            # The lines within its words are the draft's.
            faults.append(Fault(file, row.line, fault.field, _OTHER_LINE.sub("", fault.message)))
        entries = [entry for place, entry in enumerate(entries) if place not in wrong]
    first = f" {len(faults)} left out, the first: {min(faults, key=lambda f: f.line)}." if faults else ""
    raise KnownError(f"There is no question that can be imported in {file}.{first}", "Nothing was changed.")


def _placed(
    draft: Path,
    found: Bank,
    target: Path,
    earlier: Sequence[Question],
    shipped: Collection[str],
    faults: Sequence[Fault],
) -> Imported:
    before = {question.id: question for question in earlier}
    now = {question.id: question for question in found.questions}
    same = sum(before.get(name) == question for name, question in now.items())
    changed = len(now.keys() & before.keys()) - same
    removed = len(before.keys() - now.keys())
    kept = target.with_name(f"{target.name}.old") if changed or removed else None
    if kept is not None:
        # The user may have worked on it by hand.
        with _written(target.parent) as copy:
            copy.write_bytes(target.read_bytes())
            copy.replace(kept)
    if same < len(now) or removed:
        draft.replace(target)
    return Imported(
        file=target,
        added=len(now.keys() - before.keys()),
        changed=changed,
        unchanged=same,
        removed=removed,
        instead=tuple(sorted(now.keys() & set(shipped))),
        kept=kept,
        faults=tuple(sorted(faults, key=lambda fault: fault.line)),
    )


@contextlib.contextmanager
def _written(folder: Path) -> Generator[Path, None, None]:
    """A file to write before it takes its place; gone if it does not. Its dot hides it from the bank."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".import.", suffix=".yaml")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _slugs(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(slug, texts))))


def _spoken(text: str) -> str:
    """The text with the signs that a voice cannot read as words."""
    said = re.sub(r"(?<=\d)[eE]-(?=\d)", " times ten to the minus ", text)
    said = re.sub(r"(?<=\d)[eE]\+?(?=\d)", " times ten to the ", said)
    said = "".join(f" {_sign(sign)} " if _is_sign(sign) else sign for sign in said)
    return text if said == text else re.sub(r" (?=[.,;:?!])", "", " ".join(said.split()))


def _is_sign(sign: str) -> bool:
    greek = unicodedata.name(sign, "").startswith("GREEK")
    return sign in "*/\\_#@{}[]^`" or unicodedata.category(sign) in ("Sm", "So", "Sk", "No") or greek


def _sign(sign: str) -> str:
    if sign in "/\\_{}[]`":
        return ""
    # GREEK SMALL LETTER ALPHA is alpha.
    name = unicodedata.name(sign, "").lower().replace("-", " ")
    return _SPOKEN.get(sign) or name.partition(" letter ")[2] or name
