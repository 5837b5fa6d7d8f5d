"""Questions in files of other kinds (CSV, Anki's text export, loose YAML or JSON), row by row."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from vivavoce.errors import KnownError
from vivavoce.store.bank_file import Fault, UnreadableFileError, composed, line_of, read_data, read_text

_COLUMNS = {
    "ask": "ask",
    "question": "ask",
    "front": "ask",
    "reference": "reference",
    "answer": "reference",
    "back": "reference",
    "back extra": "reference",
    "text": "cloze",
    "title": "title",
    "level": "level",
    "topic": "topics",
    "topics": "topics",
    "concepts": "concepts",
    "id": "id",
}
_LISTS = {"topics": re.compile(r"[|;,\n]"), "concepts": re.compile(r"[|;\n]")}

# Anki's header lines and separators: docs.ankiweb.net/importing/text-files.html
_ANKI_HEADER = re.compile(r"#\s*([a-z]+(?: column)?)\s*:(.*)", re.IGNORECASE)
_ANKI_KEYS = {"separator", "html", "columns", "tags", "notetype", "deck", "if matches"}
_ANKI_SEPARATORS = {
    "tab": "\t",
    "\\t": "\t",
    "comma": ",",
    "semicolon": ";",
    "space": " ",
    "pipe": "|",
    "colon": ":",
}
_CLOZE = re.compile(r"\{\{c\d+::((?:(?!\{\{c\d+::).)*?)(?:::((?:(?!\{\{c\d+::).)*?))?\}\}", re.DOTALL)
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|\[sound:[^\]]*\]", re.IGNORECASE | re.DOTALL)
_ITEM = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</?p\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:br|div|tr|h[1-6]|ul|ol|table|hr|blockquote|pre)\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"</?t[dh]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)  # "a < b" is no tag


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it stands in a file; `data` has the bank's fields, as many as were there."""

    number: int
    """From 1, rows that cannot be read counted too."""
    line: int
    """In the file, from 1."""
    data: object
    root: yaml.Node | None = None
    at: tuple[str | int, ...] = ()

    def line_at(self, path: Sequence[str | int]) -> int:
        """The line of a field, or the row's own where the form knows no better."""
        return self.line if self.root is None else line_of(self.root, (*self.at, *path))


def question_rows(file: Path) -> tuple[list[Row], list[Fault]]:
    """The rows of a file, and the rows that are faulty in themselves.

    A file is told by its ending, Anki's export by its header lines. Raises KnownError where the file
    as a whole cannot be read, with the line of a byte that is no UTF-8.
    """
    ending = file.suffix.lower()
    if ending in (".apkg", ".colpkg"):
        step = "In Anki choose Export, Notes in Plain Text (.txt), and import that file."
        raise KnownError(f"{file} is an Anki package.", step)
    try:
        text = read_text(file)
        if ending in (".yaml", ".yml", ".json"):
            return _loose_rows(file, text), []
    except UnreadableFileError as error:
        raise KnownError(f"{error.fault}.", "Nothing was imported.") from error
    lines = list(io.StringIO(text, newline=""))  # as editors count them; splitlines() knows more line ends
    headers = _anki_headers(lines)
    if headers or (ending not in (".csv", ".tsv") and "\t" in next(filter(str.strip, lines), "")):
        return _anki_rows(file, lines, headers)
    if ending in (".csv", ".tsv"):
        return _table_rows(file, lines)
    raise KnownError(
        f"{file} is of no kind that can be imported.",
        "Possible are CSV (.csv, .tsv), Anki's Notes in Plain Text (.txt), YAML and JSON in the bank's form.",
    )


def _loose_rows(file: Path, text: str) -> list[Row]:
    data, root = read_data(file, text), composed(file, text)
    if isinstance(data, dict):
        return [Row(1, 1, cast("object", data), root)]
    if not isinstance(data, list):
        raise KnownError(f"{file} holds no question.", "It must be a list of questions, or one question.")
    return [
        Row(place + 1, line_of(root, (place,)), item, root, (place,))
        for place, item in enumerate(cast("list[object]", data))
    ]


def _table_rows(file: Path, lines: Sequence[str]) -> tuple[list[Row], list[Fault]]:
    """A table whose first row names the columns."""
    for delimiter in (",", ";", "\t", "|"):
        records = _records(lines, delimiter)
        first, names = next(((line, cells) for line, cells in records if _filled(cells)), (1, ""))
        columns = [] if isinstance(names, str) else _columns(names)
        if {"ask", "reference"} <= set(columns):
            return _rows(file, records, columns)
    raise KnownError(
        f"{file}:{first}: the first row names no columns for question and answer.",
        "It must hold the names ask (or question) and reference (or answer), as in: question,answer,topic.",
    )


def _anki_rows(file: Path, lines: Sequence[str], headers: Mapping[str, str]) -> tuple[list[Row], list[Fault]]:
    """Anki's export: headers, then the fields of one note a row; a line beginning with # is a comment."""
    named = headers.get("separator", "tab")
    # "#separator:<tab>" is possible too, so the text may be white space.
    delimiter = _ANKI_SEPARATORS.get(named.strip().lower(), named.strip() or named[:1] or "\t")
    if len(delimiter) != 1 or delimiter in '"\r\n':
        what = f"{file}: {named.strip()!r} is no separator that Anki knows."
        raise KnownError(what, "Export the notes from Anki again.")
    records = [(line, cells) for line, cells in _records(lines, delimiter) if lines[line - 1][:1] != "#"]
    columns = _columns(headers.get("columns", "").split(delimiter))
    if not {"ask", "cloze"} & set(columns):
        # Names of no meaning to us, or none: the first two fields are the card's sides.
        width = max((len(cells) for _, cells in records if not isinstance(cells, str)), default=0)
        told = [value for key, value in headers.items() if key.endswith(" column")]
        special = {int(value) - 1 for value in told if value.strip().isdecimal()}
        columns, sides = [""] * width, ("ask", "reference")
        for place, side in zip((p for p in range(width) if p not in special), sides, strict=False):
            columns[place] = side
    rows, faults = _rows(file, records, columns)
    is_html = headers.get("html", "true").strip().lower() != "false"
    return [Row(row.number, row.line, _card(row.data, is_html)) for row in rows], faults


def _anki_headers(lines: Sequence[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        found = _ANKI_HEADER.match(line)
        if not line.startswith("#"):
            break
        if found and (found[1].lower() in _ANKI_KEYS or found[1].lower().endswith(" column")):
            headers[found[1].lower()] = found[2].rstrip("\r\n")
    return headers


def _card(data: object, is_html: bool) -> dict[str, object]:
    """The fields of a note without what only a screen shows."""
    card: dict[str, object] = {}
    for name, value in cast("Mapping[str, object]", data).items():
        card[name] = _plain(value, is_html) if isinstance(value, str) else value
    ask, reference = str(card.get("ask", "")), str(card.get("reference", ""))
    gapped = str(card.pop("cloze", "")) or (ask if not reference else "")
    if _CLOZE.search(gapped):
        # The text itself is the answer; asked for with what it hides left out.
        card["ask"] = f"Complete this: {_filled_in(gapped, gap=True)}"
        card["reference"] = f"{_filled_in(gapped)}\n\n{reference}".strip()
    else:
        card["ask"], card["reference"] = _filled_in(ask or gapped), _filled_in(reference)
    card["ask"] = " ".join(str(card["ask"]).split())
    return card


def _filled_in(text: str, *, gap: bool = False) -> str:
    """The text with each cloze as what it hides, or as a gap that shows its hint."""

    def shown(cloze: re.Match[str]) -> str:
        hint = f" ({cloze[2]})" if cloze[2] else ""
        return f"...{hint}" if gap else cloze[1]

    found = 1
    while found:  # a cloze within a cloze comes out first
        text, found = _CLOZE.subn(shown, text)
    return text


def _plain(text: str, is_html: bool) -> str:
    text = _UNSEEN.sub("", text)
    if is_html:
        text = _PARAGRAPH.sub("\n\n", _BREAK.sub("\n", _ITEM.sub("\n- ", _CELL.sub(" ", text))))
        text = html.unescape(_TAG.sub("", text))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _columns(names: Sequence[str]) -> list[str]:
    """For each column the field it holds, "" for those that no question has; the first of two counts."""
    columns: list[str] = []
    for name in names:
        column = _COLUMNS.get(" ".join(name.replace("_", " ").casefold().split()), "")
        columns.append("" if column in columns else column)
    return columns


def _rows(
    file: Path, records: Iterable[tuple[int, list[str] | str]], columns: Sequence[str]
) -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    number = 0
    for line, cells in records:
        if not _filled(cells):
            continue
        number += 1
        if isinstance(cells, str):
            faults.append(Fault(file, line, "", cells))
        elif any(cell.strip() for cell in cells[len(columns) :]):
            counts = f"there are {len(cells)} cells for {len(columns)} columns"
            faults.append(Fault(file, line, "", f"{counts}; put a text with the separator in quotes"))
        else:
            rows.append(Row(number, line, _fields(columns, cells)))
    return rows, faults


def _fields(columns: Sequence[str], cells: Sequence[str]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for column, cell in zip(columns, cells, strict=False):
        text = cell.strip()
        if column in _LISTS:
            fields[column] = [part.strip() for part in _LISTS[column].split(text) if part.strip()]
        elif column and (text or column in ("ask", "reference")):
            fields[column] = text
    return fields


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with its line from 1; in the place of one that cannot be read, what is wrong."""
    start = 0
    while start < len(lines):
        # strict: otherwise a quote that is never closed swallows the rest of the file without a word.
        spaced = delimiter in ",;|"
        reader = csv.reader(lines[start:], delimiter=delimiter, strict=True, skipinitialspace=spaced)
        at = start
        try:
            for cells in reader:
                yield at + 1, cells
                at = start + reader.line_num
        except csv.Error as error:
            yield at + 1, _csv_problem(str(error))
            start = at + 1  # one line is given up, not the rest
        else:
            return


def _csv_problem(problem: str) -> str:
    if "expected after" in problem:
        return "something follows a closing quote; write a quote within a text twice"
    if "unexpected end" in problem:
        return "a quote is opened and never closed"
    return f"this row cannot be read ({problem})"


def _filled(cells: list[str] | str) -> bool:
    return isinstance(cells, str) or any(cell.strip() for cell in cells)
