"""Files of ideas: read beside the questions, and every fault told with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from vivavoce.core.idea import Idea
from vivavoce.paths import content
from vivavoce.store.bank import load_bank
from vivavoce.store.bank_check import check_bank
from vivavoce.store.idea_check import check_ideas

QUESTION = """\
- id: {name}
  level: core
  topics: [light]
  title: {name}
  ask: Why?
  reference: Light is scattered.
  concepts:
    - {{id: scatter, statement: Light is scattered.}}
    - {{id: sun, statement: The sun shines.}}
"""
GOOD = """\
- id: scattering
  title: Light is scattered
  topic: light
  concepts: [sky/scatter, sunset/scatter]
- id: shining
  title: The sun shines
  topic: light
  concepts:
    - sky/sun
    - sunset/sun
"""
SCATTERING = Idea("scattering", "Light is scattered", "light", (("sky", "scatter"), ("sunset", "scatter")))


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    folder = tmp_path / "bank"
    folder.mkdir()
    for name in ("sky", "sunset"):
        (folder / f"{name}.yaml").write_text(QUESTION.format(name=name), encoding="utf-8")
    (folder / "light.ideas.yaml").write_text(GOOD, encoding="utf-8")
    return folder


def faults(bank: Path, text: str) -> list[tuple[int, str, str]]:
    (bank / "light.ideas.yaml").write_text(text, encoding="utf-8")
    return [(fault.line, fault.field, fault.message) for fault in check_ideas(bank)]


def test_ideas_lie_among_the_questions_and_are_none(bank: Path):
    loaded = load_bank(bank)
    assert loaded.faults == ()
    assert [question.id for question in loaded.questions] == ["sky", "sunset"]
    assert [idea.id for idea in loaded.ideas.ideas] == ["scattering", "shining"]
    assert loaded.ideas.of_concept["sunset", "scatter"] == SCATTERING
    assert check_bank(bank) == []
    assert check_ideas(bank) == []


def test_a_bank_without_ideas_has_its_concepts_only(bank: Path):
    (bank / "light.ideas.yaml").unlink()
    assert check_ideas(bank) == []
    assert [idea.id for idea in load_bank(bank).ideas.ideas] == [
        "sky/scatter",
        "sky/sun",
        "sunset/scatter",
        "sunset/sun",
    ]
    assert load_bank(bank / "sky.yaml").ideas.elsewhere(("sky", "sun")) == ()


def test_own_ideas_join_the_shipped_ones(bank: Path, tmp_path: Path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "mine.yaml").write_text(QUESTION.format(name="mine"), encoding="utf-8")
    text = "- {id: shining, title: It shines, topic: light, concepts: [mine/sun, sky/scatter]}\n"
    (own / "mine.ideas.yaml").write_text(text, encoding="utf-8")
    ideas = load_bank(bank, own).ideas
    assert ideas.elsewhere(("mine", "sun")) == (("sky", "sun"), ("sunset", "sun"), ("sky", "scatter"))
    assert ideas.elsewhere(("sunset", "scatter")) == (), "a concept that the user names is theirs"
    assert [fault.message[:40] for fault in check_ideas(own)] == ["there is no concept 'sky/scatter' in the"]
    assert check_ideas(own, known=["sky"]) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "told"),
    [
        ("title: The sun shines", "title: ''", 6, "title", "is empty"),
        ("  title: The sun shines\n", "", 5, "title", "is missing"),
        ("topic: light\n  concepts:\n", "topic: ligth\n  concepts:\n", 7, "topic", "did you mean light?"),
        ("    - sunset/sun\n", "", 8, "concepts", "needs at least 2 items"),
        ("- sunset/sun", "- sunset/son", 10, "concepts[1]", "in the bank; did you mean sunset/sun?"),
        ("- sunset/sun", "- sunset", 10, "concepts[1]", "must name a concept by its question's id"),
        ("- sunset/sun", "- sunset/scatter", 10, "concepts[1]", "stands in an idea in light.ideas.yaml:4"),
        ("- sunset/sun", "- sky/sun", 10, "concepts[1]", "stands in an idea in light.ideas.yaml:9"),
        ("id: shining", "id: scattering", 5, "id", "already the id of an idea in light.ideas.yaml:1"),
        ("id: shining", "id: The Sun", 5, "id", "lower-case"),
        ("topic: light\n  concepts:\n", "topics: light\n  concepts:\n", 7, "topics", "did you mean topic?"),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_its_line(bank: Path, old: str, new: str, line: int, field: str, told: str):
    assert GOOD.count(old) == 1
    found = faults(bank, GOOD.replace(old, new))
    assert any(at == line and name == field and told in message for at, name, message in found), found


def test_two_concepts_of_one_question_are_no_idea(bank: Path):
    text = "- {id: both, title: Both, topic: light, concepts: [sky/sun, sky/scatter]}\n"
    ((line, field, message),) = faults(bank, text)
    assert (line, field) == (1, "concepts[1]")
    assert message == "'sky/scatter' and 'sky/sun' are of one question; link different ones"


@pytest.mark.parametrize("text", ["", "ideas: {}\n", "[]\n"])
def test_a_file_that_is_no_list_is_told(bank: Path, text: str):
    assert faults(bank, text)[0][2] == "this must be a list of ideas, each beginning with '- id:'"


@pytest.mark.parametrize("broken", ["- id: [\n", "- id: lonely\n", "just words\n"])
def test_a_broken_file_of_ideas_hides_no_question(bank: Path, broken: str):
    (bank / "broken.ideas.yaml").write_text(broken, encoding="utf-8")
    loaded = load_bank(bank)
    assert len(loaded.questions) == 2
    assert loaded.ideas.of_concept["sky", "sun"].id == "shining"
    assert [fault.file.name for fault in loaded.faults] == ["broken.ideas.yaml"]


def test_the_shipped_ideas_are_sound_and_link_a_good_part_of_the_bank():
    folder = content("data") / "bank"
    assert check_ideas(folder) == []
    shared = [idea for idea in load_bank(folder).ideas.ideas if len(idea.concepts) > 1]
    assert 100 <= len(shared) <= 180
    assert all(not idea.title.endswith(".") and idea.title[0].isupper() for idea in shared)
