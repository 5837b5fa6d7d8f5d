"""The files of a bank: found, read, and the line of every field in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

IDEAS = ".ideas.yaml"
"""How a file of ideas ends; it lies among the question files and holds no questions."""

_ENDINGS = (".yaml", ".yml", ".json")
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


def bank_files(path: Path) -> list[Path]:
    """The question files below a folder in a stable order, or the one file itself."""
    if path.is_file():
        return [path]
    return [file for file in _files(path) if not file.name.endswith(IDEAS)]


def idea_files(path: Path) -> list[Path]:
    """The files of ideas below a folder in a stable order; none for a single question file."""
    return [file for file in _files(path) if file.name.endswith(IDEAS)] if path.is_dir() else []


def _files(folder: Path) -> list[Path]:
    files = (file for file in folder.rglob("*") if file.suffix.lower() in _ENDINGS and file.is_file())
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
