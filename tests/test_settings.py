"""The user's choices survive, and a slip in the file is told with its place."""

from __future__ import annotations

import re

import pytest

from vivavoce.errors import KnownError
from vivavoce.settings import Settings, load_settings, save_settings


def test_without_a_file_everything_is_at_its_default(tmp_path):
    assert load_settings(tmp_path / "none" / "settings.toml") == Settings()


def test_what_was_chosen_is_there_the_next_time(tmp_path):
    path = tmp_path / "new folder" / "settings.toml"
    chosen = Settings(
        theme="dark",
        microphone="Mikrofon (USB) é",
        speaker='with "quotes" and \\',
        voice="system:Anna",
        voice_speed=1.25,
        read_aloud=False,
        speech_model="/models/my own",
        think_seconds=30,
    )
    save_settings(path, chosen)
    assert load_settings(path) == chosen
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"], "a temporary file is left"


def test_a_file_from_a_newer_program_keeps_its_own_keys(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('theme = "dark"\nfuture = [1, 2]\n\n[keys]\nrecord = "F5"\n')
    settings = load_settings(path)
    assert settings == Settings(theme="dark")
    save_settings(path, Settings(theme="light"))
    text = path.read_text()
    assert load_settings(path).theme == "light"
    assert re.search(r"future = \[\s*1,\s*2,?\s*\]", text)
    assert '[keys]\nrecord = "F5"' in text


def test_a_whole_number_is_a_speed_and_a_byte_order_mark_is_no_text(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbfvoice_speed = 2\n")
    speed = load_settings(path).voice_speed
    assert speed == 2.0
    assert type(speed) is float


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b'theme = "dark"\nmicrophone = \n', 2),
        (b'theme = "dark"\n\nmicrophone = "no end\n', 3),
        (b'theme = "dark"\ntheme = "light"\n', 2),
        (b'theme = "dark"\n# \xff\xfe\n', 2),
    ],
)
def test_a_broken_file_is_told_with_its_line_and_left_alone(tmp_path, text, line):
    path = tmp_path / "settings.toml"
    path.write_bytes(text)
    with pytest.raises(KnownError, match=f"line {line}:") as told:
        load_settings(path)
    assert str(path) in told.value.what
    assert told.value.next_step
    with pytest.raises(KnownError):
        save_settings(path, Settings())
    assert path.read_bytes() == text


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('theme = "blue"', "theme"),
        ("theme = 3", "theme"),
        ("theme = []", "theme"),
        ("microphone = false", "microphone"),
        ('voice = "system:"', "voice"),
        ('voice_speed = "fast"', "voice_speed"),
        ("voice_speed = nan", "voice_speed"),
        ("voice_speed = 0.4", "voice_speed"),
        ("voice_speed = true", "voice_speed"),
        ("read_aloud = 1", "read_aloud"),
        ('speech_model = " "', "speech_model"),
        ("think_seconds = -1", "think_seconds"),
        ("think_seconds = 1.5", "think_seconds"),
        ("think_seconds = true", "think_seconds"),
    ],
)
def test_a_wrong_value_is_told_with_its_key(tmp_path, line, key):
    path = tmp_path / "settings.toml"
    path.write_text(line + "\n")
    with pytest.raises(KnownError, match=rf"{re.escape(str(path))}, {key} is .* must be") as told:
        load_settings(path)
    assert key in told.value.next_step


def test_settings_that_cannot_be_written_leave_the_old_ones(tmp_path):
    path = tmp_path / "file" / "settings.toml"
    path.parent.write_text("a file where the folder should be")
    with pytest.raises(KnownError, match=r"settings\.toml"):
        save_settings(path, Settings())
    assert path.parent.read_text().startswith("a file")
