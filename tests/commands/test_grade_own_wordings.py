"""What the user said of a verdict counts on the command line too, for the bank's questions."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import pytest

from vivavoce.paths import content
from vivavoce.store.attempts import Attempts
from vivavoce.store.bank import load_bank
from vivavoce.store.database import Database
from vivavoce.store.own_wordings import OwnWordings

NOON = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
OWN = "you just get one big flat thing out of the tower"
TEXT = f"So, um, {OWN}. I like to begin with something plain there, and look at it for a while."

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture
def concept_id(user_folder: Path) -> str:
    """A concept of a shipped question for which the user keeps a wording of their own."""
    question = load_bank(content("data") / "bank").get("general-06")
    concept = question.concepts[0]
    with Database(user_folder / "history.sqlite") as database:
        number = Attempts(database).begin(question, "USB", NOON).id
        OwnWordings(database).add(question.id, concept.id, "accepted", OWN, number, NOON)
    return concept.id


def covered(result, concept_id: str) -> float:
    return next(one["covered"] for one in result["concepts"] if one["id"] == concept_id)


def test_a_wording_of_ones_own_counts_in_grade_and_in_grade_batch(vivavoce, tmp_path, concept_id):
    assert (
        covered(vivavoce("grade", "--question", "general-06", "--text", TEXT, "--json").json, concept_id)
        >= 0.9
    )
    given = {
        "id": "general-06",
        "ask": "What does an activation do?",
        "reference": "It bends. " * 20,
        "concepts": [
            {"id": concept_id, "text": "Without an activation layers collapse into one linear function."}
        ],
    }
    lines = [{"question_id": "general-06", "answer": TEXT}, {"question": given, "answer": TEXT}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert vivavoce("grade-batch", tmp_path / "in.jsonl", tmp_path / "out.jsonl").status == 0
    of_bank, in_line = (json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines())
    assert covered(of_bank, concept_id) >= 0.9
    assert covered(in_line, concept_id) < 0.5, "a question given in a line is nobody's own"


def test_without_a_history_nothing_is_made(vivavoce, user_folder, concept_id):
    for file in user_folder.glob("history.sqlite*"):
        file.unlink()
    result = vivavoce("grade", "--question", "general-06", "--text", TEXT, "--json").json
    assert covered(result, concept_id) < 0.5
    assert not (user_folder / "history.sqlite").exists()
