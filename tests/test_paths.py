"""Everything of one user lies in folders that can be moved, and the shipped content is found."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from vivavoce import paths
from vivavoce.paths import Home, content, home, role_command

PLACES = ("database", "recordings", "banks", "settings", "log", "models", "speech")


def test_a_folder_of_ones_own_holds_all_data_and_the_cache(tmp_path: Path):
    folders = home(tmp_path / "mine")
    assert folders.data == tmp_path / "mine"
    for place in PLACES:
        assert getattr(folders, place).is_relative_to(tmp_path / "mine"), place
    assert folders.models.is_relative_to(folders.cache)
    assert folders.speech.is_relative_to(folders.cache)


def test_asking_where_things_lie_makes_no_folder(tmp_path: Path):
    folders = home(tmp_path / "mine")
    assert {getattr(folders, place).exists() for place in PLACES} == {False}
    assert list(tmp_path.iterdir()) == []


def test_a_relative_folder_and_a_tilde_stay_the_same_folder_wherever_the_program_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "ann"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "ann"))
    assert home(Path("here")).data == tmp_path / "here"
    assert home(Path("~/voice")).data == tmp_path / "ann" / "voice"


@pytest.mark.skipif(sys.platform != "linux", reason="the XDG folders are Linux's")
def test_without_a_folder_the_platforms_own_are_used_and_never_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert home() == Home(data=tmp_path / "data" / "vivavoce", cache=tmp_path / "cache" / "vivavoce")
    assert not home().data.is_relative_to(platformdirs.user_documents_dir())


def test_no_two_places_are_the_same(tmp_path: Path):
    folders = home(tmp_path)
    assert len({getattr(folders, place) for place in PLACES}) == len(PLACES)
    assert dataclasses.is_dataclass(folders)


def test_the_shipped_content_is_there():
    assert (content("data") / "question.schema.json").is_file()
    assert (content("models") / "whisper-base.toml").is_file()


def test_a_frozen_program_finds_its_content_beside_itself_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert content("data") == tmp_path / "data"
    assert role_command("worker") == [sys.executable, "--role=worker"]


def test_content_of_an_installed_wheel_lies_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "_models").mkdir()
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path)
    assert content("models") == tmp_path / "_models"


def test_content_that_is_missing_is_named():
    with pytest.raises(FileNotFoundError, match="'pictures'"):
        content("pictures")


def test_the_command_of_a_role_starts_this_program_again():
    command = role_command("system-voice")
    done = subprocess.run(
        command, input='{"do": "nothing"}', capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert '"error"' in done.stdout, "the helper answers whatever it is asked"
