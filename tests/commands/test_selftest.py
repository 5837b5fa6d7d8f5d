"""The self-test runs the whole chain on its bundled answer, and fails when the chain is broken."""

from __future__ import annotations

import shutil
import wave
from pathlib import Path

import pytest
import yaml
from hearing import share_heard

from vivavoce.commands import selftest
from vivavoce.paths import content


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the bundled answer that a test may spoil."""
    shutil.copytree(content("data") / "selftest", tmp_path / "data" / "selftest")
    monkeypatch.setattr(selftest, "content", lambda kind: tmp_path / kind)
    return tmp_path / "data" / "selftest"


def expect(folder: Path, **changed: object) -> None:
    file = folder / "answer.yaml"
    file.write_text(yaml.safe_dump({**yaml.safe_load(file.read_text(encoding="utf-8")), **changed}))


def test_the_whole_chain_works_with_the_models_users_have(vivavoce, user_folder: Path, shipped_answer):
    ran = vivavoce("selftest", "--json")
    assert (ran.status, ran.err) == (0, ""), ran.err
    found = ran.json
    assert found["passed"] is True
    assert found["question_id"] == shipped_answer.question
    assert found["model"]["speech"] == "whisper-base"
    assert found["loaded"] > 0.0
    verdicts = {concept["id"]: concept["verdict"] for concept in found["concepts"]}
    assert all(verdicts[concept] in allowed for concept, allowed in shipped_answer.verdicts.items())
    assert {path.name for path in user_folder.iterdir()} == {"cache"}, "it is no attempt of the user's"


@pytest.mark.usefixtures("loaded")
def test_a_person_is_shown_the_verdict_and_the_times(vivavoce, shipped_answer):
    ran = vivavoce("selftest")
    assert (ran.status, ran.err) == (0, ""), ran.err
    (heard,) = (line for line in ran.out.splitlines() if line.startswith("Heard: "))
    assert share_heard(shipped_answer.text, heard) > 0.9
    assert "Score " in ran.out
    assert "Models loaded in " in ran.out
    assert ran.out.splitlines()[-1] == "The whole chain works."


@pytest.mark.usefixtures("loaded")
class TestFaults:
    def test_another_verdict_than_the_one_written_down_fails_it(self, vivavoce, folder: Path, shipped_answer):
        expect(folder, verdicts={shipped_answer.covered: ["missed"]}, words=["xylophone"])
        ran = vivavoce("selftest")
        assert ran.status == 2
        assert f"{shipped_answer.covered} is covered, not missed" in ran.err
        assert "'xylophone' was not heard" in ran.err
        assert "vivavoce doctor" in ran.err
        assert "The whole chain works." not in ran.out

    def test_a_program_reads_that_it_failed(self, vivavoce, folder: Path):
        expect(folder, verdicts={}, words=["xylophone"])
        ran = vivavoce("selftest", "--json")
        assert ran.status == 2
        assert ran.json["passed"] is False

    def test_an_answer_that_could_not_be_heard_fails_it(self, vivavoce, folder: Path):
        quiet = folder / "answer.flac"
        quiet.unlink()
        # The name says flac; what is in it is looked at, not its name.
        with wave.open(str(quiet), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(16_000)
            out.writeframes(bytes(64_000))
        ran = vivavoce("selftest")
        assert ran.status == 2
        assert "not scored: No speech was heard" in ran.err
