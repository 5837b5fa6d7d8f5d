"""The commit a table was measured at."""

from __future__ import annotations

import subprocess


def measured_at() -> str:
    """The short hash of HEAD, marked when the tree differs from it."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "desktop", "models", "data")
    return f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{' and later changes' if changed else ''}"
