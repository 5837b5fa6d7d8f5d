"""Every fault of a bank is told with its file, line and field, in words an author understands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vivavoce.errors import KnownError
from vivavoce.store.bank_check import QuestionCheck, check_bank

GOOD = """\
- id: core-01
  level: core
  topics: [regularization]
  title: Weight decay
  ask: What does weight decay do, and why isn't it "always" on - say, at 5 percent?
  reference: Weight decay, or L2 regularisation, pulls every weight towards zero.
  explanation: |
    It adds w * w to the loss.
  concepts:
    - id: shrink
      statement: Weight decay pulls weights towards zero.
      weight: 2
      essential: true
      accepted:
        - it keeps the weights small
        - the weights are pulled to zero
      misconceptions:
        - it makes the weights bigger
    - id: penalty
      statement: Weight decay adds a penalty to the loss.
      accepted:
        - the loss gets an extra term
  terms:
    - text: L2
      spoken: el two
    - text: weight-decay
  target_seconds: 60
  related: [core-01]
  source: {level: core, number: 1}
"""


def check(folder: Path, text: str, name: str = "bank.yaml") -> list[tuple[int, str, str]]:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return [(fault.line, fault.field, fault.message) for fault in check_bank(file)]


def test_a_sound_bank_has_no_fault(tmp_path):
    assert check(tmp_path, GOOD) == []
    assert check_bank(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "told"),
    [
        # the form
        ("  level: core\n", "", 1, "level", "is missing"),
        ("  explanation: |", "  explanations: |", 7, "explanations", "did you mean explanation?"),
        ("  title: Weight decay", "  title:", 4, "title", "is empty"),
        ("  title: Weight decay", '  title: " "', 4, "title", "is empty"),
        ("  title: Weight decay", "  title: no", 4, "title", "must be text; put it in quotes (it is false)"),
        ("[regularization]", "regularization", 3, "topics", "must be a list"),
        ("[regularization]", "[]", 3, "topics", "at least one"),
        ("[regularization]", "[a, b, a]", 3, "topics[2]", "twice"),
        ("[regularization]", "[Big Words]", 3, "topics[0]", "lower-case letters"),
        ("      weight: 2", "      weight: two", 12, "concepts[0].weight", "must be a number"),
        ("      weight: 2", "      weight: 9", 12, "concepts[0].weight", "at most 5"),
        ("      weight: 2", "      weight: 0", 12, "concepts[0].weight", "more than 0"),
        ("essential: true", "essential: 1", 13, "concepts[0].essential", "must be true or false"),
        (
            "        - the loss gets",
            "        - 12\n        - the loss gets",
            22,
            "concepts[1].accepted[0]",
            "text",
        ),
        ("    - id: penalty\n      statement", "    - statement", 19, "concepts[1].id", "is missing"),
        ("target_seconds: 60", "target_seconds: 5", 27, "target_seconds", "at least 15"),
        ("target_seconds: 60", "target_seconds: 60.5", 27, "target_seconds", "must be a whole number"),
        ("number: 1}", "number: 1, page: 3}", 29, "source.page", "is no field of the form"),
        # what YAML lets pass
        ("  title: Weight decay", "  title: A\n  title: B", 5, "title", "stands twice, in line 4"),
        # what only a reader sees
        ("id: penalty", "id: shrink", 19, "concepts[1].id", "already an id in line 10"),
        (
            "the loss gets an extra term",
            "It keeps the weights, small!",
            22,
            "concepts[1].accepted[0]",
            "in line 15",
        ),
        (
            "the loss gets an extra term",
            "It makes the weights bigger.",
            22,
            "concepts[1].accepted[0]",
            "misconception in line 18",
        ),
        ("text: weight-decay", "text: momentum", 26, "terms[1].text", "'momentum' is said nowhere"),
        ("text: L2", "text: eight", 24, "terms[0].text", "'eight' is said nowhere"),
        ("do, and", "do to w = 3, and", 5, "ask", "(=); add ask_spoken"),
        ("do, and", "do with x^2 / n, and", 5, "ask", "(^ /)"),
        ("do, and", "do at a rate of 1e-3, and", 5, "ask", "(1e-3)"),
        ("do, and", "do to x → y and σ and 10², and", 5, "ask", "(→ σ ²)"),
    ],
)
def test_each_fault_has_its_line_and_field(tmp_path, old, new, line, field, told):
    assert old in GOOD
    faults = check(tmp_path, GOOD.replace(old, new, 1))
    assert [(fault[0], fault[1]) for fault in faults] == [(line, field)], faults
    assert told in faults[0][2]


def test_signs_with_a_spoken_form_are_fine(tmp_path):
    asked = GOOD.replace("do, and", "do to w = 3, and")
    spoken = asked.replace("  reference:", "  ask_spoken: What does it do?\n  reference:", 1)
    assert len(check(tmp_path, asked)) == 1
    assert check(tmp_path, spoken) == []


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (GOOD.replace("title: Weight decay", "title: Weight decay: why"), 4, "colon"),
        (GOOD.replace("  level", "\tlevel"), 2, "tab"),
        (GOOD.replace("[regularization]", "[regularization"), 4, "no YAML"),
        (GOOD.replace("Weight decay\n", "Weight \x07 decay\n", 1), 4, "does not allow"),
        ("", 1, "list of questions"),
        ("[]", 1, "list of questions"),
        ("id: core-01\n", 1, "list of questions"),
        ("- just a text\n", 1, "set of named fields"),
    ],
)
def test_what_is_no_list_of_questions_is_told_with_its_line(tmp_path, text, line, told):
    (fault,) = check(tmp_path, text)
    assert fault[0] == line, fault
    assert told in fault[2]


def test_all_faults_of_all_files_come_at_once_and_in_order(tmp_path):
    second = GOOD.replace("core-01", "core-02").replace("weight: 2", "weight: 9")
    second = second.replace("level: core\n", "level: 3\n", 1)
    (tmp_path / "a.yaml").write_text(GOOD + second)
    (tmp_path / "b.yaml").write_text("- id: [\n")
    (tmp_path / "c.yaml").write_text(GOOD.replace("core-01", "core-03").replace("id: penalty", "id: Penalty"))
    told = [(fault.file.name, fault.line, fault.field) for fault in check_bank(tmp_path)]
    length = len(GOOD.splitlines())
    assert told[:2] == [("a.yaml", length + 2, "level"), ("a.yaml", length + 12, "concepts[0].weight")]
    assert told[2][0] == "b.yaml"
    assert told[3:] == [("c.yaml", 19, "concepts[1].id")]


def test_an_id_that_two_files_use_is_told_with_the_other_place(tmp_path):
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text("# a comment\n" + GOOD)
    (fault,) = check_bank(tmp_path)
    assert (fault.file.name, fault.line, fault.field) == ("b.yaml", 2, "id")
    assert fault.message.endswith("a.yaml:1")


def test_related_questions_must_be_there_when_the_whole_bank_is(tmp_path):
    text = GOOD.replace("related: [core-01]", "related: [core-01, core-02, general-09]")
    assert check(tmp_path, text) == [], "one file does not know the others"
    faults = check_bank(tmp_path)
    assert [(fault.line, fault.field) for fault in faults] == [(28, "related[1]"), (28, "related[2]")]
    assert "did you mean core-01?" in faults[0].message
    assert [fault.field for fault in check_bank(tmp_path, known={"general-09"})] == ["related[1]"]


def test_json_is_checked_by_the_same_rules(tmp_path):
    question = {"id": "A", "level": "core", "topics": ["a"], "title": "T", "ask": "Why?"}
    text = json.dumps([question | {"reference": "R.", "concepts": []}], indent="\t")
    assert [fault[:2] for fault in check(tmp_path, text, "bank.json")] == [(3, "id"), (11, "concepts")]
    (fault,) = check(tmp_path, text.replace('"ask"', "ask"), "bank.json")
    assert fault[0] == 9
    assert "no JSON" in fault[2]


def test_a_required_field_with_a_slip_in_its_name_is_both_missing_and_unknown(tmp_path):
    faults = check(tmp_path, GOOD.replace("  title:", "  titel:"))
    assert [fault[:2] for fault in faults] == [(1, "title"), (4, "titel")]


def test_a_list_that_holds_itself_ends_too(tmp_path):
    faults = check(tmp_path, "- &a\n  id: x\n  topics: [*a]\n")
    assert (1, "level", "is missing") in faults


def test_a_fault_reads_as_one_line(tmp_path):
    (tmp_path / "bank.yaml").write_text(GOOD.replace("  level: core\n", ""))
    (fault,) = check_bank(tmp_path)
    assert str(fault) == f"{tmp_path / 'bank.yaml'}:1: level: is missing"


def test_where_nothing_is_there_is_nothing_to_check(tmp_path):
    with pytest.raises(KnownError, match="no bank"):
        check_bank(tmp_path / "none")
    (fault,) = check_bank(tmp_path)
    assert "no question files" in fault.message


def test_one_question_is_checked_while_it_is_written():
    check = QuestionCheck()
    form = {"id": "own-1", "level": "own", "topics": ["a"], "title": "T", "ask": "Is x * y?",
            "reference": "R",
            "related": ["own-1", "own-7"],
            "concepts": [{"id": "c1", "statement": "S.", "accepted": ["one way"]},
                         {"id": "c1", "statement": "S.", "accepted": ["One way!"], "weight": 9}]}  # fmt: skip
    told = {fault.field: fault.message for fault in check.faults(form, known={"own-1"}, taken={"own-1"})}
    assert told["ask"].startswith("has signs that a voice cannot read (*)")
    assert told["concepts[1].weight"] == "must be at most 5 (it is 9)"
    assert told["concepts[1].accepted[0]"] == "the same words are already accepted in concept 1"
    assert told["concepts[1].id"] == "'c1' is already an id in concept 1"
    assert told["id"] == "is already the id of another question"
    assert told["related[1]"].startswith("there is no question 'own-7'")
    assert {fault.field for fault in check.faults({"id": "a"})} == {
        "level", "topics", "title", "ask", "reference", "concepts"
    }  # fmt: skip
