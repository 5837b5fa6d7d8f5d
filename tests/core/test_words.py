from __future__ import annotations

from vivavoce.core.question import Term
from vivavoce.core.words import content_stems, corrected, findable_stems, is_function_word, tokens


def test_tokens_are_lower_case_words_without_punctuation() -> None:
    assert tokens("Fine-tuning, well… I don’t know (yet)!") == (
        "fine-tuning",
        "well",
        "i",
        "don't",
        "know",
        "yet",
    )
    assert tokens("... -- !?") == ()


def test_grammar_is_left_out_and_forms_of_a_word_are_one() -> None:
    assert content_stems("The gradient is vanishing") == content_stems("gradients that vanished")
    assert content_stems("and it was not there") == frozenset()


def test_a_negation_is_a_function_word_but_a_subject_is_not() -> None:
    assert is_function_word("not")
    assert is_function_word("x")
    assert not is_function_word("pooling")


def test_a_compound_is_found_however_it_is_written() -> None:
    for said in ("pre training", "pre-training", "pretraining"):
        assert content_stems("pre-training") <= findable_stems(f"then {said} comes first")


def test_letters_said_one_by_one_and_small_numbers_are_found() -> None:
    assert content_stems("an LSTM has three gates") <= findable_stems("an L S T M has 3 gates")


def test_a_misheard_term_is_put_right_in_place() -> None:
    terms = [Term("kernel", heard_as=("colonel",)), Term("ReLU", heard_as=("ray loo", "rel you"))]
    words = "The Colonel, then ray loo. And rel".split()
    assert corrected(words, terms) == ("The", "kernel,", "then", "ReLU.", "", "And", "rel")


def test_the_longest_alias_wins_and_an_empty_list_changes_nothing() -> None:
    terms = [Term("gradient descent", heard_as=("gradient decent",)), Term("dissent", heard_as=("gradient",))]
    assert corrected(["gradient", "decent"], terms) == ("gradient descent", "")
    assert corrected(["gradient"], []) == ("gradient",)
