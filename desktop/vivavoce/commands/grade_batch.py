"""vivavoce grade-batch: many answers judged, resumable."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO, cast

from tqdm import tqdm

from vivavoce.assess import assess_recording, assess_text
from vivavoce.commands.form import assessment_form, reason_of
from vivavoce.commands.setting import Setting, setting_of, terminal
from vivavoce.core.attempt import Assessment
from vivavoce.core.question import Question
from vivavoce.core.question_form import question_from_mapping
from vivavoce.core.ticket import Ticket
from vivavoce.errors import KnownError

Line = dict[str, Any]


def run(arguments: argparse.Namespace) -> int:
    """Judge each line of IN into one line of OUT, going on behind what OUT already holds.

    OUT's lines carry "line", the number of the line of IN they answer, so that a stopped run
    resumes even when lines have no id. A bad line is reported on standard error and skipped.
    """
    setting = setting_of(arguments)
    lines = _lines_of(arguments.input)
    done = _answered(arguments.output)
    skipped = 0
    with (
        _opened(arguments.output) as out,
        tqdm(total=len(lines), initial=len(done), disable=not terminal(), unit="answer") as bar,
    ):
        for number, text in lines:
            if number in done:
                continue
            where = f"{arguments.input}:{number}"
            try:
                result = _judged(setting, text, where, arguments.input.parent)
            except KnownError as error:
                skipped += 1
                print(f"vivavoce: {error} Skipped.", file=sys.stderr)
                bar.update()
                continue
            _append(out, {**result, "line": number}, arguments.output)
            bar.update()
    if skipped:
        print(f"vivavoce: {skipped} of {len(lines)} lines could not be judged.", file=sys.stderr)
    return 0


def _append(out: TextIO, result: Line, path: Path) -> None:
    try:
        out.write(json.dumps(result, ensure_ascii=False) + "\n")
        out.flush()
    except OSError as error:
        raise KnownError(
            f"The file {path} cannot be written on ({error.strerror}).",
            "What is in it is kept; make room and start again: it goes on there.",
        ) from error


def _judged(setting: Setting, text: str, where: str, folder: Path) -> Line:
    line = _parsed(text, where)
    question = _question_of(setting, line, where)
    assessment = _assessed(setting, line, question, where, folder)
    given = {"id": line["id"]} if "id" in line else {}
    return {**given, **assessment_form(question.id, assessment)}


def _parsed(text: str, where: str) -> Line:
    try:
        line: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise KnownError(f"{where}: not JSON ({error}).") from error
    if not isinstance(line, dict):
        raise KnownError(f"{where}: not a JSON object.")
    try:
        json.dumps(line, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        # JSON can hold half a surrogate pair; no model and no file can.
        raise KnownError(f"{where}: there is half a character ({error.object[error.start]!a}).") from error
    return cast("Line", line)


def _question_of(setting: Setting, line: Line, where: str) -> Question:
    if "question" in line:
        return question_from_mapping(line["question"], where)
    if isinstance(line.get("question_id"), str):
        try:
            return setting.question(line["question_id"])
        except KnownError as error:
            raise KnownError(f"{where}: {error.what}", error.next_step) from error
    raise KnownError(f'{where}: neither "question_id" nor "question".')


def _assessed(setting: Setting, line: Line, question: Question, where: str, folder: Path) -> Assessment:
    engines = setting.engines
    if isinstance(line.get("audio"), str):
        models = engines.versions(spoken=True)
        audio = folder / line["audio"]
        try:
            return assess_recording(audio, question, engines.ears(), engines.judge(), models, Ticket())
        except KnownError as error:
            raise KnownError(f"{where}: {error.what}", error.next_step) from error
    if isinstance(line.get("answer"), str):
        models = engines.versions(spoken=False)
        return assess_text(line["answer"], question, engines.judge(), models, Ticket())
    raise KnownError(f'{where}: neither "answer" nor "audio".')


def _lines_of(path: Path) -> list[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(
            f"The file {path} cannot be read ({reason_of(error)}).", "Give a JSON Lines file in UTF-8."
        ) from error
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _answered(path: Path) -> set[int]:
    """Line numbers OUT already answers; a last line that was cut off half-way is taken away."""
    if not path.exists():
        return set()
    numbers: set[int] = set()
    whole = 0
    try:
        content = path.read_bytes()
        for raw in _whole_lines(content):
            numbers.add(int(json.loads(raw)["line"]))
            whole += len(raw)
        if whole < len(content):
            if not _begins_as_ours(content[whole:]):
                raise ValueError("the last line is none of ours")
            with path.open("r+b") as file:
                file.truncate(whole)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KnownError(
            f"The file {path} is not an earlier result of grade-batch.",
            "It was left alone. Give another name for the results.",
        ) from error
    return numbers


def _begins_as_ours(rest: bytes) -> bool:
    """Whether bytes can be the beginning of a result; somebody else's text must not be taken away."""
    return any(rest[: len(key)] == key[: len(rest)] for key in (b'{"id": ', b'{"question_id": '))


def _whole_lines(content: bytes) -> Iterator[bytes]:
    start = 0
    while (end := content.find(b"\n", start)) >= 0:
        yield content[start : end + 1]
        start = end + 1


def _opened(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise KnownError(
            f"The file {path} cannot be written ({error.strerror}).", "Choose another."
        ) from error
