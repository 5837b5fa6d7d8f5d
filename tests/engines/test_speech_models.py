"""A model of the user's own is tried before it is used, and a machine is measured with a real model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from vivavoce.core.ticket import Ticket
from vivavoce.engines.engines import Engines
from vivavoce.engines.speech_models import advised_model, pace_of
from vivavoce.errors import Cancelled, KnownError
from vivavoce.paths import Home

FILES = ("model.bin", "config.json", "tokenizer.json")


@pytest.fixture
def mine(model_home: Home) -> Engines:
    """Engines whose model may be changed."""
    return Engines(model_home, "tiny")


@pytest.fixture
def own(mine: Engines, tmp_path: Path) -> Path:
    """A folder with a sound model, as somebody might have made it."""
    shipped = mine.shelf.folder("whisper-tiny-en")
    folder = tmp_path / "my model"
    folder.mkdir()
    for file in shipped.iterdir():
        if file.is_file():
            shutil.copyfile(file, folder / file.name)
    return folder


def test_a_sound_model_of_ones_own_is_used_from_then_on(mine: Engines, own: Path):
    assert mine.ears().name == "whisper-tiny-en"
    assert mine.use_speech_model(str(own), Ticket()) == "my model"
    assert mine.ears().name == "my model"
    assert mine.use_speech_model("tiny", Ticket()) == "whisper-tiny-en"


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named_and_the_old_model_stays(mine: Engines, own: Path, name: str):
    before = mine.ears()
    (own / name).unlink()
    with pytest.raises(KnownError, match=name):
        mine.use_speech_model(str(own), Ticket())
    assert mine.ears() is before


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_a_broken_model_is_told_and_the_old_one_stays(mine: Engines, own: Path, name: str):
    before = mine.ears()
    (own / name).write_bytes(b"broken" * 100)
    with pytest.raises(KnownError, match="cannot be used") as told:
        mine.use_speech_model(str(own), Ticket())
    assert str(own) in told.value.what
    assert mine.ears() is before


def test_a_trial_that_is_taken_back_ends(mine: Engines, own: Path):
    ticket = Ticket()
    ticket.cancel()
    with pytest.raises(Cancelled):
        mine.use_speech_model(str(own), ticket)


def test_a_real_model_is_measured(engines: Engines):
    assert 0.001 < pace_of(engines.ears(), Ticket()) < 60.0


@pytest.mark.parametrize(("pace", "model"), [(0.2, "base"), (0.5, "base"), (0.51, "tiny"), (4.0, "tiny")])
def test_a_machine_is_advised_by_its_pace(pace: float, model: str):
    assert advised_model(pace) == model
