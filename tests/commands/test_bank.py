"""An author is shown every fault of a bank with its line, and what a bank holds."""

from __future__ import annotations

from pathlib import Path

GOOD = """\
- id: tea-01
  level: core
  topics: [tea]
  title: Green tea
  ask: How long do you steep green tea?
  reference: Two minutes are enough, or it turns bitter.
  explanation: The bitter parts dissolve later.
  concepts:
    - id: short
      statement: Green tea is steeped for about two minutes.
      essential: true
      accepted: [two minutes is plenty]
    - id: bitter
      statement: Green tea that is steeped too long turns bitter.
      accepted: [it gets bitter]
  terms:
    - text: green tea
  target_seconds: 30
  source: {level: core, number: 1}
"""


def bank(folder: Path, text: str) -> Path:
    file = folder / "tea.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_sound_bank_has_no_fault(vivavoce, tmp_path: Path):
    file = bank(tmp_path, GOOD)
    ran = vivavoce("bank", "check", file)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"{file}: no faults.\n"


def test_a_fault_is_told_with_file_line_and_field(vivavoce, tmp_path: Path):
    file = bank(tmp_path, GOOD.replace("essential: true", "essential: maybe"))
    ran = vivavoce("bank", "check", file)
    assert (ran.status, ran.out) == (2, "")
    fault, summary = ran.err.splitlines()
    line = GOOD.splitlines().index("      essential: true") + 1  # lines count from 1
    assert fault.startswith(f"{file}:{line}: concepts[0].essential: ")
    assert summary == f"vivavoce: 1 fault in {file}."


def test_a_fault_in_the_ideas_is_told_the_same_way(vivavoce, tmp_path: Path):
    bank(tmp_path, GOOD)
    ideas = tmp_path / "tea.ideas.yaml"
    ideas.write_text("- {id: short, title: '', topic: tea, concepts: [tea-01/short]}\n", encoding="utf-8")
    ran = vivavoce("bank", "check", tmp_path)
    assert ran.status == 2
    assert sorted(ran.err.splitlines()) == [
        f"{ideas}:1: concepts: needs at least 2 items",
        f"{ideas}:1: title: is empty",
        f"vivavoce: 2 faults in {tmp_path}.",
    ]


def test_every_fault_of_a_folder_is_told(vivavoce, tmp_path: Path):
    bank(tmp_path, GOOD.replace("ask: How", "asks: How").replace("target_seconds: 30", "target_seconds: 3"))
    (tmp_path / "broken.yaml").write_text("- id: a\n  ask: [\n")
    ran = vivavoce("bank", "check", tmp_path)
    assert ran.status == 2
    *faults, summary = ran.err.splitlines()
    assert len(faults) >= 3
    assert summary == f"vivavoce: {len(faults)} faults in {tmp_path}."
    assert any(fault.startswith(f"{tmp_path / 'broken.yaml'}:") for fault in faults)
    assert not any(": : " in fault for fault in faults), "a file as a whole has no field"


def test_a_bank_is_listed_for_people_and_for_programs(vivavoce, tmp_path: Path):
    file = bank(tmp_path, GOOD)
    listed = vivavoce("bank", "list", file)
    assert listed.status == 0
    assert listed.out.split(maxsplit=2) == ["tea-01", "tea", "Green tea\n"]
    (question,) = vivavoce("bank", "list", "--json", file).json
    assert (question["id"], question["topics"]) == ("tea-01", ["tea"])
    assert [concept["id"] for concept in question["concepts"]] == ["short", "bitter"]
    assert question["concepts"][0]["essential"] is True


def test_a_question_that_cannot_be_read_is_told_and_the_others_are_listed(vivavoce, tmp_path: Path):
    file = bank(tmp_path, GOOD + "- id: tea-02\n  ask: Why?\n")
    ran = vivavoce("bank", "list", file, "--json")
    assert ran.status == 0
    assert [question["id"] for question in ran.json] == ["tea-01"]
    assert f"{file}:" in ran.err
    assert "reference" in ran.err


def test_the_shipped_bank_is_listed_with_the_users_own_in_its_place(vivavoce, user_folder: Path):
    shipped = {question["id"] for question in vivavoce("bank", "list", "--json").json}
    assert "general-06" in shipped
    (user_folder / "banks").mkdir()
    bank(user_folder / "banks", GOOD + GOOD.replace("tea-01", "general-06").replace("Green tea\n", "Mine\n"))
    listed = {question["id"]: question for question in vivavoce("bank", "list", "--json").json}
    assert set(listed) == shipped | {"tea-01"}
    assert listed["general-06"]["title"] == "Mine"
