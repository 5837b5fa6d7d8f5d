"""vivavoce bank: the question bank checked and listed, and a file of the user's brought into it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from vivavoce.commands.form import printed
from vivavoce.commands.setting import setting_of
from vivavoce.core.plain import to_plain
from vivavoce.paths import content
from vivavoce.store.bank import load_bank
from vivavoce.store.bank_check import check_bank
from vivavoce.store.bank_import import Imported, import_questions
from vivavoce.store.idea_check import check_ideas
from vivavoce.store.pronunciation import check_pronunciation


def run(arguments: argparse.Namespace) -> int:
    """Check or list the bank at a path, by default the shipped one, or import a file."""
    actions = {"check": _check, "list": _list, "import": _import}
    return actions[arguments.action](arguments)


def _check(arguments: argparse.Namespace) -> int:
    path: Path = arguments.path or content("data") / "bank"
    faults = [*check_bank(path), *check_ideas(path)]
    if path.resolve() == (content("data") / "bank").resolve():  # the table is for the shipped questions
        faults += check_pronunciation(load_bank(path).questions)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        print(f"vivavoce: {count} in {path}.", file=sys.stderr)
        return 2
    print(f"{path}: no faults.")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    setting = setting_of(arguments)
    bank = setting.bank if arguments.path is None else load_bank(arguments.path, None, None)
    for fault in bank.faults:
        print(f"vivavoce: {fault}", file=sys.stderr)
    if arguments.json:
        print(printed([to_plain(question) for question in bank.questions]))
    else:
        for question in bank.questions:
            print(f"{question.id:<16} {question.topic:<18} {question.title or question.ask}")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    banks = setting_of(arguments).folders.banks
    shipped = [question.id for question in load_bank(content("data") / "bank").questions]
    imported = import_questions(arguments.file, banks, arguments.topic or "", shipped)
    for fault in imported.faults:
        print(f"vivavoce: {fault}. Left out.", file=sys.stderr)
    print("\n".join(_told(imported)))
    return 0


def _told(imported: Imported) -> list[str]:
    total = imported.added + imported.changed + imported.unchanged
    counts = [f"{imported.added} added", f"{imported.changed} changed", f"{imported.unchanged} unchanged"]
    counts += [f"{imported.removed} removed"] * (imported.removed > 0)
    counts += [f"{len(imported.faults)} left out"] * bool(imported.faults)
    lines = [f"{imported.file}: {total} question{'s' * (total != 1)} ({', '.join(counts)})."]
    if imported.kept is not None:
        lines.append(f"The earlier import is kept as {imported.kept}.")
    if imported.instead:
        lines.append(f"In the place of shipped questions: {', '.join(imported.instead)}.")
    return lines
