"""`vivavoce bank import` says where the questions lie now, how many they are, and what was left out."""

from __future__ import annotations

from pathlib import Path

CSV = "question,answer\nWhat is tea?,It is a drink of leaves.\nWhat is coffee?,It is a drink of beans.\n"


def test_imported_questions_are_in_the_bank_at_once(vivavoce, user_folder: Path, tmp_path: Path):
    file = tmp_path / "drinks.csv"
    file.write_text(CSV)
    ran = vivavoce("bank", "import", file, "--topic", "Hot drinks")
    place = user_folder / "banks" / "drinks.yaml"
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"{place}: 2 questions (2 added, 0 changed, 0 unchanged).\n"
    mine = [q for q in vivavoce("bank", "list", "--json").json if q["level"] == "own"]
    assert [(q["id"], q["topics"]) for q in mine] == [
        ("own-drinks-001", ["hot-drinks"]),
        ("own-drinks-002", ["hot-drinks"]),
    ]
    assert vivavoce("bank", "check", user_folder / "banks").status == 0


def test_a_second_import_tells_what_is_new_and_where_the_old_one_is(
    vivavoce, user_folder: Path, tmp_path: Path
):
    file = tmp_path / "drinks.csv"
    file.write_text("id," + CSV.replace("\nWhat", "\na,What", 1).replace("\nWhat", "\ngeneral-06,What"))
    ran = vivavoce("bank", "import", file)
    assert ran.out.splitlines()[1:] == ["In the place of shipped questions: general-06."]
    file.write_text(f"id,{CSV.splitlines()[0]}\na,What is tea?,It is a hot drink of leaves.\nb,What?,\n")
    ran = vivavoce("bank", "import", file)
    place = user_folder / "banks" / "drinks.yaml"
    assert (ran.status, ran.err) == (0, f"vivavoce: {file}:3: reference: is empty. Left out.\n")
    assert ran.out.splitlines() == [
        f"{place}: 1 question (0 added, 1 changed, 0 unchanged, 1 removed, 1 left out).",
        f"The earlier import is kept as {place}.old.",
    ]


def test_a_file_that_cannot_be_imported_is_one_clear_line(vivavoce, user_folder: Path, tmp_path: Path):
    ran = vivavoce("bank", "import", tmp_path / "none.csv")
    assert (ran.status, ran.out) == (2, "")
    (line,) = ran.err.splitlines()
    assert line.startswith(f"vivavoce: {tmp_path / 'none.csv'}:1: the file cannot be read: ")
    assert not (user_folder / "banks").exists()
