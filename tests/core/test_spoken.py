"""A voice reads the terms of the trade as people say them."""

from __future__ import annotations

import pytest

from vivavoce.core.question import Question, Term
from vivavoce.core.spoken import Pronunciation, Saying, sentences_in, spoken_form, spoken_question

TERMS = (
    Term("ReLU", "ray loo"),
    Term("leaky ReLU", "leaky ray loo"),
    Term("GRU", "G R U"),
    Term("L2", "el two"),
    Term("C++", "C plus plus"),
    Term("batch norm"),
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Why ReLU?", "Why ray loo?"),
        ("relu and RELU", "ray loo and ray loo"),
        ("two ReLUs", "two ray loos"),
        ("A leaky ReLU, then a ReLU.", "A leaky ray loo, then a ray loo."),
        ("PReLU is another word, and so is ReLU6", "PReLU is another word, and so is ReLU6"),
        ("congruent GRUs", "congruent G R Us"),
        ("L2-regularised", "el two-regularised"),
        ("In C++, quickly", "In C plus plus, quickly"),
        ("batch norm has no spoken form", "batch norm has no spoken form"),
        ("", ""),
    ],
)
def test_a_term_is_replaced_as_a_whole_word(text: str, said: str):
    assert spoken_form(text, TERMS) == said


def test_the_order_of_the_terms_does_not_matter():
    assert spoken_form("leaky ReLU", TERMS[:2]) == spoken_form("leaky ReLU", TERMS[1::-1])


def test_what_was_said_for_one_term_is_not_replaced_again():
    chain = (Term("VAE", "V A E"), Term("V A E", "wrong"), Term("E", "wrong"))
    assert spoken_form("a VAE", chain) == "a V A E"


def test_a_spoken_form_is_taken_letter_for_letter():
    assert spoken_form("the LoRA rank", (Term("LoRA", r"low \1 rah"),)) == r"the low \1 rah rank"


def test_without_spoken_terms_the_text_stays():
    assert spoken_form("Why ReLU?", ()) == "Why ReLU?"
    assert spoken_form("Why ReLU?", (Term("ReLU"),)) == "Why ReLU?"


def test_a_question_with_a_spoken_form_of_its_own_is_read_so():
    written = Question("a", "Why ReLU over e^x?", "Since.", (), terms=TERMS)
    assert spoken_question(written) == "Why ray loo over e^x?"
    told = Question("a", "Why ReLU over e^x?", "Since.", (), ask_spoken="Why ReLU?", terms=TERMS)
    assert spoken_question(told) == "Why ReLU?", "the author's own spoken form is read as it stands"


TABLE = Pronunciation(
    (
        Saying("ReLU", "ray loo", "ɹˈɛlˌu"),
        Saying("GAN", "gan", "ɡˈæn"),
        Saying("LSTM", "L S T M", "ˌɛlˌɛstˌiˈɛm"),
        Saying("mAP", "M eigh P", "ˌɛmˌApˈi", exact=True),
        Saying("Lipschitz", "lip shitz", "lˈɪpʃɪts"),
        Saying("×", "times"),
        Saying("→", "leads to"),
    )
)


@pytest.mark.parametrize(
    ("text", "system", "natural"),
    [
        ("Why ReLU?", "Why ray loo?", "Why [ReLU](/ɹˈɛlˌu/)?"),
        ("two ReLUs", "two ray loos", "two [ReLUs](/ɹˈɛlˌuz/)"),
        ("the GAN's loss", "the gan's loss", "the [GAN's](/ɡˈænz/) loss"),
        (
            "the mAP of a feature map",
            "the M eigh P of a feature map",
            "the [mAP](/ˌɛmˌApˈi/) of a feature map",
        ),
        ("3×4", "3 times 4", "3 times 4"),
        ("x → y", "x leads to y", "x leads to y"),
        ("organs and LSTM-like", "organs and L S T M-like", "organs and [LSTM](/ˌɛlˌɛstˌiˈɛm/)-like"),
    ],
)
def test_a_table_says_terms_to_either_kind_of_voice(text: str, system: str, natural: str):
    assert TABLE.form(text) == system
    assert TABLE.form(text, natural=True) == natural


def test_a_question_has_its_own_way_to_say_a_term():
    own = (Term("GAN", "G A N"), Term("leaky ReLU", "leaky ray loo"))
    assert TABLE.form("a GAN with leaky ReLU", own, natural=True) == "a G A N with leaky [ReLU](/ɹˈɛlˌu/)"
    assert TABLE.form("feature map", (Term("mAP", "em ap"),)) == "feature map"


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two!  Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("It is 0.5, e.g. half. Dr. Smith agrees.", ["It is 0.5, e.g. half.", "Dr. Smith agrees."]),
        ("He said “stop.” Then he went.", ["He said “stop.”", "Then he went."]),
        ("model.eval is a call. iPhone", ["model.eval is a call. iPhone"]),
        ("No full stop", ["No full stop"]),
        ("  ", []),
    ],
)
def test_sentences_know_their_place(text: str, sentences: list[str]):
    found = sentences_in(text)
    assert [one.text for one in found] == sentences
    assert [text[one.start : one.end] for one in found] == sentences
