"""Um and uh are heard by a pass of their own, which invents none and can be taken back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vivavoce.core.delivery import Verbatim
from vivavoce.core.ticket import Ticket
from vivavoce.engines.engines import Engines
from vivavoce.engines.fillers import verbatim_of
from vivavoce.engines.voice_activity import RATE
from vivavoce.engines.whisper import decode
from vivavoce.errors import Cancelled


def test_hesitations_are_heard_where_they_are(base_engines: Engines, shared_speech: Path):
    samples = decode(shared_speech / "mfa_crossword.flac")  # "but um montreal but um but montreal ..."
    heard = verbatim_of(base_engines.ears().model, samples, Ticket())
    assert [one.word for one in heard.fillers] == ["um", "um"]
    first, second = heard.fillers
    assert 1.6 < first.start < 3.0
    assert 5.0 < second.start < 7.0


def test_who_does_not_hesitate_is_not_said_to(base_engines: Engines, shared_speech: Path):
    samples = decode(shared_speech / "ls_1688-142285-0001.flac")
    assert verbatim_of(base_engines.ears().model, samples, Ticket()).fillers == ()


def test_circles_of_uh_are_not_counted(base_engines: Engines, shared_speech: Path):
    # Whisper writes "uh" over a hundred times here; six were said.
    samples = decode(shared_speech / "mfa_uhuh.flac")
    heard = verbatim_of(base_engines.ears().model, samples, Ticket())
    assert 3 <= len(heard.fillers) <= 8


def test_nothing_is_heard_in_silence(engines: Engines):
    silence = np.zeros(5 * RATE, np.float32)
    assert verbatim_of(engines.ears().model, silence, Ticket()) == Verbatim()


def test_it_stops_when_it_is_taken_back(engines: Engines, tmp_path: Path):
    file = tmp_path / "x.wav"
    engines.voice("natural").speak("The gradient tells every weight where to go.", file, 1, Ticket())
    ticket = Ticket(lambda _stage, _fraction: ticket.cancel())
    with pytest.raises(Cancelled):
        verbatim_of(engines.ears().model, decode(file), ticket)
