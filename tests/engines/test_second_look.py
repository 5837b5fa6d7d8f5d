"""A doubtful term is listened to again, without the help that may have put it there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vivavoce.core.question import Question, Term
from vivavoce.core.ticket import Ticket
from vivavoce.core.transcript import Word
from vivavoce.engines.engines import Engines
from vivavoce.engines.piece import Piece, heard_in, segment_of
from vivavoce.engines.second_look import looked_again
from vivavoce.engines.voice_activity import RATE, raised, speech_spans
from vivavoce.engines.whisper import decode


@pytest.fixture(scope="module")
def said(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Piece:
    """A sentence with "dropout" in its middle."""
    file = tmp_path_factory.mktemp("said") / "said.wav"
    engines.voice("natural").speak(
        "In a deep network I would use dropout on the last layer.", file, 1, Ticket()
    )
    loud = raised(decode(file))
    return Piece(loud, tuple(speech_spans(loud)))


def asked(term: str) -> Question:
    """A question about networks with one term."""
    return Question("q", "What helps a deep network?", "A layer that ...", (), terms=(Term(term),))


def no_check() -> None:
    """Nobody takes it back."""


def doubted(engines: Engines, piece: Piece, old: str, new: str):
    """The words as heard, one of them another and doubtful."""
    segments = heard_in(piece, engines.ears().model, 5, None, no_check)
    words = [word for segment in segments for word in segment.words]
    places = [place for place, word in enumerate(words) if old in word.word]
    assert places, [word.word for word in words]
    words[places[0]] = replace(words[places[0]], word=new, probability=0.2)
    return [segment_of(words)], places[0]


def test_a_term_that_was_said_is_confirmed(engines: Engines, said: Piece):
    segments, place = doubted(engines, said, "drop", "dropout")
    looked = looked_again(segments, said, engines.ears().model, asked("dropout"), no_check)
    assert looked[0].words[place].word == "dropout"
    assert looked[0].words[place].confirmed is True


def test_a_term_that_was_put_there_gives_way_to_what_was_said(engines: Engines, said: Piece):
    segments, place = doubted(engines, said, "network", "perplexity")
    looked = looked_again(segments, said, engines.ears().model, asked("perplexity"), no_check)
    assert "perplexity" not in looked[0].text
    assert looked[0].words[place].word.startswith("network")


def test_terms_that_were_read_out_in_place_of_what_was_said_are_heard_anew(engines: Engines, said: Piece):
    told = [Word(0.1 * place, 0.1 * place + 0.1, word, 0.3) for place, word in enumerate("ABCD")]
    question = replace(asked("A"), terms=tuple(Term(word) for word in "ABCD"))
    looked = looked_again([segment_of(told)], said, engines.ears().model, question, no_check)
    assert "last layer" in " ".join(segment.text for segment in looked)


def test_where_no_term_is_doubtful_nothing_is_listened_to(engines: Engines, said: Piece):
    segments = heard_in(said, engines.ears().model, 5, None, no_check)

    def never() -> None:
        raise AssertionError("it listened")

    silent = Piece(np.zeros_like(said.samples), said.spans)
    assert looked_again(segments, silent, engines.ears().model, asked("perplexity"), never) == segments


def test_a_list_that_was_really_said_stays_as_it_was_heard(engines: Engines, tmp_path: Path):
    listed = ("dropout", "momentum", "softmax", "encoder")
    file = tmp_path / "listed.wav"
    engines.voice("natural").speak(", ".join(listed) + ".", file, 1, Ticket())
    loud = raised(decode(file))
    piece = Piece(loud, tuple(speech_spans(loud)))
    seconds = len(loud) / RATE / len(listed)
    told = [Word(n * seconds, (n + 1) * seconds, word, 0.3) for n, word in enumerate(listed)]
    question = replace(asked("dropout"), terms=tuple(Term(word) for word in listed))
    looked = looked_again([segment_of(told)], piece, engines.ears().model, question, no_check)
    assert [word.word for word in looked[0].words] == list(listed)
