"""The command line: which commands there are and what each is called with."""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, cast

from vivavoce import __version__
from vivavoce.errors import Cancelled, KnownError

OUR_BUG, CANNOT = 1, 2

_MODULES = {
    "transcribe": "vivavoce.commands.transcribe",
    "grade": "vivavoce.commands.grade",
    "grade-batch": "vivavoce.commands.grade_batch",
    "bank": "vivavoce.commands.bank",
    "doctor": "vivavoce.commands.doctor",
    "say": "vivavoce.commands.say",
    "selftest": "vivavoce.commands.selftest",
}
# They play or look for devices: the sound server may be at the other end of a TCP connection.
_SOUNDING = ("say", "doctor")


class _Command(Protocol):
    def run(self, arguments: argparse.Namespace) -> int:
        """Carry the command out; returns the exit status."""
        ...


OpenWindow = Callable[[Path | None, str | None], int]


def main(arguments: Sequence[str], open_window: OpenWindow, seal: Callable[[], object] = lambda: None) -> int:
    """Run one command, or the window without one; faults are one clear line, never a traceback.

    `open_window` takes the folder for --home and the question to begin with; the commands know
    no window. `seal` takes the network away from a command that needs no display and no sound.
    """
    parsed = parser().parse_args(arguments)
    try:
        if parsed.command in (None, "practise"):
            return open_window(parsed.home, getattr(parsed, "question", None))
        if parsed.command not in _SOUNDING:
            seal()
        return cast("_Command", importlib.import_module(_MODULES[parsed.command])).run(parsed)
    except KnownError as error:
        print(f"vivavoce: {error}", file=sys.stderr)
        return CANNOT
    except (Cancelled, KeyboardInterrupt):
        print("vivavoce: stopped; what was done is kept.", file=sys.stderr)
        return CANNOT
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; Python would complain at exit
        return CANNOT
    except Exception:  # our bug: the one place that says so for a command
        traceback.print_exc()
        print("vivavoce: this is a fault of the program, not yours.", file=sys.stderr)
        return OUR_BUG


def parser() -> argparse.ArgumentParser:
    """The whole command line, as COMMANDS in the README tells it."""
    home = argparse.ArgumentParser(add_help=False)
    home.add_argument(
        "--home", type=Path, metavar="DIR", help="all user data, settings and model cache below it"
    )
    json_form = argparse.ArgumentParser(add_help=False)
    json_form.add_argument("--json", action="store_true", help="print the result as JSON")

    top = argparse.ArgumentParser(
        prog="vivavoce", parents=[home], description="Practise interview answers out loud, offline."
    )
    top.add_argument("--version", action="version", version=f"vivavoce {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    def command(name: str, about: str, *, json: bool = False) -> argparse.ArgumentParser:
        parents = [_later_home(), *([json_form] if json else [])]
        return commands.add_parser(name, help=about, description=about, parents=parents)

    practise = command("practise", "open the window at a question")
    practise.add_argument("--question", metavar="ID", required=True)

    command("doctor", "say what works here and what to do about what does not", json=True)

    transcribe = command("transcribe", "write down the speech in an audio file", json=True)
    transcribe.add_argument("audio", type=Path, metavar="AUDIO")
    transcribe.add_argument("--question", metavar="ID", help="help the recogniser with this question's terms")

    grade = command("grade", "judge one answer", json=True)
    grade.add_argument("--question", metavar="ID", required=True)
    given = grade.add_mutually_exclusive_group(required=True)
    given.add_argument("--audio", type=Path, metavar="FILE")
    given.add_argument("--text", metavar="TEXT")
    given.add_argument("--text-file", type=Path, metavar="FILE")
    grade.add_argument("--bank", type=Path, metavar="PATH")

    batch = command("grade-batch", "judge many answers, one JSON object a line")
    batch.add_argument("input", type=Path, metavar="IN.jsonl")
    batch.add_argument("output", type=Path, metavar="OUT.jsonl")
    batch.add_argument("--bank", type=Path, metavar="PATH")

    bank = command("bank", "check or list the question bank, or import questions of your own")
    actions = bank.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="every fault with file and line", parents=[_later_home()])
    check.add_argument("path", type=Path, nargs="?", metavar="PATH")
    listing = actions.add_parser("list", help="all questions", parents=[_later_home(), json_form])
    listing.add_argument("path", type=Path, nargs="?", metavar="PATH")
    about = "questions from CSV, Anki's text export, YAML or JSON into your own bank"
    bringing = actions.add_parser("import", help=about, description=about, parents=[_later_home()])
    bringing.add_argument("file", type=Path, metavar="FILE")
    bringing.add_argument(
        "--topic", metavar="NAME", help="for questions that name none; else the file's name"
    )

    say = command("say", "read a text aloud")
    say.add_argument("text", metavar="TEXT")
    say.add_argument("--voice", metavar="NAME", help="natural, system, or system:ID")
    say.add_argument("--to", type=Path, metavar="FILE.wav", help="write a file instead of playing")

    command("selftest", "one bundled spoken answer through the whole chain", json=True)
    return top


def _later_home() -> argparse.ArgumentParser:
    """--home after the command's name; without a default it leaves one given before it alone."""
    home = argparse.ArgumentParser(add_help=False)
    home.add_argument(
        "--home", type=Path, metavar="DIR", default=argparse.SUPPRESS, help="all user data below it"
    )
    return home
