"""Terms of the question in what was heard: where they stand, what speaks for them, what teaches them."""

from __future__ import annotations

import pytest

from vivavoce.core.question import Concept, Question, Term
from vivavoce.core.term_sound import alike, sound_of
from vivavoce.core.terms import SURE, confirmed, doubtful, recited, settled, taught, uses_of
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
        (Term("IoU", "I O U"), "the I owe you is", True),
        (Term("IoU", "I O U"), "the owl sees", False),
        (Term("IoU", "I O U"), "a", False),
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


@pytest.mark.parametrize(("sure", "told"), [(0.6, False), (0.1, None)])
def test_a_term_against_which_a_guess_speaks_stays_and_is_marked_unless_the_guess_is_noise(
    sure: float, told: bool | None
):
    asked = question(Term("perplexity"))
    words = settled(said("gradients perplexity today", 0.3), asked, said("gradients water today", sure))
    assert [(word.word, word.confirmed) for word in words][1] == ("perplexity", told)


def test_a_doubtful_term_does_not_speak_for_another():
    asked = question(Term("perplexity"), Term("dropout"))
    plain = said("water glass today", 0.9)
    both = settled(said("perplexity dropout today", 0.3), asked, plain)
    assert [word.word for word in both] == ["water", "glass", "today"]
    beside = settled((*said("perplexity", 0.3), *said("dropout today", 0.9, 1.5)), asked, said("water", 0.9))
    assert [word.word for word in beside] == ["water", "dropout", "today"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("an Adam is too small to be seen", False),
        ("an Adam is too small for gradients", None),
        ("a ReLU is too small to be seen", None),
        ("a norm is too small to be seen", None),
    ],
)
def test_an_everyday_word_is_a_term_only_where_the_talk_is_about_the_question(text: str, told: bool | None):
    words = settled(said(text), question(*TERMS), ())
    assert {word.confirmed for word in words if word.word in ("Adam", "ReLU", "norm")} == {told}


def test_beside_the_question_a_term_that_is_guessed_twice_is_not_confirmed():
    asked = question(Term("kernel"))
    words = said("the kernel retired", 0.6)
    assert settled(words, asked, said("the kernel retired", 0.4))[1].confirmed is False
    assert settled(words, asked, said("the kernel retired", 0.6))[1].confirmed is True
    assert settled(words, asked, said("the", 0.6))[1].confirmed is False


def test_a_term_is_recognised_inside_what_was_heard_plainly():
    asked = question(Term("U-Net"))
    words = settled(said("U-Net gradients", 0.2), asked, said("UNet gradients", 0.1))
    assert words[0].confirmed is True


def test_one_consonant_in_common_is_no_likeness():
    assert alike(sound_of("where"), sound_of("query")) == 0.0
    assert alike("r", "r") == 1.0
    assert alike("", "") == 0.0


@pytest.mark.parametrize(
    ("text", "sure", "was_recited"),
    [
        ("ReLU, LSTM, batch normalization, Adam, norm", 0.3, True),
        ("so ReLU, LSTM, batch normalization, Adam", 0.3, True),
        ("ReLU, LSTM, batch normalization, Adam", 0.9, False),
        ("ReLU, LSTM and batch normalization, Adam", 0.3, False),
        ("Adam, batch normalization, LSTM, ReLU", 0.3, False),
        ("ReLU, LSTM, batch normalization", 0.3, False),
        ("", 0.3, False),
    ],
)
def test_terms_in_the_order_of_the_prompt_were_read_out(text: str, sure: float, was_recited: bool):
    assert recited(said(text, sure), question(*TERMS)) is was_recited


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
    words = said("gradients perplexity today", 0.3)
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
