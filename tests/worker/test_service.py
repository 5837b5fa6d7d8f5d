"""The window and the worker talk in JSON lines: what is asked is answered once and nothing is left."""

from __future__ import annotations

import shutil
import subprocess
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from hearing import share_heard
from worker_wire import ENDS, Event, Wire

from vivavoce.audio_file import read_pcm
from vivavoce.core.attempt import Assessment
from vivavoce.core.delivery import Verbatim
from vivavoce.core.plain import from_plain, to_plain
from vivavoce.core.question import Question
from vivavoce.core.transcript import Segment, Transcript, Word
from vivavoce.core.wording_check import WordingResult, rates_of
from vivavoce.engines.voice import VoiceChoice
from vivavoce.paths import content, role_command
from vivavoce.store.audio import Recordings, WavWriter
from vivavoce.store.bank import load_bank

LONG = "The gradient tells the weights which way to move. " * 500


@pytest.fixture(scope="module")
def question(shipped_answer) -> object:
    return to_plain(load_bank(content("data") / "bank").get(shipped_answer.question))


@pytest.fixture(scope="module")
def recording(shipped_answer) -> str:
    return str(shipped_answer.file)


def kinds(events: list[Event]) -> list[str]:
    """The kinds of events in order, each once in a row."""
    names = [event["event"] for event in events]
    return [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]


def seconds_of(file: Path) -> float:
    with wave.open(str(file), "rb") as wav:
        return wav.getnframes() / wav.getframerate()


# Answers


def test_each_engine_says_that_it_loads_and_that_it_is_ready(worker: Wire):
    told = [event for event in worker.events if event["event"] == "engine"]
    assert {event["id"] for event in told} == {None}
    for engine in ("voice", "speech", "judge"):
        assert [event["state"] for event in told if event["engine"] == engine] == ["loading", "ready"]


def test_a_recording_is_written_down_and_then_judged(
    worker: Wire, question: object, recording: str, shipped_answer
):
    number = worker.ask("assess", recording=recording, question=question)
    end = worker.end_of(number)
    events = worker.of(number)
    assert kinds(events) == ["progress", "transcript", "progress", "done"]
    assert events[0]["stage"] == "listening"
    assert all(0.0 <= event["fraction"] <= 1.0 for event in events if event["event"] == "progress")
    (heard,) = (event["transcript"] for event in events if event["event"] == "transcript")
    assert share_heard(shipped_answer.text, from_plain(Transcript, heard).text) > 0.9
    assessment = from_plain(Assessment, end["result"])
    assert assessment.scored
    assert assessment.score is not None
    assert assessment.score > 20.0
    assert to_plain(assessment.transcript) == heard
    assert assessment.models["speech"] == "whisper-tiny-en"
    covered = {evidence.concept_id for evidence in assessment.evidence if evidence.verdict == "covered"}
    assert shipped_answer.covered in covered


def test_a_typed_answer_is_judged(worker: Wire, question: object):
    text = (
        "The users leave when it is slow, so I watch the tail latency and retrain the model when data drifts."
    )
    end = worker.end_of(worker.ask("assess_text", text=text, question=question))
    assessment = from_plain(Assessment, end["result"])
    assert assessment.scored
    assert assessment.text == text
    assert assessment.transcript is None
    assert "speech" not in assessment.models


def test_words_heard_before_are_judged_again_with_a_wording_of_ones_own(worker: Wire, shipped_answer):
    asked = load_bank(content("data") / "bank").get(shipped_answer.question)
    own = "I keep the old horse in the stable until the new one has run"
    concept = replace(asked.concepts[0], own=(own,))
    known = replace(asked, concepts=(concept, *asked.concepts[1:]))
    words = tuple(
        Word(float(at), at + 1.0, word, 0.9) for at, word in enumerate(f"So, um, {own}. Then I look.".split())
    )
    heard = Transcript("", "en", 20.0, 20.0, "m", "cpu", True, None, (Segment(0.0, 20.0, "", words),))
    verdicts = []
    for question in (asked, known):
        number = worker.ask("assess_transcript", transcript=to_plain(heard), question=to_plain(question))
        verdicts.append(from_plain(Assessment, worker.end_of(number)["result"]).evidence[0])
    assert verdicts[0].covered < 0.5
    assert (verdicts[1].verdict, verdicts[1].own_wording) == ("covered", own)
    assert verdicts[1].covered >= 0.9
    assert verdicts[1].start == 3.0


def test_silence_is_not_scored_and_the_reason_is_told(worker: Wire, question: object, tmp_path: Path):
    with WavWriter(tmp_path / "silence.wav") as silence:
        silence.write(np.zeros(32_000, np.int16))
    number = worker.ask("assess", recording=str(silence.path), question=question)
    assessment = from_plain(Assessment, worker.end_of(number)["result"])
    assert not assessment.scored
    assert assessment.score is None
    assert (assessment.reason or "").startswith("No speech was heard in the recording.")


def test_hesitation_is_listened_for_after_the_verdict(worker: Wire, recording: str):
    recordings = Recordings(worker.home / "recordings")
    recordings.flac_path(7).parent.mkdir(exist_ok=True)
    shutil.copy(recording, recordings.flac_path(7))
    end = worker.end_of(worker.ask("delivery", attempt=7))
    assert end["event"] == "done", end
    heard = from_plain(Verbatim, end["result"])
    assert all(0.0 <= one.start <= one.end for one in heard.fillers)
    gone = worker.end_of(worker.ask("delivery", attempt=8))
    assert gone["event"] == "failed"
    assert "not there any more" in gone["what"]


def test_a_question_is_read_aloud_into_a_file(worker: Wire, tmp_path: Path):
    file = tmp_path / "question.wav"
    number = worker.ask(
        "speak", text="Why does a network need depth?", to=str(file), voice="natural", speed=1.0
    )
    assert worker.end_of(number) == {"id": number, "event": "done", "result": str(file)}
    assert 1.0 < seconds_of(file) < 5.0


def test_a_question_is_read_while_an_answer_is_judged(
    worker: Wire, question: object, recording: str, tmp_path: Path
):
    judged = worker.ask("assess", recording=recording, question=question)
    worker.until(lambda event: event["id"] == judged)
    spoken = worker.ask("speak", text="Next.", to=str(tmp_path / "x.wav"), voice="natural", speed=1.0)
    first = worker.until(lambda event: event["event"] in ENDS)
    assert first["id"] == spoken, "reading waited for the judge"
    assert worker.end_of(judged)["event"] == "done"


def test_the_voices_are_listed_with_the_natural_one_first(worker: Wire):
    end = worker.end_of(worker.ask("voices"))
    voices = [from_plain(VoiceChoice, voice) for voice in end["result"]]
    assert voices[0].id == "natural"
    assert all(voice.id.startswith("system:") for voice in voices[1:])


def test_a_library_that_prints_does_not_disturb_the_pipe(worker: Wire, tmp_path: Path):
    # pyttsx3 prints "Audio saved to ..." in its own process, and every line read here must be JSON.
    number = worker.ask("speak", text="Hello.", to=str(tmp_path / "x.wav"), voice="system", speed=1.0)
    assert worker.end_of(number)["event"] in ("done", "failed")


def test_a_recording_is_made_smaller_without_losing_a_sample(worker: Wire):
    recordings = Recordings(worker.home / "recordings")
    noise = np.random.default_rng(1).integers(-9000, 9000, 40_000).astype(np.int16)
    with WavWriter(recordings.wav_path(3)) as wav:
        wav.write(noise)
    end = worker.end_of(worker.ask("compress", attempt=3))
    assert end["result"] == str(recordings.flac_path(3))
    assert np.array_equal(read_pcm(recordings.flac_path(3))[0], noise)
    assert not recordings.wav_path(3).exists()


def test_a_questions_own_words_are_judged_one_by_one(worker: Wire, question: object):
    number = worker.ask("check_wordings", question=question)
    end = worker.end_of(number)
    assert kinds(worker.of(number)) == ["progress", "done"]
    results = [from_plain(WordingResult, one) for one in end["result"]]
    asked = from_plain(Question, question)
    accepted = [text for concept in asked.concepts for text in concept.accepted]
    assert [one.text for one in results if one.kind == "accepted"] == accepted
    assert all(set(one.verdicts) == {concept.id for concept in asked.concepts} for one in results)
    rates = rates_of(results)
    assert rates.reference_covered is not None
    assert rates.reference_covered > 0.5
    assert rates.misconceptions_refused is not None
    assert rates.misconceptions_refused > 0.5


# Faults


@pytest.mark.parametrize(
    ("do", "values", "named"),
    [
        ("assess", {"recording": "no such.wav"}, "no such.wav"),
        ("compress", {"attempt": 77}, "00000077.wav"),
        ("speak", {"text": "Hello.", "to": "x.wav", "voice": "martian", "speed": 1.0}, "martian"),
    ],
)
def test_what_is_wrong_outside_is_named_with_a_next_step(
    do: str, values: Event, named: str, worker: Wire, question: object
):
    end = worker.end_of(worker.ask(do, **values, question=question))
    assert end["event"] == "failed"
    assert named in end["what"]
    assert end["next_step"]
    assert "Traceback" not in worker.log()


def test_a_fault_of_ours_is_told_and_the_worker_lives_on(worker: Wire, question: object):
    end = worker.end_of(worker.ask("assess_text", text="Depth.", question={"ask": 3}))
    assert end["event"] == "failed"
    assert "inside Viva Voce (ValueError" in end["what"]
    assert "Your recording is kept" in end["next_step"]
    assert "Traceback" in worker.log(), "for a bug report"
    text = "I retrain the model when the inputs drift away."
    assert worker.end_of(worker.ask("assess_text", text=text, question=question))["event"] == "done"


def test_a_speech_model_that_is_missing_is_told_and_typed_answers_are_still_judged(
    new_home: Callable[[], Path], question: object, recording: str, tmp_path: Path
):
    home = new_home()
    (home / "settings.toml").write_text(f'speech_model = "{tmp_path}"\n')
    wire = Wire(home)
    try:
        failed = wire.until(lambda event: event["event"] == "engine" and event["state"] == "failed")
        assert failed["engine"] == "speech"
        assert str(tmp_path) in failed["detail"]
        end = wire.end_of(wire.ask("assess", recording=recording, question=question))
        assert end["event"] == "failed"
        assert str(tmp_path) in end["what"]
        wire.send({"do": "quit"})
        assert wire.left() == 0
    finally:
        wire.close()


# Cancelling


def test_a_running_request_that_is_cancelled_ends_so_and_the_next_one_works(
    worker: Wire, question: object, recording: str
):
    number = worker.ask("assess", recording=recording, question=question)
    worker.until(lambda event: event["id"] == number and event.get("stage") == "transcribing")
    worker.send({"id": number, "do": "cancel"})
    assert worker.end_of(number) == {"id": number, "event": "cancelled"}
    assert not [event for event in worker.of(number) if event["event"] == "transcript"]
    text = "I retrain the model when the inputs drift away."
    following = worker.ask("assess_text", text=text, question=question)
    assert worker.end_of(following)["event"] == "done"
    ends = [event for event in worker.of(number) if event["event"] in ENDS]
    assert len(ends) == 1, "a request ends once"


def test_a_waiting_request_that_is_cancelled_is_never_begun(worker: Wire, question: object, recording: str):
    running = worker.ask("assess", recording=recording, question=question)
    waiting = worker.ask("assess", recording=recording, question=question)
    worker.send({"id": waiting, "do": "cancel"})
    worker.send({"id": running, "do": "cancel"})
    assert worker.end_of(waiting) == {"id": waiting, "event": "cancelled"}
    assert len(worker.of(waiting)) == 1
    assert worker.of(running)[-1]["event"] == "cancelled"


def test_to_cancel_what_has_ended_or_never_was_is_harmless(worker: Wire):
    ended = worker.ask("voices")
    worker.end_of(ended)
    for number in (ended, 999):
        worker.send({"id": number, "do": "cancel"})
    assert worker.end_of(worker.ask("voices"))["event"] == "done"
    assert len([event for event in worker.of(ended) if event["event"] in ENDS]) == 1


# The end


def test_it_quits_when_it_is_asked_to_while_it_is_still_loading(fresh_worker: Wire):
    fresh_worker.until(lambda event: event.get("state") == "loading")
    fresh_worker.send({"do": "quit"})
    assert fresh_worker.left() == 0


def test_it_quits_when_the_window_has_gone(fresh_worker: Wire):
    fresh_worker.ready("voice")
    fresh_worker.hang_up()
    assert fresh_worker.left() == 0
    assert "Traceback" not in fresh_worker.log()


def test_it_quits_without_complaint_when_the_window_was_killed_and_nobody_reads(
    new_home: Callable[[], Path], tmp_path: Path
):
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*role_command("worker"), "--home", str(new_home())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.close()
        assert process.wait(timeout=120) == 0
    assert "Error" not in (tmp_path / "log").read_text()


def test_it_quits_in_the_middle_of_work_and_takes_its_helpers_with_it(fresh_worker: Wire, tmp_path: Path):
    fresh_worker.ready("voice")
    fresh_worker.ask("speak", text=LONG, to=str(tmp_path / "x.wav"), voice="system", speed=1.0)
    helpers: list[psutil.Process] = []
    while not helpers:
        helpers = fresh_worker.children()
        assert fresh_worker.process.poll() is None
    fresh_worker.send({"do": "quit"})
    assert fresh_worker.left() == 0
    assert not any(helper.is_running() for helper in helpers)
    assert list(tmp_path.iterdir()) == []


def test_it_quits_when_all_is_loaded_and_leaves_no_child(worker: Wire):
    # The last test of this file: it ends the worker that the others share.
    helpers = worker.children()
    worker.send({"do": "quit"})
    assert worker.left() == 0
    assert not any(helper.is_running() for helper in helpers)
    assert [
        path.name for path in (worker.home / "cache" / "models").iterdir() if path.suffix == ".part"
    ] == []
