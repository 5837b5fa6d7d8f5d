"""The labelled answers hold together: ids that exist, every question, splits that stay apart."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from vivavoce.paths import content
from vivavoce.store.bank import Bank, load_bank

FOLDER = content("data") / "labels"
CALIBRATION = content("data") / "calibration"
FILES = ("bank-concepts.jsonl", "own-facts.jsonl")


def rows(name: str) -> list[dict[str, Any]]:
    return _rows(FOLDER / name)


@pytest.fixture(scope="module")
def concepts() -> dict[str, set[str]]:
    return _concepts(load_bank(content("data") / "bank"))


@pytest.mark.parametrize("name", FILES)
def test_every_label_names_a_concept_once(name: str, concepts: dict[str, set[str]]) -> None:
    for row in rows(name):
        known = {fact["id"] for fact in row["facts"]} if "facts" in row else concepts[row["question"]]
        _assert_labels(row, known)


@pytest.mark.parametrize(("name", "answers"), [("bank-concepts.jsonl", 10), ("own-facts.jsonl", 8)])
def test_all_118_questions_have_their_answers(name: str, answers: int) -> None:
    counts = Counter({row["question"]: len(row["answers"]) for row in rows(name)})
    assert len(counts) == 118
    assert set(counts.values()) == {answers}


def test_right_and_wrong_stand_in_one_answer() -> None:
    """Else a model could learn the kind of answer in place of the truth."""
    answers = [answer for name in FILES for row in rows(name) for answer in row["answers"]]
    both = [answer for answer in answers if answer["covered"] and answer["contradicted"]]
    assert len(both) >= len(answers) / 4


def test_the_calibration_has_questions_that_no_bank_has(concepts: dict[str, set[str]]) -> None:
    bank = load_bank(CALIBRATION / "bank")
    known = _concepts(bank)
    answered = _rows(CALIBRATION / "answers.jsonl")
    assert not bank.faults
    assert set(known).isdisjoint(concepts)
    assert sorted(row["question"] for row in answered) == sorted(known)
    for row in answered:
        assert len(row["answers"]) == 10
        _assert_labels(row, known[row["question"]])


@pytest.mark.parametrize("folder", [FOLDER, CALIBRATION])
def test_every_concept_is_asked_about_in_follow_ups(folder: Path, concepts: dict[str, set[str]]) -> None:
    known = concepts if folder == FOLDER else _concepts(load_bank(CALIBRATION / "bank"))
    split = json.loads((FOLDER / "split.json").read_text(encoding="utf-8"))
    left_out = set(split["validation"]) if folder == FOLDER else set[str]()
    rows = _rows(folder / "follow-ups.jsonl")
    assert sorted(row["question"] for row in rows) == sorted(
        key for key in known if not key.startswith("sql-") and key not in left_out
    )
    for row in rows:
        assert {reply["concept"] for reply in row["replies"]} == known[row["question"]]
        for reply in row["replies"]:
            assert {*reply["covered"], *reply["contradicted"]} <= known[row["question"]]
            assert not set(reply["covered"]) & set(reply["contradicted"])
            own = {"right": "covered", "wrong": "contradicted"}.get(reply["kind"])
            for label in ("covered", "contradicted"):
                assert (reply["concept"] in reply[label]) == (label == own), reply


def test_every_frame_has_two_slots_in_each_of_its_sentences() -> None:
    frames = rows("frames.jsonl")
    assert len({frame["statement"] for frame in frames}) == len(frames) > 300
    for frame in frames:
        assert len(frame["says"]) == 8
        assert all(len(set(pair)) == 2 for pair in frame["fills"])
        for sentence in (frame["statement"], *frame["says"]):
            assert "{a}" in sentence, sentence
            assert "{b}" in sentence, sentence


def test_every_concept_is_said_in_the_same_words_rightly_and_wrongly(concepts: dict[str, set[str]]) -> None:
    said: dict[str, set[str]] = {}
    for pair in rows("pairs.jsonl"):
        said.setdefault(pair["question"], set()).add(pair["concept"])
    assert said == {key: known for key, known in concepts.items() if not key.startswith("sql-")}
    for pair in [*rows("pairs.jsonl"), *rows("other-pairs.jsonl")]:
        assert pair["right"] != pair["wrong"]
        assert words_apart(pair) <= 4, pair


def test_facts_of_other_fields_are_said_rightly_and_wrongly_in_nearly_the_same_words() -> None:
    facts = rows("fact-pairs.jsonl")
    assert len({fact["statement"] for fact in facts}) == len(facts) > 2000
    for fact in facts:
        assert fact["ask"].strip()
        assert fact["note"].strip()
        assert 1 <= len(fact["pairs"]) <= 2
        for pair in fact["pairs"]:
            assert pair["right"] != pair["wrong"]
            assert words_apart(pair) <= 8, pair


def words_apart(pair: dict[str, str]) -> int:
    """How many words of the right text the wrong one has not, and the other way."""
    right, wrong = (Counter(re.findall(r"[\w'’-]+", pair[side].lower())) for side in ("right", "wrong"))
    return (right - wrong).total() + (wrong - right).total()


def test_only_what_is_trained_on_is_noted_down(concepts: dict[str, set[str]]) -> None:
    split = json.loads((FOLDER / "split.json").read_text(encoding="utf-8"))
    apart = {*split["test"], *split["validation"]}
    notes = json.loads((FOLDER / "notes.json").read_text(encoding="utf-8"))
    assert set(notes) == {key for key in concepts if not key.startswith("sql-")} - apart
    for question, noted in notes.items():
        assert set(noted) == concepts[question]
        assert all(note.strip() for note in noted.values())
    for name in ("own-facts.jsonl", "segments.jsonl"):
        for row in rows(name):
            noted = {fact["id"] for fact in row["facts"] if fact.get("note", "").strip()}
            assert len(noted) == (0 if row["question"] in apart else len(row["facts"])), row["question"]


def test_the_splits_do_not_overlap_and_name_known_questions(concepts: dict[str, set[str]]) -> None:
    split = json.loads((FOLDER / "split.json").read_text(encoding="utf-8"))
    assert not set(split["test"]) & set(split["validation"])
    assert {*split["test"], *split["validation"]} <= set(concepts)
    assert len(split["test"]) >= 20


def test_segments_have_every_version_and_say_each_fact_once(concepts: dict[str, set[str]]) -> None:
    for row in rows("segments.jsonl"):
        facts = {fact["id"] for fact in row["facts"]}
        assert len(facts) == len(row["facts"])
        assert ("ask" in row) != (row["question"] in concepts), row["question"]
        for answer in row["answers"]:
            where = f"{row['question']}, {answer['voice']}"
            said = [fact for segment in answer["segments"] for fact in segment["facts"]]
            assert len(said) == len(set(said)) >= 2, where
            assert set(said) <= facts, where
            for segment in answer["segments"]:
                versions = [segment["right"]]
                if segment["facts"]:
                    versions += [*segment["wrong"], segment["beside"]]
                    assert len(versions) == 4, where
                assert len(set(versions)) == len(versions), where
                assert all(version.strip() for version in versions), where


def test_segments_of_test_questions_are_written_by_one_who_wrote_no_others() -> None:
    test = set(json.loads((FOLDER / "split.json").read_text(encoding="utf-8"))["test"])
    authors = {
        kept: {r["author"] for r in rows("segments.jsonl") if (r["question"] in test) is kept}
        for kept in (True, False)
    }
    assert authors[True].isdisjoint(authors[False])


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _concepts(bank: Bank) -> dict[str, set[str]]:
    return {question.id: {concept.id for concept in question.concepts} for question in bank.questions}


def _assert_labels(row: dict[str, Any], known: set[str]) -> None:
    for answer in row["answers"]:
        labels = [*answer["covered"], *answer["partly"], *answer["contradicted"]]
        where = f"{row['question']}, {answer['kind']}"
        assert len(labels) == len(set(labels)), where
        assert set(labels) <= known, where
        assert answer["text"].strip(), where
