"""What tests of all kinds need: no display, the models put together once, real speech if there is some."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vivavoce.engines.engines import Engines
from vivavoce.paths import Home

_HERE = Path(__file__).resolve().parent

if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# For `import virtual_audio` in tests of any folder.
sys.path.insert(0, str(_HERE))


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The cache folder in which models are put together, once for all tests; gone after them."""
    folder = tmp_path_factory.mktemp("cache")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def model_home(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A user's folders with the shared model cache; for engines only, as no test has them to itself."""
    return Home(data=tmp_path_factory.mktemp("data"), cache=model_cache)


@pytest.fixture(scope="session")
def engines(model_home: Home) -> Engines:
    """Real engines with the small speech model, loaded at their first use and shared by all tests."""
    return Engines(model_home, "tiny")


@pytest.fixture(scope="session")
def base_engines(model_home: Home) -> Engines:
    """Real engines with the speech model that users have by default, shared by all tests."""
    return Engines(model_home, "base")


@pytest.fixture
def user_folder(tmp_path: Path, model_cache: Path) -> Path:
    """A fresh folder for `--home`, in which the models are already put together."""
    folder = tmp_path / "home"
    (folder / "cache").mkdir(parents=True)
    (model_cache / "models").mkdir(exist_ok=True)
    (folder / "cache" / "models").symlink_to(model_cache / "models", target_is_directory=True)
    return folder


@pytest.fixture(scope="session")
def shared_speech() -> Path:
    """The folder of real speech with transcripts.jsonl; it is not part of the repository."""
    named = os.environ.get("VIVAVOCE_SPEECH")
    folder = Path(named) if named else _HERE.parent.parent / "shared" / "speech"
    if not (folder / "transcripts.jsonl").is_file():
        pytest.skip(f"no recorded speech in {folder}; VIVAVOCE_SPEECH names another folder")
    return folder
