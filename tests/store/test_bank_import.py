"""Questions that lie in other programs' files become a sound bank of the user's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vivavoce.core.question import Question
from vivavoce.errors import KnownError
from vivavoce.store.bank import load_bank
from vivavoce.store.bank_check import check_bank
from vivavoce.store.bank_import import Imported, import_questions

TEA = """\
question,answer,topic,concepts,title
How is green tea made?,"Two minutes are enough, or it turns bitter. It must not boil.",green tea,,Green tea
Why is black tea darker?,Its leaves are oxidized before they are dried.,,oxidized leaves | the order matters,
"""


@pytest.fixture
def banks(tmp_path: Path) -> Path:
    return tmp_path / "home" / "banks"


def written(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def questions(banks: Path) -> dict[str, Question]:
    """What the bank reads from the folder, which must be sound and hold nothing half done."""
    assert check_bank(banks) == []
    assert [file.name for file in banks.iterdir() if file.name.startswith(".")] == []
    bank = load_bank(banks)
    assert bank.faults == ()
    return {question.id: question for question in bank.questions}


def counts(imported: Imported) -> tuple[int, int, int, int]:
    return imported.added, imported.changed, imported.unchanged, imported.removed


def told(imported: Imported) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.field, fault.message) for fault in imported.faults]


def test_a_table_becomes_questions_with_all_a_bank_wants(tmp_path: Path, banks: Path):
    imported = import_questions(written(tmp_path, "Tea & co.csv", TEA), banks)
    assert imported.file == banks / "tea-co.yaml"
    assert (counts(imported), imported.faults) == ((2, 0, 0, 0), ())
    green, black = questions(banks).values()
    assert (green.id, green.level, green.topics, green.title) == (
        "own-tea-co-001",
        "own",
        ("green-tea",),
        "Green tea",
    )
    assert [concept.statement for concept in green.concepts] == [
        "Two minutes are enough, or it turns bitter.",
        "It must not boil.",
    ]
    assert (black.topics, black.title) == (("tea-co",), "Why is black tea darker?")
    assert [concept.statement for concept in black.concepts] == ["oxidized leaves", "the order matters"]


def test_a_topic_named_for_the_import_is_for_rows_without_one(tmp_path: Path, banks: Path):
    import_questions(written(tmp_path, "tea.csv", TEA), banks, topic="Hot Drinks")
    assert [question.topic for question in questions(banks).values()] == ["green-tea", "hot-drinks"]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_spreadsheets_other_separators_are_read(tmp_path: Path, banks: Path, delimiter: str):
    rows = [["id", "level", "ask", "reference"], ["tea-07", "Core Level", "Why, then?", '"Because; so"']]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    import_questions(written(tmp_path, "tea.csv", "\ufeff" + text), banks)
    (question,) = questions(banks).values()
    assert (question.id, question.level, question.reference) == ("tea-07", "core-level", "Because; so")


ANKI = (
    "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#tags column:5\n"
    'k{9\tBasic\t<b>What</b> is&nbsp;a <i>tannin</i>?[sound:a.mp3]\t"<div>A bitter substance in tea.</div>'
    '<ul><li>It binds to ""proteins"" in saliva</li><li>Hot water dissolves it &amp; more</li></ul>"\tleech\n'
    "k{8\tCloze\tThe leaves of {{c1::white tea::which?}} are {{c2::hardly {{c3::oxidized}}}}.\t\tx\n"
)


def test_ankis_cards_come_without_what_only_a_screen_shows(tmp_path: Path, banks: Path):
    imported = import_questions(written(tmp_path, "deck.txt", ANKI), banks)
    assert told(imported) == []
    basic, cloze = questions(banks).values()
    assert basic.ask == "What is a tannin?"
    assert basic.reference == (
        'A bitter substance in tea.\n\n- It binds to "proteins" in saliva\n- Hot water dissolves it & more'
    )
    assert cloze.ask == "Complete this: The leaves of ... (which?) are ...."
    assert cloze.reference == "The leaves of white tea are hardly oxidized."


def test_ankis_named_columns_are_found_wherever_they_stand(tmp_path: Path, banks: Path):
    text = (
        "#separator:Semicolon\n#html:false\n#columns:Back;Note;Front\n"
        "Steep it {{c1::briefly}} & <90;x;How is {{c1::green}} tea made?\n"
        "# a comment\n"
    )
    import_questions(written(tmp_path, "deck.txt", text), banks)
    (question,) = questions(banks).values()
    assert (question.ask, question.reference) == ("How is green tea made?", "Steep it briefly & <90")


LOOSE = """\
- ask: Why is green tea bitter?
  reference: It was steeped for too long in water that was too hot.
- id: Tea_2
  ask: What is matcha?
  reference: Powdered green tea.
  concepts:
    - statement: Matcha is powdered green tea.
      essential: true
      accepted: [you grind the leaves to powder]
  target_seconds: 30
- ask: What now?
  reference: Nothing follows from that.
  target_seconds: soon
"""


def test_loose_yaml_needs_only_question_and_answer(tmp_path: Path, banks: Path):
    imported = import_questions(written(tmp_path, "tea.yml", LOOSE), banks)
    assert [(line, field) for line, field, _ in told(imported)] == [(13, "target_seconds")]
    found = questions(banks)
    assert list(found) == ["own-tea-001", "tea-2"]
    concept = found["tea-2"].concepts[0]
    assert (concept.id, concept.essential, concept.accepted) == (
        "c1",
        True,
        ("you grind the leaves to powder",),
    )
    assert found["tea-2"].target_seconds == 30


def test_one_question_may_stand_alone_in_json(tmp_path: Path, banks: Path):
    text = json.dumps({"ask": "Is A < B?\ud800", "reference": "That\0 depends on both of them."})
    import_questions(written(tmp_path, "one.json", text), banks)
    (question,) = questions(banks).values()
    assert (question.ask, question.ask_spoken) == ("Is A < B?", "Is A less than B?")
    assert question.reference == "That depends on both of them."


@pytest.mark.parametrize(
    ("ask", "spoken"),
    [
        ("What is new in C++?", "What is new in C plus plus?"),
        ("Why TCP/IP and C#?", "Why TCP IP and C sharp?"),
        ("Is 1e-5 a good α²?", "Is 1 times ten to the minus 5 a good alpha squared?"),
        ("How many percent, 5% or 6%?", ""),
    ],
)
def test_signs_in_a_question_are_given_words_for_the_voice(
    tmp_path: Path, banks: Path, ask: str, spoken: str
):
    import_questions(
        written(tmp_path, "signs.csv", f'ask,reference\n"{ask}",Nobody knows for sure.\n'), banks
    )
    (question,) = questions(banks).values()
    assert (question.ask, question.ask_spoken) == (ask, spoken)


def test_every_bad_row_is_told_with_its_line_and_the_others_come_in(tmp_path: Path, banks: Path):
    text = (
        "id,ask,reference\n"
        'a,Why is it?,"An answer\nof two lines"\n'
        "b,What is it?,\n"
        "c,Who is it?,An answer, not in quotes\n"
        'd,"Where is it?,Here it is\n'
        "\n"
        "a,When is it?,The same id again\n"
        "e,How is it?,It is well\n"
    )
    imported = import_questions(written(tmp_path, "rows.csv", text), banks)
    assert told(imported) == [
        (4, "reference", "is empty"),
        (5, "", "there are 4 cells for 3 columns; put a text with the separator in quotes"),
        (6, "", "a quote is opened and never closed"),
        (8, "id", "'a' is already the id in line 2"),
    ]
    assert {fault.file.name for fault in imported.faults} == {"rows.csv"}
    assert list(questions(banks)) == ["a", "e"]


def test_a_question_the_check_finds_faulty_is_left_out_too(tmp_path: Path, banks: Path):
    text = (
        "- {ask: What is tea?, reference: It is a drink of leaves.}\n"
        "- ask: What is coffee?\n"
        "  reference: It is a drink of beans.\n"
        "  concepts: [{statement: Coffee is a drink., accepted: [a drink], misconceptions: [A drink!]}]\n"
    )
    imported = import_questions(written(tmp_path, "drinks.yaml", text), banks)
    assert told(imported) == [(2, "concepts[0].accepted[0]", "the same words are a misconception")]
    assert list(questions(banks)) == ["own-drinks-001"]


def test_the_same_file_gives_the_same_questions_and_changes_nothing(tmp_path: Path, banks: Path):
    file = written(tmp_path, "tea.csv", TEA)
    first = import_questions(file, banks)
    before = first.file.stat().st_mtime_ns, first.file.read_bytes()
    again = import_questions(file, banks)
    assert (counts(again), again.kept) == ((0, 0, 2, 0), None)
    assert (again.file.stat().st_mtime_ns, again.file.read_bytes()) == before


def test_a_new_row_between_others_moves_no_id(tmp_path: Path, banks: Path):
    import_questions(written(tmp_path, "tea.csv", TEA), banks)
    old = {question.ask: name for name, question in questions(banks).items()}
    head, green, black = TEA.splitlines()
    new = "What is oolong?,It is oxidized only in part.,,,"
    mended = black.replace("dried.", "dried in the sun.")
    imported = import_questions(written(tmp_path, "tea.csv", "\n".join([head, new, green, mended])), banks)
    assert counts(imported) == (1, 1, 1, 0)
    now = {question.ask: name for name, question in questions(banks).items()}
    assert now == {**old, "What is oolong?": "own-tea-004"}


def test_what_an_import_changes_or_removes_is_kept_beside_it(tmp_path: Path, banks: Path):
    first = import_questions(written(tmp_path, "tea.csv", TEA), banks)
    earlier = first.file.read_bytes()
    imported = import_questions(written(tmp_path, "tea.csv", "\n".join(TEA.splitlines()[:2])), banks)
    assert counts(imported) == (0, 0, 1, 1)
    assert imported.kept == banks / "tea.yaml.old"
    assert imported.kept.read_bytes() == earlier
    assert list(questions(banks)) == ["own-tea-001"]


@pytest.mark.parametrize("there", ["# by hand\n", '# Imported from "tea.txt". Anew.\n'])
def test_a_file_that_is_not_its_earlier_import_is_never_overwritten(tmp_path: Path, banks: Path, there: str):
    banks.mkdir(parents=True)
    other = written(banks, "tea.yaml", there)
    with pytest.raises(KnownError, match="Rename one of the two"):
        import_questions(written(tmp_path, "tea.csv", TEA), banks)
    assert other.read_text() == there
    assert list(banks.iterdir()) == [other]


def test_ids_of_the_users_other_files_stay_theirs_and_shipped_ones_are_told(tmp_path: Path, banks: Path):
    text = "id,ask,reference\nmine-1,Why is it?,Because it is so.\ngeneral-06,What is it?,It is this here.\n"
    import_questions(written(tmp_path, "one.csv", text), banks)
    shipped = {"general-06", "own-two-003"}
    file = written(
        tmp_path, "two.csv", f"{text},Who is it?,It is nobody.\n".replace("general-06", "general-07")
    )
    imported = import_questions(file, banks, shipped=shipped)
    assert told(imported) == [(2, "id", f"'mine-1' is already a question in {banks / 'one.yaml'}")]
    assert imported.instead == ()
    assert list(questions(banks)) == ["general-06", "general-07", "mine-1", "own-two-004"]
    assert import_questions(tmp_path / "one.csv", banks, shipped=shipped).instead == ("general-06",)


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("tea.csv", b"ask,reference\nWhy?,Because\nCaf\xe9?,Yes it is\n", r"tea\.csv:3: this is no UTF-8"),
        ("tea.csv", "ask,reference\n".encode("utf-16"), r"tea\.csv:1: this is no UTF-8"),
        ("tea.csv", "", "names no columns"),
        ("tea.csv", "\nfoo,bar\n1,2\n", r"tea\.csv:2: the first row names no columns"),
        ("tea.csv", "ask,reference\n,\nWhy?,\n", r"1 left out, the first: .*tea\.csv:3: reference: is empty"),
        ("tea.txt", "just words\n", "of no kind"),
        ("tea.apkg", b"PK\x03\x04\xff", "Notes in Plain Text"),
        ("tea.txt", "#separator:tea\n#html:true\na\tb\n", "'tea' is no separator"),
        ("tea.yaml", "- ask: [\n", r"tea\.yaml:2: "),
        ("tea.json", "{\n  ask: 1}", r"tea\.json:2: this is no JSON"),
        ("tea.yaml", "7\n", "holds no question"),
        ("tea.yaml", "[]\n", "no question that can be imported"),
    ],
)
def test_a_file_with_nothing_to_read_is_told_and_changes_nothing(
    tmp_path: Path, banks: Path, name: str, text: str | bytes, match: str
):
    with pytest.raises(KnownError, match=match):
        import_questions(written(tmp_path, name, text), banks)
    assert not banks.exists() or list(banks.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    banks = written(tmp_path, "banks", "a file where the folder should be")
    with pytest.raises(KnownError, match="cannot be written"):
        import_questions(written(tmp_path, "tea.csv", TEA), banks)


def test_a_name_in_other_letters_has_an_id_of_its_own(tmp_path: Path, banks: Path):
    first = import_questions(written(tmp_path, "чай.csv", TEA), banks)
    second = import_questions(written(tmp_path, "茶.csv", TEA), banks)
    assert first.file != second.file
    assert len(questions(banks)) == 4
    assert counts(import_questions(tmp_path / "чай.csv", banks)) == (0, 0, 2, 0)
