"""A command that cannot be carried out says so in one clear line and with exit 2, never with a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vivavoce import __version__
from vivavoce.commands import bank, line
from vivavoce.errors import Cancelled, KnownError


def no_window(*_: object) -> int:
    """Stands where the window would be opened."""
    raise AssertionError("a command opened the window")


def one_line(err: str) -> str:
    """The one line that a fault is told in."""
    (told,) = err.splitlines()
    assert told.startswith("vivavoce: ")
    return told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["frobnicate"], "frobnicate"),
        (["grade"], "--question"),
        (["grade", "--question", "general-06"], "--audio --text --text-file"),
        (["grade", "--question", "general-06", "--text", "a", "--audio", "b"], "not allowed with"),
        (["transcribe"], "AUDIO"),
        (["grade-batch", "in.jsonl"], "OUT.jsonl"),
        (["bank"], "ACTION"),
        (["say"], "TEXT"),
        (["doctor", "--frob"], "--frob"),
    ],
)
def test_a_command_called_wrongly_shows_its_usage(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended:
        line.main(words, no_window)
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("usage: vivavoce")
    assert told in printed.err.splitlines()[-1]


def test_help_names_every_command_and_the_version_is_told(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        line.main(["--help"], no_window)
    assert ended.value.code == 0
    told = capsys.readouterr().out
    for command in ("practise", "doctor", "transcribe", "grade", "grade-batch", "bank", "say", "selftest"):
        assert f"    {command} " in told or f"    {command}\n" in told
    with pytest.raises(SystemExit):
        line.main(["--version"], no_window)
    assert capsys.readouterr().out == f"vivavoce {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["grade", "--question", "general-6", "--text", "x"],
        ["grade", "--question", "general-6", "--audio", "missing.wav"],
        ["transcribe", "missing.wav", "--question", "general-6"],
    ],
)
def test_a_question_that_is_not_there_is_named_with_those_that_are_near(vivavoce, words: list[str]):
    ran = vivavoce(*words)
    assert (ran.status, ran.out) == (2, "")
    told = one_line(ran.err)
    assert "'general-6'" in told
    assert "Did you mean general-" in told
    assert "general-06" in told


def test_a_question_that_is_nothing_like_another_points_to_the_list(vivavoce):
    assert "bank list" in one_line(vivavoce("grade", "--question", "xyzzy", "--text", "x").err)


@pytest.mark.parametrize(
    "words",
    [
        ["transcribe", "missing.wav"],
        ["grade", "--question", "general-06", "--audio", "missing.wav"],
        ["grade", "--question", "general-06", "--text-file", "missing.txt"],
        ["grade", "--question", "x", "--text", "x", "--bank", "missing.yaml"],
        ["grade-batch", "missing.jsonl", "out.jsonl"],
        ["bank", "check", "missing.yaml"],
        ["bank", "list", "missing.yaml"],
    ],
)
@pytest.mark.usefixtures("loaded")
def test_a_file_that_is_missing_is_named(
    vivavoce, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    ran = vivavoce(*words)
    assert (ran.status, ran.out) == (2, "")
    assert "missing." in one_line(ran.err)
    assert "Errno" not in ran.err
    assert list(tmp_path.iterdir()) == []


def test_settings_with_a_slip_are_told_with_their_file(vivavoce, user_folder: Path):
    (user_folder / "settings.toml").write_text('theme = "pink"\n')
    ran = vivavoce("say", "Hello.", "--to", user_folder / "x.wav")
    assert ran.status == 2
    assert str(user_folder / "settings.toml") in one_line(ran.err)


def raising(error: BaseException):
    def run(_arguments: object) -> int:
        raise error

    return run


def test_a_fault_of_ours_is_said_to_be_ours_and_shows_where_it_is(vivavoce, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bank, "run", raising(ZeroDivisionError("by nothing")))
    ran = vivavoce("bank", "list")
    assert ran.status == 1
    assert "ZeroDivisionError: by nothing" in ran.err
    assert ran.err.splitlines()[-1] == "vivavoce: this is a fault of the program, not yours."


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Cancelled()])
def test_a_command_that_is_stopped_says_that_what_is_done_is_kept(
    vivavoce, error: BaseException, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bank, "run", raising(error))
    ran = vivavoce("bank", "list")
    assert ran.status == 2
    assert one_line(ran.err) == "vivavoce: stopped; what was done is kept."


def test_a_fault_is_told_with_its_next_step(vivavoce, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bank, "run", raising(KnownError("The moon is full.", "Wait a week.")))
    assert one_line(vivavoce("bank", "list").err) == "vivavoce: The moon is full. Wait a week."


def test_the_folder_of_the_user_may_be_named_before_or_after_the_command(tmp_path: Path):
    parse = line.parser().parse_args
    assert parse(["--home", str(tmp_path), "doctor"]).home == tmp_path
    assert parse(["doctor", "--home", str(tmp_path)]).home == tmp_path
    assert parse(["bank", "--home", str(tmp_path), "list"]).home == tmp_path
    assert parse(["bank", "list", "--home", str(tmp_path)]).home == tmp_path
    assert parse(["doctor"]).home is None


def test_without_a_command_it_is_the_window_and_practise_opens_it_at_a_question():
    parse = line.parser().parse_args
    assert parse([]).command is None
    asked = parse(["practise", "--question", "general-06"])
    assert (asked.command, asked.question) == ("practise", "general-06")


def test_a_reader_that_stops_reading_is_no_fault(user_folder: Path):
    command = [sys.executable, "-m", "vivavoce", "bank", "list", "--json", "--home", str(user_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10)
        process.stdout.close()  # the bank is longer than a pipe holds
        told = process.stderr.read()
        assert process.wait(60) == 2
    assert told == b""
