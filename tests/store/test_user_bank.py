"""One question of the user's file is changed, and every other byte of it stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from vivavoce.core.question_form import mapping_from_question
from vivavoce.errors import KnownError
from vivavoce.store.bank import load_bank
from vivavoce.store.user_bank import UserBank

FIRST = """\
# My questions.

- id: own-1   # the first
  level: own
  topics: [a]
  title: One
  ask: Why one?
  explanation: |
    Code:

    # this belongs to the text
  reference: Because.
  concepts:
    - id: c1
      statement: One is one.

# About the second.
- {id: own-2, level: own, topics: [a], title: Two, ask: Why two?, reference: So.}
- id: own-3
  ask: not a whole question
"""


def form(name: str = "own-9", **fields: object) -> dict[str, object]:
    concepts = [{"id": "c1", "statement": "Weights shrink."}]
    whole = {"id": name, "level": "own", "topics": ["a"], "title": "T", "ask": "Why?", "reference": "So."}
    return whole | {"concepts": concepts} | fields


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "banks"
    folder.mkdir()
    return folder


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    file = tmp_path / "shipped.yaml"
    text = yaml.safe_dump(
        [form("core-01", level="core", source={"level": "core", "number": 1}), form("core-02")]
    )
    file.write_text(text)
    return file


def test_the_first_question_makes_the_file_and_its_folder(tmp_path: Path):
    files = UserBank(tmp_path / "new" / "banks")
    change = files.save(form(explanation="One.\n\n```python\nx = 1\n```", title="Grüße: ja"))
    bank = load_bank(change.file)
    assert bank.faults == ()
    assert bank.get("own-9").explanation == "One.\n\n```python\nx = 1\n```"
    assert bank.get("own-9").title == "Grüße: ja"
    assert [path.name for path in files.folder.iterdir()] == ["own.yaml"], "no draft is left"
    files.undo(change)
    assert list(files.folder.iterdir()) == []


def test_a_changed_question_leaves_every_other_byte(folder: Path):
    file = folder / "mine.yaml"
    file.write_text(FIRST)
    change = UserBank(folder).save(form("own-2", title="Changed"))
    before, after = FIRST.splitlines(), file.read_text().splitlines()
    assert after[:17] == before[:17]
    assert after[-2:] == before[-2:]
    assert load_bank(file).get("own-2").title == "Changed"
    assert change.kept is None
    UserBank(folder).undo(change)
    assert file.read_text() == FIRST


def test_comments_that_go_are_kept_in_a_copy(folder: Path):
    file = folder / "mine.yaml"
    file.write_text(FIRST)
    change = UserBank(folder).save(form("own-1"))
    assert change.kept is not None
    assert change.kept.read_text() == FIRST
    assert "# About the second." in file.read_text()
    assert "belongs to the text" not in file.read_text()
    assert {question.id for question in load_bank(folder).questions} == {"own-1", "own-2"}


def test_a_question_is_taken_out_and_brought_back(folder: Path):
    file = folder / "mine.yaml"
    file.write_text(FIRST)
    files = UserBank(folder)
    change = files.remove("own-2")
    assert "own-2" not in load_bank(folder)
    assert "own-3" in file.read_text()
    files.undo(change)
    assert file.read_text() == FIRST
    with pytest.raises(KnownError, match="own-7"):
        files.remove("own-7")


def test_the_last_question_takes_its_file_with_it(folder: Path):
    files = UserBank(folder)
    file = files.save(form()).file
    change = files.remove("own-9")
    assert not file.exists()
    files.undo(change)
    assert load_bank(file).get("own-9").ask == "Why?"


def test_a_shipped_question_is_copied_with_its_place_in_the_order(folder: Path, shipped: Path):
    question = load_bank(shipped).get("core-01")
    changed = mapping_from_question(question) | {"title": "Mine"}
    UserBank(folder).save(changed, shipped)
    bank = load_bank(shipped, folder)
    assert [question.id for question in bank.questions] == ["core-01", "core-02"]
    assert bank.get("core-01").title == "Mine"
    origin = bank.origin("core-01")
    assert origin is not None
    assert (origin.kind, origin.file, origin.shipped) == ("changed", folder / "own.yaml", question)
    assert [found.question.id for found in bank.find(origin="shipped")] == ["core-02"]
    UserBank(folder).remove("core-01")
    assert load_bank(shipped, folder).get("core-01") == question


def test_what_the_program_does_not_know_of_is_kept(folder: Path):
    file = folder / "mine.yaml"
    file.write_text(yaml.safe_dump([form("own-1", mood="sunny", source={"level": "own", "number": 7})]))
    UserBank(folder).save(form("own-1", title="New"))
    (entry,) = yaml.safe_load(file.read_text())
    assert (entry["mood"], entry["source"]["number"], entry["title"]) == ("sunny", 7, "New")


def test_a_file_that_cannot_be_read_is_not_touched(folder: Path):
    (folder / "own.yaml").write_text("- id: [broken\n")
    (folder / "own-2.yaml").write_text("a: mapping\n")
    change = UserBank(folder).save(form())
    assert change.file.name == "own-3.yaml"
    assert (folder / "own.yaml").read_text() == "- id: [broken\n"


def test_questions_are_added_at_the_end_in_the_layout_of_the_file(folder: Path):
    (folder / "own.yaml").write_bytes(b"# Mine\r\n  - id: own-1\r\n    ask: Why?\r\n    reference: So.")
    UserBank(folder).save(form())
    text = (folder / "own.yaml").read_bytes().decode()
    assert text.startswith("# Mine\r\n  - id: own-1\r\n")
    assert text.count("\n") == text.count("\r\n")
    assert {question.id for question in load_bank(folder).questions} == {"own-1", "own-9"}


def test_json_is_a_bank_too(folder: Path):
    file = folder / "mine.json"
    file.write_text(json.dumps([form("own-1"), form("own-2")]))
    UserBank(folder).save(form("own-2", title="New"))
    assert [(one["id"], one["title"]) for one in json.loads(file.read_text())] == [
        ("own-1", "T"),
        ("own-2", "New"),
    ]


@pytest.mark.parametrize("text", ["[{id: own-1, ask: a, reference: b}, {id: own-2}]\n",
                                  "- &x {id: own-1, ask: a}\n- {<<: *x, id: own-2}\n"])  # fmt: skip
def test_a_layout_in_which_one_question_cannot_be_replaced_is_refused(folder: Path, text: str):
    file = folder / "mine.yaml"
    file.write_text(text)
    with pytest.raises(KnownError, match=r"mine\.yaml") as told:
        UserBank(folder).save(form("own-1"))
    assert "Nothing was changed" in told.value.next_step
    assert file.read_text() == text
    assert [path.name for path in folder.iterdir()] == ["mine.yaml"]


def test_an_undo_overwrites_nothing_that_came_after(folder: Path):
    files = UserBank(folder)
    change = files.save(form())
    change.file.write_text("# by hand\n")
    with pytest.raises(KnownError, match="changed since"):
        files.undo(change)
    assert change.file.read_text() == "# by hand\n"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "banks").write_text("a file in its place")
    with pytest.raises(KnownError, match="cannot be written"):
        UserBank(tmp_path / "banks").save(form())


def test_comments_that_went_before_are_not_overwritten(folder: Path):
    file = folder / "mine.yaml"
    entry = "- id: {0}\n  # on {0}\n  ask: Why?\n  reference: So.\n"
    file.write_text(entry.format("a") + entry.format("b"))
    first = UserBank(folder).save(form("a"))
    second = UserBank(folder).save(form("b"))
    assert first.kept is not None
    assert second.kept is not None
    assert "# on a" in first.kept.read_text()
    assert "# on b" in second.kept.read_text()


def test_notes_around_the_last_question_are_kept_when_it_goes(folder: Path):
    file = folder / "mine.yaml"
    file.write_text("# Notes of a year.\n- id: a\n  ask: A?\n  reference: So.\n# - id: later\n")
    change = UserBank(folder).remove("a")
    assert not file.exists()
    assert change.kept is not None
    assert change.kept.read_text().startswith("# Notes of a year.")


def test_what_somebody_else_wrote_meanwhile_is_kept_in_a_copy(folder: Path):
    files = UserBank(folder)
    file = files.save(form()).file
    opened = load_bank(file).get("own-9")
    assert files.save(form(title="Mine"), opened=opened).kept is None, "nobody else wrote"
    opened = load_bank(file).get("own-9")
    file.write_text(file.read_text().replace("Mine", "Theirs"))
    change = files.save(form(title="Mine again"), opened=opened)
    assert change.kept is not None
    assert "Theirs" in change.kept.read_text()
    with pytest.raises(KnownError, match="by now"):
        files.save(form(title="Another with this id"), new=True)


def test_marks_links_and_rights_of_a_file_stay(folder: Path, tmp_path: Path):
    elsewhere = tmp_path / "notes.yaml"
    elsewhere.write_bytes(b"\xef\xbb\xbf- id: a\r\n  ask: A?\r\n  reference: So.\r\n")
    elsewhere.chmod(0o644)
    link = folder / "mine.yaml"
    try:
        link.symlink_to(elsewhere)
    except OSError:
        pytest.skip("links are not allowed here")
    UserBank(folder).save(form("a", title="New"))
    assert link.is_symlink()
    written = elsewhere.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf- id: a\r\n")
    assert written.count(b"\n") == written.count(b"\r\n")
    assert elsewhere.stat().st_mode & 0o777 == 0o644
    assert load_bank(link).get("a").title == "New"


def test_an_id_is_found_as_the_bank_reads_it(folder: Path):
    (folder / "a.yaml").write_text("- id: ' a '\n  ask: A?\n  reference: So.\n")
    UserBank(folder).save(form("a", title="New"))
    bank = load_bank(folder)
    assert bank.get("a").title == "New"
    assert bank.faults == ()


def test_an_entry_that_is_no_question_is_replaced_all_the_same(folder: Path):
    (folder / "a.yaml").write_text("- id: a\n  ask: A?\n  concepts: 5\n")
    UserBank(folder).save(form("a"))
    assert load_bank(folder).get("a").title == "T"


def test_odd_signs_come_back_as_they_were_or_are_refused(folder: Path):
    files = UserBank(folder)
    for place, text in enumerate(("a\x85b", "a\u2028b", "\ufeffa", "a \nb", "\x07")):
        files.save(form(f"own-{place}", title=text))
        assert load_bank(folder).get(f"own-{place}").title == text.strip()
    with pytest.raises(KnownError, match="cannot be kept"):
        files.save(form("own-x", title="half \ud83d"))
    assert [path.name for path in folder.iterdir()] == ["own.yaml"]
