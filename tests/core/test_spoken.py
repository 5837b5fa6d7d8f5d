"""A voice reads the terms of the trade as people say them."""

from __future__ import annotations

import pytest

from vivavoce.core.question import Question, Term
from vivavoce.core.spoken import spoken_form, spoken_question

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
