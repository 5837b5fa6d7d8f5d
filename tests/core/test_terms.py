"""Terms of the question in what was heard: where they stand, what speaks for them, what teaches them."""

from __future__ import annotations

import pytest

from vivavoce.core.question import Concept, Question, Term
from vivavoce.core.terms import SURE, confirmed, doubtful, settled, sound_of, taught, uses_of
from vivavoce.core.transcript import Word

RELU = Term("ReLU", "ray loo", ("rail you",))
LSTM = Term("LSTM", "L S T M")
NORM = Term("batch normalization")
ADAM = Term("Adam")
TERMS = (RELU, LSTM, NORM, ADAM, Term("norm"))


def said(text: str, sure: float = 0.9, start: float = 1.0) -> tuple[Word, ...]:
    """One word each half second."""
    return tuple(
        Word(start + 0.5 * place, start + 0.5 * place + 0.45, word, sure)
        for place, word in enumerate(text.split())
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I use ReLU, then an LSTM.", ["ReLU", "LSTM"]),
        ("Batch -normalization helps", ["batch normalization"]),
        ("batch-normalization and the norm", ["batch normalization", "norm"]),
        ("two LSTMs", ["LSTM"]),
        ("an L -STM", ["LSTM"]),
        ("the normal batch", []),
        ("madam", []),
        ("", []),
    ],
)
def test_terms_are_found_as_they_are_written(text: str, found: list[str]):
    assert [use.term.text for use in uses_of(said(text), TERMS)] == found


def test_only_what_is_not_sure_is_looked_at_again():
    uses = uses_of((*said("ReLU", SURE - 0.01), *said("Adam", SURE, 9.0)), TERMS)
    assert [use.term.text for use in doubtful(uses)] == ["ReLU"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("LSTM", "L S T M"), ("LoRA", "Laura"), ("Adam", "atom"), ("softmax", "soft max"), ("GRU", "G.R.U.")],
)
def test_what_sounds_alike_has_one_sound(one: str, other: str):
    assert sound_of(one) == sound_of(other)


@pytest.mark.parametrize(
    ("term", "plain", "is_said"),
    [
        (RELU, "and rail you is", True),
        (LSTM, "the L S T M has", True),
        (Term("softmax"), "a soft max", True),
        (Term("seq2seq", "seek to seek"), "seek to seek", True),
        (Term("dropout"), "the weather tomorrow", False),
        (Term("perplexity"), "a glass of water", False),
        (Term("AdamW", "adam W"), "add a double U", True),
        (LSTM, "LSDM", True),
        (LSTM, "a cake", False),
        (LSTM, "", False),
    ],
)
def test_the_plain_hearing_speaks_for_what_sounds_like_it(term: Term, plain: str, is_said: bool):
    assert confirmed(term, plain.split()) is is_said


def question(*terms: Term) -> Question:
    concept = Concept("c", "A railway of gradients.", misconceptions=("It is a group.",))
    return Question("q", "What is a great unit?", "A long text.", (concept,), terms=terms)


def test_a_doubtful_term_that_was_said_is_marked_and_stays():
    words = settled(
        said("gradients then ReLU follows", 0.3), question(*TERMS), said("gradients then rail you", 0.8)
    )
    assert [word.word for word in words] == ["gradients", "then", "ReLU", "follows"]
    assert [word.confirmed for word in words] == [None, None, True, None]


def test_a_term_that_was_only_expected_gives_way_to_what_was_heard():
    asked = question(Term("perplexity"))
    words = settled(said("gradients perplexity today", 0.3), asked, said("gradients water today", 0.9))
    assert [word.word for word in words] == ["gradients", "water", "today"]


def test_a_term_against_which_only_a_guess_speaks_stays_and_is_marked():
    asked = question(Term("perplexity"))
    words = settled(said("gradients perplexity today", 0.3), asked, said("gradients water today", 0.1))
    assert [(word.word, word.confirmed) for word in words][1] == ("perplexity", False)


def test_what_sounds_the_same_is_the_term_only_where_the_talk_is_about_the_question():
    asked = question(Term("LoRA"))
    inside = settled(
        said("with LoRA the gradients shrink", 0.01), asked, said("with Laura the gradients shrink")
    )
    beside = settled(
        said("my sister LoRA came to dinner", 0.01), asked, said("my sister Laura came to dinner")
    )
    assert [word.word for word in inside][1] == "LoRA"
    assert [word.word for word in beside] == ["my", "sister", "Laura", "came", "to", "dinner"]


def test_no_neighbour_is_written_twice_when_times_differ():
    plain = said("my sister Laura came", start=1.3)
    words = settled(said("my sister LoRA came", 0.01), question(Term("LoRA")), plain)
    assert len({word.word for word in words}) == len(words)


def test_where_nothing_was_heard_plainly_nothing_changes():
    asked = question(Term("perplexity"))
    words = said("some perplexity today", 0.3)
    assert settled(words, asked, ()) == words
    assert settled(said("sure perplexity"), asked, said("some water")) == said("sure perplexity")


def heard_as(pairs: list[tuple[str, str]], *terms: Term) -> list[tuple[str, ...]]:
    return [term.heard_as for term in taught(question(*terms), pairs)]


def test_a_correction_teaches_how_a_term_is_mis_heard():
    assert heard_as([("Ray Lou,", "ReLU")], Term("ReLU", heard_as=("rail you",)), ADAM) == [
        ("rail you", "ray lou"),
        (),
    ]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("the", "ReLU"),
        ("", "ReLU"),
        ("weather", "ReLU"),
        ("railway", "ReLU"),
        ("a group", "GRU"),
        ("rail", "relay"),
        ("one two three four five rail you", "ReLU"),
        ("real", ""),
        ("LSTM", "ReLU"),
        ("atom", "Adam"),
    ],
)
def test_a_correction_teaches_nothing_that_would_do_harm(heard: str, meant: str):
    terms = (RELU, LSTM, ADAM, Term("GRU", "G R U"))
    assert taught(question(*terms), [(heard, meant)]) == terms


def test_an_everyday_word_teaches_when_it_was_corrected_twice():
    assert heard_as([("atom", "Adam"), ("Atom.", "Adam")], ADAM) == [("atom",)]
    assert heard_as([("the", "Adam")] * 9, ADAM) == [()]


def test_what_is_known_is_not_learned_again():
    assert heard_as([("rail you", "ReLU"), ("relu", "ReLU")], RELU) == [("rail you",)]
