"""The shipped table says every term of the bank, and a slip in it is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from vivavoce.core.question import Question, Term
from vivavoce.errors import KnownError
from vivavoce.paths import content
from vivavoce.store.bank import load_bank
from vivavoce.store.pronunciation import check_pronunciation, load_pronunciation


def test_every_term_of_the_shipped_bank_is_said():
    assert check_pronunciation(load_bank(content("data") / "bank").questions) == []


def test_the_shipped_questions_agree_with_the_table():
    # Otherwise the natural voice would read a respelling, although its sounds are known.
    table = load_pronunciation()
    for question in load_bank(content("data") / "bank").questions:
        for term in question.terms:
            if term.spoken and any(table.knows(word) for word in term.text.split()):
                assert table.form(term.text).lower() == term.spoken.lower(), question.id


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("- {text: ReLU}", ":1: spoken: is missing"),
        ("- {text: ReLU, spoken: ray loo, sounds: x}", "sounds: is no field of the form"),
        ("- {text: ReLU, spoken: ray loo, phonemes: ɹˈɛl1u}", "phonemes: the natural voice knows no '1'"),
        (
            "- {text: GRU, spoken: G R U}\n- {text: gru, spoken: groo}",
            ":2: text: 'gru' already stands in line 1",
        ),
        ("- {text: GRU, spoken: G R U}", "'ReLU', a term of q, is missing"),
        ("- {text: ReLU, spoken: [", "this is no YAML"),
    ],
)
def test_a_slip_is_told(tmp_path: Path, lines: str, told: str):
    file = tmp_path / "pronunciation.yaml"
    file.write_text(lines, encoding="utf-8")
    question = Question(
        "q", "Why ReLU?", "Since.", (), terms=(Term("ReLU"), Term("batch norm"), Term("L2", "L two"))
    )
    faults = [str(fault) for fault in check_pronunciation([question], file)]
    assert any(told in fault for fault in faults), faults


def test_a_table_that_cannot_be_read_is_a_known_error(tmp_path: Path):
    with pytest.raises(KnownError, match=r"pronunciation\.yaml"):
        load_pronunciation(tmp_path / "pronunciation.yaml")
