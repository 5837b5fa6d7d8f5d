"""What the user has chosen, in a readable TOML file."""

from __future__ import annotations

import dataclasses
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

import tomli_w

from vivavoce.errors import KnownError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pyright: ignore[reportMissingImports]

Theme = Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The user's choices.

    `microphone` and `speaker` are a device's id, empty for the system's default. `voice` is
    "natural", "system" (its default voice) or "system:<id>". `voice_speed` is a factor on the
    normal pace, 0.5 to 2. `speech_model` is "base", "tiny" or the path of a model's folder.
    `show_words` is whether one's words are shown while one speaks.
    `base_pace` is how many seconds of work the model base needs for a second of speech, measured on the
    day `measured_on` (2026-01-31, empty: not yet).
    `think_seconds` (0 to 600) is the time to think before the recording starts, 0 for none.
    """

    theme: Theme = "system"
    microphone: str = ""
    speaker: str = ""
    voice: str = "natural"
    voice_speed: float = 1.0
    read_aloud: bool = True
    show_words: bool = True
    speech_model: str = "base"
    think_seconds: int = 0
    base_pace: float = 0.0
    measured_on: str = ""


def load_settings(path: Path) -> Settings:
    """The settings in the file; the defaults where the file or a key is missing.

    Raises KnownError naming the file and the line or key that is wrong. Unknown keys are no error.
    """
    table = _table(path)
    chosen: dict[str, Any] = {}
    for field in dataclasses.fields(Settings):
        if field.name in table:
            chosen[field.name] = _checked(path, field.name, table[field.name])
    return Settings(**chosen)


def save_settings(path: Path, settings: Settings) -> None:
    """Write the settings as a whole or not at all; keys that are not ours stay in the file.

    Comments are not kept. Raises KnownError when the file that stands there cannot be read (it is
    then left alone) or the new one cannot be written.
    """
    table = _table(path) | dataclasses.asdict(settings)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, tomli_w.dumps(table).encode())
    except OSError as error:
        raise KnownError(
            f"The settings could not be saved in {path}: {error.strerror or error}.",
            "The settings before are kept. Make room or allow writing there, then try again.",
        ) from error


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _table(path: Path) -> dict[str, object]:
    try:
        # Windows editors begin a file with a byte order mark; TOML does not allow one.
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, line, "there are bytes that are no UTF-8 text") from error
    except OSError as error:
        raise KnownError(
            f"The settings file {path} cannot be read: {error.strerror or error}.",
            "Allow reading it, or move it away to start with the defaults.",
        ) from error
    try:
        return cast("dict[str, object]", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        reason = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise _unreadable(path, _line(error, text), reason[:1].lower() + reason[1:]) from error


def _line(error: Exception, text: str) -> int:
    # Before Python 3.14 the line stands in the message only: "... (at line 3, column 5)".
    found = re.search(r"at line (\d+)", str(error))
    return int(found.group(1)) if found else max(1, len(text.splitlines()))


def _unreadable(path: Path, line: int, reason: str) -> KnownError:
    return KnownError(
        f"The settings file {path} cannot be read, line {line}: {reason}.",
        "It is left as it is. Mend that line, or delete the file to start with the defaults.",
    )


def _checked(path: Path, key: str, value: object) -> object:
    problem = _problem(key, value)
    if problem:
        shown = "true" if value is True else "false" if value is False else repr(value)
        raise KnownError(
            f"In the settings file {path}, {key} is {shown}, but it must be {problem}.",
            f"Change {key}, or delete its line to use the default.",
        )
    return float(cast("float", value)) if key in ("voice_speed", "base_pace") else value


def _problem(key: str, value: object) -> str:
    """What the value must be, an empty string when it is right."""
    if key == "theme":
        themes = get_args(Theme)
        return "" if value in themes else f"one of {', '.join(themes)}"
    if key == "voice":
        fits = isinstance(value, str) and re.fullmatch(r"natural|system|system:.+", value, re.DOTALL)
        return "" if fits else '"natural", "system" or "system:" with the name of a voice'
    if key == "voice_speed":
        return "" if _within(value, 0.5, 2.0) else "a number from 0.5 to 2"
    if key == "base_pace":
        return "" if _within(value, 0.0, 1000.0) else "a number of seconds"
    if key == "think_seconds":
        fits = isinstance(value, int) and _within(value, 0, 600)
        return "" if fits else "a whole number of seconds from 0 to 600"
    if key in ("read_aloud", "show_words"):
        return "" if isinstance(value, bool) else "true or false"
    if key == "speech_model":
        fits = isinstance(value, str) and value.strip()
        return "" if fits else '"base", "tiny" or the path of a model folder'
    return "" if isinstance(value, str) else "a text in quotes"


def _within(value: object, lowest: float, highest: float) -> bool:
    # TOML's true is a Python int; its nan lies within nothing.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and lowest <= value <= highest
