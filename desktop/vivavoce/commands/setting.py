"""What every command stands on: the user's folders, settings, bank and engines."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vivavoce.engines.engines import Engines
from vivavoce.paths import Home, content, home
from vivavoce.settings import Settings, load_settings
from vivavoce.store.bank import Bank, load_bank


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
