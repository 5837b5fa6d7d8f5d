"""A text is read into a sound file."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("loaded")


def seconds(file: Path) -> float:
    with wave.open(str(file), "rb") as wav:
        return wav.getnframes() / wav.getframerate()


def test_a_text_is_read_into_a_file_and_the_file_is_named(vivavoce, tmp_path: Path):
    file = tmp_path / "new folder" / "hello.wav"
    ran = vivavoce("say", "The gradient tells the weights which way to move.", "--to", file)
    assert (ran.status, ran.out, ran.err) == (0, f"{file}\n", "")
    assert 1.5 < seconds(file) < 6.0
    assert [path.name for path in file.parent.iterdir()] == ["hello.wav"]


def test_the_voice_and_its_speed_are_those_of_the_settings(vivavoce, user_folder: Path, tmp_path: Path):
    vivavoce("say", "One, two, three, four.", "--to", tmp_path / "normal.wav")
    (user_folder / "settings.toml").write_text("voice_speed = 2.0\n")
    vivavoce("say", "One, two, three, four.", "--to", tmp_path / "fast.wav")
    assert seconds(tmp_path / "normal.wav") > 1.5 * seconds(tmp_path / "fast.wav")
    (user_folder / "settings.toml").write_text('voice = "system:martian"\n')
    assert vivavoce("say", "Hello.", "--to", tmp_path / "x.wav").status == 2
    assert vivavoce("say", "Hello.", "--to", tmp_path / "x.wav", "--voice", "natural").status == 0


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_to_say_is_told(vivavoce, text: str, tmp_path: Path):
    ran = vivavoce("say", text, "--to", tmp_path / "x.wav")
    assert ran.status == 2
    assert "nothing to say" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_voice_that_is_not_there_is_named(vivavoce, tmp_path: Path):
    ran = vivavoce("say", "Hello.", "--voice", "martian", "--to", tmp_path / "x.wav")
    assert ran.status == 2
    assert "'martian'" in ran.err


@pytest.mark.parametrize("place", ["file/x.wav", "folder"])
def test_a_place_that_cannot_be_written_is_named_and_nothing_is_left_there(
    vivavoce, place: str, tmp_path: Path
):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    ran = vivavoce("say", "Hello.", "--to", tmp_path / place)
    assert ran.status == 2
    assert str(tmp_path / place) in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_file_of_that_name_is_replaced_as_a_whole_and_its_neighbours_are_left(vivavoce, tmp_path: Path):
    (tmp_path / "x.wav").write_text("old")
    (tmp_path / "x.half").write_text("somebody's own")
    assert vivavoce("say", "Hello.", "--to", tmp_path / "x.wav").status == 0
    assert seconds(tmp_path / "x.wav") > 0.3
    assert (tmp_path / "x.half").read_text() == "somebody's own"
