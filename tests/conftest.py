"""What tests of all kinds need: no display, the models put together once, real speech if there is some."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from vivavoce.engines.engines import Engines
from vivavoce.paths import Home, content

_HERE = Path(__file__).resolve().parent

if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# For `import virtual_audio` in tests of any folder.
sys.path.insert(0, str(_HERE))


@pytest.fixture
def packaging(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Imports a module of packaging/ by its name."""
    monkeypatch.syspath_prepend(str(_HERE.parent / "packaging"))
    return importlib.import_module


@dataclass(frozen=True)
class SpokenAnswer:
    """The self-test's answer: the recording, what is said in it, and the verdicts it must get."""

    file: Path
    question: str
    text: str
    verdicts: dict[str, list[str]]

    @property
    def covered(self) -> str:
        """A concept that is covered in it and nothing else."""
        return next(concept for concept, allowed in self.verdicts.items() if allowed == ["covered"])


@pytest.fixture(scope="session")
def shipped_answer() -> SpokenAnswer:
    """The bundled answer; tests ask it what is said, as it may be spoken anew."""
    folder = content("data") / "selftest"
    told = yaml.safe_load((folder / "answer.yaml").read_text(encoding="utf-8"))
    return SpokenAnswer(folder / "answer.flac", told["question"], told["text"], told["verdicts"])


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


@pytest.fixture(scope="session")
def new_home(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes fresh folders for `--home`, in which the models are already put together."""
    (model_cache / "models").mkdir(exist_ok=True)

    def made() -> Path:
        folder = tmp_path_factory.mktemp("home")
        (folder / "cache").mkdir()
        (folder / "cache" / "models").symlink_to(model_cache / "models", target_is_directory=True)
        return folder

    return made


@pytest.fixture
def user_folder(new_home: Callable[[], Path]) -> Path:
    """A fresh folder for `--home`, in which the models are already put together."""
    return new_home()


@pytest.fixture(scope="session")
def shared_speech() -> Path:
    """The folder of real speech with transcripts.jsonl; it is not part of the repository."""
    named = os.environ.get("VIVAVOCE_SPEECH")
    folder = Path(named) if named else _HERE.parent.parent / "shared" / "speech"
    if not (folder / "transcripts.jsonl").is_file():
        pytest.skip(f"no recorded speech in {folder}; VIVAVOCE_SPEECH names another folder")
    return folder
