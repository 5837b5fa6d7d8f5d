"""One answer, typed or spoken, is judged; the form for programs is the one that was promised."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

# As COMMANDS in the README promises them to other programs.
KEYS = {
    "question_id",
    "scored",
    "reason",
    "score",
    "band",
    "concepts",
    "misconceptions",
    "delivery",
    "transcript",
    "model",
    "seconds",
}
CONCEPT_KEYS = {"id", "statement", "verdict", "covered", "contradicted", "quote", "start", "end"}
DELIVERY_KEYS = {"words", "seconds", "words_per_minute", "pauses", "fillers_at_least"}

TEXT = (
    "Without an activation, stacked linear layers collapse into one linear function. I start with ReLU, "
    "because it is simple and cheap to compute."
)
GIVEN = ["--question", "general-06"]

pytestmark = pytest.mark.usefixtures("loaded")


def assert_as_promised(found) -> None:
    assert set(found) == KEYS
    assert 0.0 <= found["score"] <= 100.0
    low, high = found["band"]
    assert 0.0 <= low <= found["score"] <= high <= 100.0
    for concept in found["concepts"]:
        assert set(concept) == CONCEPT_KEYS
        assert concept["verdict"] in ("covered", "partial", "missed", "contradicted")
        assert 0.0 <= concept["covered"] <= 1.0
        assert 0.0 <= concept["contradicted"] <= 1.0
    for wrong in found["misconceptions"]:
        assert set(wrong) == {"text", "quote", "start", "end"}
    assert found["seconds"] >= 0.0
    assert all(isinstance(version, str) and version for version in found["model"].values())


def test_a_typed_answer_in_the_form_for_programs(vivavoce):
    ran = vivavoce("grade", *GIVEN, "--text", TEXT, "--json")
    assert (ran.status, ran.err) == (0, "")
    found = ran.json
    assert_as_promised(found)
    assert found["question_id"] == "general-06"
    assert (found["scored"], found["reason"]) == (True, None)
    assert found["transcript"] is None
    assert found["delivery"] is None
    verdicts = {concept["id"]: concept for concept in found["concepts"]}
    assert verdicts["nonlinearity"]["verdict"] == "covered"
    assert verdicts["nonlinearity"]["quote"] in TEXT
    assert {concept["start"] for concept in found["concepts"]} == {None}


def test_a_spoken_answer_in_the_form_for_programs(vivavoce, shipped_answer):
    spoken = ["--question", shipped_answer.question, "--audio", shipped_answer.file]
    found = vivavoce("grade", *spoken, "--json").json
    assert_as_promised(found)
    assert set(found["delivery"]) == DELIVERY_KEYS
    assert found["delivery"]["words"] == pytest.approx(len(shipped_answer.text.split()), rel=0.1)
    assert found["transcript"]["model"] == found["model"]["speech"] == "whisper-tiny-en"
    assert found["transcript"]["segments"]
    quoted = [concept for concept in found["concepts"] if concept["quote"]]
    assert quoted
    for concept in quoted:
        assert 0.0 <= concept["start"] < concept["end"] <= found["transcript"]["duration"]
        said = [
            word["word"]
            for segment in found["transcript"]["segments"]
            for word in segment["words"]
            if concept["start"] <= word["start"] and word["end"] <= concept["end"]
        ]
        assert concept["quote"].split()[0] in " ".join(said), "its seconds are those of its words"


def test_a_person_is_shown_the_score_and_the_words_that_prove_it(vivavoce):
    ran = vivavoce("grade", *GIVEN, "--text", TEXT)
    assert ran.status == 0
    first, *others = ran.out.splitlines()
    assert first.startswith("Score ")
    assert " of 100 (likely " in first
    assert any(line.strip().startswith("covered") for line in others)
    assert any('"' in line for line in others)


def test_an_answer_in_a_file_is_judged_as_the_same_text_is(vivavoce, tmp_path: Path):
    (tmp_path / "answer.txt").write_text(TEXT + "\n", encoding="utf-8")
    typed = vivavoce("grade", *GIVEN, "--text", TEXT, "--json").json
    filed = vivavoce("grade", *GIVEN, "--text-file", tmp_path / "answer.txt", "--json").json
    assert {**typed, "seconds": 0} == {**filed, "seconds": 0}


@pytest.mark.parametrize("text", ["", "   ", "Fine.", "um, uh"])
def test_an_answer_that_is_none_is_not_scored_and_says_why(vivavoce, text: str):
    found = vivavoce("grade", *GIVEN, "--text", text, "--json").json
    assert set(found) == KEYS
    assert (found["scored"], found["score"], found["band"]) == (False, None, None)
    assert found["concepts"] == []
    assert found["reason"].endswith(".")
    assert vivavoce("grade", *GIVEN, "--text", text).out == f"Not scored. {found['reason']}\n"


def test_a_silent_recording_is_not_scored_and_says_why(vivavoce, tmp_path: Path):
    with wave.open(str(tmp_path / "silence.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(bytes(64_000))
    found = vivavoce("grade", *GIVEN, "--audio", tmp_path / "silence.wav", "--json").json
    assert set(found) == KEYS
    assert (found["scored"], found["score"]) == (False, None)
    assert found["reason"].startswith("No speech was heard in the recording.")
    assert found["transcript"]["text"] == ""


def test_a_question_of_another_bank_is_judged(vivavoce, tmp_path: Path):
    bank = tmp_path / "tea.yaml"
    bank.write_text(
        "- id: tea\n  ask: How is green tea made?\n"
        "  reference: Green tea is steeped for two minutes in water that does not boil.\n"
    )
    text = "You steep green tea for two minutes, in water that does not boil."
    found = vivavoce("grade", "--question", "tea", "--text", text, "--bank", bank, "--json").json
    assert_as_promised(found)
    assert [concept["id"] for concept in found["concepts"]] == ["c1"]
    assert found["concepts"][0]["verdict"] == "covered"


def test_bytes_that_are_no_text_are_told(vivavoce, tmp_path: Path):
    # So Python hands on a byte of the command line that is no UTF-8.
    ran = vivavoce("grade", *GIVEN, "--text", "depth \udcff buys nothing without activations")
    assert (ran.status, ran.out) == (2, "")
    assert "no UTF-8" in ran.err
    (tmp_path / "latin.txt").write_bytes("größer".encode("latin-1"))
    ran = vivavoce("grade", *GIVEN, "--text-file", tmp_path / "latin.txt")
    assert ran.status == 2
    assert "latin.txt" in ran.err
    assert "UTF-8" in ran.err


def test_signs_and_other_scripts_are_kept_as_they_are(vivavoce):
    text = "Übrigens: ∇L → 0, and 线性 layers collapse into one linear function 🙂 without activation."
    ran = vivavoce("grade", *GIVEN, "--text", text, "--json")
    assert ran.status == 0
    assert_as_promised(ran.json)
