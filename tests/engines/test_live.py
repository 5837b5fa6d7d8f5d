"""An answer is written down while it is spoken, and nothing of it is lost or written twice."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hearing import share_heard

from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Heard, Transcript
from vivavoce.engines.engines import Engines
from vivavoce.engines.live import LiveHearing
from vivavoce.engines.voice_activity import RATE, Samples
from vivavoce.engines.whisper import Whisper, decode
from vivavoce.errors import Cancelled

ONE = "The gradient of the loss tells every weight which way to move."
OTHER = "It is computed layer by layer, from the last one back to the first."
TALK = (
    ONE,
    OTHER,
    "A small step keeps the training stable, but it takes much longer.",
    "I would begin with a simple model and look at its mistakes.",
    "When the data is scarce, a larger network learns it by heart.",
    "Dropout switches off some units at random during training.",
    "At the end I compare both versions on people who have never seen them.",
    "That is how I would find out whether the change was worth it.",
)


@pytest.fixture(scope="module")
def spoken(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Samples]:
    folder = tmp_path_factory.mktemp("spoken")

    def said(text: str) -> Samples:
        file = folder / f"{len(list(folder.iterdir()))}.wav"
        engines.voice("natural").speak(text, file, 1.0, Ticket())
        samples = decode(file)
        return samples[: int(np.flatnonzero(np.abs(samples) > 0.02)[-1]) + 1]

    return said


def rest(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


class Microphone:
    """Delivers what the test puts in, all at once or at a moment of the test's choosing."""

    def __init__(self) -> None:
        self._waiting: list[Samples] = []
        self.asked = 0
        self.later: dict[int, Samples] = {}

    def put(self, *parts: Samples) -> None:
        self._waiting += parts

    def take(self) -> Samples:
        self.asked += 1
        parts, self._waiting = self._waiting, []
        parts += [self.later.pop(self.asked)] if self.asked in self.later else []
        return np.concatenate([*parts, rest(0)])


class Sitting:
    """A hearing with its microphone, and what was told of it."""

    def __init__(self, ears: Whisper) -> None:
        self.ears = copy.copy(ears)
        self.microphone = Microphone()
        self.told: list[Heard] = []
        self.hearing = LiveHearing(self.ears, None, self.microphone.take, self.told.append)

    def step(self, idle: float = 0.0, *, stopping: bool = False) -> bool:
        return self.hearing.step(idle=idle, stopping=stopping, ticket=Ticket())

    def work(self) -> None:
        while self.step():
            pass

    def finish(self) -> Transcript:
        return self.hearing.finish(Ticket())


@pytest.fixture
def sitting(engines: Engines) -> Sitting:
    return Sitting(engines.ears())


def test_the_last_words_are_there_when_it_ends_after_a_silence(
    sitting: Sitting, spoken: Callable[[str], Samples]
):
    sitting.microphone.put(rest(0.5), spoken(ONE), rest(1.2))
    sitting.work()
    assert share_heard(ONE, sitting.told[-1].tail) > 0.9
    sitting.ears.model = None  # type: ignore[assignment]  # whoever asks it now, fails
    sitting.microphone.put(rest(0.3))
    heard = sitting.finish()
    assert share_heard(ONE, heard.text) > 0.9
    assert (heard.kind, heard.beam, heard.reliable) == ("live", 5, True)


def test_words_are_not_waited_for_when_the_recording_pauses_or_stop_is_pressed(
    sitting: Sitting, spoken: Callable[[str], Samples]
):
    sitting.microphone.put(rest(0.5), spoken(ONE), rest(0.2))
    assert not sitting.step()
    assert sitting.step(stopping=True)
    assert sitting.told[-1].tail
    assert not sitting.step(stopping=True), "the same words once only"


def test_words_that_come_while_the_last_ones_are_written_down_are_neither_lost_nor_doubled(
    sitting: Sitting, spoken: Callable[[str], Samples]
):
    sitting.microphone.put(rest(0.5), spoken(ONE), rest(1.0))
    # The first question for samples begins the step; the second is asked while the model works.
    sitting.microphone.later[2] = np.concatenate([spoken(OTHER), rest(0.1)])
    assert sitting.step()
    assert sitting.told == [], "given up"
    heard = sitting.finish()
    assert share_heard(f"{ONE} {OTHER}", heard.text) > 0.9
    assert heard.text.count("gradient") == 1


def test_a_long_answer_on_a_slow_machine_is_heard_whole(sitting: Sitting, spoken: Callable[[str], Samples]):
    # All of it is there before the first step, as if the machine had slept meanwhile.
    parts = [part for text in TALK for part in (spoken(text), rest(0.7))]
    sitting.microphone.put(rest(1.0), *parts)
    sitting.work()
    heard = sitting.finish()
    assert share_heard(" ".join(TALK), heard.text) > 0.9
    assert sitting.told[0].behind > 5.0
    assert [one.behind for one in sitting.told] == sorted((one.behind for one in sitting.told), reverse=True)
    assert heard.duration == pytest.approx(1.0 + sum(len(part) for part in parts) / RATE, abs=0.01)
    assert len(heard.pauses) == 7
    starts = [word.start for word in heard.words]
    assert starts == sorted(starts)


def test_times_are_those_of_the_recording(sitting: Sitting, spoken: Callable[[str], Samples]):
    one, other = spoken(ONE), spoken(OTHER)
    sitting.microphone.put(rest(7.0), one, rest(5.0))
    sitting.work()
    sitting.microphone.put(other, rest(1.0))
    heard = sitting.finish()
    assert heard.words[0].start == pytest.approx(7.0, abs=0.5)
    second = next(word for word in heard.words if word.word == "It")
    assert second.start == pytest.approx(12.0 + len(one) / RATE, abs=0.5)


def test_in_silence_nothing_is_written_and_nothing_is_kept(sitting: Sitting):
    for _ in range(30):
        sitting.microphone.put(rest(1.0))
        assert not sitting.step(idle=1.0, stopping=True)
    heard = sitting.finish()
    assert heard.text == ""
    assert heard.reason is not None
    assert heard.reason.startswith("No speech was heard")
    assert sitting.told == []


def test_an_answer_without_a_sample_is_silence(sitting: Sitting):
    assert str(sitting.finish().reason).startswith("No speech was heard")


def test_a_hearing_that_is_taken_back_ends(sitting: Sitting, spoken: Callable[[str], Samples]):
    ticket = Ticket()
    ticket.cancel()
    sitting.microphone.put(spoken(ONE), rest(1.0))
    with pytest.raises(Cancelled):
        sitting.hearing.step(idle=0.0, stopping=False, ticket=ticket)


def test_recorded_people_are_heard_as_well_as_from_the_whole_recording(
    engines: Engines, sitting: Sitting, shared_speech: Path
):
    files = sorted(shared_speech.glob("ls_1998-*.flac"))[:5]
    samples = np.concatenate([decode(file) for file in files])
    whole = engines.ears().transcribe_samples(samples, None, Ticket())
    for start in range(0, len(samples), RATE):
        sitting.microphone.put(samples[start : start + RATE])
        sitting.work()
    assert share_heard(whole.text, sitting.finish().text) > 0.85
