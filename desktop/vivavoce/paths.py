"""Where things lie: the user's folder, and the content that ships with the program."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Home:
    """The folders of one user; everything the program writes lies below `data` and `cache`."""

    data: Path
    cache: Path

    @property
    def database(self) -> Path:
        """SQLite file with the history."""
        return self.data / "history.sqlite"

    @property
    def recordings(self) -> Path:
        """Audio files, one for each attempt."""
        return self.data / "recordings"

    @property
    def banks(self) -> Path:
        """Question files of the user's own; they win over the shipped ones."""
        return self.data / "banks"

    @property
    def settings(self) -> Path:
        """Readable TOML."""
        return self.data / "settings.toml"

    @property
    def log(self) -> Path:
        """What went wrong, for a bug report the user may choose to send; never sent by us."""
        return self.data / "vivavoce.log"

    @property
    def models(self) -> Path:
        """Models put together from package parts; can be deleted, and is made again."""
        return self.cache / "models"

    @property
    def speech(self) -> Path:
        """Synthesised questions; can be deleted, and is made again."""
        return self.cache / "speech"


def home(folder: Path | None = None) -> Home:
    """The user's folders, all below `folder` when one is given.

    Without one the platform's user data folder is used, never Documents: that is
    cloud-synced on Windows and macOS, and recordings must not leave the machine.
    """
    if folder is not None:
        root = folder.expanduser().resolve()
        return Home(data=root, cache=root / "cache")
    return Home(
        data=Path(platformdirs.user_data_dir("vivavoce", appauthor=False, roaming=False)),
        cache=Path(platformdirs.user_cache_dir("vivavoce", appauthor=False)),
    )


def content(kind: str) -> Path:
    """The shipped folder `data` or `models`: from source, an installed wheel or a frozen build."""
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [_PACKAGE / f"_{kind}", _PACKAGE.parent.parent / kind]
    if frozen is not None:
        candidates.insert(0, Path(frozen) / kind)
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the program's own folder {kind!r} is missing; looked in {candidates}")


def role_command(role: str) -> list[str]:
    """The command that starts this program again in another role ("worker", "system-voice")."""
    if getattr(sys, "_MEIPASS", None) is not None:
        return [sys.executable, f"--role={role}"]
    return [sys.executable, "-m", "vivavoce", f"--role={role}"]
