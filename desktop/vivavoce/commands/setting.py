"""What every command stands on: the user's folders, settings, bank and engines."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vivavoce.core.question import Question
from vivavoce.engines.engines import Engines
from vivavoce.paths import Home, content, home
from vivavoce.settings import Settings, load_settings
from vivavoce.store.bank import Bank, load_bank
from vivavoce.store.database import Database
from vivavoce.store.own_wordings import OwnWordings


@dataclass(frozen=True)
class Setting:
    """Folders, settings, bank and engines of one run; each is made when it is first asked for."""

    folders: Home
    bank_path: Path | None

    @cached_property
    def settings(self) -> Settings:
        """The user's settings."""
        return load_settings(self.folders.settings)

    @cached_property
    def bank(self) -> Bank:
        """The bank at `--bank`, or the shipped one with the user's own."""
        cache = self.folders.cache / "bank"
        if self.bank_path is not None:
            return load_bank(self.bank_path, None, cache)
        return load_bank(content("data") / "bank", self.folders.banks, cache)

    def question(self, question_id: str) -> Question:
        """The bank's question with the user's own wordings, as the window judges by it."""
        question = self.bank.get(question_id)
        if not self.folders.database.is_file():
            return question  # nothing was practised here, and nothing is made by looking
        with Database(self.folders.database) as database:
            return OwnWordings(database).merged(question)

    @cached_property
    def engines(self) -> Engines:
        """The engines of this process."""
        return Engines(self.folders, self.settings.speech_model)


def setting_of(arguments: argparse.Namespace) -> Setting:
    """The setting a parsed command line asks for."""
    return Setting(home(arguments.home), getattr(arguments, "bank", None))


def terminal() -> bool:
    """Whether a person watches, so that a progress bar is welcome."""
    return sys.stderr is not None and sys.stderr.isatty()
