"""vivavoce grade: one answer judged."""

from __future__ import annotations

import argparse

from vivavoce.assess import assess_recording, assess_text
from vivavoce.commands.form import assessment_form, assessment_lines, printed, reason_of
from vivavoce.commands.setting import setting_of
from vivavoce.core.ticket import Ticket
from vivavoce.errors import KnownError


def run(arguments: argparse.Namespace) -> int:
    """Print the verdict of one recording or one text."""
    setting = setting_of(arguments)
    question = setting.question(arguments.question)
    engines = setting.engines
    if arguments.audio is not None:
        models = engines.versions(spoken=True)
        assessment = assess_recording(
            arguments.audio, question, engines.ears(), engines.judge(), models, Ticket()
        )
    else:
        text = _text_of(arguments)
        models = engines.versions(spoken=False)
        assessment = assess_text(text, question, engines.judge(), models, Ticket())
    if arguments.json:
        print(printed(assessment_form(question.id, assessment)))
    else:
        print("\n".join(assessment_lines(assessment)))
    return 0


def _text_of(arguments: argparse.Namespace) -> str:
    if arguments.text is not None:
        try:
            arguments.text.encode()
        except UnicodeEncodeError as error:
            # Python keeps bytes of the command line that are no text as half characters.
            raise KnownError("The text given is no UTF-8.", "Give it as a file: --text-file.") from error
        return arguments.text
    try:
        return arguments.text_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError(
            f"The file {arguments.text_file} cannot be read ({reason_of(error)}).",
            "Give a text file in UTF-8.",
        ) from error
