"""vivavoce bank: the question bank checked and listed."""

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


def run(arguments: argparse.Namespace) -> int:
    """Check or list the bank at a path, by default the shipped one."""
    return _check(arguments) if arguments.action == "check" else _list(arguments)


def _check(arguments: argparse.Namespace) -> int:
    path: Path = arguments.path or content("data") / "bank"
    faults = check_bank(path)
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
