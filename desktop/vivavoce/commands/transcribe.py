"""vivavoce transcribe: an audio file written down."""

from __future__ import annotations

import argparse

from tqdm import tqdm

from vivavoce.commands.form import printed, transcript_form
from vivavoce.commands.setting import setting_of, terminal
from vivavoce.core.ticket import Ticket


def run(arguments: argparse.Namespace) -> int:
    """Print the words, or with --json the whole transcript."""
    setting = setting_of(arguments)
    question = setting.bank.get(arguments.question) if arguments.question else None
    with tqdm(total=100, unit="%", disable=not terminal(), leave=False, bar_format="{l_bar}{bar}") as bar:

        def report(stage: str, fraction: float) -> None:
            bar.set_description(stage)
            bar.update(round(100 * fraction) - bar.n)

        transcript = setting.engines.ears().transcribe(arguments.audio, question, Ticket(report))
    if arguments.json:
        print(printed(transcript_form(transcript)))
    else:
        print(transcript.text if transcript.text else f"No words. {transcript.reason or ''}".strip())
    return 0
