"""Many answers are judged in one go; what was judged is never lost, doubled or mixed up."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import pytest

TEXT = "Without an activation, stacked linear layers collapse into one linear function."
TEA = {
    "ask": "How is green tea made?",
    "reference": "Green tea is steeped for two minutes. The water must not boil.",
}
KEYS = {
    "question_id",
    "scored",
    "reason",
    "score",
    "band",
    "concepts",
    "misconceptions",
    "delivery",
    "transcript",
    "model",
    "seconds",
    "line",
}


def written(path: Path, lines: list[object]) -> Path:
    """The lines as a file, texts as they stand and everything else as JSON."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def results(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results" / "out.jsonl"


@pytest.mark.usefixtures("loaded")
class TestJudging:
    def test_each_line_is_judged_in_order_and_keeps_its_id(self, vivavoce, tmp_path: Path, out: Path):
        lines = [
            {"id": "first", "question_id": "general-06", "answer": TEXT},
            {"question_id": "general-06", "answer": "Fine."},
            {"id": 7, "question_id": "general-06", "answer": TEXT},
        ]
        ran = vivavoce("grade-batch", written(tmp_path / "in.jsonl", lines), out)
        assert (ran.status, ran.out, ran.err) == (0, "", "")
        first, second, third = results(out)
        assert set(first) == KEYS | {"id"}
        assert set(second) == KEYS
        assert (first["id"], third["id"]) == ("first", 7)
        assert [found["line"] for found in results(out)] == [1, 2, 3]
        assert first["scored"]
        assert not second["scored"]
        assert first["score"] == third["score"]

    def test_a_question_in_the_line_needs_no_more_than_ask_and_reference(
        self, vivavoce, tmp_path: Path, out: Path
    ):
        answer = "You steep green tea for two minutes and the water must not boil."
        texts_given = {**TEA, "id": 12, "concepts": ["Green tea is steeped for two minutes."]}
        mappings_given = {**TEA, "concepts": [{"text": "The water must not boil.", "weight": 2}]}
        questions = (TEA, texts_given, mappings_given)
        lines: list[object] = [{"question": question, "answer": answer} for question in questions]
        assert vivavoce("grade-batch", written(tmp_path / "in.jsonl", lines), out).status == 0
        plain, texts, mappings = results(out)
        assert [concept["statement"] for concept in plain["concepts"]] == [
            "Green tea is steeped for two minutes.",
            "The water must not boil.",
        ]
        assert {concept["verdict"] for concept in plain["concepts"]} <= {"covered", "partial"}
        assert texts["question_id"] == "12"
        assert [len(found["concepts"]) for found in (texts, mappings)] == [1, 1]

    def test_a_recording_is_found_beside_the_file_that_names_it(self, vivavoce, tmp_path: Path, out: Path):
        with wave.open(str(tmp_path / "silence.wav"), "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(16_000)
            wav.writeframes(bytes(64_000))
        lines: list[object] = [{"question": TEA, "audio": "silence.wav"}]
        assert vivavoce("grade-batch", written(tmp_path / "in.jsonl", lines), out).err == ""
        (found,) = results(out)
        assert found["reason"].startswith("No speech was heard in the recording.")
        assert found["transcript"]["duration"] == 2.0

    def test_a_bad_line_is_reported_with_its_number_and_skipped(self, vivavoce, tmp_path: Path, out: Path):
        bad = {
            2: ("{not json", "not JSON"),
            3: ("[1, 2]", "not a JSON object"),
            4: ({"answer": TEXT}, "question"),
            5: ({"question_id": "general-6", "answer": TEXT}, "general-06"),
            6: ({"question_id": "general-06"}, "answer"),
            7: ({"question": {"ask": "Why?"}, "answer": TEXT}, "reference"),
            8: ({"question": TEA, "audio": "missing.wav"}, "missing.wav"),
            9: ('{"question_id": "general-06", "answer": "half a character: \\ud800"}', "\\ud800"),
            10: ({"question_id": 3, "answer": TEXT}, "question_id"),
            11: ({"question_id": "general-06", "answer": ["a", "b"]}, "answer"),
        }
        good = {"question_id": "general-06", "answer": TEXT}
        source = written(tmp_path / "in.jsonl", [good, *(line for line, _ in bad.values()), good])
        ran = vivavoce("grade-batch", source, out)
        assert ran.status == 0
        assert [found["line"] for found in results(out)] == [1, 12]
        *told, summary = ran.err.splitlines()
        assert len(told) == len(bad)
        for line, (number, (_, what)) in zip(told, bad.items(), strict=True):
            assert f"{source}:{number}: " in line
            assert what in line
            assert line.endswith("Skipped.")
        assert summary == f"vivavoce: {len(bad)} of 12 lines could not be judged."

    def test_blank_lines_are_passed_over_and_the_numbers_stay_those_of_the_file(
        self, vivavoce, tmp_path: Path, out: Path
    ):
        line = {"question_id": "general-06", "answer": TEXT}
        source = written(tmp_path / "in.jsonl", ["", line, "   ", line, ""])
        assert vivavoce("grade-batch", source, out).err == ""
        assert [found["line"] for found in results(out)] == [2, 4]

    def test_a_line_may_hold_every_kind_of_line_break_that_json_allows(
        self, vivavoce, tmp_path: Path, out: Path
    ):
        text = "Stacked linear layers\u2028collapse into\u0085one linear function without activation."
        (tmp_path / "in.jsonl").write_text(
            json.dumps({"question_id": "general-06", "answer": text}, ensure_ascii=False) + "\r\n",
            encoding="utf-8",
            newline="",
        )
        assert vivavoce("grade-batch", tmp_path / "in.jsonl", out).err == ""
        assert len(out.read_bytes().splitlines()) == 1

    def test_a_finished_run_is_not_done_again(self, vivavoce, tmp_path: Path, out: Path):
        lines: list[object] = [{"question_id": "general-06", "answer": TEXT}] * 2
        source = written(tmp_path / "in.jsonl", lines)
        vivavoce("grade-batch", source, out)
        before = out.read_bytes()
        assert vivavoce("grade-batch", source, out).status == 0
        assert out.read_bytes() == before

    def test_lines_added_later_are_judged_behind_the_others(self, vivavoce, tmp_path: Path, out: Path):
        line = {"question_id": "general-06", "answer": TEXT}
        vivavoce("grade-batch", written(tmp_path / "in.jsonl", [line]), out)
        before = out.read_bytes()
        vivavoce("grade-batch", written(tmp_path / "in.jsonl", [line, line]), out)
        assert out.read_bytes().startswith(before)
        assert [found["line"] for found in results(out)] == [1, 2]

    @pytest.mark.parametrize("cut", [1, 5, 40, -1])
    def test_a_last_line_that_was_half_written_is_written_again(
        self, cut: int, vivavoce, tmp_path: Path, out: Path
    ):
        lines: list[object] = [{"id": n, "question_id": "general-06", "answer": TEXT} for n in range(2)]
        source = written(tmp_path / "in.jsonl", lines)
        vivavoce("grade-batch", source, out)
        first, second = out.read_bytes().splitlines(keepends=True)
        out.write_bytes(first + second[:cut])
        assert vivavoce("grade-batch", source, out).status == 0
        assert out.read_bytes().startswith(first)
        assert [found["line"] for found in results(out)] == [1, 2]

    @pytest.mark.parametrize(
        "own",
        [
            "My diary.\nTuesday.\n",
            "My diary, one line without an end",
            '{"text": "somebody else\'s"}',
            '{"text": "somebody else\'s"}\n',
            "3",
            "[]\n",
        ],
    )
    def test_a_file_that_is_no_earlier_result_is_left_alone(
        self, own: str, vivavoce, tmp_path: Path, out: Path
    ):
        out.parent.mkdir()
        out.write_text(own)
        source = written(tmp_path / "in.jsonl", [{"question_id": "general-06", "answer": TEXT}])
        ran = vivavoce("grade-batch", source, out)
        assert ran.status == 2
        assert str(out) in ran.err
        assert "left alone" in ran.err
        assert out.read_text() == own

    def test_the_two_files_given_the_wrong_way_round_harm_nothing(self, vivavoce, tmp_path: Path):
        source = written(tmp_path / "in.jsonl", [{"question_id": "general-06", "answer": TEXT}])
        before = source.read_bytes()
        ran = vivavoce("grade-batch", tmp_path / "out.jsonl", source)
        assert ran.status == 2
        assert source.read_bytes() == before

    def test_a_place_that_cannot_be_written_is_named(self, vivavoce, tmp_path: Path):
        source = written(tmp_path / "in.jsonl", [{"question_id": "general-06", "answer": TEXT}])
        ran = vivavoce("grade-batch", source, source / "out.jsonl")
        assert ran.status == 2
        assert str(source / "out.jsonl") in ran.err


@pytest.mark.usefixtures("loaded")
def test_a_run_that_is_killed_goes_on_where_it_stopped(vivavoce, user_folder: Path, tmp_path: Path):
    words = ["depth", "width", "noise", "ReLU", "tanh"]
    lines: list[object] = [
        {"id": f"a{number}", "question_id": "general-06", "answer": f"{TEXT} {words[number % 5]} {number}."}
        for number in range(400)
    ]
    source, out = written(tmp_path / "in.jsonl", lines), tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "vivavoce", "grade-batch", source, out, "--home", user_folder]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        while not (out.exists() and out.read_bytes().count(b"\n") >= 3):
            try:
                process.wait(timeout=0.02)
            except subprocess.TimeoutExpired:
                continue
            pytest.fail(f"it ended before it could be killed: {process.communicate()[1]}")
        process.kill()
    kept = out.read_bytes()
    done = kept.count(b"\n")
    assert 3 <= done < 400, "it was to be killed half-way"
    # Enough to go on with: the other lines are given up.
    source = written(tmp_path / "in.jsonl", lines[: done + 4])
    assert vivavoce("grade-batch", source, out).status == 0
    assert out.read_bytes().startswith(kept[: kept.rfind(b"\n") + 1])
    assert [found["line"] for found in results(out)] == list(range(1, done + 5))
    assert [found["id"] for found in results(out)] == [f"a{number}" for number in range(done + 4)]
