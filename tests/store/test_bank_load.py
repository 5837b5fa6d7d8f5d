"""The bank loads fast and in order, the user's questions win, and one slip does not stop the rest."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from vivavoce import paths
from vivavoce.errors import KnownError
from vivavoce.store.bank import Bank, load_bank


def entry(
    name: str, level: str = "core", number: int | None = 1, title: str = "T", topics: str = "loss"
) -> str:
    """One question as YAML; its id stands in the first line, the concept's statement in the eighth."""
    source = f"  source: {{level: {level}, number: {number}}}\n" if number else ""
    return (
        f"- id: {name}\n"
        f"  level: {level}\n"
        f"  topics: [{topics}]\n"
        f"  title: {title}\n"
        f"  ask: Why?\n"
        f"  reference: Since weights shrink.\n"
        f"  concepts:\n"
        f"    - statement: Weights shrink.\n"
        f"{source}"
    )


@pytest.fixture
def shipped(tmp_path) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    return folder


@pytest.fixture
def user(tmp_path) -> Path:
    folder = tmp_path / "user"
    folder.mkdir()
    return folder


def ids(bank: Bank) -> list[str]:
    return [question.id for question in bank.questions]


def test_the_shipped_bank_loads_without_a_fault(tmp_path):
    bank = load_bank(paths.content("data") / "bank", None, tmp_path)
    assert bank.faults == ()
    assert load_bank(paths.content("data") / "bank", None, tmp_path).questions == bank.questions


def test_the_order_is_level_then_number_then_id_whatever_the_files(shipped):
    (shipped / "b.yaml").write_text(
        entry("core-02", number=2) + entry("own-z", "zoology") + entry("own-a", "algebra")
    )
    (shipped / "a.yml").write_text(
        entry("e-1", "experienced") + entry("core-10", number=10) + entry("g-1", "general")
    )
    (shipped / "deep").mkdir()
    (shipped / "deep" / "c.json").write_text(
        json.dumps([{"id": "f-1", "level": "fresher", "ask": "a", "reference": "b"}])
    )
    (shipped / "d.yaml").write_text(entry("core-none-b", number=None) + entry("core-none-a", number=None))
    (shipped / ".e.yaml").write_text("not: ours")
    (shipped / "readme.txt").write_text("not ours either")
    bank = load_bank(shipped)
    in_order = ["g-1", "f-1", "core-02", "core-10", "core-none-a", "core-none-b", "e-1", "own-a", "own-z"]
    assert ids(bank) == in_order
    assert bank.levels == ("general", "fresher", "core", "experienced", "algebra", "zoology")
    assert bank.faults == ()


def test_the_users_question_takes_the_place_of_the_shipped_one(shipped, user):
    (shipped / "a.yaml").write_text(entry("core-01", number=1) + entry("core-02", number=2))
    (user / "mine.yaml").write_text(entry("core-01", number=1, title="Mine") + entry("own-1", "own"))
    bank = load_bank(shipped, user)
    assert ids(bank) == ["core-01", "core-02", "own-1"]
    assert bank.get("core-01").title == "Mine"
    assert bank.faults == ()


def test_one_file_is_a_bank_too_and_a_missing_user_folder_is_none(shipped, tmp_path):
    file = shipped / "a.yaml"
    file.write_text(entry("core-01"))
    assert ids(load_bank(file, tmp_path / "none")) == ["core-01"]
    with pytest.raises(KnownError, match=r"no bank .*nowhere"):
        load_bank(tmp_path / "nowhere")


def test_faulty_files_are_listed_and_the_rest_loads(shipped, user):
    (shipped / "a.yaml").write_text(entry("core-01"))
    (user / "1-syntax.yaml").write_text(entry("own-1") + "  hints: [a\n")
    (user / "2-field.yaml").write_text(
        entry("own-2").replace("ask: Why?", "ask:")
        + entry("own-3")
        + entry("own-4").replace("id: own-4", "title: x")
    )
    (user / "3-bytes.yaml").write_bytes(b"- id: own-5\n  ask: \xff\n")
    (user / "4-list.yaml").write_text("id: own-6\nask: Why?\n")
    (user / "5-twice.yaml").write_text(entry("own-7") + entry("own-7", title="second"))
    (user / "6.json").write_text('[\n {"id": "own-8",}\n]')
    (user / "7-date.yaml").write_text("- id: own-9\n  ask: 2024-99-99\n")
    bank = load_bank(shipped, user)
    assert sorted(ids(bank)) == ["core-01", "own-3", "own-7"]
    assert bank.get("own-7").title == "T"
    told = [(fault.file.name, fault.line, fault.field) for fault in bank.faults]
    assert told[1:] == [
        ("2-field.yaml", 5, "ask"),
        ("2-field.yaml", 19, "id"),
        ("3-bytes.yaml", 2, ""),
        ("4-list.yaml", 1, ""),
        ("5-twice.yaml", 10, "id"),
        ("6.json", 2, ""),
        ("7-date.yaml", 1, ""),
    ]
    assert told[0][0] == "1-syntax.yaml"
    assert told[0][1] >= 10


def test_a_fault_behind_a_faulty_question_has_its_own_line(shipped):
    text = entry("a").replace("ask: Why?", "ask:") + entry("b") + entry("b")
    (shipped / "a.yaml").write_text(text)
    (fault,) = [fault for fault in load_bank(shipped).faults if fault.field == "id"]
    assert fault.line == 19


def test_json_indented_with_tabs_has_its_lines_too(shipped):
    (shipped / "a.json").write_text('[\n\t{\n\t\t"id": "a",\n\t\t"ask": 3,\n\t\t"reference": "b"\n\t}\n]')
    (fault,) = load_bank(shipped).faults
    assert (fault.line, fault.field) == (4, "ask")


def test_the_second_time_the_questions_come_from_the_cache(shipped, tmp_path):
    file, cache = shipped / "a.yaml", tmp_path / "cache"
    file.write_text(entry("core-01", title="One") + entry("core-02", number=2))
    first = load_bank(shipped, None, cache)
    stat = file.stat()
    # Other words of one length and with the old time: only the cache can still say One.
    file.write_text(file.read_text().replace("One", "Two"))
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert load_bank(shipped, None, cache).questions == first.questions
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert load_bank(shipped, None, cache).get("core-01").title == "Two"
    assert [path.name for path in cache.iterdir()] == ["bank.json"]


def spoil(cache: Path, how: str) -> None:
    file = cache / "bank.json"
    stored = json.loads(file.read_text())
    (row,) = stored["files"].values()
    if how == "entry":
        row["entries"][0][0]["ask"] = 3
    elif how == "row":
        row["entries"] = [7]
    elif how == "files":
        stored["files"] = ["a"]
    elif how == "other program":
        stored["mark"] = "0.0.0"
        row["entries"][0][0]["ask"] = "Old form?"
    file.write_text(json.dumps(stored) if how != "torn" else file.read_text()[:100])


@pytest.mark.parametrize("how", ["torn", "entry", "row", "files", "other program"])
def test_a_cache_that_cannot_be_trusted_is_read_anew(shipped, tmp_path, how):
    (shipped / "a.yaml").write_text(entry("core-01"))
    load_bank(shipped, None, tmp_path / "cache")
    spoil(tmp_path / "cache", how)
    bank = load_bank(shipped, None, tmp_path / "cache")
    assert bank.get("core-01").ask == "Why?"
    assert bank.faults == ()
    stored = json.loads((tmp_path / "cache" / "bank.json").read_text())
    assert next(iter(stored["files"].values()))["entries"][0][0]["ask"] == "Why?", "the cache is mended"


def test_a_cache_that_cannot_be_written_is_no_harm(shipped, tmp_path):
    (shipped / "a.yaml").write_text(entry("core-01"))
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert ids(load_bank(shipped, None, tmp_path / "cache")) == ["core-01"]


def test_a_mended_file_is_no_fault_any_more(shipped, tmp_path):
    (shipped / "a.yaml").write_text(entry("core-01").replace("ask: Why?", "ask:"))
    assert len(load_bank(shipped, None, tmp_path / "cache").faults) == 1
    assert len(load_bank(shipped, None, tmp_path / "cache").faults) == 1, "a fault is not hidden by the cache"
    (shipped / "a.yaml").write_text(entry("core-01"))
    assert load_bank(shipped, None, tmp_path / "cache").faults == ()


def test_questions_are_found_by_words_level_and_topic(shipped):
    (shipped / "a.yaml").write_text(
        entry("core-01", title="Dropout in training", topics="regularization, dropout")
        + entry("general-01", "general", title="Why dropout works", topics="dropout")
        + entry("general-02", "general", 2, title="Losses")
    )
    bank = load_bank(shipped)
    assert [question.id for question in bank.search("DROPOUT")] == ["general-01", "core-01"]
    assert [question.id for question in bank.search("training dropout")] == ["core-01"]
    assert [question.id for question in bank.search(level="general")] == ["general-01", "general-02"]
    assert [question.id for question in bank.search("shrink", topic="loss")] == ["general-02"]
    assert bank.search("transformer") == ()
    assert len(bank.search(" ")) == 3
    assert bank.topics == ("dropout", "loss", "regularization")


def test_an_id_that_is_not_there_brings_near_ones(shipped):
    (shipped / "a.yaml").write_text(entry("core-26") + entry("general-01"))
    bank = load_bank(shipped)
    with pytest.raises(KnownError, match="Did you mean core-26") as told:
        bank.get("Core26")
    assert "'Core26'" in told.value.what
    with pytest.raises(KnownError, match="bank list"):
        bank.get("zzz")
