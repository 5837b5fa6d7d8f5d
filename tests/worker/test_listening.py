"""A recording is written down while it grows, and whatever becomes of that, the answer is judged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hearing import share_heard
from worker_wire import ENDS, Wire

from vivavoce.audio_file import read_pcm
from vivavoce.core.attempt import Assessment
from vivavoce.core.plain import from_plain, to_plain
from vivavoce.core.transcript import Heard
from vivavoce.paths import content
from vivavoce.store.audio import RATE, Recordings, WavWriter
from vivavoce.store.bank import load_bank


@pytest.fixture(scope="module")
def question(shipped_answer) -> object:
    return to_plain(load_bank(content("data") / "bank").get(shipped_answer.question))


@pytest.fixture(scope="module")
def answer(shipped_answer) -> np.ndarray:
    samples, rate = read_pcm(shipped_answer.file)
    assert rate == RATE
    return samples


@pytest.fixture
def recording(tmp_path: Path) -> Iterator[WavWriter]:
    with WavWriter(tmp_path / "00000001.wav") as wav:
        yield wav


def judged(worker: Wire, recording: WavWriter, question: object) -> Assessment:
    recording.close()
    end = worker.end_of(worker.ask("assess", recording=str(recording.path), question=question))
    assert end["event"] == "done", end
    return from_plain(Assessment, end["result"])


def kind_of(assessment: Assessment) -> str:
    assert assessment.transcript is not None
    return assessment.transcript.kind


def test_words_come_while_it_is_spoken_and_the_last_ones_when_it_is_judged(
    worker: Wire, recording: WavWriter, question: object, answer: np.ndarray, shipped_answer
):
    number = worker.ask("listen", recording=str(recording.path), question=question)
    half = answer.size // 2
    recording.write(answer[:half])
    heard = worker.until(lambda event: event["id"] == number and event["event"] == "heard")["heard"]
    first = from_plain(Heard, heard)
    assert len((first.text + first.tail).split()) > 5
    recording.write(answer[half:])
    worker.send({"do": "stopping", "recording": str(recording.path)})
    assessment = judged(worker, recording, question)
    assert kind_of(assessment) == "live"
    assert assessment.scored
    assert assessment.transcript is not None
    assert assessment.transcript.duration == pytest.approx(answer.size / RATE, abs=0.01)
    assert share_heard(shipped_answer.text, assessment.text) > 0.9
    starts = [word.start for word in assessment.transcript.words]
    assert starts == sorted(starts)
    assert [event["event"] for event in worker.of(number) if event["event"] in ENDS] == ["done"]


def test_what_was_judged_ahead_is_judged_as_if_it_had_not_been(
    worker: Wire, fresh_worker: Wire, recording: WavWriter, question: object, answer: np.ndarray
):
    worker.ask("listen", recording=str(recording.path), question=question)
    recording.write(answer)
    worker.until(lambda event: event["event"] == "heard")
    ahead = judged(worker, recording, question)
    fresh_worker.ready("judge")
    number = fresh_worker.ask("assess_transcript", transcript=to_plain(ahead.transcript), question=question)
    afresh = from_plain(Assessment, fresh_worker.end_of(number)["result"])
    assert [(e.concept_id, e.verdict, e.quote) for e in ahead.evidence] == [
        (e.concept_id, e.verdict, e.quote) for e in afresh.evidence
    ]


def test_an_answer_that_ends_before_anything_was_heard_is_heard_all_the_same(
    worker: Wire, recording: WavWriter, question: object, answer: np.ndarray, shipped_answer
):
    # As on a machine that is much slower than the speaker: all of it is still to be heard at stop.
    recording.write(answer)
    worker.ask("listen", recording=str(recording.path), question=question)
    assessment = judged(worker, recording, question)
    assert kind_of(assessment) == "live"
    assert share_heard(shipped_answer.text, assessment.text) > 0.9


def test_silence_is_followed_and_not_scored(worker: Wire, recording: WavWriter, question: object):
    worker.ask("listen", recording=str(recording.path), question=question)
    recording.write(np.zeros(4 * RATE, np.int16))
    assessment = judged(worker, recording, question)
    assert kind_of(assessment) == "live"
    assert not assessment.scored
    assert assessment.reason is not None
    assert assessment.reason.startswith("No speech was heard")


def test_a_recording_that_is_taken_back_is_let_go_and_is_heard_whole_when_it_is_judged_after_all(
    worker: Wire, recording: WavWriter, question: object, answer: np.ndarray, shipped_answer
):
    number = worker.ask("listen", recording=str(recording.path), question=question)
    recording.write(answer)
    worker.send({"id": number, "do": "cancel"})
    assert worker.end_of(number)["event"] == "cancelled"
    assessment = judged(worker, recording, question)
    assert kind_of(assessment) == "whole file"
    assert share_heard(shipped_answer.text, assessment.text) > 0.9


def test_a_recording_that_cannot_be_followed_is_heard_whole(worker: Wire, question: object, shipped_answer):
    flac = str(shipped_answer.file)
    number = worker.ask("listen", recording=flac, question=question)
    assert worker.end_of(number)["event"] == "failed"
    end = worker.end_of(worker.ask("assess", recording=flac, question=question))
    assert kind_of(from_plain(Assessment, end["result"])) == "whole file"


def test_listening_to_it_again_with_another_beam_is_listening_to_the_whole_file(
    worker: Wire, recording: WavWriter, question: object, answer: np.ndarray
):
    recording.write(answer[: 12 * RATE])
    recording.close()
    asked = worker.ask("assess", recording=str(recording.path), question=question, beam=10)
    again = from_plain(Assessment, worker.end_of(asked)["result"])
    assert again.transcript is not None
    assert (again.transcript.kind, again.transcript.beam) == ("whole file", 10)


def test_a_recording_that_becomes_a_flac_while_the_request_waits_is_found(
    worker: Wire, question: object, answer: np.ndarray
):
    recordings = Recordings(worker.home / "recordings")
    with WavWriter(recordings.wav_path(9)) as wav:
        wav.write(answer[: 12 * RATE])
    worker.ask("compress", attempt=9)
    asked = worker.ask("assess", recording=str(wav.path), question=question, beam=1)
    assert worker.end_of(asked)["event"] == "done"
    assert not wav.path.exists()


def test_it_quits_in_the_middle_of_listening(
    fresh_worker: Wire, recording: WavWriter, question: object, answer: np.ndarray
):
    fresh_worker.ready("speech")
    number = fresh_worker.ask("listen", recording=str(recording.path), question=question)
    recording.write(answer)
    fresh_worker.until(lambda event: event["id"] == number)
    fresh_worker.hang_up()
    assert fresh_worker.left() == 0
    assert "Traceback" not in fresh_worker.log()
